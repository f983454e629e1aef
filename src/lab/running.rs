//! The note about a running server: who it is, what it stands on. Tells a living one from a stale note.

use std::fs;
use std::path::PathBuf;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use rustix::time::Timespec;

use super::error::At;
use super::place::Place;
use super::write::write;
use super::{Confinement, Ground, LabError};

/// A server that was started.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Running {
    /// Its process, as the machine below counts.
    pub pid: i32,
    /// When that process started, in ticks since boot: a reused pid has another.
    pub started: u64,
    /// How far it is shut off.
    pub confinement: Confinement,
    /// Whether what is changed inside survives its end.
    #[serde(default)]
    pub lasting: bool,
    /// Why the better levels could not be had.
    pub declined: Vec<String>,
    /// The machine below when it started.
    pub below: String,
    /// The program it runs.
    pub program: String,
}

impl Running {
    /// The note, if there is a readable one.
    pub fn read(place: &Place) -> Option<Self> {
        serde_json::from_slice(&fs::read(place.running()).ok()?).ok()
    }

    /// Writes the note.
    pub fn write(&self, place: &Place) -> Result<(), LabError> {
        let path = place.running();
        let bytes =
            serde_json::to_vec_pretty(self).map_err(std::io::Error::from).at("write", &path)?;
        let draft = path.with_extension("draft");
        write(&draft, bytes).at("write", &draft)?;
        fs::rename(&draft, &path).at("write", &path)
    }

    /// Whether that very process is still there.
    pub fn is_alive(&self) -> bool {
        started_at(self.pid) == Some(self.started)
    }

    /// What of that on which it stands is no longer so.
    pub fn stands_on_other(&self, below: &str, program: &str) -> Option<Ground> {
        let moved = (self.below != below).then_some(Ground::Machine);
        moved.or_else(|| (self.program != program).then_some(Ground::Program))
    }

    /// Whether anything runs on the host: a session, or what one has left behind. What cannot be told counts as work.
    pub fn is_at_work(&self) -> bool {
        let children = format!("/proc/{0}/task/{0}/children", self.pid);
        fs::read_to_string(children).map_or_else(|_| self.is_alive(), |ids| !ids.trim().is_empty())
    }

    /// Ends it and waits until it has ended: first by asking.
    pub fn end(&self) -> bool {
        let Some(pid) = Pid::from_raw(self.pid) else { return true };
        let Ok(fd) = pidfd_open(pid, PidfdFlags::empty()) else { return !self.is_alive() };
        if !self.is_alive() {
            return true;
        }
        [(Signal::TERM, 3), (Signal::KILL, 5)].into_iter().any(|(signal, seconds)| {
            let patience = Timespec { tv_sec: seconds, tv_nsec: 0 };
            let mut ended = [PollFd::new(&fd, PollFlags::IN)];
            pidfd_send_signal(&fd, signal).is_err()
                || poll(&mut ended, Some(&patience)).is_ok_and(|ready| ready > 0)
        })
    }
}

/// When a process started, in ticks since boot. `None` when there is no such process, or only its remains.
pub(super) fn started_at(pid: i32) -> Option<u64> {
    let stat = fs::read_to_string(PathBuf::from(format!("/proc/{pid}/stat"))).ok()?;
    // The second field is a name in parentheses and may hold anything, so count from its end.
    let mut fields = stat.rsplit_once(") ")?.1.split(' ');
    let state = fields.next()?;
    if state == "Z" || state == "X" { None } else { fields.nth(18)?.parse().ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_alive_and_a_reused_pid_is_not_it() {
        let pid = i32::try_from(std::process::id()).unwrap();
        let started = started_at(pid).unwrap();
        let running = Running {
            pid,
            started,
            confinement: Confinement::Namespaces,
            lasting: true,
            declined: vec![],
            below: String::new(),
            program: String::new(),
        };
        assert!(running.is_alive());
        assert!(!Running { started: started + 1, ..running }.is_alive());
    }
}
