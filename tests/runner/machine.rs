//! A home directory with a shell of one kind, standing for a host. Runs real programs in real shells.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::support::skipped;
use shelter::playbook::frame::{Decoder, Framed, RunnerEvent, Stream, Verdict};
use shelter::playbook::plan::{HostPlan, RootBy};
use shelter::playbook::{Program, Start, compile};

pub const NONCE: &str = "00112233445566778899aabbccddeeff";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shell {
    Dash,
    Bash,
    /// Busybox's shell with the tools of this machine.
    Ash,
    /// Busybox's shell and nothing but busybox's tools.
    Busybox,
}

pub struct Machine {
    pub dir: tempfile::TempDir,
    path: String,
}

/// A machine for each shell that can be had here; says so loudly where one is missing.
pub fn machines() -> Vec<(Shell, Machine)> {
    let all = [Shell::Dash, Shell::Bash, Shell::Ash, Shell::Busybox];
    let found: Vec<_> = all.into_iter().filter_map(|s| Some((s, Machine::new(s)?))).collect();
    assert!(!found.is_empty(), "no POSIX shell to test with");
    found
}

/// The machine whose shell is most likely a host's.
pub fn machine() -> Machine {
    machines().remove(0).1
}

fn tool(name: &str) -> Option<PathBuf> {
    let places = ["/bin", "/usr/bin", "/usr/local/bin"];
    places.iter().map(|d| Path::new(d).join(name)).find(|p| p.exists())
}

impl Machine {
    fn new(shell: Shell) -> Option<Self> {
        let name = match shell {
            Shell::Dash => "dash",
            Shell::Bash => "bash",
            Shell::Ash | Shell::Busybox => "busybox",
        };
        let Some(program) = tool(name) else {
            skipped(&format!("no {name} on this machine, its tests do not run"));
            return None;
        };
        let dir = tempfile::tempdir().unwrap();
        let bin = dir.path().join("bin");
        for made in [&bin, &dir.path().join("home"), &dir.path().join("lock")] {
            fs::create_dir(made).unwrap();
        }
        let sticky = fs::Permissions::from_mode(0o1777);
        fs::set_permissions(dir.path().join("lock"), sticky).unwrap();
        symlink(&program, bin.join("sh")).unwrap();
        let mut path = bin.display().to_string();
        if shell == Shell::Busybox {
            let list = Command::new(&program).arg("--list").output().unwrap();
            for applet in String::from_utf8(list.stdout).unwrap().lines() {
                let _taken = symlink(&program, bin.join(applet));
            }
        } else {
            path.push_str(":/usr/bin:/bin");
        }
        Some(Self { dir, path })
    }

    pub fn home(&self) -> PathBuf {
        self.dir.path().join("home")
    }

    pub fn run_dir(&self, run: &str) -> PathBuf {
        self.home().join(".mountain_shelter/runtime/runs").join(run)
    }

    pub fn locks(&self) -> PathBuf {
        self.dir.path().join("lock")
    }

    /// The program, its lock being this machine's alone.
    pub fn own(&self, mut program: Program) -> Program {
        let locks = self.locks().display().to_string();
        program.pieces = vec![program.text().replace("/run/lock", &locks).into()];
        program
    }

    pub fn compile(&self, plan: &HostPlan) -> Program {
        self.own(compile(plan).unwrap())
    }

    /// A shell of this machine with this command, as sshd would start it.
    pub fn shell(&self, command: &str) -> Command {
        let mut sh = Command::new(self.dir.path().join("bin/sh"));
        sh.arg("-c").arg(command).env_clear();
        sh.env("HOME", self.home()).env("PATH", &self.path).current_dir(self.home());
        sh
    }

    pub fn start(&self, program: &Program) -> Child {
        self.start_bytes(&start().stdin(program).concat())
    }

    /// Wakes a shell, as one that had waited, and gives it these bytes on stdin, which is closed after them.
    pub fn start_bytes(&self, bytes: &[u8]) -> Child {
        let mut sh = self.shell(&start().command);
        sh.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = sh.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let bytes = [start().wake(false, false), bytes.to_vec()].concat();
        std::thread::spawn(move || stdin.write_all(&bytes));
        child
    }

    /// Runs a program to its end.
    pub fn run(&self, program: &Program) -> Vec<Framed> {
        decode(&read_all(self.start(program)))
    }

    /// Compiles a plan and runs it to its end.
    pub fn play(&self, plan: &HostPlan) -> Vec<Framed> {
        self.run(&self.compile(plan))
    }
}

pub fn start() -> Start {
    Start::new(Some(RootBy::Nothing), NONCE, None).unwrap()
}

pub fn read_all(mut child: Child) -> Vec<u8> {
    let mut out = Vec::new();
    child.stdout.take().unwrap().read_to_end(&mut out).unwrap();
    child.wait().unwrap();
    out
}

pub fn decode(bytes: &[u8]) -> Vec<Framed> {
    let mut decoder = Decoder::new(&start().greeting, &start().resting);
    let events = decoder.feed(bytes);
    assert_eq!(decoder.unfinished(), 0, "{}", String::from_utf8_lossy(bytes));
    for Framed { event, .. } in &events {
        let text = String::from_utf8_lossy(bytes);
        assert!(!matches!(event, RunnerEvent::Damaged { .. }), "{event:?} in {text}");
    }
    events
}

/// The verdicts of the steps, in the order they ended.
pub fn verdicts(events: &[Framed]) -> Vec<(u32, Verdict)> {
    events
        .iter()
        .filter_map(|f| match &f.event {
            RunnerEvent::Ended { step, outcome, .. } => Some((*step, outcome.verdict)),
            _ => None,
        })
        .collect()
}

/// What a step printed, as far as it came.
pub fn printed(events: &[Framed], of: u32, to: Stream) -> Vec<u8> {
    events
        .iter()
        .filter_map(|f| match &f.event {
            RunnerEvent::Output { step, stream, bytes, .. } if (*step, *stream) == (of, to) => {
                Some(bytes.as_slice())
            }
            _ => None,
        })
        .flatten()
        .copied()
        .collect()
}

/// The run's status, if it was told.
pub fn status(events: &[Framed]) -> Option<u8> {
    events.iter().find_map(|f| match f.event {
        RunnerEvent::Over { status, .. } => Some(status),
        _ => None,
    })
}

pub fn has(events: &[Framed], wanted: impl Fn(&RunnerEvent) -> bool) -> bool {
    events.iter().any(|f| wanted(&f.event))
}
