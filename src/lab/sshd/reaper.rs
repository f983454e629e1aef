//! The first process's duty: takes in the orphans of the host, and tells sessions how their process ended.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::process::{Pid, Signal, WaitOptions, WaitStatus, getpid, kill_process, wait};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

type Waiting = HashMap<i32, oneshot::Sender<WaitStatus>>;

/// Waits for all children of this process; nothing else in it may.
#[derive(Clone)]
pub(super) struct Reaper {
    waiting: Arc<Mutex<Waiting>>,
}

/// A session's process.
pub(super) struct Process {
    /// Its id, which is also that of its session and process group.
    pub pid: Pid,
    /// How it ended, once it has.
    pub ended: oneshot::Receiver<WaitStatus>,
}

impl Reaper {
    /// Begins to reap.
    pub fn start() -> io::Result<Self> {
        let mut children = signal(SignalKind::child())?;
        let reaper = Self { waiting: Arc::default() };
        let own = reaper.clone();
        tokio::spawn(async move {
            while children.recv().await.is_some() {
                own.reap();
            }
        });
        Ok(reaper)
    }

    /// Starts a process and promises news of its end. The lock keeps a quick end from coming before the promise.
    pub fn spawn(&self, command: &mut Command) -> io::Result<(std::process::Child, Process)> {
        let mut waiting = self.lock();
        let child = command.spawn()?;
        let id = i32::try_from(child.id()).map_err(io::Error::other)?;
        let pid = Pid::from_raw(id).ok_or_else(|| io::Error::other("a process without an id"))?;
        let (promise, ended) = oneshot::channel();
        waiting.insert(id, promise);
        Ok((child, Process { pid, ended }))
    }

    fn reap(&self) {
        let mut waiting = self.lock();
        while let Ok(Some((pid, status))) = wait(WaitOptions::NOHANG) {
            if let Some(promise) = waiting.remove(&pid.as_raw_nonzero().get()) {
                // The session may be over already.
                let _ = promise.send(status);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether anything runs inside: orphans of sessions count as well, for they become our children.
pub(super) fn has_children() -> bool {
    !children().is_empty()
}

/// Ends all that came of this process. In a namespace of its own the kernel does that; in a plain directory, this does.
pub(super) fn end_all_children() -> io::Result<()> {
    loop {
        let children = children();
        if children.is_empty() {
            return Ok(());
        }
        for pid in children.into_iter().filter_map(Pid::from_raw) {
            // It may have ended since.
            let _ = kill_process(pid, Signal::KILL);
        }
        // Its own children become ours then, and are next.
        match wait(WaitOptions::empty()) {
            Ok(_) | Err(rustix::io::Errno::CHILD) => {}
            Err(cause) => return Err(cause.into()),
        }
    }
}

fn children() -> Vec<i32> {
    let own = getpid().as_raw_nonzero();
    let path = format!("/proc/{own}/task/{own}/children");
    let listed = fs::read_to_string(path).unwrap_or_default();
    listed.split_whitespace().filter_map(|pid| pid.parse().ok()).collect()
}
