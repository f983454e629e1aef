//! A command that prints a secret: run beside everything else, within a bound, and what it complains of is kept.

use std::io::{IsTerminal, Write};
use std::pin::pin;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::fleet::secret_variables;
use crate::text::{inert, inert_line};

/// How long a command may take: time enough to unlock a store by hand.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);
/// Bytes of its complaint that are kept.
const KEPT: usize = 4 << 10;
/// How long the last words of a command that has ended may take.
const LAST_WORDS: Duration = Duration::from_millis(100);
/// Bytes of a secret that are read: more than any may have.
const MOST: u64 = 1 << 20;

/// Whether a command may use the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purse {
    /// It may ask there to be unlocked.
    Terminal,
    /// It may not: something else is shown there.
    Alone,
}

/// Why there is no secret.
#[derive(Debug)]
pub(super) struct Failed {
    /// What was run.
    pub program: String,
    /// What became of it.
    pub why: String,
}

/// What a command prints on stdout, once it has ended well.
pub(super) async fn printed(
    words: &[String],
    purse: Purse,
    patience: Duration,
) -> Result<Vec<u8>, Failed> {
    let program = words.first().cloned().unwrap_or_default();
    let failed = |why: String| Failed { program: program.clone(), why };
    let mut child =
        spawn(words, purse).map_err(|error| failed(format!("did not start: {error}")))?;
    let mut complaint = Vec::new();
    let done = timeout(patience, talk(&mut child, purse, &mut complaint)).await;
    let why = match done {
        Ok(Ok((status, out))) if status.success() => return Ok(out),
        Ok(Ok((status, _))) => format!("ended with {status}"),
        Ok(Err(error)) => format!("cannot be listened to: {error}"),
        Err(_) => {
            put_down(&mut child, purse);
            format!("did not end within {} s", patience.as_secs_f32())
        }
    };
    Err(failed(format!("{why}{}", last_words(&complaint))))
}

fn spawn(words: &[String], purse: Purse) -> std::io::Result<Child> {
    let (program, arguments) = words.split_first().ok_or(std::io::ErrorKind::InvalidInput)?;
    let mut command = Command::new(program);
    command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    if purse == Purse::Alone {
        command.stdin(Stdio::null()).process_group(0);
    }
    for name in secret_variables() {
        command.env_remove(name);
    }
    command.spawn()
}

/// Listens to both streams until the command has ended and prints no more.
async fn talk(
    child: &mut Child,
    purse: Purse,
    complaint: &mut Vec<u8>,
) -> std::io::Result<(ExitStatus, Vec<u8>)> {
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let shown = purse == Purse::Terminal && std::io::stderr().is_terminal();
    let mut text = Vec::new();
    let mut complaining = pin!(complain(err, complaint, shown));
    let status = {
        let mut ended = pin!(async {
            if let Some(out) = out {
                out.take(MOST).read_to_end(&mut text).await?;
            }
            child.wait().await
        });
        tokio::select! {
            status = &mut ended => {
                // Its last words may be on their way; a process it leaves behind may hold the stream open for ever.
                let _ = timeout(LAST_WORDS, complaining).await;
                status?
            }
            () = &mut complaining => ended.await?,
        }
    };
    Ok((status, text))
}

/// Keeps the end of what is complained of, and shows it where it may be a question.
async fn complain(err: Option<impl AsyncRead + Unpin>, kept: &mut Vec<u8>, shown: bool) {
    let (Some(mut err), mut piece) = (err, [0; 1024]) else { return };
    while let Ok(count @ 1..) = err.read(&mut piece).await {
        kept.extend_from_slice(&piece[..count]);
        kept.drain(..kept.len().saturating_sub(KEPT));
        if shown {
            // Its own words are told in the error as well, if they cannot be shown.
            let _ = std::io::stderr().write_all(inert(&piece[..count]).as_bytes());
        }
    }
}

/// Ends what takes too long: with all that it has begun, where that is a group of its own.
fn put_down(child: &mut Child, purse: Purse) {
    let group = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
    if let (Purse::Alone, Some(group)) = (purse, group) {
        // It may have ended this very moment.
        let _ = kill_process_group(group, Signal::KILL);
    }
    // The same; else it is ended when it is dropped.
    let _ = child.start_kill();
}

/// The last line of a complaint.
fn last_words(complaint: &[u8]) -> String {
    let text = inert(complaint);
    let last = text.lines().rev().map(str::trim).find(|line| !line.is_empty());
    last.map(|line| format!(": {}", inert_line(line))).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(script: &str) -> Vec<String> {
        ["sh", "-c", script].map(str::to_owned).to_vec()
    }

    async fn told(script: &str, patience: Duration) -> Result<String, String> {
        let printed = printed(&words(script), Purse::Alone, patience).await;
        printed.map(|bytes| String::from_utf8(bytes).unwrap()).map_err(|failed| failed.why)
    }

    #[tokio::test]
    async fn what_it_complains_of_is_told_in_one_line() {
        let long = Duration::from_secs(60);
        assert_eq!(told("printf it", long).await.unwrap(), "it");
        let why = told("echo first >&2; echo 'no key \x1b[2Jhere' >&2; exit 3", long).await;
        assert_eq!(why.unwrap_err(), "ended with exit status: 3: no key here");
        let failed = printed(&["/nowhere/at/all".to_owned()], Purse::Alone, long).await;
        assert!(failed.unwrap_err().why.starts_with("did not start: "));
    }

    #[tokio::test]
    async fn one_that_does_not_end_is_ended_with_all_it_has_begun() {
        let (folder, short) = (tempfile::tempdir().unwrap(), Duration::from_millis(300));
        let mark = folder.path().join("pid");
        let script = format!("echo busy >&2; sleep 1000 & echo $! >{}; wait", mark.display());
        let why = told(&script, short).await.unwrap_err();
        assert_eq!(why, "did not end within 0.3 s: busy");
        let pid = std::fs::read_to_string(mark).unwrap();
        let stat = format!("/proc/{}/stat", pid.trim());
        let is_gone = || {
            let stat = std::fs::read_to_string(&stat).unwrap_or_default();
            stat.is_empty() || stat.contains(") Z ")
        };
        let end = tokio::time::Instant::now() + Duration::from_secs(60);
        while !is_gone() {
            assert!(tokio::time::Instant::now() < end, "what it had begun goes on");
            tokio::task::yield_now().await;
        }
    }
}
