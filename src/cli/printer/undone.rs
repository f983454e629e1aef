//! What a run could not take back, told once each: why, how what is there differs, and the way on.

use crate::cli::paint::{Paint, Tone};
use crate::cli::spelling::Spelling;
use crate::fleet::{HostName, Purpose, RunHead, RunId, StepHead, UndoResult};

use super::failures::names;

/// Lines that are told of what differs, or of what was said.
const MOST: usize = 20;

/// What could not be taken back.
#[derive(Default)]
pub struct Undone {
    /// The run that is taken back.
    of: Option<RunId>,
    stuck: Vec<Stuck>,
}

/// One step, on the hosts on which it went the same way.
struct Stuck {
    of: RunId,
    step: StepHead,
    is_conflict: bool,
    said: String,
    hosts: Vec<HostName>,
}

impl Undone {
    /// From here on it is about this run: it takes another one back, or its own failure.
    pub fn begin(&mut self, head: &RunHead) {
        self.of = Some(match &head.purpose {
            Purpose::Undo(of) => of.clone(),
            _ => head.run.clone(),
        });
    }

    /// A step was taken back on a host, or was not.
    pub fn take(&mut self, host: &HostName, step: &StepHead, result: UndoResult, said: &str) {
        let is_conflict = match result {
            UndoResult::Conflict => true,
            UndoResult::Failed => false,
            UndoResult::Restored | UndoResult::NotPossible | UndoResult::Left => return,
        };
        let Some(of) = self.of.clone() else { return };
        let same = |known: &&mut Stuck| {
            (&known.of, &known.step, known.said.as_str()) == (&of, step, said)
                && known.is_conflict == is_conflict
        };
        match self.stuck.iter_mut().find(same) {
            Some(known) => known.hosts.push(host.clone()),
            None => {
                let (step, said, hosts) = (step.clone(), said.to_owned(), vec![host.clone()]);
                self.stuck.push(Stuck { of, step, is_conflict, said, hosts });
            }
        }
    }

    /// All of it, each with what to do next.
    pub fn render(&self, spelling: &Spelling, paint: Paint) -> String {
        self.stuck.iter().map(|stuck| text(stuck, spelling, paint)).collect()
    }
}

fn text(stuck: &Stuck, spelling: &Spelling, paint: Paint) -> String {
    let Stuck { of, step, is_conflict, said, hosts } = stuck;
    let (word, cause) = match is_conflict {
        true => (
            "conflict",
            "what is there is not what the run left; it and what came before it were left alone",
        ),
        false => ("undo failed", "it could not be put back; what came before it was left alone"),
    };
    let word = paint.tone(Tone::Bad, word);
    let mut text = format!("\n{word}: {}: step {} {}\n", names(hosts), step.number, step.name);
    text.push_str(&format!("  --> {}\n  = cause: {cause}\n", step.place));
    for line in said.lines().take(MOST) {
        text.push_str(&format!("  | {line}\n"));
    }
    let limit: Vec<&str> = hosts.iter().map(HostName::as_str).collect();
    let undo = format!("shelter undo {of} -l {}", limit.join(","));
    let help = match is_conflict {
        true => format!(
            "`{undo} --conflict keep` leaves that as it is and goes on, `--conflict overwrite` restores over it"
        ),
        false => {
            format!("put right what stands in the way, then `{undo}` goes on where it stopped")
        }
    };
    text.push_str(&format!("  = help: {}\n", spelling.spell(&help)));
    text
}
