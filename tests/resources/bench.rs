//! A folder with an odd name in which the legs of one step are executed, leg by leg, under one shell.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use shelter::fleet::{Value, Vars};
use shelter::playbook::plan::{PlannedStep, Sh, Undo, quote};
use shelter::playbook::resolve::read;
use shelter::playbook::resource::Folder;
use shelter::text::Source;

use crate::playbooks::{bytes_of, phantom};
use crate::support::cases::in_repository;
use crate::support::resolving::{self, Given};
use crate::support::skipped;

/// A shell, and where it finds its tools.
#[derive(Clone, Debug)]
pub struct Shell {
    command: Vec<String>,
    path: String,
}

/// Every shell that is here: dash, bash, and busybox with its own userland. What is missing is said aloud.
pub fn shells() -> &'static [Shell] {
    static SHELLS: OnceLock<(Vec<Shell>, tempfile::TempDir)> = OnceLock::new();
    let (shells, _) = SHELLS.get_or_init(|| {
        let tools = tempfile::tempdir().unwrap();
        (found(tools.path()), tools)
    });
    assert!(!shells.is_empty(), "there is no shell to try anything under");
    shells
}

fn found(busybox: &Path) -> Vec<Shell> {
    let usual = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin".to_owned();
    let mut shells = Vec::new();
    for command in [vec!["dash"], vec!["bash", "--posix"]] {
        if Command::new(command[0]).args(["-c", ":"]).status().is_ok_and(|status| status.success())
        {
            let command = command.into_iter().map(str::to_owned).collect();
            shells.push(Shell { command, path: usual.clone() });
        } else {
            skipped(&format!("{} is not installed, nothing was tried under it", command[0]));
        }
    }
    let installed = Command::new("busybox").args(["--install", "-s"]).arg(busybox).status();
    if installed.is_ok_and(|status| status.success()) {
        let command = vec![busybox.join("ash").display().to_string()];
        shells.push(Shell { command, path: busybox.display().to_string() });
    } else {
        skipped("busybox is not installed, nothing was tried under it");
    }
    shells
}

impl Shell {
    /// The same shell with the usual tools: for what busybox has none of.
    pub fn with_usual_tools(mut self) -> Self {
        self.path = format!("{}:/usr/local/bin:/usr/bin:/bin", self.path);
        self
    }
}

/// One step in one folder under one shell.
pub struct Bench {
    /// The folder the step works in, its name as odd as can be.
    pub dir: PathBuf,
    save: PathBuf,
    shell: Shell,
    step: PlannedStep,
    _temp: tempfile::TempDir,
}

impl Bench {
    /// A folder prepared by `setup`, a script, and the step resolved for it; `{{ dir }}` is the folder.
    pub fn new(shell: Shell, setup: &str, step: &str) -> Self {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("-odd 'na\nme' $(false) `false` \\n *");
        let save = temp.path().join("save");
        fs::create_dir(&dir).unwrap();
        fs::create_dir(&save).unwrap();
        let status = Command::new("bash").args(["-euc", setup]).current_dir(&dir).status().unwrap();
        assert!(status.success(), "the setup failed: {setup}");
        let step = resolved(&dir, step);
        Self { dir, save, shell, step, _temp: temp }
    }

    /// Runs a text as a leg.
    pub fn leg(&self, leg: &Sh) -> Output {
        run(&self.shell, &self.save, &self.step, 0, leg)
    }

    fn expect(&self, what: &str, leg: &Sh, status: i32) {
        let output = self.leg(leg);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(
            output.status.code(),
            Some(status),
            "{what} under {:?}: {said}\n{leg}",
            self.shell
        );
    }

    /// The check's exit status.
    pub fn check(&self, status: i32) {
        self.expect("check", self.step.items[0].legs.check.as_ref().unwrap(), status);
    }

    /// The check's exit status where something else is defined first.
    pub fn check_given(&self, first: &'static str, status: i32) {
        let check = self.step.items[0].legs.check.as_ref().unwrap();
        self.expect("check", &Sh::text(first).then(check), status);
    }

    /// What `apply` says on stderr where something else is defined first, when it fails with this status.
    pub fn apply_given(&self, first: &str, status: i32) -> String {
        let apply = &self.step.items[0].legs.apply;
        let first = Sh::script(first).unwrap();
        let output = self.leg(&first.then(apply));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(status), "{:?}: {said}", self.shell);
        said
    }

    /// What a leg says on stderr when it fails with this status.
    pub fn refused(&self, status: i32) -> String {
        let legs = &self.step.items[0].legs;
        let check = self.leg(legs.check.as_ref().unwrap());
        let output = if check.status.code() == Some(10) { self.leg(&legs.apply) } else { check };
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(status), "{:?}: {said}", self.shell);
        said
    }

    /// Saves, applies and proves.
    pub fn apply(&self) {
        let legs = &self.step.items[0].legs;
        if let Some(undo) = self.undo() {
            self.expect("save", &undo.save, 0);
        }
        self.expect("apply", &legs.apply, 0);
        if let Some(proof) = legs.verify.as_ref().or(legs.check.as_ref()) {
            self.expect("verify", proof, 0);
        }
    }

    /// Applies without asking how it went.
    pub fn attempt(&self) -> Output {
        self.leg(&self.step.items[0].legs.apply)
    }

    fn undo(&self) -> Option<&shelter::playbook::plan::UndoLegs> {
        match &self.step.items[0].legs.undo {
            Undo::Exact(undo) | Undo::BestEffort(undo, _) => Some(undo),
            Undo::None(_) => None,
        }
    }

    /// The diff that is shown before.
    pub fn preview(&self) -> String {
        let preview = self.step.items[0].legs.preview.as_ref().expect("it has a preview");
        String::from_utf8_lossy(&self.leg(preview).stdout).into_owned()
    }

    /// From unmet to met, looked at twice, and back twice: exactly what was there is there again.
    pub fn there_and_back(&self) {
        let before = self.snapshot();
        self.check(10);
        assert_eq!(self.snapshot(), before, "a check changed something");
        self.apply();
        let after = self.snapshot();
        self.check(0);
        assert_eq!(self.snapshot(), after, "a second check changed something");
        let undo = self.undo().expect("it can be undone");
        for _ in 0..2 {
            self.expect("restore", &undo.restore, 0);
            assert_eq!(self.snapshot(), before, "undo did not bring back what was there");
        }
        self.check(10);
    }

    /// All that is in the folder, with metadata and contents.
    pub fn snapshot(&self) -> BTreeMap<String, String> {
        snapshot(&self.dir)
    }
}

/// All that is in a folder, with metadata and contents.
pub fn snapshot(dir: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    walk(dir, dir, &mut found);
    found
}

fn walk(root: &Path, at: &Path, found: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(at).unwrap() {
        let path = entry.unwrap().path();
        let meta = fs::symlink_metadata(&path).unwrap();
        let holds = if meta.is_symlink() {
            format!("-> {}", fs::read_link(&path).unwrap().display())
        } else if meta.is_file() {
            format!("{:?} {}", fs::read(&path).unwrap(), meta.mtime())
        } else if meta.is_dir() {
            walk(root, &path, found);
            String::new()
        } else {
            "neither file nor folder".to_owned()
        };
        let name = path.strip_prefix(root).unwrap().display().to_string();
        found.insert(name, format!("{:o} {}:{} {holds}", meta.mode(), meta.uid(), meta.gid()));
    }
}

/// Runs a leg of one item of a step, as a program of its own.
pub fn run(shell: &Shell, save: &Path, step: &PlannedStep, item: usize, leg: &Sh) -> Output {
    let mut program = format!("SHELTER_SAVE={}\npayload() {{ case $1 in\n", quoted(save));
    for (at, payload) in step.items[item].legs.payloads.iter().enumerate() {
        program.push_str(&format!("{at}) {} ;;\n", Sh::bytes(bytes_of(payload))));
    }
    program.push_str("esac; }\n");
    for prelude in &step.preludes {
        program.push_str(prelude.text);
    }
    program.push_str(&format!("leg() {{\n{leg}\n}}\nleg\n"));
    let file = save.with_extension("sh");
    fs::write(&file, &program).unwrap();
    let mut command = Command::new(&shell.command[0]);
    command.args(&shell.command[1..]).arg(&file).env("PATH", &shell.path);
    command.env("LC_ALL", "C").current_dir("/").stdin(std::process::Stdio::null());
    command.output().unwrap()
}

fn quoted(path: &Path) -> String {
    quote(path.to_str().unwrap()).unwrap()
}

/// The step, written as YAML, for a host whose facts are those of a Debian.
pub fn resolved(dir: &Path, step: &str) -> PlannedStep {
    let text = format!(
        "playbook: 00_bench\nname: Bench\npurpose: To try.\nsteps:\n  - {}\n",
        step.replace('\n', "\n    ")
    );
    let (playbook, _) = read(&Source::new("bench.yaml", text), ["dir"])
        .unwrap_or_else(|reports| panic!("{reports}"));
    let extra = Vars::from([("dir".to_owned(), Value::Text(dir.to_str().unwrap().to_owned()))]);
    let files = Folder(in_repository("tests/resources/files"));
    let given = Given { extra, ..Given::only(&files) };
    let resolved = resolving::resolved(&playbook, &phantom(), &given)
        .unwrap_or_else(|reports| panic!("{reports}"));
    resolved.steps.into_iter().next().unwrap()
}

/// Tries a step under every shell.
pub fn everywhere(setup: &str, step: &str, attempt: impl Fn(Bench)) {
    for shell in shells() {
        attempt(Bench::new(shell.clone(), setup, step));
    }
}

/// Tries a step under every shell, with the usual tools within reach of each.
pub fn everywhere_with_tools(setup: &str, step: &str, attempt: impl Fn(Bench)) {
    for shell in shells() {
        attempt(Bench::new(shell.clone().with_usual_tools(), setup, step));
    }
}
