//! The builder of every test that runs the real binary: a home of its own, no surroundings, whole output compared.

pub mod cases;
pub mod engine;
pub mod lint;
pub mod llama;
pub mod resolving;
pub mod scene;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Says loudly that, and why, a test or a part of it did not run.
pub fn skipped(why: &str) {
    // Written past the harness, which shows what a passing test prints to nobody.
    std::io::stderr().write_all(format!("SKIPPED: {why}\n").as_bytes()).unwrap();
}

/// The user who runs the tests.
pub fn whoami() -> String {
    let id = Command::new("id").arg("-un").output().unwrap();
    String::from_utf8(id.stdout).unwrap().trim().to_owned()
}

/// A port of this machine that was free a moment ago: nobody listens there yet.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Waits until something holds, two minutes at most: more than anything here takes on the slowest machine.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let since = Instant::now();
    while !holds() {
        assert!(since.elapsed() < Duration::from_secs(120), "waited two minutes in vain: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// One run of the binary in a home of its own.
pub struct Shelter {
    dir: tempfile::TempDir,
}

/// What came of a run.
#[derive(Debug)]
pub struct Outcome {
    /// The exit status.
    pub code: i32,
    /// What was printed.
    pub stdout: String,
    /// What was said beside it.
    pub stderr: String,
}

/// This very machine, for tests that run playbooks on it: a host carries one run at a time, and so one test.
pub fn this_machine() -> std::fs::File {
    let user = rustix::process::getuid().as_raw();
    let path = std::env::temp_dir().join(format!("shelter-tests.{user}.lock"));
    let file = std::fs::OpenOptions::new().append(true).create(true).open(path).unwrap();
    file.lock().unwrap();
    file
}

impl Shelter {
    /// A fresh home without an inventory.
    pub fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    /// The user's home directory.
    pub fn user_home(&self) -> &Path {
        self.dir.path()
    }

    /// Writes a file below the user's home directory.
    pub fn file(self, path: &str, text: &str) -> Self {
        let path = self.dir.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::File::create(path).unwrap().write_all(text.as_bytes()).unwrap();
        self
    }

    /// Writes the inventory.
    pub fn inventory(self, text: &str) -> Self {
        self.file(".mountain_shelter/shelter.yaml", text)
    }

    /// A place below the user's home directory.
    pub fn path(&self, path: &str) -> std::path::PathBuf {
        self.dir.path().join(path)
    }

    /// The command, ready to be spawned.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_shelter"));
        command
            .args(args)
            .env_clear()
            .env("HOME", self.dir.path())
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .current_dir(self.dir.path());
        command
    }

    /// Runs the binary to its end.
    pub fn run(&self, args: &[&str]) -> Outcome {
        let mut command = self.command(args);
        let output = command.stdin(Stdio::null()).output().unwrap();
        let place = self.dir.path().display().to_string();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(&place, "~");
        Outcome {
            code: output.status.code().unwrap_or(-1),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }
}
