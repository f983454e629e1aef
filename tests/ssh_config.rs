//! Our reading of an ssh configuration against that of ssh itself, as `ssh -G` tells it.

use crate::support::skipped;
use proptest::prelude::*;
use shelter::config::{Files, Local, SshConfig, inventory};
use shelter::fleet::{Endpoint, SshTarget, Via};
use shelter::text::Source;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};

const NAMES: [&str; 4] = ["a", "bb", "Bb", "far.example.org"];

/// Lines that mean the same to both of us; each may stand anywhere and any number of times.
const LINES: [&str; 40] = [
    "Host a",
    "Host *",
    "Host b? !bb",
    "Host !a *",
    "Host far* a",
    "host=bb",
    "Host \"a\" 'bb'",
    "Match all",
    "Match originalhost a,far*",
    "Match originalhost *,!a",
    "Match !originalhost b*",
    "Match host 10.*",
    "Match host FAR.example.org",
    "Match user ops",
    "Match user !ops,*",
    "Match host * user root,ops",
    "HostName 10.0.0.1",
    "HostName %h.lan",
    "HostName=far.example.org",
    "Port 2222",
    "port = 2022",
    "  Port 22 # as usual",
    "User ops",
    "\tUser  \"ops\"",
    "User=root",
    "IdentityFile ~/.ssh/one",
    "IdentityFile '/keys/my key'",
    "IdentityFile \"/keys/two\"",
    "IdentitiesOnly yes",
    "IdentitiesOnly no",
    "ProxyJump gate.example.org",
    "ProxyJump none",
    "ProxyCommand none",
    "HostKeyAlias one",
    "HostKeyAlias two",
    "UserKnownHostsFile ~/.ssh/known /etc/known",
    "UserKnownHostsFile /dev/null",
    "ServerAliveInterval 5",
    "# Port 1",
    "",
];

struct OneFile(String);

impl Files for OneFile {
    fn read(&self, _: &Path) -> io::Result<Vec<u8>> {
        Ok(self.0.clone().into_bytes())
    }

    fn list(&self, _: &Path) -> io::Result<Vec<String>> {
        Ok(Vec::new())
    }
}

/// Asks a program for its whole output.
fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn me() -> Local {
    let said = |command: &mut Command| output(command).unwrap().trim().to_owned();
    let user = said(Command::new("id").arg("-un"));
    let passwd = said(Command::new("getent").args(["passwd", &user]));
    Local { home: passwd.split(':').nth(5).unwrap().into(), user }
}

/// What ssh makes of a configuration, as lines of `keyword value`, for what it was told explicitly.
fn by_ssh(file: &Path, name: &str, local: &Local) -> Vec<String> {
    let said = output(Command::new("ssh").arg("-G").arg("-F").arg(file).arg(name)).unwrap();
    let home = format!("{}/", local.home.display());
    let told = ["hostname ", "user ", "port ", "identitiesonly ", "hostkeyalias ", "proxyjump "];
    let mut lines: Vec<String> = said.lines().map(|line| line.replace("~/", &home)).collect();
    lines.retain(|line| {
        let usual = line.starts_with("identityfile") && line.contains("/id_");
        let files = ["identityfile ", "userknownhostsfile "];
        !usual
            && !line.ends_with("known_hosts2")
            && told.iter().chain(&files).any(|keyword| line.starts_with(keyword))
    });
    lines.sort();
    lines
}

fn by_us(config: &str, name: &str, local: &Local) -> Vec<String> {
    let ssh = SshConfig::read(local.clone(), None, &OneFile(config.to_owned())).unwrap();
    let source = Source::new("f", format!("hosts: {{{name}: }}"));
    let config = inventory(&source, &ssh).unwrap_or_else(|reports| panic!("{config}\n{reports}"));
    let Via::Ssh(target) = &config.inventory.hosts[0].via else { panic!("not by ssh") };
    let mut lines = lines(target);
    lines.sort();
    lines
}

fn lines(target: &SshTarget) -> Vec<String> {
    let Endpoint::Tcp { address, port } = &target.endpoint else { panic!("not by TCP") };
    let only = if target.identities_only { "yes" } else { "no" };
    let mut lines = vec![
        format!("hostname {}", address.to_lowercase()),
        format!("port {port}"),
        format!("user {}", target.user),
        format!("identitiesonly {only}"),
    ];
    lines.extend(target.keys.iter().map(|key| format!("identityfile {}", key.display())));
    lines.extend(target.host_key_alias.iter().map(|alias| format!("hostkeyalias {alias}")));
    // Where the gate is, the same configuration decides; what matters is that it is gone through.
    lines.extend(target.jumps.iter().map(|_| "proxyjump gate.example.org".to_owned()));
    if !target.known_hosts.is_empty() {
        let files: Vec<String> =
            target.known_hosts.iter().map(|path| path.display().to_string()).collect();
        lines.push(format!("userknownhostsfile {}", files.join(" ")));
    }
    lines
}

#[test]
fn an_ssh_configuration_means_to_us_what_it_means_to_ssh() {
    if output(Command::new("ssh").args(["-G", "-F", "none", "a"])).is_none() {
        skipped("ssh is not installed");
        return;
    }
    let local = me();
    let lines = prop::collection::vec(prop::sample::select(LINES.to_vec()), 0..14);
    let mut runner = proptest::test_runner::TestRunner::default();
    runner
        .run(&(lines, prop::sample::select(NAMES.to_vec())), |(lines, name)| {
            let config = lines.join("\n") + "\n";
            let mut file = tempfile::NamedTempFile::new().unwrap();
            file.write_all(config.as_bytes()).unwrap();
            let ssh = by_ssh(file.path(), name, &local);
            prop_assert_eq!(by_us(&config, name, &local), ssh, "{} in:\n{}", name, config);
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
}
