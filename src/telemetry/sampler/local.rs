//! This machine, asked from within: NVIDIA's cards by their library, which spares the tool, and, where
//! there is no `/proc` to read, everything else by `sysinfo`. Never waits for either.

mod beside;
mod nvml;
mod rest;
mod sockets;

use std::time::Duration;

use super::listeners::Listeners;
use super::machine::Seen;
use super::pace::Pace;
use crate::fleet::{Millis, NvidiaTool, Sample, Timestamp};

use beside::Beside;
use nvml::{Cards, Library};
use rest::Rest;

/// How long the library may be silent before it counts as hung.
const PATIENCE: Duration = Duration::from_secs(10);

/// This machine, as far as its own program can ask it. Asking ends when this is dropped.
pub struct ThisMachine {
    pace: Pace,
    cards: Beside<Cards>,
    rest: Option<Beside<Sample>>,
}

impl ThisMachine {
    /// Begins to ask for cards, at that pace.
    pub fn begin(pace: Pace) -> Self {
        let mut library = Library::new(pace);
        Self { pace, cards: Beside::begin(pace, move || library.look()), rest: None }
    }

    /// A sample of the program that reads files, with the cards it left out.
    pub fn complete(&self, mut sample: Sample, now: Timestamp, listeners: &Listeners) -> Sample {
        let (heard, told) = self.cards.latest();
        let known = told.map(|cards| {
            let seen = seen(heard, now, self.pace);
            (
                cards.list.iter().map(|card| card.sample(seen, listeners)).collect::<Vec<_>>(),
                cards.state,
            )
        });
        let (mut gpus, state) = known.unwrap_or((Vec::new(), NvidiaTool::Waiting));
        gpus.append(&mut sample.gpus);
        let silent = heard > PATIENCE && matches!(state, NvidiaTool::Telling | NvidiaTool::Waiting);
        sample.nvidia = if silent { NvidiaTool::Hung } else { state };
        sample.gpus = gpus;
        sample
    }

    /// A sample without any help, for systems whose files that program cannot read.
    pub fn alone(&mut self, now: Timestamp) -> Option<Sample> {
        let pace = self.pace;
        let rest = self.rest.get_or_insert_with(|| {
            let mut rest = Rest::default();
            Beside::begin(pace, move || rest.look())
        });
        let (heard, sample) = rest.latest();
        let late = heard > Duration::from_millis(pace.patience().0.unsigned_abs());
        sample.filter(|_| !late).map(|sample| self.complete(sample, now, &Listeners::new()))
    }
}

fn seen(heard: Duration, now: Timestamp, pace: Pace) -> Seen {
    let age = i64::try_from(heard.as_millis()).unwrap_or(i64::MAX);
    Seen::new(now, Timestamp(now.0.saturating_sub(age)), Millis(pace.patience().0))
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::fleet::Quality;

    #[test]
    fn this_machine_is_known_without_any_program() {
        let mut machine = ThisMachine::begin(Pace::seconds(1));
        let begun = Instant::now();
        let sample = loop {
            assert!(begun.elapsed() < Duration::from_secs(60), "it never came to it");
            let sample = machine.alone(Timestamp(0));
            match sample.filter(|sample| sample.cpu.busy.value.is_some()) {
                Some(sample) if sample.nvidia.is_settled() => break sample,
                _ => std::thread::yield_now(),
            }
        };
        assert_eq!(sample.memory.total.quality, Quality::Ok);
        assert!(sample.memory.available.value <= sample.memory.total.value);
        assert_eq!(sample.cpu.governor.quality, Quality::Absent);
        // Where there is no library there is no card, and that is a state.
        assert!(!sample.gpus.is_empty() || sample.nvidia != NvidiaTool::Telling);
    }
}
