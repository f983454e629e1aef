//! A playbook as it becomes on one host, for tests that need no console: what they do not give is nothing.

use shelter::bench::gguf::tiny_model;
use shelter::fleet::{Facts, Host, Inventory, Secrets, Vars};
use shelter::playbook::Playbook;
use shelter::playbook::builtin::BuiltInFiles;
use shelter::playbook::plan::Blob;
use shelter::playbook::resolve::{Choice, Resolved, Setting, resolve};
use shelter::playbook::resource::{Files, Refusal, Stored};
use shelter::text::Reports;

/// What a playbook is given besides the host and its facts.
pub struct Given<'a> {
    /// What it may send.
    pub files: &'a dyn Files,
    /// The other hosts of the inventory.
    pub others: Vec<Host>,
    /// Variables of the command line.
    pub extra: Vars,
    /// Its secrets.
    pub secrets: Secrets,
}

impl<'a> Given<'a> {
    /// Files, and nothing else.
    pub fn only(files: &'a dyn Files) -> Self {
        Self { files, others: Vec::new(), extra: Vars::new(), secrets: Secrets::new() }
    }
}

/// What a playbook becomes there, all its steps chosen.
pub fn resolved(
    playbook: &Playbook,
    (host, facts): &(Host, Facts),
    given: &Given<'_>,
) -> Result<Resolved, Reports> {
    let hosts = [std::slice::from_ref(host), &given.others].concat();
    let setting = Setting {
        host,
        facts,
        fleet: &Inventory { hosts, groups: Vec::new() },
        extra: &given.extra,
        files: given.files,
        choice: &Choice::default(),
        secrets: &given.secrets,
    };
    resolve(playbook, &setting)
}

/// What the binary sends: the files that are built in, and the tiny model, which it makes.
pub struct Sent;

impl Files for Sent {
    fn read(&self, path: &str) -> Result<Blob, Refusal> {
        if path == "tiny.gguf" { Ok(tiny_model().into()) } else { BuiltInFiles.read(path) }
    }

    fn list(&self, path: &str) -> Result<Vec<Stored>, Refusal> {
        BuiltInFiles.list(path)
    }
}
