//! What a session on a practice host is like: as under OpenSSH's server.

use russh::{ChannelMsg, Sig};
use shelter::lab::{Confinement, Profile};

use super::visitor::{TestLab, Visitor, collect};

#[tokio::test]
async fn input_output_errors_and_status_come_through() {
    let lab = TestLab::new();
    let visitor = lab.visit(Profile::Phantom).await;
    let outcome = visitor.run_with("cat; echo oops >&2; exit 7", b"in and out").await;
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("in and out", "oops\n"));
    assert_eq!(outcome.status, Some(7));
}

#[tokio::test]
async fn a_command_killed_by_a_signal_has_no_status() {
    let lab = TestLab::new();
    let outcome = lab.visit(Profile::Phantom).await.run("kill -KILL $$").await;
    assert_eq!((outcome.status, outcome.signal.as_deref()), (None, Some("KILL")));
}

#[tokio::test]
async fn a_signal_the_client_sends_reaches_the_whole_group() {
    let lab = TestLab::new();
    let visitor = lab.visit(Profile::Phantom).await;
    let channel = visitor.open().await;
    channel
        .exec(true, "trap 'echo caught; exit 9' TERM; echo up; while :; do sleep 0.1; done")
        .await
        .unwrap();
    let (mut read, write) = channel.split();
    while !matches!(read.wait().await.unwrap(), ChannelMsg::Data { .. }) {}
    write.signal(Sig::TERM).await.unwrap();
    let outcome = collect(&mut read).await;
    assert_eq!((outcome.stdout.as_str(), outcome.status), ("caught\n", Some(9)));
}

#[tokio::test]
async fn much_more_than_any_window_goes_in_and_out() {
    let lab = TestLab::new();
    let visitor = lab.visit(Profile::Phantom).await;
    let input = vec![b'x'; 12 << 20];
    let outcome = visitor.run_with("cat", &input).await;
    assert_eq!(outcome.stdout.len(), input.len());
    assert_eq!(outcome.status, Some(0));
}

#[tokio::test]
async fn a_command_that_reads_nothing_leaves_the_connection_free() {
    let lab = TestLab::new();
    let visitor = lab.visit(Profile::Phantom).await;
    let stuck = visitor.open().await;
    stuck.exec(true, "sleep 1000").await.unwrap();
    stuck.data(&vec![b'x'; 8 << 20][..]).await.unwrap();
    assert_eq!(visitor.ask("echo free").await, "free");
}

#[tokio::test]
async fn what_was_started_detached_outlives_the_connection() {
    let lab = TestLab::new();
    let start = "setsid sh -c 'echo $$ >~/pid; exec sleep 1000' </dev/null >/dev/null 2>&1 & \
                 until [ -s ~/pid ]; do sleep 0.05; done";
    lab.visit(Profile::Phantom).await.ask(start).await;
    lab.visit(Profile::Phantom).await.ask("kill -0 $(cat ~/pid)").await;
}

#[tokio::test]
async fn a_terminal_has_the_size_that_was_asked_for_and_later_sizes() {
    let lab = TestLab::new();
    let channel = lab.visit(Profile::Phantom).await.open().await;
    channel.request_pty(true, "vt100", 91, 33, 0, 0, &[]).await.unwrap();
    let script = "echo $TERM; tty; stty size; read wait; stty size; exit 3";
    channel.exec(true, script).await.unwrap();
    let (mut read, write) = channel.split();
    let mut seen = String::new();
    while !seen.contains("33 91") {
        if let ChannelMsg::Data { data } = read.wait().await.unwrap() {
            seen.push_str(&String::from_utf8_lossy(&data));
        }
    }
    assert!(seen.contains("vt100") && seen.contains("/dev/pts/"), "{seen}");
    write.window_change(120, 50, 0, 0).await.unwrap();
    write.data(&b"\n"[..]).await.unwrap();
    let rest = collect(&mut read).await;
    assert!(rest.stdout.contains("50 120"), "{rest:?}");
    assert_eq!(rest.status, Some(3));
}

#[tokio::test]
async fn a_terminal_that_goes_away_hangs_its_programs_up() {
    let lab = TestLab::new();
    let visitor = lab.visit(Profile::Phantom).await;
    let channel = visitor.open().await;
    channel.request_pty(true, "vt100", 80, 24, 0, 0, &[]).await.unwrap();
    channel.exec(true, "trap 'echo hung up >~/end; exit' HUP; echo $$ >~/pid; echo up; while :; do sleep 0.1; done").await.unwrap();
    let (mut read, write) = channel.split();
    while !matches!(read.wait().await.unwrap(), ChannelMsg::Data { .. }) {}
    write.close().await.unwrap();
    let wait = "timeout 60 sh -c 'until [ -s ~/end ]; do sleep 0.05; done'; cat ~/end";
    assert_eq!(visitor.ask(wait).await, "hung up");
}

#[tokio::test]
async fn a_login_shell_reads_its_commands_from_the_client() {
    let lab = TestLab::new();
    let channel = lab.visit(Profile::Phantom).await.open().await;
    channel.request_shell(true).await.unwrap();
    let (mut read, write) = channel.split();
    write.data(&b"echo $0; exit 4\n"[..]).await.unwrap();
    let outcome = collect(&mut read).await;
    assert!(outcome.stdout.starts_with('-'), "{outcome:?}");
    assert_eq!(outcome.status, Some(4));
}

#[tokio::test]
async fn variables_of_language_are_taken_and_others_are_not() {
    let lab = TestLab::new();
    let channel = lab.visit(Profile::Phantom).await.open().await;
    channel.set_env(false, "LC_TIME", "C.UTF-8").await.unwrap();
    channel.set_env(false, "LD_PRELOAD", "/tmp/evil.so").await.unwrap();
    channel.exec(true, "echo $LC_TIME-$LD_PRELOAD-$HOME").await.unwrap();
    let outcome = collect(&mut channel.split().0).await;
    assert_eq!(outcome.stdout, "C.UTF-8--/root\n");
}

#[tokio::test]
async fn nothing_of_the_console_is_left_open_in_a_session() {
    let lab = TestLab::new();
    let seen =
        lab.visit(Profile::Phantom).await.ask("ls /proc/self/fd | sort -n | tr '\\n' ' '").await;
    assert_eq!(seen.trim(), "0 1 2 3", "three, and the directory that `ls` reads");
    let lines = lab.visit(Profile::Phantom).await.ask("cat /proc/self/stat").await;
    assert_eq!(lines.rsplit_once(") ").unwrap().1.split(' ').nth(4), Some("0"), "a terminal");
}

#[tokio::test]
async fn another_user_of_the_fork_logs_in_with_its_groups() {
    let lab = TestLab::new();
    let visitor = lab.visit(Profile::Phantom).await;
    if lab.confinement(Profile::Phantom) != Confinement::Namespaces {
        crate::support::skipped("a user namespace has no other users");
        return;
    }
    visitor.ask("useradd -m -G sudo -s /bin/sh ops").await;
    let host = lab.lab.up(Profile::Phantom).unwrap().host;
    let ops = Visitor::enter(&host, Some("ops")).await.unwrap();
    assert_eq!(ops.ask("id -nG; pwd; echo $USER").await, "ops sudo\n/home/ops\nops");
    assert!(ops.run("cat /etc/shadow").await.stderr.contains("Permission denied"));
}
