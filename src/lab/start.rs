//! Starts the serving process of a practice host, at the best level of confinement that works here.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use super::error::At;
use super::place::Place;
use super::running::{Running, started_at};
use super::{Confinement, LabError, Profile};
use crate::fleet::secret_variables;

/// Tries the levels of confinement from the best down, and returns the first server that is ready.
pub(super) fn start(
    program: &Path,
    place: &Place,
    profile: Profile,
    best: Confinement,
) -> Result<Running, LabError> {
    let mut declined = Vec::new();
    for level in Confinement::ALL.into_iter().skip_while(|level| *level != best) {
        if level == Confinement::Namespaces && !rustix::process::geteuid().is_root() {
            declined.push(format!("{}: they need root, or a user namespace", level.word()));
            continue;
        }
        match attempt(program, place, profile, level)? {
            Answer::Ready { pid, lasting } => {
                return Ok(Running {
                    lasting,
                    pid,
                    started: started_at(pid).unwrap_or_default(),
                    confinement: level,
                    declined,
                    below: String::new(),
                    program: String::new(),
                });
            }
            Answer::Declined(why) => declined.push(why),
        }
    }
    Err(LabError::Start { profile: profile.name(), why: declined, log: place.log() })
}

enum Answer {
    Ready { pid: i32, lasting: bool },
    Declined(String),
}

/// One attempt. The serving process reports on its standard output and then closes it.
fn attempt(
    program: &Path,
    place: &Place,
    profile: Profile,
    level: Confinement,
) -> Result<Answer, LabError> {
    let log = place.log();
    let said = File::options().create(true).append(true).open(&log).at("open", &log)?;
    let mut command = Command::new(program);
    for name in secret_variables() {
        command.env_remove(name);
    }
    let mut child = command
        .args(["lab-serve", "outer", level.word(), profile.name()])
        .arg(place.base())
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(said)
        .spawn()
        .at("run", program)?;
    let answer = child.stdout.take().map(|out| listen(BufReader::new(out)));
    child.wait().at("wait for", program)?;
    Ok(answer.unwrap_or_else(|| Answer::Declined(format!("{level}: no answer"))))
}

/// Reads `pid N`, perhaps `fleeting`, then `ready` or `declined why`, up to the end.
fn listen(from: impl BufRead) -> Answer {
    let (mut pid, mut ready, mut lasting, mut why) = (None, false, true, None);
    for line in from.lines().map_while(Result::ok) {
        match line.split_once(' ').unwrap_or((&line, "")) {
            ("pid", number) => pid = number.parse().ok(),
            ("ready", _) => ready = true,
            ("fleeting", _) => lasting = false,
            ("declined", text) => why = Some(text.to_owned()),
            _ => {}
        }
    }
    match pid {
        Some(pid) if ready => Answer::Ready { pid, lasting },
        _ => Answer::Declined(why.unwrap_or_else(|| "the serving process ended early".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_counts_as_started_only_when_it_says_so() {
        let Answer::Ready { pid: 12, lasting: true } = listen(&b"pid 12\nready\n"[..]) else {
            panic!("ready was not understood")
        };
        let Answer::Ready { pid: 12, lasting: false } = listen(&b"fleeting\nready\npid 12\n"[..])
        else {
            panic!("fleeting was not understood")
        };
        assert!(matches!(listen(&b"pid 12\n"[..]), Answer::Declined(_)));
        let Answer::Declined(why) = listen(&b"pid 12\ndeclined no overlay here\n"[..]) else {
            panic!("declined was taken for ready")
        };
        assert_eq!(why, "no overlay here");
    }
}
