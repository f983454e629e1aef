//! The events of a run as its runner tells them. Plain data.

use crate::fleet::Millis;
use crate::playbook::plan::Survival;

/// An event with its place in the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Framed {
    /// Its number in the run, from 1; 0 for what the reader tells beside it. A number seen before can be dropped.
    pub seq: u64,
    /// When, since the host's boot.
    pub at: Millis,
    /// What.
    pub event: RunnerEvent,
}

/// What a runner tells. A step's number counts the plan's steps and then its handlers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunnerEvent {
    /// The program has started to look.
    Hello {
        /// The kernel's boot id, `none` where there is none.
        boot_id: String,
    },
    /// The facts it was compiled from no longer hold; nothing was done.
    Stale(Obstacle),
    /// Nothing, or nothing further, can be done.
    Refused(Obstacle),
    /// Another run holds the host; nothing was done.
    Locked(Holder),
    /// The lock of a run that had died was taken over.
    TookOver,
    /// Something is to be changed: from here on the run outlives the connection.
    Detached {
        /// How.
        survival: Survival,
        /// The first step that was looked at again.
        from: u32,
    },
    /// A handler will fire, now or in a later run.
    Owed {
        /// Its number.
        handler: u32,
    },
    /// A handler is owed no more: what asked for it was taken back.
    Waived {
        /// Its number.
        handler: u32,
    },
    /// A step does something.
    Began {
        /// Which.
        step: u32,
    },
    /// It is durable on the host that these steps may have been run.
    Intended {
        /// The first of them.
        first: u32,
        /// The last of them.
        last: u32,
    },
    /// Bytes a step has printed, as they are: to be sanitised before they are shown.
    Output {
        /// Which step.
        step: u32,
        /// Where to.
        stream: Stream,
        /// Where in the stream. A gap before it was dropped on the host.
        offset: u64,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// One turn of a step's loop is over.
    Item {
        /// Which step.
        step: u32,
        /// Which of its items.
        item: u32,
        /// How it went.
        outcome: Outcome,
    },
    /// A try has failed and another one follows.
    Retrying {
        /// Which step.
        step: u32,
        /// Which of its items.
        item: u32,
        /// Tries that are left.
        left: u32,
        /// How the try went.
        outcome: Outcome,
    },
    /// A step is over.
    Ended {
        /// Which.
        step: u32,
        /// How it went.
        outcome: Outcome,
        /// How long it took.
        took: Millis,
    },
    /// A disk is full, found after something had failed.
    Full(Room),
    /// A cancel request has been obeyed.
    Cancelled,
    /// What was changed is being taken back.
    Undoing,
    /// One change was taken back, or not.
    Undone {
        /// Which step's.
        step: u32,
        /// Which item's.
        item: u32,
        /// How that went.
        outcome: UndoOutcome,
    },
    /// A process that a step has left running.
    Survivor {
        /// Its id.
        pid: u32,
        /// The name of its program, where the system tells it.
        name: Option<String>,
    },
    /// The run is over.
    Over {
        /// 0 well, 2 a step failed, 130 cancelled.
        status: u8,
        /// What became of the steps.
        counts: Counts,
    },
    /// The runner, or who reads it, is alive.
    Beat,
    /// The runner is gone and has not said how the run ended: what was under way is unknown.
    Lost,
    /// There is no such run on the host.
    Gone,
    /// A cancel request was left for the runner.
    Cancelling,
    /// There is nothing to cancel: the run is over.
    AlreadyOver,
    /// An old run was removed from the host.
    Pruned,
    /// Bytes that are no frame.
    Damaged {
        /// How many.
        bytes: usize,
    },
}

/// What is left of a disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// Where it is mounted, if that is a plain word.
    pub mount: Option<String>,
    /// Whether it is files that there is no room for, and not bytes.
    pub of_files: bool,
    /// KiB that are free, or files.
    pub free: u64,
    /// KiB that there are, or files.
    pub all: u64,
}

/// How a step, an item or a try went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// In a word.
    pub verdict: Verdict,
    /// Why, where that is not obvious.
    pub reason: Option<Reason>,
    /// The exit status of the command that decided. 128 and more: a signal.
    pub exit: Option<u8>,
}

/// How it went, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was so already.
    Ok,
    /// It is so now.
    Changed,
    /// It would be changed; only under `--check`.
    WouldChange,
    /// It was passed over.
    Skipped,
    /// It is not so.
    Failed,
    /// It is not so, which the playbook ignores.
    Ignored,
    /// It cannot be told.
    Unknown,
}

/// Why it went like that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A condition said no, or could not say.
    When,
    /// A step it needs failed, or would be changed.
    Needs,
    /// The check could not say.
    Check,
    /// The check could not say, perhaps because an earlier step is unmet.
    After,
    /// An action has no check and is not run under `--check`.
    Action,
    /// It cannot be so on this host; what it printed says why.
    Impossible,
    /// The state before could not be saved, so nothing was applied.
    Save,
    /// The journal could not be written, so nothing was applied.
    Record,
    /// The command ended with a failure.
    Exit,
    /// It was applied but is not so.
    Verify,
    /// `until` did not come true.
    Until,
    /// `failed_when` came true.
    FailedWhen,
    /// It took too long.
    Timeout,
    /// It was silent for too long.
    Silence,
    /// Somebody cancelled.
    Cancelled,
}

/// How taking back went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UndoOutcome {
    /// The state before is back.
    Restored,
    /// What is there is not what the run left: nothing was touched, and the rest was left alone.
    Conflict,
    /// As a conflict, left as it is at request.
    Kept,
    /// It failed; the rest was left alone.
    Failed,
    /// This kind of change cannot be taken back.
    Impossible,
}

/// What stands in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The machine has been booted since.
    Boot,
    /// Facts have changed.
    Facts,
    /// The program did not arrive whole.
    Truncated,
    /// This run was started before: attach to it.
    Exists,
    /// The run's directory cannot be made.
    Directory,
    /// The run's files cannot be written: the disk may be full.
    Write,
    /// The machine's lock cannot be written: neither `/run/lock` nor `/tmp` is open to all users.
    Lock,
    /// Its secrets did not arrive, or its shell cannot keep them.
    Secrets,
    /// There is nothing to undo.
    Nothing,
}

/// Which stream of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Its stdout.
    Out,
    /// Its stderr.
    Err,
    /// The difference it makes or would make.
    Diff,
}

/// What became of the steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Well, changed and ignored ones included.
    pub ok: u32,
    /// Changed.
    pub changed: u32,
    /// Skipped.
    pub skipped: u32,
    /// Failed.
    pub failed: u32,
    /// Failed, and ignored.
    pub ignored: u32,
    /// Unknown.
    pub unknown: u32,
}

/// Who holds a host. Written by another user's process: to be sanitised before it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// The file that says so.
    pub lock: String,
    /// Its process.
    pub pid: Option<u32>,
    /// Its user's id, which is also that of the file's owner.
    pub uid: Option<u32>,
    /// The run.
    pub run: String,
    /// The console that drives it.
    pub console: String,
}
