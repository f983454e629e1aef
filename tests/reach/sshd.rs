//! OpenSSH's sshd, run by the test itself on a port of its own with keys of its own.

use crate::support::{free_port, skipped, until};
use std::fs::File;
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, OnceLock};

const SSHD: &str = "/usr/sbin/sshd";

/// A running sshd and the folder with its keys, its config and a home for the client.
pub struct Sshd {
    child: Child,
    dir: Arc<tempfile::TempDir>,
    /// The words before its name that start it somewhere else.
    by: Vec<String>,
    /// The port it listens on.
    pub port: u16,
}

impl Sshd {
    /// Starts one, with these lines added to its config. `None`, loudly, where sshd is not installed.
    pub fn start(extra: &str) -> Option<Self> {
        Self::start_by(&[], extra)
    }

    /// The same, started by a command that is given its own as further words.
    pub fn start_by(by: &[String], extra: &str) -> Option<Self> {
        if !Path::new(SSHD).exists() {
            skipped(&format!("sshd is not installed ({SSHD})"));
            return None;
        }
        let dir = tempfile::tempdir().unwrap();
        for file in std::fs::read_dir(keys()).unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), dir.path().join(file.file_name())).unwrap();
        }
        // sshd run by root insists on this folder and makes it itself only as a service.
        let _ = std::fs::create_dir_all("/run/sshd");
        let sshd = Self::on_some_port(Arc::new(dir), by, extra);
        sshd.know(&["host_ed25519"]);
        Some(sshd)
    }

    /// A second one with the same files and these lines more in its config.
    pub fn another(&self, extra: &str) -> Self {
        Self::on_some_port(self.dir.clone(), &self.by, extra)
    }

    /// The same on the same port with a host key nobody has seen.
    pub fn with_new_host_key(self) -> Self {
        let (dir, by, port) = (self.dir.clone(), self.by.clone(), self.port);
        drop(self);
        let key = dir.path().join("host_ed25519");
        std::fs::remove_file(&key).unwrap();
        keygen(&key, "ed25519", "");
        let child = Self::launch(&dir, &by, "", port).expect("the port is ours");
        Self { child, dir, by, port }
    }

    fn on_some_port(dir: Arc<tempfile::TempDir>, by: &[String], extra: &str) -> Self {
        // Between our asking for a free port and sshd's taking it another may take it.
        let try_one = |_| {
            let port = free_port();
            Self::launch(&dir, by, extra, port).map(|child| (child, port))
        };
        let (child, port) = (0..5).find_map(try_one).expect("sshd starts");
        Self { child, dir, by: by.to_vec(), port }
    }

    fn launch(dir: &tempfile::TempDir, by: &[String], extra: &str, port: u16) -> Option<Child> {
        let at = dir.path().display();
        let config = format!(
            "Port {port}\nListenAddress 127.0.0.1\nPidFile none\nUsePAM no\nStrictModes no\n\
             HostKey {at}/host_ed25519\nHostKey {at}/host_ecdsa\nHostKey {at}/host_rsa\n\
             AuthorizedKeysFile {at}/authorized_keys\nPasswordAuthentication no\n\
             KbdInteractiveAuthentication no\nMaxStartups 100\nLogLevel VERBOSE\n{extra}\n"
        );
        let file = dir.path().join(format!("sshd_{port}.conf"));
        std::fs::write(&file, config).unwrap();
        let log = File::options().create(true).append(true).open(dir.path().join("log")).unwrap();
        let words: Vec<&str> = by.iter().map(String::as_str).chain([SSHD]).collect();
        let mut child = Command::new(words[0])
            .args(&words[1..])
            .args(["-D", "-e", "-f"])
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let (mut listens, mut ended) = (false, false);
        until("sshd listens or ends", || {
            listens = TcpStream::connect(("127.0.0.1", port)).is_ok();
            ended = child.try_wait().unwrap().is_some();
            listens || ended
        });
        if !listens {
            eprintln!("{}", std::fs::read_to_string(dir.path().join("log")).unwrap());
        }
        listens.then_some(child)
    }

    /// Where its keys and the client's files lie.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// One of the client's key files: `id_ed25519`, `id_ecdsa`, `id_rsa`, `id_locked`.
    pub fn key(&self, name: &str) -> PathBuf {
        self.dir().join(name)
    }

    /// Makes exactly these of its host keys known.
    pub fn know(&self, keys: &[&str]) {
        let line = |key: &&str| {
            let public = std::fs::read_to_string(self.key(&format!("{key}.pub"))).unwrap();
            format!("[127.0.0.1]:{} {public}", self.port)
        };
        let text: String = keys.iter().map(line).collect();
        std::fs::write(self.dir().join("known_hosts"), text).unwrap();
    }

    /// What it wrote into its log.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.dir().join("log")).unwrap()
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An ssh-agent of the test's own.
pub struct Agent {
    child: Child,
    socket: PathBuf,
}

impl Agent {
    /// Starts one that holds these of the server's client keys.
    pub fn start(sshd: &Sshd, keys: &[&str]) -> Self {
        let socket = sshd.dir().join("agent");
        let mut agent = Command::new("ssh-agent");
        agent.args(["-D", "-a"]).arg(&socket).stdout(Stdio::null());
        let child = agent.spawn().unwrap();
        until("the agent listens", || std::os::unix::net::UnixStream::connect(&socket).is_ok());
        let agent = Self { child, socket };
        for key in keys {
            agent.add(&sshd.key(key));
        }
        agent
    }

    /// Gives it a key.
    pub fn add(&self, key: &Path) {
        let added = Command::new("ssh-add")
            .env("SSH_AUTH_SOCK", &self.socket)
            .arg("-q")
            .arg(key)
            .status()
            .unwrap();
        assert!(added.success());
    }

    /// Where it listens.
    pub fn socket(&self) -> PathBuf {
        self.socket.clone()
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A folder of keys, made once for all tests: RSA keys take their time.
fn keys() -> &'static Path {
    static KEYS: OnceLock<tempfile::TempDir> = OnceLock::new();
    let made = KEYS.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        for kind in ["ed25519", "ecdsa", "rsa"] {
            keygen(&dir.path().join(format!("host_{kind}")), kind, "");
            keygen(&dir.path().join(format!("id_{kind}")), kind, "");
        }
        keygen(&dir.path().join("id_locked"), "ed25519", "open sesame");
        let authorized: String = ["id_ed25519", "id_ecdsa", "id_rsa", "id_locked"]
            .map(|name| std::fs::read_to_string(dir.path().join(format!("{name}.pub"))).unwrap())
            .concat();
        std::fs::write(dir.path().join("authorized_keys"), authorized).unwrap();
        dir
    });
    made.path()
}

/// Makes a key pair.
pub fn keygen(path: &Path, kind: &str, passphrase: &str) {
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", kind, "-N", passphrase, "-C", "test", "-f"])
        .arg(path)
        .status()
        .unwrap();
    assert!(made.success());
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}
