//! This machine itself, and entries that yield a shell: the same verbs behind a process's pipes.

use std::path::Path;
use std::time::Duration;

use crate::support::skipped;
use shelter::fleet::{FailureKind, Via};
use shelter::reach::{Chunk, Command, Exit, Link, Patience, Reach, ReachSettings};

use super::fixture::{host, settings};

fn shell(words: &[&str]) -> Via {
    Via::Shell(words.iter().map(|w| (*w).to_owned()).collect())
}

/// Every way that needs no server; the last two print before the shell is there.
fn ways() -> Vec<Via> {
    let chatty = "echo 'welcome to the box'; exec";
    let ways = vec![
        Via::Local,
        shell(&["sh"]),
        shell(&["dash"]),
        shell(&["bash"]),
        shell(&["busybox", "sh"]),
        shell(&["sh", "-c", &format!("{chatty} sh")]),
        shell(&["sh", "-c", &format!("{chatty} bash")]),
    ];
    ways.into_iter().filter(is_here).collect()
}

fn is_here(via: &Via) -> bool {
    let Via::Shell(words) = via else { return true };
    let here = std::process::Command::new(&words[0]).arg("-c").arg(":").output().is_ok();
    if !here {
        skipped(&format!("{} is not installed", words[0]));
    }
    here
}

async fn link(home: &Path, via: Via) -> Link {
    Reach::new(settings(home)).link(&host("alder", via)).await.unwrap()
}

#[tokio::test]
async fn a_command_gets_its_stdin_and_gives_its_output_and_exit() {
    let home = tempfile::tempdir().unwrap();
    // Bytes that a shell would stumble over if it read any of them.
    let input: Vec<u8> = (0..200_000_u32).flat_map(u32::to_le_bytes).collect();
    for via in ways() {
        let link = link(home.path(), via.clone()).await;
        let command = Command::sh("cat; echo \"$1\" >&2; exit 3").arg("a 'b'\nc");
        let said = link.output(&command, &input).await.unwrap();
        assert!(said.stdout == input, "{via:?}: {} bytes", said.stdout.len());
        assert_eq!(said.stderr, b"a 'b'\nc\n", "{via:?}");
        assert_eq!(said.exit, Exit::Status(3), "{via:?}");
    }
}

#[tokio::test]
async fn dropping_a_command_ends_its_process_group() {
    let home = tempfile::tempdir().unwrap();
    for via in ways() {
        let link = link(home.path(), via.clone()).await;
        let mut running = link.run(&Command::sh("sleep 1000 & echo $!; sleep 1000")).await.unwrap();
        let Some(Chunk::Stdout(pid)) = running.next().await else { panic!("{via:?}") };
        let pid = String::from_utf8(pid.to_vec()).unwrap();
        let alive = || Path::new("/proc").join(pid.trim()).exists();
        assert!(alive());
        drop(running);
        while alive() {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn a_signal_that_ends_a_command_is_told_by_name() {
    let home = tempfile::tempdir().unwrap();
    let link = link(home.path(), Via::Local).await;
    let said = link.output(&Command::sh("kill -s KILL $$"), b"").await.unwrap();
    assert_eq!(said.exit, Exit::Signal("KILL".to_owned()));
}

#[tokio::test]
async fn an_entry_that_yields_no_shell_says_why() {
    let home = tempfile::tempdir().unwrap();
    let entry = shell(&["sh", "-c", "echo no such container >&2; exit 1"]);
    let link = link(home.path(), entry).await;
    let failure = link.output(&Command::new("true"), b"").await.unwrap_err().failure();
    assert_eq!(failure.kind, FailureKind::Shell);
    assert!(failure.text.contains("no such container"), "{}", failure.text);
}

#[tokio::test]
async fn a_shell_that_never_begins_or_never_stops_greeting_is_given_up_and_ended() {
    let home = tempfile::tempdir().unwrap();
    let patience = Patience { connect: Duration::from_millis(300), ..Patience::default() };
    let reach = Reach::new(ReachSettings { patience, ..settings(home.path()) });
    let (mute, endless) = ("echo $$ >pid; exec sleep 1000", "echo $$ >pid; exec yes welcome");
    for (entry, complaint) in
        [(mute, "it said nothing for 0.3 s"), (endless, "it prints without end: welcome")]
    {
        let via = shell(&["sh", "-c", entry]);
        let link = reach.link(&host("alder", via)).await.unwrap();
        let refused = link.output(&Command::new("true"), b"").await.unwrap_err().failure();
        assert_eq!(refused.kind, FailureKind::Shell, "{entry}");
        assert!(refused.text.contains(complaint), "{}", refused.text);
        let pid = std::fs::read_to_string(home.path().join("pid")).unwrap();
        assert!(!Path::new("/proc").join(pid.trim()).exists(), "{entry}");
    }
}
