//! Byte streams to what listens on a host's own loopback: with a server that forwards, with one that does not, here,
//! and behind a shell.

use shelter::fleet::{SshTarget, Via};
use shelter::llm::{Client, Patience};
use shelter::ops::engine_way;
use shelter::reach::Reach;

use super::fixture::{host, settings, ssh_host, target};
use super::sshd::Sshd;
use crate::support::engine::Engine;
use crate::support::free_port;

/// More than any buffer on the way holds.
fn long() -> String {
    "0123456789abcdef".repeat(40_000)
}

async fn asks(reach: &Reach, host: &shelter::fleet::Host) {
    let body = long();
    let engine = Engine::of(&format!(">>> /long\nHTTP/1.1 200 OK\n\n{body}"));
    let port = engine.listen().await;
    let link = reach.link(host).await.unwrap();
    let patience = Patience { open: std::time::Duration::from_secs(60), ..Patience::WORKING };
    let mut session = Client::new(engine_way(&link, port), patience).session();
    for _ in 0..2 {
        let reply = session.get("/long").await.unwrap();
        assert!(reply.status == 200 && reply.body == body.as_bytes(), "{}", host.name);
    }
    // Other tests may look at this machine's ports for engines meanwhile.
    let requests = engine.requests();
    assert_eq!(requests.iter().filter(|one| one.starts_with("GET /long ")).count(), 2);
}

#[tokio::test]
async fn this_machine_and_one_behind_a_shell_let_us_in() {
    let home = tempfile::tempdir().unwrap();
    let reach = Reach::new(settings(home.path()));
    asks(&reach, &host("here", Via::Local)).await;
    asks(&reach, &host("box", Via::Shell(vec!["sh".to_owned()]))).await;
}

#[tokio::test]
async fn a_server_lets_us_in_whether_it_forwards_or_not() {
    for config in ["AllowTcpForwarding yes\n", "AllowTcpForwarding no\n"] {
        let Some(sshd) = Sshd::start(config) else { return };
        let reach = Reach::new(settings(sshd.dir()));
        let keys = vec![sshd.key("id_ed25519")];
        asks(&reach, &ssh_host("alder", SshTarget { keys, ..target(sshd.port, sshd.dir()) })).await;
    }
}

#[tokio::test]
async fn where_nobody_listens_there_is_no_way_in() {
    let port = free_port();
    let home = tempfile::tempdir().unwrap();
    let reach = Reach::new(settings(home.path()));
    for via in [Via::Local, Via::Shell(vec!["sh".to_owned()])] {
        let link = reach.link(&host("box", via)).await.unwrap();
        let mut session = Client::new(engine_way(&link, port), Patience::WORKING).session();
        assert!(session.get("/long").await.is_err());
    }
}
