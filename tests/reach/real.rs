//! Against OpenSSH's sshd: keys, agent, jumps, host keys, commands.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::support::{free_port, skipped};
use shelter::fleet::{Endpoint, FailureKind, SshTarget};
use shelter::reach::{Asker, Chunk, Command, Exit, Patience, Reach, ReachError, ReachSettings};

use super::fixture::{person, settings, ssh_host, target};
use super::sshd::{Agent, Sshd};

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
    let reach = Reach::new(ReachSettings { asker, ..settings(sshd.dir()) });
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
    let reach = Reach::new(ReachSettings { asker, ..settings(sshd.dir()) });
    echo(&reach, with_key(&sshd, "id_ed25519")).await.unwrap();
    let again = Reach::new(ReachSettings { asker: Asker::Nobody, ..settings(sshd.dir()) });
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

#[tokio::test]
async fn an_agent_signs_for_keys_whose_files_are_locked() {
    let Some(sshd) = Sshd::start("") else { return };
    let agent = Agent::start(&sshd, &["id_rsa", "id_ecdsa", "id_ed25519"]);
    let reach = Reach::new(ReachSettings { agent: Some(agent.socket()), ..settings(sshd.dir()) });
    for key in ["id_rsa", "id_ecdsa", "id_ed25519"] {
        let target = SshTarget { identities_only: true, ..with_key(&sshd, key) };
        std::fs::set_permissions(sshd.key(key), std::fs::Permissions::from_mode(0o600)).unwrap();
        echo(&reach, target).await.unwrap();
    }
    let log = sshd.log();
    assert!(!log.contains("Failed publickey"), "{log}");
    assert_eq!(log.matches("Accepted publickey").count(), 3, "{log}");
}

#[tokio::test]
async fn a_public_key_file_names_the_one_of_the_agents_keys_that_is_meant() {
    let Some(sshd) = Sshd::start("") else { return };
    let agent = Agent::start(&sshd, &["id_rsa", "id_ed25519"]);
    let with = ReachSettings { agent: Some(agent.socket()), ..settings(sshd.dir()) };
    let key = sshd.key("id_ed25519.pub");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let meant = SshTarget { identities_only: true, ..with_key(&sshd, "id_ed25519.pub") };
    echo(&Reach::new(with), meant.clone()).await.unwrap();
    let without = echo(&Reach::new(settings(sshd.dir())), meant).await.unwrap_err().failure();
    assert!(without.text.contains("does not hold the private one"), "{}", without.text);
    assert!(without.hint.unwrap().contains("ssh-add"));
}

#[tokio::test]
async fn an_agent_that_is_gone_or_hangs_is_passed_over() {
    let Some(sshd) = Sshd::start("") else { return };
    let deaf = sshd.dir().join("deaf");
    let _listening = std::os::unix::net::UnixListener::bind(&deaf).unwrap();
    for socket in [sshd.dir().join("gone"), deaf] {
        let patience = Patience { agent: Duration::from_millis(100), ..Patience::default() };
        let with = ReachSettings { agent: Some(socket), patience, ..settings(sshd.dir()) };
        echo(&Reach::new(with.clone()), with_key(&sshd, "id_ed25519")).await.unwrap();
        let nothing =
            SshTarget { keys: vec![sshd.key("host_rsa")], ..target(sshd.port, sshd.dir()) };
        let told = echo(&Reach::new(with), nothing).await.unwrap_err().to_string();
        assert!(told.contains("key agent"), "{told}");
    }
}

#[tokio::test]
async fn an_agent_full_of_keys_does_not_use_up_the_servers_patience() {
    let Some(sshd) = Sshd::start("MaxAuthTries 6") else { return };
    let agent = Agent::start(&sshd, &[]);
    for n in 0..9 {
        let key = sshd.dir().join(format!("other{n}"));
        super::sshd::keygen(&key, "ed25519", "");
        agent.add(&key);
    }
    let reach = Reach::new(ReachSettings { agent: Some(agent.socket()), ..settings(sshd.dir()) });
    // The named key goes first.
    echo(&reach, with_key(&sshd, "id_ed25519")).await.unwrap();
    let told = echo(&reach, target(sshd.port, sshd.dir())).await.unwrap_err();
    assert_eq!(told.failure().kind, FailureKind::Auth, "{told}");
    assert_eq!(told.to_string().matches("SHA256:").count(), 5, "{told}");
}

#[tokio::test]
async fn unusable_key_files_are_told_apart() {
    let Some(sshd) = Sshd::start("") else { return };
    let open = sshd.dir().join("open");
    std::fs::copy(sshd.key("id_rsa"), &open).unwrap();
    std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o644)).unwrap();
    let public = sshd.dir().join("public");
    std::fs::copy(sshd.key("id_rsa.pub"), &public).unwrap();
    std::fs::set_permissions(&public, std::fs::Permissions::from_mode(0o600)).unwrap();
    let garbage = sshd.dir().join("garbage");
    std::fs::write(&garbage, "-----BEGIN OPENSSH PRIVATE KEY-----\nxx\n").unwrap();
    std::fs::set_permissions(&garbage, std::fs::Permissions::from_mode(0o600)).unwrap();
    let cases = [
        (open, "can be read by others (mode 0644)"),
        (public, "holds a public key"),
        (garbage, "cannot be understood"),
        (sshd.dir().join("none"), "no such file"),
    ];
    for (key, expected) in cases {
        let target = SshTarget { keys: vec![key], ..target(sshd.port, sshd.dir()) };
        let reach = Reach::new(settings(sshd.dir()));
        let told = echo(&reach, target).await.unwrap_err().to_string();
        assert!(told.contains(expected), "no {expected:?} in {told}");
    }
}

fn jump(sshd: &Sshd, alias: &str, jumps: Vec<SshTarget>) -> SshTarget {
    SshTarget { jumps, host_key_alias: Some(alias.to_owned()), ..with_key(sshd, "id_ed25519") }
}

#[tokio::test]
async fn jump_hosts_are_gone_through_and_shared() {
    let Some(sshd) = Sshd::start("") else { return };
    let mut known = String::new();
    for name in ["one", "two", "alder", "birch"] {
        let public = std::fs::read_to_string(sshd.key("host_ed25519.pub")).unwrap();
        known += &format!("{name} {public}");
    }
    std::fs::write(sshd.dir().join("known_hosts"), known).unwrap();
    let reach = Reach::new(settings(sshd.dir()));
    let jumps = vec![jump(&sshd, "one", Vec::new()), jump(&sshd, "two", Vec::new())];
    let (alder, birch) = (jump(&sshd, "alder", jumps.clone()), jump(&sshd, "birch", jumps));
    let (a, b) = tokio::join!(echo(&reach, alder.clone()), echo(&reach, birch));
    a.unwrap();
    b.unwrap();
    echo(&reach, alder).await.unwrap();
    // One connection to each of the four, however many asked.
    assert_eq!(sshd.log().matches("Accepted publickey").count(), 4, "{}", sshd.log());
}

#[tokio::test]
async fn a_jump_host_that_is_down_or_unknown_is_named() {
    let Some(sshd) = Sshd::start("") else { return };
    let closed = free_port();
    let down = target(closed, sshd.dir());
    let reach = Reach::new(settings(sshd.dir()));
    let through = SshTarget { jumps: vec![down], ..with_key(&sshd, "id_ed25519") };
    let failure = echo(&reach, through).await.unwrap_err().failure();
    assert_eq!(failure.kind, FailureKind::Network);
    assert!(failure.text.contains("jump host") && failure.text.contains(&closed.to_string()));

    let unknown = jump(&sshd, "nobody", Vec::new());
    let through = SshTarget { jumps: vec![unknown.clone()], ..with_key(&sshd, "id_ed25519") };
    let host = ssh_host("alder", through);
    let stranger = reach.stranger(&host).await.unwrap().unwrap();
    assert_eq!(stranger.target, unknown);
    reach.trust(&stranger).await.unwrap();
    assert_eq!(reach.stranger(&host).await.unwrap(), None);
}

#[tokio::test]
async fn many_asking_at_once_share_one_connection_and_eight_channels() {
    let Some(sshd) = Sshd::start("MaxSessions 8") else { return };
    let reach = Reach::new(settings(sshd.dir()));
    let asks = (0..20).map(|_| echo(&reach, with_key(&sshd, "id_ed25519")));
    for said in futures::future::join_all(asks).await {
        assert_eq!(said.unwrap(), b"it's me\n");
    }
    assert_eq!(sshd.log().matches("Accepted publickey").count(), 1, "{}", sshd.log());
}

#[tokio::test]
async fn dropping_a_command_ends_its_process_group_there() {
    let Some(sshd) = Sshd::start("") else { return };
    let patience = Patience { grace: Duration::from_millis(200), ..Patience::default() };
    let reach = Reach::new(ReachSettings { patience, ..settings(sshd.dir()) });
    let link = reach.link(&ssh_host("alder", with_key(&sshd, "id_ed25519"))).await.unwrap();
    for line in [
        "sleep 1000 & echo $!; sleep 1000",
        "trap '' TERM; (trap '' TERM; while :; do sleep 1000; done) & echo $!; wait",
        "echo $$; exec cat",
        "echo $$; while :; do echo endless; done",
    ] {
        let mut running = link.run(&Command::sh(line)).await.unwrap();
        let Some(Chunk::Stdout(said)) = running.next().await else { panic!("{line}") };
        let said = String::from_utf8(said.to_vec()).unwrap();
        let process = Path::new("/proc").join(said.lines().next().unwrap());
        assert!(process.exists(), "{line}");
        drop(running);
        while process.exists() {
            tokio::task::yield_now().await;
        }
    }
    assert!(link.output(&Command::new("true"), b"").await.unwrap().exit.is_success());
}

#[tokio::test]
async fn a_command_dropped_before_it_said_anything_is_ended_as_well() {
    let Some(sshd) = Sshd::start("") else { return };
    let reach = Reach::new(settings(sshd.dir()));
    let link = reach.link(&ssh_host("alder", with_key(&sshd, "id_ed25519"))).await.unwrap();
    let mark = format!("1000.{}", sshd.port);
    drop(link.run(&Command::new("sleep").arg(&mark)).await.unwrap());
    // The one that comes after shares the connection, so the first has been started by then.
    link.output(&Command::new("true"), b"").await.unwrap();
    let wanted = format!("sleep\0{mark}\0");
    let alive = || {
        let processes =
            std::fs::read_dir("/proc").unwrap().map(|p| p.unwrap().path().join("cmdline"));
        processes.into_iter().any(|p| std::fs::read(p).is_ok_and(|c| c == wanted.as_bytes()))
    };
    while alive() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_name_without_address_and_a_port_without_server_are_told_apart() {
    let home = tempfile::tempdir().unwrap();
    let reach = Reach::new(settings(home.path()));
    let nowhere = Endpoint::Tcp { address: "nowhere.invalid".to_owned(), port: 22 };
    let unnamed = SshTarget { endpoint: nowhere, ..target(22, home.path()) };
    let failure = echo(&reach, unnamed).await.unwrap_err().failure();
    assert_eq!(failure.kind, FailureKind::Network);
    assert!(failure.text.contains("`nowhere.invalid` does not resolve"), "{}", failure.text);
    let free = free_port();
    let failure = echo(&reach, target(free, home.path())).await.unwrap_err().failure();
    assert!(failure.text.contains("connection refused"), "{}", failure.text);
}

#[tokio::test]
async fn a_chatty_login_does_not_get_into_the_output() {
    let chatter = "ForceCommand sh -c 'echo Welcome; echo; eval \"$SSH_ORIGINAL_COMMAND\"'";
    let Some(sshd) = Sshd::start(chatter) else { return };
    let reach = Reach::new(settings(sshd.dir()));
    assert_eq!(echo(&reach, with_key(&sshd, "id_ed25519")).await.unwrap(), b"it's me\n");
}

#[tokio::test]
async fn an_account_without_a_shell_is_told_as_such() {
    let refuses = "ForceCommand sh -c 'echo This account is currently not available.; exit 1'";
    let Some(sshd) = Sshd::start(refuses) else { return };
    let reach = Reach::new(settings(sshd.dir()));
    let failure = echo(&reach, with_key(&sshd, "id_ed25519")).await.unwrap_err().failure();
    assert_eq!(failure.kind, FailureKind::Shell);
    assert!(failure.text.contains("This account is currently not available."), "{}", failure.text);
}

#[tokio::test]
async fn sha_1_signatures_are_neither_made_nor_taken() {
    let only = "PubkeyAcceptedAlgorithms ssh-rsa\nHostKeyAlgorithms ssh-rsa,ssh-ed25519";
    let Some(sshd) = Sshd::start(only) else { return };
    let reach = Reach::new(settings(sshd.dir()));
    let failure = echo(&reach, with_key(&sshd, "id_rsa")).await.unwrap_err().failure();
    assert_eq!(failure.kind, FailureKind::Auth, "{}", failure.text);
    sshd.know(&["host_rsa"]);
    let failure = echo(&reach, with_key(&sshd, "id_rsa")).await.unwrap_err().failure();
    assert_eq!(failure.kind, FailureKind::HostKey, "{}", failure.text);
}

#[tokio::test]
async fn old_and_new_algorithms_are_spoken() {
    let kex = std::process::Command::new("ssh").args(["-Q", "kex"]).output().unwrap();
    if !String::from_utf8_lossy(&kex.stdout).contains("mlkem768x25519-sha256") {
        skipped("in part: this OpenSSH has no mlkem768x25519-sha256");
    }
    let new = String::from_utf8_lossy(&kex.stdout).contains("mlkem768x25519-sha256");
    for only in [
        if new { "KexAlgorithms mlkem768x25519-sha256" } else { "" },
        "KexAlgorithms curve25519-sha256@libssh.org",
        "Ciphers chacha20-poly1305@openssh.com",
        "Ciphers aes128-gcm@openssh.com",
        "Ciphers aes256-ctr\nMACs hmac-sha2-256-etm@openssh.com",
        "Ciphers aes128-ctr\nMACs hmac-sha2-256",
    ] {
        let Some(sshd) = Sshd::start(only) else { return };
        let reach = Reach::new(settings(sshd.dir()));
        echo(&reach, with_key(&sshd, "id_ed25519")).await.expect(only);
    }
}

#[tokio::test]
async fn an_authority_in_known_hosts_vouches_for_the_names_it_signed() {
    let Some(sshd) = Sshd::start("") else { return };
    let authority = sshd.dir().join("authority");
    super::sshd::keygen(&authority, "ed25519", "");
    let sign = |names: &str, valid: &str| {
        let signed = std::process::Command::new("ssh-keygen")
            .args(["-q", "-s"])
            .arg(&authority)
            .args(["-I", "host", "-h", "-n", names, "-V", valid])
            .arg(sshd.key("host_ed25519.pub"))
            .status()
            .unwrap();
        assert!(signed.success());
    };
    let public = std::fs::read_to_string(sshd.key("authority.pub")).unwrap();
    let certificate = format!("HostCertificate {}/host_ed25519-cert.pub", sshd.dir().display());
    for (names, valid, good) in [
        ("127.0.0.1", "-1d:+1d", true),
        ("other", "-1d:+1d", false),
        ("127.0.0.1", "-2d:-1d", false),
    ] {
        sign(names, valid);
        let certified = sshd.another(&certificate);
        std::fs::write(sshd.dir().join("known_hosts"), format!("@cert-authority * {public}"))
            .unwrap();
        let target =
            SshTarget { keys: vec![sshd.key("id_ed25519")], ..target(certified.port, sshd.dir()) };
        let said = echo(&Reach::new(settings(sshd.dir())), target).await;
        assert_eq!(said.is_ok(), good, "{names} {valid}: {said:?}");
        if let Err(error) = said {
            assert!(error.to_string().contains("certificate"), "{error}");
        }
    }
}

#[tokio::test]
async fn a_key_swapped_between_two_connections_is_refused() {
    let Some(sshd) = Sshd::start("") else { return };
    let reach = Reach::new(settings(sshd.dir()));
    let host = ssh_host("alder", with_key(&sshd, "id_ed25519"));
    reach.link(&host).await.unwrap();
    reach.close(&host).await;
    let sshd = sshd.with_new_host_key();
    let failure = reach.link(&host).await.err().unwrap().failure();
    assert!(failure.text.contains("has changed"), "{}", failure.text);
    drop(sshd);
}
