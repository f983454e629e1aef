//! NVIDIA's cards, out of what `nvidia-smi` writes in its loop. A tool that hangs or fails takes nothing
//! else with it.

mod row;

use std::collections::HashMap;

use super::listeners::{Listeners, ports};
use super::machine::Seen;
use super::pace::Pace;
use super::told::{Told, small, whole, words};
use crate::fleet::{Bytes, GpuProcess, GpuSample, Millis, NvidiaTool, Source, Timestamp};
use row::Row;
pub(super) use row::{bus_address, throttles};

/// More processes on the cards of one host are not told of.
const MOST_PROCESSES: usize = 256;
/// More cards are not told of.
const MOST_CARDS: usize = 64;
/// The age from which the list of processes is stale: it is asked for every 30 s.
const PROCESSES_PATIENCE: Millis = Millis(100_000);
/// What the tool exits with when it does not know a field: the next list of fields is tried.
const UNKNOWN_FIELD: u64 = 2;
/// More open sockets of one process are not told of.
const MOST_SOCKETS: usize = 16;

/// What the tool has said so far.
#[derive(Debug, Default)]
pub(super) struct Nvidia {
    presence: Presence,
    /// When it was last started, or last told a row.
    heard: Timestamp,
    /// The cards of the round that is being told, and of the one before.
    round: Vec<(Timestamp, Row)>,
    whole_round: Vec<(Timestamp, Row)>,
    /// What it said that was no row, since the last row.
    complaint: Option<String>,
    ended: Option<u64>,
    processes: Processes,
}

#[derive(Debug, Default, PartialEq)]
enum Presence {
    #[default]
    None,
    Unasked,
    Asked,
    Asleep,
}

/// The numbers of open sockets, by the process that answers there.
type Sockets = HashMap<u32, Vec<u64>>;

/// The processes on the cards, by the card's own id.
#[derive(Debug, Default)]
struct Processes {
    open: Vec<(String, GpuProcess)>,
    /// Open sockets by process.
    sockets: Sockets,
    told: Option<(Timestamp, HashMap<String, Vec<GpuProcess>>, Sockets)>,
}

impl Nvidia {
    /// What became of asking it.
    pub(super) fn asked(&mut self, what: &str, at: Timestamp) {
        self.heard = at;
        self.presence = match what {
            "asked" => Presence::Asked,
            "unasked" => Presence::Unasked,
            _ => Presence::None,
        };
    }

    /// A line about cards.
    pub(super) fn row(&mut self, line: &str, at: Timestamp) {
        if let Some(row) = Row::read(line) {
            return self.card(row, at);
        }
        match line.strip_prefix("= ").and_then(|rest| rest.split_once(' ')) {
            Some(("end", status)) => self.ended = whole(Some(status), 255).value(),
            _ if line == "= asleep" => self.presence = Presence::Asleep,
            _ if line == "= begin" => {
                self.presence = Presence::Asked;
                if self.ended == Some(UNKNOWN_FIELD) {
                    (self.ended, self.complaint) = (None, None);
                }
                self.heard = at;
            }
            _ => self.complaint = words(Some(line)).value().or(self.complaint.take()),
        }
    }

    /// A card that comes again opens the next round; one that comes no more is gone with the last.
    fn card(&mut self, row: Row, at: Timestamp) {
        if self.round.iter().any(|(_, known)| known.uuid == row.uuid) {
            self.whole_round = std::mem::take(&mut self.round);
        }
        if self.round.len() < MOST_CARDS {
            self.round.push((at, row));
        }
        (self.heard, self.ended, self.complaint) = (at, None, None);
    }

    /// A line about processes.
    pub(super) fn process(&mut self, line: &str, at: Timestamp) {
        match line {
            "= begin" => {
                self.processes.open.clear();
                self.processes.sockets.clear();
            }
            "= end 0" => {
                let mut by_card: HashMap<String, Vec<GpuProcess>> = HashMap::new();
                for (card, process) in self.processes.open.drain(..) {
                    by_card.entry(card).or_default().push(process);
                }
                let sockets = std::mem::take(&mut self.processes.sockets);
                self.processes.told = Some((at, by_card, sockets));
            }
            _ if line.starts_with("= serves ") => {
                if let Some((pid, socket)) = served(line) {
                    let sockets = self.processes.sockets.entry(pid).or_default();
                    if sockets.len() < MOST_SOCKETS {
                        sockets.push(socket);
                    }
                }
            }
            _ if self.processes.open.len() < MOST_PROCESSES => {
                self.processes.open.extend(process(line));
            }
            _ => {}
        }
    }

    /// How the tool is doing.
    pub(super) fn state(&self, now: Timestamp, pace: Pace) -> NvidiaTool {
        match self.presence {
            Presence::None => return NvidiaTool::None,
            Presence::Unasked => return NvidiaTool::Unasked,
            Presence::Asleep => return NvidiaTool::Asleep,
            Presence::Asked => {}
        }
        let said = self.complaint.clone();
        let has = |part: &str| said.as_deref().is_some_and(|said| said.contains(part));
        let lost = has("is lost") || has("fallen off the bus") || has("device handle");
        let text = |fallback: &str| said.clone().unwrap_or_else(|| fallback.to_owned());
        match self.ended {
            Some(18) => return NvidiaTool::Mismatch(text("driver and library differ")),
            Some(_) if has("version mismatch") => return NvidiaTool::Mismatch(text("")),
            Some(15) => return NvidiaTool::Lost(text("a card has fallen off the bus")),
            _ if lost => return NvidiaTool::Lost(text("")),
            Some(UNKNOWN_FIELD) | None => {}
            // Asked once a look, it ends with each.
            Some(0) if pace.is_slow() => {}
            Some(status) => return NvidiaTool::Failed(text(&format!("exit status {status}"))),
        }
        let silent = now.0 - self.heard.0 > pace.patience().0.max(10_000);
        match said {
            Some(said) if !self.any() => NvidiaTool::Failed(said),
            _ if silent => NvidiaTool::Hung,
            _ if self.any() => NvidiaTool::Telling,
            _ => NvidiaTool::Waiting,
        }
    }

    fn any(&self) -> bool {
        !self.round.is_empty() || !self.whole_round.is_empty()
    }

    /// The cards, those of the round before included while theirs has not come again.
    pub(super) fn cards(
        &self,
        now: Timestamp,
        pace: Pace,
        listeners: &Listeners,
    ) -> Vec<GpuSample> {
        let fresh = |uuid: &str| self.round.iter().any(|(_, row)| row.uuid == uuid);
        let older = self.whole_round.iter().filter(|(_, row)| !fresh(&row.uuid));
        let mut rows: Vec<_> = self.round.iter().chain(older).collect();
        rows.sort_by_key(|(_, row)| row.index);
        let card = |(at, row): &(Timestamp, Row)| {
            let mut card = row.card(Seen::new(now, *at, pace.patience()));
            if let Some((asked, by_card, sockets)) = &self.processes.told {
                let mut here = by_card.get(&row.uuid).cloned().unwrap_or_default();
                for process in &mut here {
                    let own = sockets.get(&process.pid).map_or(&[][..], Vec::as_slice);
                    process.serves = ports(own, listeners);
                }
                let patience = PROCESSES_PATIENCE.max(pace.patience());
                let seen = Seen::new(now, *asked, patience);
                card.processes = seen.read(Told::Value(here), Source::NvidiaSmi);
            }
            card
        };
        rows.into_iter().map(card).collect()
    }
}

/// `GPU-51a0…, 1234, 512, /usr/bin/llama-server`: the name comes last and may hold commas.
fn process(line: &str) -> Option<(String, GpuProcess)> {
    let mut parts = line.splitn(4, ',').map(str::trim);
    let (card, pid) = (parts.next()?, small(parts.next(), 1..=u32::MAX).value()?);
    let memory = whole(parts.next(), 1 << 40).value().map(|mebi| Bytes(mebi << 20));
    let name = words(parts.next()).value()?;
    Some((card.to_owned(), GpuProcess { pid, name, memory, serves: Vec::new() }))
}

/// `= serves 1234 56789`: a process, and an open socket.
fn served(line: &str) -> Option<(u32, u64)> {
    let (pid, socket) = line.strip_prefix("= serves ")?.split_once(' ')?;
    Some((small(Some(pid), 1..=u32::MAX).value()?, whole(Some(socket), u64::MAX).value()?))
}
