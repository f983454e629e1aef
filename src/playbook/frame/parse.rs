//! The words of one event frame into an event. Pure.

use std::str::FromStr;

use super::event::{
    Counts, Framed, Holder, Obstacle, Outcome, Reason, Room, RunnerEvent, Stream, UndoOutcome,
    Verdict,
};
use crate::fleet::Millis;
use crate::playbook::plan::Survival;

/// `SEQ TIME KIND ARGUMENTS`, or `beat`.
pub(super) fn event(payload: &str) -> Option<Framed> {
    if payload == "beat" {
        return Some(Framed { seq: 0, at: Millis(0), event: RunnerEvent::Beat });
    }
    let words: Vec<&str> = payload.split(' ').collect();
    let [seq, time, kind, args @ ..] = words.as_slice() else { return None };
    let at = Millis(number::<i64>(time)?.checked_mul(10)?);
    Some(Framed { seq: number(seq)?, at, event: told(kind, args)? })
}

fn told(kind: &str, args: &[&str]) -> Option<RunnerEvent> {
    Some(match (kind, args) {
        ("hello", [boot_id]) => RunnerEvent::Hello { boot_id: (*boot_id).to_owned() },
        ("stale", [what]) => RunnerEvent::Stale(obstacle(what)?),
        ("cannot", [what]) => RunnerEvent::Refused(obstacle(what)?),
        ("exists", []) => RunnerEvent::Refused(Obstacle::Exists),
        ("truncated", []) => RunnerEvent::Refused(Obstacle::Truncated),
        ("locked", []) => RunnerEvent::Locked(Holder::default()),
        ("takeover", []) => RunnerEvent::TookOver,
        ("start", [how, from]) => {
            RunnerEvent::Detached { survival: survival(how)?, from: number(from)? }
        }
        ("owed", [handler]) => RunnerEvent::Owed { handler: number(handler)? },
        ("waived", [handler]) => RunnerEvent::Waived { handler: number(handler)? },
        ("begin", [step, _]) => RunnerEvent::Began { step: number(step)? },
        ("intend", [first, last]) => {
            RunnerEvent::Intended { first: number(first)?, last: number(last)? }
        }
        ("survivor", [pid, name @ ..]) => {
            let name = name.first().map(|name| (*name).to_owned());
            RunnerEvent::Survivor { pid: number(pid)?, name }
        }
        ("full", [mount, what, free, all]) => RunnerEvent::Full(room(mount, what, free, all)?),
        ("cancelled", []) => RunnerEvent::Cancelled,
        ("undoing", []) => RunnerEvent::Undoing,
        ("lost", []) => RunnerEvent::Lost,
        ("gone", []) => RunnerEvent::Gone,
        ("cancelling", []) => RunnerEvent::Cancelling,
        ("past", []) => RunnerEvent::AlreadyOver,
        ("pruned", []) => RunnerEvent::Pruned,
        _ => return of_step(kind, args),
    })
}

fn of_step(kind: &str, args: &[&str]) -> Option<RunnerEvent> {
    Some(match (kind, args) {
        ("item", [step, item, verdict, reason, exit]) => RunnerEvent::Item {
            step: number(step)?,
            item: number(item)?,
            outcome: outcome(verdict, reason, exit)?,
        },
        ("retry", [step, item, left, reason, exit]) => RunnerEvent::Retrying {
            step: number(step)?,
            item: number(item)?,
            left: number(left)?,
            outcome: outcome("f", reason, exit)?,
        },
        ("end", [step, verdict, reason, exit, took, _]) => RunnerEvent::Ended {
            step: number(step)?,
            outcome: outcome(verdict, reason, exit)?,
            took: Millis(number::<i64>(took)?.checked_mul(10)?),
        },
        ("undo", [step, item, how, ..]) => {
            RunnerEvent::Undone { step: number(step)?, item: number(item)?, outcome: undone(how)? }
        }
        ("over", [status, counts @ ..]) => {
            RunnerEvent::Over { status: number(status)?, counts: tally(counts)? }
        }
        _ => return None,
    })
}

fn room(mount: &str, what: &str, free: &str, all: &str) -> Option<Room> {
    let mount = (mount != "-").then(|| mount.to_owned());
    let (free, all) = (number(free)?, number(all)?);
    let of_files = match what {
        "k" => false,
        "i" => true,
        _ => return None,
    };
    Some(Room { mount, of_files, free, all })
}

fn number<T: FromStr>(word: &str) -> Option<T> {
    word.parse().ok()
}

fn tally(words: &[&str]) -> Option<Counts> {
    let numbers: Option<Vec<u32>> = words.iter().map(|w| number(w)).collect();
    let [ok, changed, skipped, failed, ignored, unknown] = numbers?.try_into().ok()?;
    Some(Counts { ok, changed, skipped, failed, ignored, unknown })
}

fn outcome(verdict: &str, reason: &str, exit: &str) -> Option<Outcome> {
    let verdict = match verdict {
        "o" => Verdict::Ok,
        "c" => Verdict::Changed,
        "w" => Verdict::WouldChange,
        "s" => Verdict::Skipped,
        "f" => Verdict::Failed,
        "i" => Verdict::Ignored,
        "u" => Verdict::Unknown,
        _ => return None,
    };
    let reason = if reason == "-" { None } else { Some(because(reason)?) };
    let exit = if exit == "-" { None } else { Some(number(exit)?) };
    Some(Outcome { verdict, reason, exit })
}

fn because(word: &str) -> Option<Reason> {
    Some(match word {
        "when" => Reason::When,
        "needs" => Reason::Needs,
        "check" => Reason::Check,
        "after" => Reason::After,
        "action" => Reason::Action,
        "impossible" => Reason::Impossible,
        "save" => Reason::Save,
        "record" => Reason::Record,
        "exit" => Reason::Exit,
        "verify" => Reason::Verify,
        "until" => Reason::Until,
        "failed_when" => Reason::FailedWhen,
        "timeout" => Reason::Timeout,
        "silence" => Reason::Silence,
        "cancelled" => Reason::Cancelled,
        _ => return None,
    })
}

fn undone(word: &str) -> Option<UndoOutcome> {
    Some(match word {
        "restored" => UndoOutcome::Restored,
        "conflict" => UndoOutcome::Conflict,
        "kept" => UndoOutcome::Kept,
        "failed" => UndoOutcome::Failed,
        "none" => UndoOutcome::Impossible,
        _ => return None,
    })
}

fn obstacle(word: &str) -> Option<Obstacle> {
    Some(match word {
        "boot" => Obstacle::Boot,
        "digest" => Obstacle::Facts,
        "mkdir" => Obstacle::Directory,
        "write" => Obstacle::Write,
        "secrets" => Obstacle::Secrets,
        "lock" => Obstacle::Lock,
        "nothing" => Obstacle::Nothing,
        _ => return None,
    })
}

fn survival(word: &str) -> Option<Survival> {
    Some(match word {
        "session" => Survival::Session,
        "user" => Survival::UserUnit,
        "system" => Survival::SystemUnit,
        _ => return None,
    })
}

/// The head of a data frame, `STEP STREAM OFFSET LENGTH`.
pub(super) struct DataHead {
    pub step: u32,
    /// `None`: the words of the lock's holder.
    pub stream: Option<Stream>,
    pub offset: u64,
    pub length: usize,
}

pub(super) fn data_head(words: &str) -> Option<DataHead> {
    let words: Vec<&str> = words.split(' ').collect();
    let [step, stream, offset, length] = words.as_slice() else { return None };
    let stream = match *stream {
        "o" => Some(Stream::Out),
        "e" => Some(Stream::Err),
        "d" => Some(Stream::Diff),
        "l" => None,
        _ => return None,
    };
    let (step, offset, length) = (number(step)?, number(offset)?, number(length)?);
    Some(DataHead { step, stream, offset, length })
}

/// A lock: its path, and on the next line `BOOT PID BIRTH UID RUN CONSOLE`.
pub(super) fn holder(bytes: &[u8]) -> Holder {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.lines();
    let lock = lines.next().unwrap_or("").to_owned();
    let mut words = lines.next().unwrap_or("").splitn(6, ' ');
    let (_boot, pid, _birth) = (words.next(), words.next(), words.next());
    Holder {
        lock,
        pid: pid.and_then(number),
        uid: words.next().and_then(number),
        run: words.next().unwrap_or("").to_owned(),
        console: words.next().unwrap_or("").to_owned(),
    }
}
