//! Where a program stopped before it told how its run ended, and what is said of that. Talks to no host.

use crate::fleet::{Failure, FailureKind, HostOutcome};
use crate::playbook::frame::{Holder, Obstacle};
use crate::text::inert_line;

/// Where a program stopped.
pub(super) enum Stop {
    /// It told how the run ended.
    Over(HostOutcome),
    /// The facts it was compiled from no longer hold.
    Stale,
    /// Another run holds the host.
    Locked(Holder),
    /// Something stands in the way.
    Refused(Obstacle),
    /// A disk is full, in these words.
    NoRoom(String),
    /// The runner is gone and has not said how it ended.
    Lost,
    /// There is no such run on the host.
    Gone,
}

/// How it ended where a program stopped before its end.
pub(super) fn outcome_of(stop: Stop) -> HostOutcome {
    match stop {
        Stop::Over(outcome) => outcome,
        Stop::Locked(holder) => refused(
            &format!("another run holds this host: {}", told_holder(&holder)),
            Some("wait for it to end; what is no run of yours, its owner or root can end there"),
        ),
        Stop::Refused(Obstacle::Exists) => {
            refused("this run was started there before", Some("`shelter resume` goes on with it"))
        }
        Stop::Refused(Obstacle::Truncated) => refused("the program did not arrive whole", None),
        Stop::Refused(Obstacle::Directory | Obstacle::Write) => refused(
            "the runner's files cannot be written",
            Some("look for space and rights below `~/.mountain_shelter/runtime` there"),
        ),
        Stop::NoRoom(full) => {
            refused(&format!("the runner's files cannot be written: {full}"), None)
        }
        Stop::Refused(Obstacle::Lock) => refused(
            "its lock cannot be written",
            Some("make `/run/lock` or `/tmp` writable for all there, with mode 1777"),
        ),
        Stop::Refused(Obstacle::Secrets) => refused(
            "its secrets did not arrive, or cannot be kept there",
            Some("it needs `dd`, and a shell that has `printf` built in; else run it again"),
        ),
        Stop::Refused(Obstacle::Nothing) => refused("there is nothing to take back", None),
        Stop::Stale | Stop::Refused(Obstacle::Boot | Obstacle::Facts) => {
            refused("its facts have changed", Some("run it again"))
        }
        Stop::Lost | Stop::Gone => HostOutcome::Lost,
    }
}

/// Who holds a host: another user's words, made harmless.
fn told_holder(holder: &Holder) -> String {
    let number = |n: Option<u32>| n.map_or_else(|| "n/a".to_owned(), |n| n.to_string());
    let Holder { lock, pid, uid, run, console } = holder;
    let [run, console, lock] = [run, console, lock].map(|text| inert_line(text));
    let (pid, uid) = (number(*pid), number(*uid));
    format!("run {run} of {console} (user {uid} there, process {pid}, as `{lock}` says)")
}

/// The end of a program that said nothing of an end: who read the run was killed, which is not the run.
pub(super) fn cut_short() -> Failure {
    let text = "the process that read it was killed there".to_owned();
    Failure { kind: FailureKind::Shell, text, hint: None }
}

/// Nothing is left of a run that had only looked.
pub(super) fn killed_looking() -> HostOutcome {
    refused(
        "the program was killed there while it looked, and has changed nothing",
        Some("look for a check that kills its shell, or for what ends processes there (`dmesg`)"),
    )
}

/// The host answers, but the run cannot begin or go on.
pub(super) fn refused(text: &str, hint: Option<&str>) -> HostOutcome {
    let hint = hint.map(str::to_owned);
    HostOutcome::Refused(Failure { kind: FailureKind::Shell, text: text.to_owned(), hint })
}
