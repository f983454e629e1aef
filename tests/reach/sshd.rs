//! OpenSSH's sshd, run by the test itself on a port of its own with keys of its own.

use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const SSHD: &str = "/usr/sbin/sshd";

/// A running sshd and the folder with its keys, its config and a home for the client.
pub struct Sshd {
    child: Child,
    dir: tempfile::TempDir,
    /// The port it listens on.
    pub port: u16,
}

impl Sshd {
    /// Starts one, with these lines added to its config. `None`, loudly, where sshd is not installed.
    pub fn start(extra: &str) -> Option<Self> {
        if !Path::new(SSHD).exists() {
            eprintln!("SKIPPED: sshd is not installed ({SSHD})");
            return None;
        }
        let dir = tempfile::tempdir().unwrap();
        for kind in ["ed25519", "ecdsa", "rsa"] {
            keygen(&dir.path().join(format!("host_{kind}")), kind, "");
            keygen(&dir.path().join(format!("id_{kind}")), kind, "");
        }
        keygen(&dir.path().join("id_locked"), "ed25519", "open sesame");
        let mut authorized = String::new();
        for name in ["id_ed25519", "id_ecdsa", "id_rsa", "id_locked"] {
            let file = dir.path().join(format!("{name}.pub"));
            authorized += &std::fs::read_to_string(file).unwrap();
        }
        std::fs::write(dir.path().join("authorized_keys"), authorized).unwrap();
        // sshd run by root insists on this folder and makes it itself only as a service.
        let _ = std::fs::create_dir_all("/run/sshd");
        (0..5).find_map(|_| Self::launch(&dir, extra)).map(|(child, port)| {
            let sshd = Self { child, dir, port };
            sshd.know(&["host_ed25519"]);
            sshd
        })
    }

    fn launch(dir: &tempfile::TempDir, extra: &str) -> Option<(Child, u16)> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let at = dir.path().display();
        let config = format!(
            "Port {port}\nListenAddress 127.0.0.1\nPidFile none\nUsePAM no\nStrictModes no\n\
             HostKey {at}/host_ed25519\nHostKey {at}/host_ecdsa\nHostKey {at}/host_rsa\n\
             AuthorizedKeysFile {at}/authorized_keys\nPasswordAuthentication no\n\
             KbdInteractiveAuthentication no\nMaxStartups 100\nLogLevel VERBOSE\n{extra}\n"
        );
        let file = dir.path().join(format!("sshd_{port}.conf"));
        std::fs::write(&file, config).unwrap();
        let log = std::fs::File::create(dir.path().join("log")).unwrap();
        let mut child = Command::new(SSHD)
            .args(["-D", "-e", "-f"])
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        loop {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Some((child, port));
            }
            if child.try_wait().unwrap().is_some() {
                eprintln!("{}", std::fs::read_to_string(dir.path().join("log")).unwrap());
                return None;
            }
            std::thread::yield_now();
        }
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

fn keygen(path: &Path, kind: &str, passphrase: &str) {
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", kind, "-N", passphrase, "-C", "test", "-f"])
        .arg(path)
        .status()
        .unwrap();
    assert!(made.success());
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}
