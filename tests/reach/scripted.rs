//! Against scripted peers: servers that lie, stall, break off or never end. Time is paused.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use shelter::fleet::{FailureKind, Parting, SshTarget};
use shelter::reach::{Asker, Chunk, Command, Exit, Output, Reach, ReachError, ReachSettings};
use tokio::io::AsyncWriteExt;
use tokio::time::Instant;

use super::fixture::{person, ssh_host};
use super::peer::{Act, Doomed, Door, Fate, Peer, by_hand, says, scripted, target};

const FOREVER: u64 = u64::MAX >> 1;

async fn ask(reach: &Reach, name: &str, home: &Path) -> Result<Output, ReachError> {
    let link = reach.link(&ssh_host(name, target(name, home))).await?;
    link.output(&Command::new("anything"), b"some input").await
}

async fn ask_peer(act: Act) -> Result<Output, ReachError> {
    let home = tempfile::tempdir().unwrap();
    let peer = Peer::new(act, Door::Open);
    let serving = peer.clone();
    let with = scripted(home.path(), &peer, &["alder"], move |_| serving.stream());
    ask(&Reach::new(with), "alder", home.path()).await
}

#[tokio::test(start_paused = true)]
async fn the_way_a_command_ends_is_told_as_it_was() {
    let said = ask_peer(Act::Answer(b"fine".to_vec(), 7)).await.unwrap();
    assert_eq!((said.stdout.as_slice(), said.exit), (&b"fine"[..], Exit::Status(7)));
    let said = ask_peer(Act::NoStatus).await.unwrap();
    assert_eq!((said.stdout.as_slice(), &said.exit), (&b"half"[..], &Exit::Unknown));
    assert!(!said.exit.is_success());
    let said = ask_peer(Act::Signal).await.unwrap();
    assert_eq!(said.exit, Exit::Signal("SEGV".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn binary_output_arrives_byte_for_byte() {
    let bytes: Vec<u8> = (0..300_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    assert!(ask_peer(Act::Answer(bytes.clone(), 0)).await.unwrap().stdout == bytes);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_starts_no_commands_is_told_as_such() {
    let failure = ask_peer(Act::Refuse).await.unwrap_err().failure();
    assert_eq!(failure.kind, FailureKind::Shell);
}

#[tokio::test(start_paused = true)]
async fn endless_output_into_memory_ends_with_an_error() {
    let told = ask_peer(Act::Endless(Arc::default())).await.unwrap_err();
    assert!(told.to_string().contains("more than 16 MiB"), "{told}");
}

#[tokio::test(start_paused = true)]
async fn a_slow_reader_holds_the_server_back() {
    let home = tempfile::tempdir().unwrap();
    let taken = Arc::new(AtomicU64::new(0));
    let peer = Peer::new(Act::Endless(taken.clone()), Door::Open);
    let serving = peer.clone();
    let with = scripted(home.path(), &peer, &["alder"], move |_| serving.stream());
    let link =
        Reach::new(with).link(&ssh_host("alder", target("alder", home.path()))).await.unwrap();
    let mut running = link.run(&Command::new("yes")).await.unwrap();
    // Paused time goes on only when nothing else can: the server is stuck by then.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let stuck_at = taken.load(Ordering::SeqCst);
    assert!(stuck_at < 8 << 20, "{stuck_at} bytes were taken from the server unread");
    for _ in 0..1000 {
        assert!(matches!(running.next().await, Some(Chunk::Stdout(_))));
    }
    assert!(taken.load(Ordering::SeqCst) > stuck_at);
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_is_no_ssh_server_is_given_up_in_time() {
    let home = tempfile::tempdir().unwrap();
    let peer = Peer::new(Act::Silence, Door::Open);
    let with = scripted(home.path(), &peer, &["alder"], |name| match name {
        "mute" => says(b""),
        "stuck" => says(b"SSH-2.0-stuck\r\n"),
        "web" => says(b"HTTP/1.1 400 Bad Request\r\n\r\nno\r\n"),
        "zero" => says(b"SSH-2.0-zero\r\n\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
        "huge" => says(b"SSH-2.0-huge\r\n\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
        "babbling" => {
            by_hand(|mut s| async move { while s.write_all(b"hello\r\n").await.is_ok() {} })
        }
        "drawling" => by_hand(|mut s| async move {
            while s.write_all(b"x").await.is_ok() {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }),
        _ => by_hand(|stream| async move { drop(stream) }),
    });
    let reach = Reach::new(with);
    for (name, kind) in [
        ("mute", FailureKind::Network),
        ("stuck", FailureKind::Network),
        ("web", FailureKind::Network),
        ("drawling", FailureKind::Network),
        ("gone", FailureKind::Network),
        ("babbling", FailureKind::Protocol),
        ("zero", FailureKind::Network),
        ("huge", FailureKind::Protocol),
    ] {
        let begun = Instant::now();
        let failure = ask(&reach, name, home.path()).await.unwrap_err().failure();
        assert_eq!(failure.kind, kind, "{name}: {}", failure.text);
        assert!(failure.text.contains(name), "{}", failure.text);
        assert!(begun.elapsed() <= Duration::from_secs(11), "{name}: {:?}", begun.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_cut_at_any_byte_is_an_error_and_never_success() {
    let home = tempfile::tempdir().unwrap();
    let peer = Peer::new(Act::Answer(vec![b'x'; 1000], 0), Door::Open);
    let left = Arc::new(AtomicU64::new(FOREVER));
    let (serving, counted) = (peer.clone(), left.clone());
    let with = scripted(home.path(), &peer, &["alder"], move |_| {
        Doomed::new(serving.stream(), counted.clone(), Fate::Cut)
    });
    ask(&Reach::new(with.clone()), "alder", home.path()).await.unwrap();
    let whole = FOREVER - left.load(Ordering::SeqCst);
    assert!(whole > 2000, "{whole}");
    // The last bytes are the channel's goodbye; before them the command has not ended.
    for cut in (0..whole - 100).step_by(61) {
        left.store(cut, Ordering::SeqCst);
        let begun = Instant::now();
        let failure =
            ask(&Reach::new(with.clone()), "alder", home.path()).await.unwrap_err().failure();
        let expected = [FailureKind::Network, FailureKind::Protocol];
        assert!(expected.contains(&failure.kind), "at {cut}: {failure:?}");
        assert!(begun.elapsed() < Duration::from_secs(9), "at {cut}: {:?}", begun.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_half_open_link_is_noticed() {
    for fate in [Fate::Vanish, Fate::Clog] {
        let home = tempfile::tempdir().unwrap();
        let peer = Peer::new(Act::Silence, Door::Open);
        let left = Arc::new(AtomicU64::new(FOREVER));
        let (serving, counted) = (peer.clone(), left.clone());
        let with = scripted(home.path(), &peer, &["alder"], move |_| {
            Doomed::new(serving.stream(), counted.clone(), fate)
        });
        let reach = Reach::new(with);
        let host = ssh_host("alder", target("alder", home.path()));
        let link = reach.link(&host).await.unwrap();
        let mut running = link.run(&Command::new("wait")).await.unwrap();
        tokio::time::sleep(Duration::from_secs(300)).await;
        assert!(link.is_up(), "a link that is only silent stays");
        left.store(0, Ordering::SeqCst);
        let begun = Instant::now();
        let (parting, why) = link.ended().await;
        let took = begun.elapsed().as_secs();
        assert_eq!(parting, Parting::Silence, "{why}");
        assert!((30..=61).contains(&took), "noticed after {took} s: {why}");
        assert!(!link.is_up());
        let error = running.exit().await.unwrap_err();
        assert!(error.is_transient() && matches!(error, ReachError::Lost { .. }), "{error}");

        left.store(FOREVER, Ordering::SeqCst);
        assert!(reach.link(&host).await.unwrap().is_up(), "the next one who asks gets a new link");
    }
}

#[tokio::test(start_paused = true)]
async fn nine_hosts_answer_at_their_own_speed_while_the_tenth_is_dead() {
    let home = tempfile::tempdir().unwrap();
    let peer = Peer::new(Act::Answer(b"here".to_vec(), 0), Door::Open);
    let names: Vec<String> = (0..10).map(|n| format!("host{n}")).collect();
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    let serving = peer.clone();
    let with = scripted(home.path(), &peer, &known, move |name| match name {
        "host4" => says(b""),
        _ => serving.stream(),
    });
    let reach = Reach::new(with);
    let begun = Instant::now();
    let asks = names.iter().map(|name| {
        let (reach, home) = (reach.clone(), home.path());
        async move { (ask(&reach, name, home).await.is_ok(), begun.elapsed()) }
    });
    let answers = futures::future::join_all(asks).await;
    for (n, (good, took)) in answers.into_iter().enumerate() {
        assert_eq!(good, n != 4);
        let expected = if n == 4 { 10 } else { 0 };
        assert_eq!(took.as_secs(), expected, "host{n}");
    }
}

#[tokio::test(start_paused = true)]
async fn passwords_and_a_servers_own_questions_are_asked_once_and_remembered() {
    for door in [Door::Password, Door::Question] {
        let home = tempfile::tempdir().unwrap();
        let peer = Peer::new(Act::Answer(Vec::new(), 0), door);
        let serving = peer.clone();
        let with = scripted(home.path(), &peer, &["alder"], move |_| serving.stream());
        let told = ask(&Reach::new(with.clone()), "alder", home.path()).await.unwrap_err();
        assert_eq!(told.failure().kind, FailureKind::Auth);
        assert!(told.to_string().contains("nobody to ask"), "{told}");

        let (asker, asked) = person("wrong");
        let wrong = Reach::new(ReachSettings { asker, ..with.clone() });
        let told = ask(&wrong, "alder", home.path()).await.unwrap_err();
        assert_eq!(told.failure().kind, FailureKind::Auth, "{told}");
        assert!(asked.load(Ordering::SeqCst) <= 3);

        let (asker, asked) = person("open sesame");
        let reach = Reach::new(ReachSettings { asker, ..with });
        ask(&reach, "alder", home.path()).await.unwrap();
        if let Door::Password = door {
            reach.close(&ssh_host("alder", target("alder", home.path()))).await;
            ask(&reach, "alder", home.path()).await.unwrap();
        }
        assert_eq!(asked.load(Ordering::SeqCst), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn unknown_revoked_and_unreadable_are_four_answers_with_changed() {
    let home = tempfile::tempdir().unwrap();
    let (peer, other) = (Peer::new(Act::Silence, Door::Open), Peer::new(Act::Silence, Door::Open));
    let serving = peer.clone();
    let with = scripted(home.path(), &peer, &[], move |_| serving.stream());
    let revoked = format!("@revoked {}{}", peer.known_as("*"), peer.known_as("alder"));
    for (known, expected) in [
        (String::new(), "is unknown"),
        (other.known_as("alder"), "has changed"),
        (revoked, "is revoked"),
        ("alder ssh-ed25519 AAAA\n".to_owned(), "known_hosts:1 cannot be read"),
    ] {
        std::fs::write(home.path().join("known_hosts"), known).unwrap();
        let reach = Reach::new(ReachSettings { asker: Asker::Nobody, ..with.clone() });
        let failure = ask(&reach, "alder", home.path()).await.unwrap_err().failure();
        assert_eq!(failure.kind, FailureKind::HostKey, "{}", failure.text);
        assert!(failure.text.contains(expected), "no {expected:?} in {}", failure.text);
        assert!(failure.hint.is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn those_who_ask_together_share_a_failure_too() {
    let home = tempfile::tempdir().unwrap();
    let peer = Peer::new(Act::Silence, Door::Open);
    let dials = Arc::new(AtomicU64::new(0));
    let counted = dials.clone();
    let with = scripted(home.path(), &peer, &["alder"], move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
        says(b"")
    });
    let reach = Reach::new(with);
    let begun = Instant::now();
    let asks = (0..10).map(|_| ask(&reach, "alder", home.path()));
    assert!(futures::future::join_all(asks).await.iter().all(Result::is_err));
    assert_eq!((dials.load(Ordering::SeqCst), begun.elapsed().as_secs()), (1, 10));
}

#[tokio::test(start_paused = true)]
async fn logins_at_one_server_stay_below_what_it_takes_at_a_time() {
    let home = tempfile::tempdir().unwrap();
    let peer = Peer::new(Act::Silence, Door::Open);
    let with = scripted(home.path(), &peer, &["alder"], |_| says(b""));
    let reach = Reach::new(with);
    let begun = Instant::now();
    let asks = (0..20).map(|n| {
        let user = format!("user{n}");
        let host = ssh_host("alder", SshTarget { user, ..target("alder", home.path()) });
        let reach = reach.clone();
        async move {
            assert!(reach.link(&host).await.is_err());
            begun.elapsed().as_secs()
        }
    });
    let mut took = futures::future::join_all(asks).await;
    took.sort_unstable();
    // Eight at a time, each of which waits ten seconds in vain.
    assert_eq!(took, [[10; 8].as_slice(), &[20; 8], &[30; 4]].concat());
}
