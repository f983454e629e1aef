//! What steps print now: the last lines of each host of each run, and never more than fits in a little memory.

use std::collections::{BTreeMap, VecDeque};

use crate::fleet::{Fleet, HostName, Output, RunId};
use crate::text::{Inert, Limits};

/// Lines kept of one host.
const LINES: usize = 2000;
/// Bytes kept of one host.
const BYTES: usize = 512 << 10;
/// Of one piece of output no more than its end is looked at: older lines would be gone at once.
const PIECE: usize = 256 << 10;

/// The last words of every host of every run that goes on.
#[derive(Debug, Default)]
pub struct Tails {
    tails: BTreeMap<(RunId, HostName), Tail>,
}

/// The last lines that one step prints.
#[derive(Debug)]
pub struct Tail {
    step: u32,
    inert: Inert,
    lines: VecDeque<String>,
    /// A line that has not ended.
    begun: String,
    bytes: usize,
    /// Lines that were there and are gone.
    gone: usize,
}

impl Tails {
    /// Takes a piece of output in.
    pub fn push(&mut self, output: &Output) {
        let key = (output.run.clone(), output.host.clone());
        let tail = self.tails.entry(key).or_insert_with(|| Tail::of(output.step));
        if tail.step != output.step {
            *tail = Tail::of(output.step);
        }
        let end = output.bytes.len().saturating_sub(PIECE);
        tail.push(&output.bytes[end..]);
    }

    /// What a step on a host prints, while it does.
    pub fn of(&self, run: &RunId, host: &HostName, step: u32) -> Option<&Tail> {
        self.tails.get(&(run.clone(), host.clone())).filter(|tail| tail.step == step)
    }

    /// Keeps only what steps print that go on: the ends of others were not heard.
    pub fn keep_live(&mut self, fleet: &Fleet) {
        self.tails.retain(|(run, host), tail| {
            let part = fleet.runs.get(run).and_then(|run| run.hosts.get(host));
            let current = part.and_then(|part| part.current.as_ref());
            current.is_some_and(|step| step.number == tail.step)
        });
    }

    /// Forgets what a host of a run printed: what is worth keeping came with the step's end.
    pub fn forget(&mut self, run: &RunId, host: &HostName) {
        self.tails.remove(&(run.clone(), host.clone()));
    }
}

impl Tail {
    fn of(step: u32) -> Self {
        let inert = Inert::new(Limits::default());
        let (lines, begun) = (VecDeque::new(), String::new());
        Self { step, inert, lines, begun, bytes: 0, gone: 0 }
    }

    fn push(&mut self, bytes: &[u8]) {
        let text = self.inert.push(bytes);
        let mut parts = text.split('\n');
        self.begun.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let line = std::mem::replace(&mut self.begun, part.to_owned());
            self.bytes += line.len();
            self.lines.push_back(line);
        }
        while self.lines.len() > LINES || self.bytes > BYTES {
            let Some(line) = self.lines.pop_front() else { break };
            self.bytes -= line.len();
            self.gone += 1;
        }
    }

    /// The lines, the one that has not ended last.
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = &str> {
        let begun = Some(self.begun.as_str()).filter(|line| !line.is_empty());
        self.lines.iter().map(String::as_str).chain(begun)
    }

    /// Lines that were there and are gone.
    pub fn gone(&self) -> usize {
        self.gone
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(step: u32, text: &str) -> Output {
        let (run, host) = (RunId::new(7), HostName::new("phantom").unwrap());
        Output { run, host, step, bytes: text.as_bytes().to_vec() }
    }

    #[test]
    fn lines_come_whole_whatever_the_pieces_and_a_new_step_begins_anew() {
        let mut tails = Tails::default();
        let (run, host) = (RunId::new(7), HostName::new("phantom").unwrap());
        tails.push(&printed(1, "one\ntw"));
        tails.push(&printed(1, "o\x1b[2Jthr"));
        let tail = tails.of(&run, &host, 1).unwrap();
        assert_eq!(tail.lines().collect::<Vec<_>>(), ["one", "twothr"]);
        tails.push(&printed(2, "next"));
        assert!(tails.of(&run, &host, 1).is_none());
        assert_eq!(tails.of(&run, &host, 2).unwrap().lines().collect::<Vec<_>>(), ["next"]);
    }

    #[test]
    fn however_much_is_printed_little_is_kept() {
        let mut tails = Tails::default();
        let (run, host) = (RunId::new(7), HostName::new("phantom").unwrap());
        for _ in 0..50 {
            tails.push(&printed(1, &"a line of some length\n".repeat(20_000)));
        }
        let tail = tails.of(&run, &host, 1).unwrap();
        assert!(tail.lines().count() <= LINES && tail.gone() > 0);
        assert!(tail.bytes <= BYTES);
    }
}
