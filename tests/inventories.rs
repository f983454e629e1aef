//! Folders of inventories: `errors/` with what is said about each, `inventories/` with what each means.
//!
//! A case is `NAME.yaml` and `NAME.txt`; beside them `NAME.config` is its `~/.ssh/config`, and
//! `NAME.x` what that calls `~/.ssh/x`. `SHELTER_BLESS=1` writes the texts anew.

use proptest::prelude::*;
use shelter::config::{Config, Files, Local, STARTER, SshConfig, inventory};
use shelter::fleet::Value;
use shelter::text::{Reports, Source};
use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::support::cases::compare;

/// The files of one case, as if they lay in a home folder.
struct CaseFiles {
    stem: PathBuf,
}

impl Files for CaseFiles {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let name = path.strip_prefix("/home/me/.ssh").map_err(io::Error::other)?;
        fs::read(self.stem.with_extension(name))
    }

    fn list(&self, _: &Path) -> io::Result<Vec<String>> {
        let stem = self.stem.file_name().unwrap().to_str().unwrap().to_owned() + ".";
        let names = fs::read_dir(self.stem.parent().unwrap())?;
        let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        Ok(names.filter_map(|name| Some(name.strip_prefix(&stem)?.to_owned())).collect())
    }
}

fn me() -> Local {
    Local { home: "/home/me".into(), user: "me".into() }
}

fn read(bytes: &[u8], files: &dyn Files) -> Result<Config, Reports> {
    let source = Source::from_bytes("shelter.yaml", bytes)?;
    inventory(&source, &SshConfig::read(me(), None, files)?)
}

/// What is said of one case.
fn said_of(case: &Path) -> Result<Config, Reports> {
    let files = CaseFiles { stem: case.with_extension("") };
    read(&fs::read(case).unwrap(), &files)
}

#[test]
fn everything_wrong_with_an_inventory_is_said_exactly() {
    compare("tests/errors", |case| match said_of(case) {
        Ok(config) if config.warnings.is_empty() => "accepted\n".to_owned(),
        Ok(config) => format!("{}\n\naccepted\n", config.warnings),
        Err(reports) => format!("{reports}\n"),
    });
}

#[test]
fn inventories_mean_what_they_say() {
    compare("tests/inventories", |case| match said_of(case) {
        Ok(config) => serde_json::to_string_pretty(&config.inventory).unwrap() + "\n",
        Err(reports) => format!("{reports}\n"),
    });
}

struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _: &Path) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn list(&self, _: &Path) -> io::Result<Vec<String>> {
        Ok(Vec::new())
    }
}

#[test]
fn the_starting_inventory_is_sound_and_has_both_founding_hosts() {
    let config = read(STARTER.as_bytes(), &NoFiles).unwrap();
    let names: Vec<&str> = config.inventory.names().map(|name| name.as_str()).collect();
    assert_eq!(names, ["phantom", "shadow"]);
    assert!(config.warnings.is_empty(), "{}", config.warnings);
}

#[test]
fn every_example_that_is_commented_out_in_the_starting_inventory_works_when_it_is_let_in() {
    let open = |line: &str| match line.trim_start().strip_prefix("# ") {
        Some(rest) if rest.contains(':') && !rest.starts_with(char::is_uppercase) => {
            let indent = " ".repeat(line.len() - line.trim_start().len());
            format!("{indent}{rest}\n")
        }
        _ => format!("{line}\n"),
    };
    let text: String = STARTER.lines().map(open).collect();
    let config =
        read(text.as_bytes(), &NoFiles).unwrap_or_else(|reports| panic!("{text}{reports}"));
    assert_eq!(config.inventory.hosts.len(), 4);
    let Some(Value::Int(threads)) = config.inventory.hosts[1].vars.get("threads") else {
        panic!("{text}");
    };
    assert_eq!(*threads, 4);
}

#[test]
fn the_inventory_in_the_manual_is_sound() {
    let manual = include_str!("../docs/inventory.md");
    let (_, after) = manual.split_once("```yaml\n").unwrap();
    let (yaml, _) = after.split_once("```").unwrap();
    let config = read(yaml.as_bytes(), &NoFiles).unwrap_or_else(|reports| panic!("{reports}"));
    assert_eq!(config.inventory.hosts.len(), 5);
}

#[test]
fn a_file_too_large_to_be_written_by_hand_is_refused_unread() {
    let huge = "# x\n".repeat(2 << 20);
    assert!(read(huge.as_bytes(), &NoFiles).unwrap_err().to_string().contains("too large"));
}

#[test]
fn an_ssh_configuration_that_was_asked_for_must_be_there() {
    let asked = SshConfig::read(me(), Some(Path::new("/home/me/other")), &NoFiles);
    assert!(asked.unwrap_err().to_string().starts_with("error: cannot read `~/other`"));
    assert!(SshConfig::read(me(), None, &NoFiles).is_ok());
}

/// A configuration that includes a file nobody may read.
struct Forbidden;

impl Files for Forbidden {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match path.ends_with("config") {
            true => Ok(b"Include secret".to_vec()),
            false => Err(io::ErrorKind::PermissionDenied.into()),
        }
    }

    fn list(&self, _: &Path) -> io::Result<Vec<String>> {
        Ok(Vec::new())
    }
}

#[test]
fn an_included_file_that_cannot_be_read_is_named_where_it_is_included() {
    let said = SshConfig::read(me(), None, &Forbidden).unwrap_err().to_string();
    assert!(
        said.starts_with("error: cannot read `~/.ssh/secret`\n  --> ~/.ssh/config:1:9"),
        "{said}"
    );
    assert!(said.ends_with("= cause: permission denied"), "{said}");
}

struct OneFile(Vec<u8>);

impl Files for OneFile {
    fn read(&self, _: &Path) -> io::Result<Vec<u8>> {
        Ok(self.0.clone())
    }

    fn list(&self, _: &Path) -> io::Result<Vec<String>> {
        Ok(vec!["a".into(), "b".into()])
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_read_or_refused(
        yaml in prop::collection::vec(any::<u8>(), 0..200),
        config in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let _ = read(&yaml, &OneFile(config));
    }

    #[test]
    fn any_ssh_configuration_is_read_or_refused(lines in prop::collection::vec(prop::sample::select(vec![
        "Host *", "Host a !b", "Match all", "Match exec x", "Match host a,!b", "Match", "Include *",
        "Include", "HostName %h.x", "HostName -x", "Port 0", "Port 22", "User %u", "ProxyJump a",
        "ProxyJump b,c:1", "ProxyJump none", "ProxyCommand x %h", "IdentityFile ~/%d", "Prot 1",
        "IdentitiesOnly maybe", "IgnoreUnknown P*", "UserKnownHostsFile a b", "\"", "User \"a",
    ]), 0..12)) {
        let config = lines.join("\n").into_bytes();
        let _ = read(b"hosts: {a: , b: {jump: c}, c: }", &OneFile(config));
    }

    #[test]
    fn any_inventory_is_read_or_refused(lines in prop::collection::vec(prop::sample::select(vec![
        "hosts:", "groups:", "defaults:", "vars:", "  a:", "  b:", "  -c:", "    jump: a",
        "    jump: [b, a]", "    via: local", "    via: {shell: sh}", "    port: 0", "    user: -x",
        "    groups: [a, g]", "    hosts: [a, '*']", "    children: g", "  g:", "    vars: {x: .nan}",
        "  jump: a", "  user: u", "    address: '::1'",
    ]), 0..20)) {
        let _ = read(lines.join("\n").as_bytes(), &NoFiles);
    }
}
