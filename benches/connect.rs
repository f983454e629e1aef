//! Connect, log in, run `true`: ours against OpenSSH's client, in turns, on the same host. Prints medians and their ratio.
//!
//! `cargo bench --bench connect -- USER@ADDRESS KEY KNOWN_HOSTS [ROUNDS]`
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark may stop where it stands")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it is for reading")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use shelter::fleet::{Endpoint, Host, HostName, Sensors, SshTarget, SudoPolicy, Value, Vars, Via};
use shelter::reach::{Command, Reach, ReachSettings};

fn main() {
    let given: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let [login, key, known_hosts, rest @ ..] = given.as_slice() else {
        eprintln!("SKIPPED: give USER@ADDRESS KEY KNOWN_HOSTS [ROUNDS]");
        return;
    };
    let rounds = rest.first().map_or(20, |n| n.parse().expect("a number of rounds"));
    let (user, address) = login.split_once('@').expect("USER@ADDRESS");
    let host = host(user, address, Path::new(key), Path::new(known_hosts));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        ours.push(runtime.block_on(by_us(&host)));
        theirs.push(by_ssh(login, key, known_hosts));
    }
    let (ours, theirs) = (median(ours), median(theirs));
    let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
    println!(
        "connect + login + `true`, median of {rounds}: ours {ours:.1?}, ssh {theirs:.1?}, ratio {ratio:.2}"
    );
}

fn host(user: &str, address: &str, key: &Path, known_hosts: &Path) -> Host {
    let target = SshTarget {
        endpoint: Endpoint::Tcp { address: address.to_owned(), port: 22 },
        user: user.to_owned(),
        keys: vec![key.to_owned()],
        identities_only: true,
        jumps: Vec::new(),
        known_hosts: vec![known_hosts.to_owned()],
        host_key_alias: None,
    };
    Host {
        name: HostName::new("bench").unwrap(),
        via: Via::Ssh(Box::new(target)),
        sudo: SudoPolicy::Never,
        groups: Vec::new(),
        vars: Vars::from([("bench".to_owned(), Value::Bool(true))]),
        sensors: Sensors::Real,
    }
}

async fn by_us(host: &Host) -> Duration {
    let begun = Instant::now();
    let reach = Reach::new(ReachSettings::new(PathBuf::from("/nonexistent")));
    let link = reach.link(host).await.unwrap();
    let said = link.output(&Command::new("true"), b"").await.unwrap();
    assert!(said.exit.is_success());
    begun.elapsed()
}

fn by_ssh(login: &str, key: &str, known_hosts: &str) -> Duration {
    let begun = Instant::now();
    let status = std::process::Command::new("ssh")
        .args(["-F", "none", "-o", "KexAlgorithms=curve25519-sha256", "-o", "BatchMode=yes"])
        .args(["-o", &format!("UserKnownHostsFile={known_hosts}"), "-o", "IdentitiesOnly=yes"])
        .args(["-i", key, login, "true"])
        .status()
        .unwrap();
    assert!(status.success());
    begun.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
