//! What a runner tells, in the fleet's words: numbers become names, bytes become harmless text.

use std::collections::{BTreeSet, HashMap};

use crate::fleet::{
    Bytes, HostEvent, HostName, HostOutcome, Millis, Output, Recap, RunId, StepEnd, StepHead,
    UndoResult, Verdict,
};
use crate::playbook::frame::{
    self, Counts, Outcome, Reason, Room, RunnerEvent, Stream, UndoOutcome,
};
use crate::playbook::plan::Survival;
use crate::text::inert;

/// Kept of a step's output at its beginning and at its end.
const KEPT: usize = 32 << 10;

/// Something to pass on.
pub(super) enum Told {
    /// To the hub.
    Event(HostEvent),
    /// To whoever looks on.
    Output(Output),
}

/// Follows one run on one host.
pub(super) struct Teller {
    run: RunId,
    host: HostName,
    steps: Vec<StepHead>,
    /// Why the console had steps skipped, by index.
    reasons: HashMap<u32, String>,
    outputs: HashMap<u32, Kept>,
    diffs: HashMap<u32, Kept>,
    /// How far each stream of a step was passed on: `true` is stderr.
    passed: HashMap<(u32, bool), u64>,
    /// Whether the run is read again from the middle: what the step under way has printed comes once more.
    again: bool,
    /// Steps whose end was told before, by number.
    known: BTreeSet<u32>,
    /// The step that does something now.
    under_way: Option<u32>,
    /// The disk that is full, as long as that has not been told.
    full: Option<String>,
    rescued: u32,
    /// What could not be taken back, though it was tried or asked about.
    not_undone: u32,
    undoing: bool,
    left: bool,
    /// The number of the last event, to go on from there.
    pub seq: u64,
}

/// The beginning and the end of something long.
#[derive(Default)]
struct Kept {
    head: Vec<u8>,
    tail: Vec<u8>,
    dropped: u64,
}

impl Teller {
    /// For a run whose steps and handlers are these.
    pub fn new(
        run: RunId,
        host: HostName,
        steps: Vec<StepHead>,
        reasons: HashMap<u32, String>,
    ) -> Self {
        let (outputs, diffs) = (HashMap::new(), HashMap::new());
        let (rescued, not_undone, undoing, left, seq) = (0, 0, false, false, 0);
        let (known, passed, again) = (BTreeSet::new(), HashMap::new(), false);
        let (under_way, full) = (None, None);
        Self {
            run,
            host,
            steps,
            reasons,
            outputs,
            diffs,
            passed,
            again,
            known,
            under_way,
            full,
            rescued,
            not_undone,
            undoing,
            left,
            seq,
        }
    }

    /// These steps, by number, have been told already.
    pub fn known(&mut self, steps: impl Iterator<Item = u32>) {
        self.known.extend(steps);
    }

    /// What there is to pass on of an event. What is unheard of is nothing.
    pub fn tell(&mut self, event: RunnerEvent) -> Option<Told> {
        let event = match event {
            RunnerEvent::Output { step, stream: Stream::Diff, bytes, .. } => {
                self.diffs.entry(step).or_default().push(&bytes);
                return None;
            }
            RunnerEvent::Output { step, stream, offset, bytes } => {
                self.outputs.entry(step).or_default().push(&bytes);
                let bytes = self.fresh((step, stream == Stream::Err), offset, bytes)?;
                let (run, host) = (self.run.clone(), self.host.clone());
                return Some(Told::Output(Output { run, host, step: step + 1, bytes }));
            }
            RunnerEvent::Ended { step, .. } | RunnerEvent::Began { step }
                if self.known.contains(&(step + 1)) =>
            {
                return None;
            }
            RunnerEvent::Ended { step, outcome, took } => self.ended(step, outcome, took),
            RunnerEvent::Began { step } => {
                self.under_way = Some(step);
                HostEvent::StepBegan { step: self.head(step) }
            }
            RunnerEvent::Detached { survival, .. } => {
                HostEvent::Detached { by: by(survival).to_owned() }
            }
            RunnerEvent::TookOver => note("the lock of a run that had died was taken over"),
            RunnerEvent::Owed { handler } => HostEvent::Owed { handler: self.head(handler).name },
            RunnerEvent::Waived { handler } => {
                HostEvent::Waived { handler: self.head(handler).name }
            }
            RunnerEvent::Retrying { step, left, outcome, .. } => {
                let why = why(&outcome).unwrap_or_else(|| "not yet".to_owned());
                let name = self.head(step).name;
                note(&format!("{name}: {why}, {left} tries left"))
            }
            RunnerEvent::Undoing => {
                self.undoing = true;
                note("taking back what was changed")
            }
            RunnerEvent::Undone { step, outcome, .. } => self.undone(step, outcome),
            RunnerEvent::Survivor { pid, name } => {
                let name = name.map(|name| format!(" ({})", inert(name.as_bytes())));
                note(&format!("process {pid}{} was left running", name.unwrap_or_default()))
            }
            RunnerEvent::Full(room) => {
                self.full = Some(crowded(&room));
                return None;
            }
            RunnerEvent::Cancelled => note("cancelled"),
            RunnerEvent::Over { status, counts } => self.over(status, counts),
            RunnerEvent::Damaged { bytes } => note(&format!("{bytes} bytes made no sense")),
            RunnerEvent::Hello { .. }
            | RunnerEvent::Intended { .. }
            | RunnerEvent::Item { .. }
            | RunnerEvent::Beat
            | RunnerEvent::Stale(_)
            | RunnerEvent::Refused(_)
            | RunnerEvent::Locked(_)
            | RunnerEvent::Lost
            | RunnerEvent::Gone
            | RunnerEvent::Cancelling
            | RunnerEvent::AlreadyOver
            | RunnerEvent::Pruned => return None,
        };
        Some(Told::Event(event))
    }

    /// From here on the run is read again where it stands. Steps that have not ended give their output from its beginning.
    pub fn read_again(&mut self) {
        self.outputs.clear();
        self.diffs.clear();
        self.again = true;
    }

    /// The runner is gone without a word: what is known of where that was.
    pub fn lost(&self) -> HostEvent {
        let at = match self.under_way.map(|step| self.head(step)) {
            Some(StepHead { number, name, .. }) => {
                format!("in step {number}, {name}: what that step did is not known")
            }
            None => "between two steps".to_owned(),
        };
        note(&match self.full.as_deref() {
            Some(full) => format!("its runner ended without a word {at}; {full}"),
            None => format!("its runner was killed {at}"),
        })
    }

    /// The disk that is full, if one is and nobody was told.
    pub fn full(&mut self) -> Option<String> {
        self.full.take()
    }

    /// Why a step went as it did, and beside it that a disk is full.
    fn with_room(&mut self, why: Option<String>) -> Option<String> {
        let Some(full) = self.full.take() else { return why };
        Some(why.map_or_else(|| full.clone(), |why| format!("{why}, and {full}")))
    }

    /// Of output that comes once more, what was not passed on yet.
    fn fresh(&mut self, stream: (u32, bool), offset: u64, mut bytes: Vec<u8>) -> Option<Vec<u8>> {
        let end = offset + bytes.len() as u64;
        let passed = self.passed.entry(stream).or_default();
        if self.again && *passed > offset {
            let old = usize::try_from(*passed - offset).unwrap_or(usize::MAX).min(bytes.len());
            bytes.drain(..old);
        }
        *passed = end.max(*passed);
        (!bytes.is_empty()).then_some(bytes)
    }

    fn head(&self, step: u32) -> StepHead {
        let (name, place) = match self.steps.get(step as usize) {
            Some(known) => (known.name.clone(), known.place.clone()),
            None => ("a step nobody here knows".to_owned(), "n/a".to_owned()),
        };
        StepHead { number: step + 1, name, place, touches: Vec::new() }
    }

    fn ended(&mut self, step: u32, outcome: Outcome, took: Millis) -> HostEvent {
        // Once is enough, also where a program that did not get far is sent again.
        self.known.insert(step + 1);
        self.under_way = None;
        let verdict = match outcome.verdict {
            frame::Verdict::Ok => Verdict::Ok,
            frame::Verdict::Changed | frame::Verdict::WouldChange => Verdict::Changed,
            frame::Verdict::Skipped => Verdict::Skipped,
            frame::Verdict::Failed => Verdict::Failed,
            frame::Verdict::Ignored => Verdict::Ignored,
            frame::Verdict::Unknown => Verdict::Unknown,
        };
        let known = self.reasons.get(&step).filter(|_| verdict == Verdict::Skipped);
        let output = self.outputs.remove(&step).unwrap_or_default().text();
        let (known, output) = match outcome.reason {
            // What it printed is the reason.
            Some(Reason::Impossible) => (Some(output.trim().to_owned()), String::new()),
            _ => (known.cloned(), output),
        };
        HostEvent::StepEnded(Box::new(StepEnd {
            step: self.head(step),
            verdict,
            why: self.with_room(known.filter(|why| !why.is_empty()).or_else(|| why(&outcome))),
            exit: outcome.exit.filter(|exit| *exit != 0).map(i32::from),
            took,
            output,
            diff: self.diffs.remove(&step).unwrap_or_default().text(),
        }))
    }

    fn undone(&mut self, step: u32, outcome: UndoOutcome) -> HostEvent {
        let result = match outcome {
            UndoOutcome::Restored => UndoResult::Restored,
            UndoOutcome::Conflict => UndoResult::Conflict,
            UndoOutcome::Kept => UndoResult::Left,
            UndoOutcome::Failed => UndoResult::Failed,
            UndoOutcome::Impossible => UndoResult::NotPossible,
        };
        match result {
            UndoResult::Restored => self.rescued += 1,
            _ => self.left = true,
        }
        if matches!(result, UndoResult::Conflict | UndoResult::Failed) {
            self.not_undone += 1;
        }
        let said = [&mut self.outputs, &mut self.diffs].map(|kept| kept.remove(&step));
        let mut said = said.map(|kept| kept.unwrap_or_default().text()).concat();
        if let Some(full) = self.full.take() {
            said.push_str(&format!("{full}\n"));
        }
        HostEvent::Undone { step: self.head(step), result, said }
    }

    fn over(&mut self, status: u8, counts: Counts) -> HostEvent {
        let outcome = match status {
            0 => HostOutcome::Well,
            130 => HostOutcome::Cancelled,
            _ if self.undoing && !self.left => HostOutcome::RolledBack,
            _ => HostOutcome::Failed,
        };
        let Counts { ok, changed, skipped, failed, ignored, unknown } = counts;
        let failed = failed + self.not_undone;
        let (unreachable, rescued) = (0, self.rescued);
        let recap = Recap { ok, changed, unreachable, failed, skipped, rescued, ignored, unknown };
        HostEvent::Ended { outcome, recap }
    }
}

impl Kept {
    fn push(&mut self, bytes: &[u8]) {
        let room = KEPT.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..room]);
        self.tail.extend_from_slice(&bytes[room..]);
        // In large bites, so that a long output is not moved once per piece.
        if self.tail.len() > 2 * KEPT {
            let surplus = self.tail.len() - KEPT;
            self.tail.drain(..surplus);
            self.dropped += surplus as u64;
        }
    }

    fn text(self) -> String {
        let mut bytes = self.head;
        if self.dropped > 0 {
            let gap = format!("\n… {} bytes are not shown …\n", self.dropped);
            bytes.extend_from_slice(gap.as_bytes());
        }
        bytes.extend_from_slice(&self.tail);
        inert(&bytes)
    }
}

/// A disk that is full, and what to do about it.
fn crowded(room: &Room) -> String {
    let place = room.mount.as_deref().map(|mount| format!(" of `{mount}`")).unwrap_or_default();
    let Room { free, all, .. } = *room;
    let left = match room.of_files {
        true => format!("{free} of {all} files"),
        false => {
            let kib = |n: u64| Bytes(n.saturating_mul(1024));
            format!("{} of {}", kib(free), kib(all))
        }
    };
    format!("the disk{place} there is full ({left} free): make room there and run it again")
}

/// How a run outlives the connection.
fn by(survival: Survival) -> &'static str {
    match survival {
        Survival::Session => "a session of its own",
        Survival::UserUnit => "a unit of the user's systemd",
        Survival::SystemUnit => "a unit of the system's systemd",
    }
}

fn note(text: &str) -> HostEvent {
    HostEvent::Note { text: text.to_owned() }
}

/// Why a step went as it did, where its verdict does not say so already.
fn why(outcome: &Outcome) -> Option<String> {
    let is_unknown = outcome.verdict == frame::Verdict::Unknown;
    let text = match outcome.reason? {
        Reason::When if is_unknown => "its condition hangs on a step that was not taken",
        Reason::Needs if is_unknown => "it needs a step that was not taken",
        Reason::When => "its condition does not hold",
        Reason::Needs => "a step it needs did not go well",
        // A state unmet has a status of its own: 1 is what assertions end with.
        Reason::Check if outcome.exit == Some(1) => "it does not hold",
        Reason::Check => "its check failed",
        Reason::After => "it hangs on a step that was not taken",
        Reason::Action => "an action without a check is not run here",
        Reason::Impossible => "it cannot be so on this host",
        Reason::Save => "the state before could not be saved, so nothing was done",
        Reason::Record => "the host's journal could not be written, so nothing was done",
        Reason::Exit => "the command failed",
        Reason::Verify => "it was done, and still it is not so",
        Reason::Until => "what was waited for did not come",
        Reason::FailedWhen => "`failed_when` holds",
        Reason::Timeout => "it took too long",
        Reason::Silence => "it was silent for too long",
        Reason::Cancelled => "it was cancelled",
    };
    Some(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_is_not_told_as_known() {
        let unknown = |reason| {
            why(&Outcome { verdict: frame::Verdict::Unknown, reason: Some(reason), exit: None })
        };
        assert!(unknown(Reason::When).unwrap().ends_with("hangs on a step that was not taken"));
        assert!(unknown(Reason::Needs).unwrap().ends_with("a step that was not taken"));
    }

    #[test]
    fn what_a_step_printed_before_the_link_broke_is_told_once() {
        let steps = vec![StepHead {
            number: 1,
            name: "long".into(),
            place: "n/a".into(),
            touches: Vec::new(),
        }];
        let host = HostName::new("phantom").unwrap();
        let mut teller = Teller::new(RunId::new(1), host, steps, HashMap::new());
        let said = |teller: &mut Teller, offset, text: &str| {
            let bytes = text.as_bytes().to_vec();
            match teller.tell(RunnerEvent::Output { step: 0, stream: Stream::Out, offset, bytes }) {
                Some(Told::Output(output)) => String::from_utf8(output.bytes).unwrap(),
                _ => String::new(),
            }
        };
        assert_eq!(said(&mut teller, 0, "one\ntw"), "one\ntw");
        teller.read_again();
        assert_eq!(said(&mut teller, 0, "one\n"), "");
        assert_eq!(said(&mut teller, 4, "two\nthree\n"), "o\nthree\n");
        let outcome = Outcome { verdict: frame::Verdict::Changed, reason: None, exit: Some(0) };
        let ended = teller.tell(RunnerEvent::Ended { step: 0, outcome, took: Millis(1) });
        let Some(Told::Event(HostEvent::StepEnded(end))) = ended else { panic!("it has ended") };
        assert_eq!(end.output, "one\ntwo\nthree\n");
    }

    #[test]
    fn of_long_output_the_beginning_and_the_end_are_kept() {
        let mut kept = Kept::default();
        kept.push(b"begin\n");
        for _ in 0..100_000 {
            kept.push(b"middle\n");
        }
        kept.push(b"end\n");
        let text = kept.text();
        assert!(text.starts_with("begin\n") && text.ends_with("end\n"));
        assert!(text.contains("bytes are not shown") && text.len() < 4 * KEPT);
    }
}
