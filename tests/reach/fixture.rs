//! What the tests of reaching share: hosts, homes, people who answer.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use shelter::fleet::{Endpoint, Host, HostName, Sensors, SshTarget, SudoPolicy, Via};
use shelter::reach::{Asker, Question, ReachSettings, Secret};
use tokio::sync::mpsc;

/// A host of that name, reached that way.
pub fn host(name: &str, via: Via) -> Host {
    Host {
        name: HostName::new(name).unwrap(),
        via,
        sudo: SudoPolicy::Never,
        groups: Vec::new(),
        vars: shelter::fleet::Vars::new(),
        sensors: Sensors::Real,
    }
}

/// A host of that name behind SSH.
pub fn ssh_host(name: &str, target: SshTarget) -> Host {
    host(name, Via::Ssh(Box::new(target)))
}

/// A server on a port of this machine, whose key is looked up in the home's known hosts.
pub fn target(port: u16, home: &Path) -> SshTarget {
    SshTarget {
        endpoint: Endpoint::Tcp { address: "127.0.0.1".to_owned(), port },
        user: crate::support::whoami(),
        keys: Vec::new(),
        identities_only: false,
        jumps: Vec::new(),
        known_hosts: vec![home.join("known_hosts")],
        host_key_alias: None,
    }
}

/// Settings for a home, with nobody to ask.
pub fn settings(home: &Path) -> ReachSettings {
    ReachSettings::new(home.to_owned())
}

/// A person who gives one passphrase or password to every question and trusts every server;
/// with a count of what they were asked.
pub fn person(word: &'static str) -> (Asker, Arc<AtomicUsize>) {
    let (ask, mut asked) = mpsc::channel(8);
    let count = Arc::new(AtomicUsize::new(0));
    let counted = count.clone();
    tokio::spawn(async move {
        while let Some(question) = asked.recv().await {
            counted.fetch_add(1, Ordering::SeqCst);
            let word = || Secret::new(word.to_owned());
            match question {
                Question::Passphrase { reply, .. }
                | Question::Password { reply, .. }
                | Question::Secret { reply, .. } => {
                    let _ = reply.send(word());
                }
                Question::Challenge { prompts, reply, .. } => {
                    let _ = reply.send(prompts.iter().map(|_| word()).collect());
                }
                Question::Trust { reply, .. } => {
                    let _ = reply.send(true);
                }
            }
        }
    });
    (Asker::Person(ask), count)
}
