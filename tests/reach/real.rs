//! Against OpenSSH's sshd: keys, agent, jumps, host keys, commands.

use std::sync::atomic::Ordering;

use shelter::fleet::{FailureKind, SshTarget};
use shelter::reach::{Asker, Command, Exit, Reach, ReachError};

use super::fixture::{person, settings, ssh_host, target};
use super::sshd::Sshd;

fn with_key(sshd: &Sshd, key: &str) -> SshTarget {
    SshTarget { keys: vec![sshd.key(key)], ..target(sshd.port, sshd.dir()) }
}

async fn echo(reach: &Reach, target: SshTarget) -> Result<Vec<u8>, ReachError> {
    let link = reach.link(&ssh_host("alder", target)).await?;
    let said = link.output(&Command::new("echo").arg("it's me"), b"").await?;
    assert_eq!(said.exit, Exit::Status(0));
    Ok(said.stdout)
}

#[tokio::test]
async fn every_kind_of_key_logs_in() {
    let Some(sshd) = Sshd::start("") else { return };
    for key in ["id_ed25519", "id_ecdsa", "id_rsa"] {
        let reach = Reach::new(settings(sshd.dir()));
        assert_eq!(echo(&reach, with_key(&sshd, key)).await.unwrap(), b"it's me\n", "{key}");
    }
    let log = sshd.log();
    assert!(log.contains("Accepted publickey"), "{log}");
}

#[tokio::test]
async fn one_passphrase_opens_a_key_for_all_hosts() {
    let Some(sshd) = Sshd::start("") else { return };
    let (asker, asked) = person("open sesame");
    let reach = Reach::new(shelter::reach::ReachSettings { asker, ..settings(sshd.dir()) });
    let other =
        SshTarget { host_key_alias: Some("other".to_owned()), ..with_key(&sshd, "id_locked") };
    let both = tokio::join!(echo(&reach, with_key(&sshd, "id_locked")), echo(&reach, other));
    assert!(both.0.is_ok() && both.1.is_ok(), "{both:?}");
    // One passphrase, and one question about the server's second name.
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_locked_key_without_anyone_to_ask_fails_naming_what_is_missing() {
    let Some(sshd) = Sshd::start("") else { return };
    let reach = Reach::new(settings(sshd.dir()));
    let failure = echo(&reach, with_key(&sshd, "id_locked")).await.unwrap_err().failure();
    assert_eq!(failure.kind, FailureKind::Auth);
    assert!(failure.text.contains("id_locked` is locked"), "{}", failure.text);
    assert!(failure.hint.unwrap().contains("ssh-add"));
}

#[tokio::test]
async fn an_unknown_server_is_refused_until_it_is_trusted() {
    let Some(sshd) = Sshd::start("") else { return };
    sshd.know(&[]);
    let reach = Reach::new(settings(sshd.dir()));
    let host = ssh_host("alder", with_key(&sshd, "id_ed25519"));
    let failure = reach.link(&host).await.err().unwrap().failure();
    assert_eq!(failure.kind, FailureKind::HostKey);
    assert!(failure.hint.unwrap().contains("shelter hosts trust alder"));

    let stranger = reach.stranger(&host).await.unwrap().unwrap();
    assert_eq!(stranger.key.algorithm(), "ssh-ed25519");
    assert!(stranger.key.fingerprint().starts_with("SHA256:"));
    reach.trust(&stranger).await.unwrap();
    assert_eq!(reach.stranger(&host).await.unwrap(), None);
    assert!(reach.link(&host).await.unwrap().is_up());
}

#[tokio::test]
async fn a_person_may_trust_an_unknown_server_on_the_spot() {
    let Some(sshd) = Sshd::start("") else { return };
    sshd.know(&[]);
    let (asker, asked) = person("");
    let reach = Reach::new(shelter::reach::ReachSettings { asker, ..settings(sshd.dir()) });
    echo(&reach, with_key(&sshd, "id_ed25519")).await.unwrap();
    let again =
        Reach::new(shelter::reach::ReachSettings { asker: Asker::Nobody, ..settings(sshd.dir()) });
    echo(&again, with_key(&sshd, "id_ed25519")).await.unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_server_known_by_another_key_is_refused_with_the_line_that_knows_it() {
    let Some(sshd) = Sshd::start("") else { return };
    let reach = Reach::new(settings(sshd.dir()));
    let mut known = std::fs::read_to_string(sshd.key("id_ed25519.pub")).unwrap();
    known.insert_str(0, &format!("[127.0.0.1]:{} ", sshd.port));
    std::fs::write(sshd.dir().join("known_hosts"), known).unwrap();
    let failure = echo(&reach, with_key(&sshd, "id_ed25519")).await.unwrap_err().failure();
    assert!(failure.text.contains("has changed"), "{}", failure.text);
    assert!(failure.text.contains("known_hosts:1"), "{}", failure.text);
}

#[tokio::test]
async fn a_server_known_by_its_ecdsa_key_is_asked_for_that_one() {
    let Some(sshd) = Sshd::start("") else { return };
    sshd.know(&["host_ecdsa"]);
    let reach = Reach::new(settings(sshd.dir()));
    echo(&reach, with_key(&sshd, "id_ed25519")).await.unwrap();
    sshd.know(&["host_rsa"]);
    let reach = Reach::new(settings(sshd.dir()));
    echo(&reach, with_key(&sshd, "id_ed25519")).await.unwrap();
}

#[tokio::test]
async fn a_refused_key_is_named_with_whom_it_was_offered_to() {
    let Some(sshd) = Sshd::start("") else { return };
    let reach = Reach::new(settings(sshd.dir()));
    let stranger = sshd.key("host_ecdsa");
    let target = SshTarget { keys: vec![stranger.clone()], ..target(sshd.port, sshd.dir()) };
    let failure = echo(&reach, target).await.unwrap_err().failure();
    assert_eq!(failure.kind, FailureKind::Auth);
    let port = sshd.port.to_string();
    for part in ["@127.0.0.1:", &port, "SHA256:", &stranger.display().to_string(), "publickey"] {
        assert!(failure.text.contains(part), "no {part} in: {}", failure.text);
    }
}
