//! Things of the machine below that attempts are made on, and the proof that they were left alone.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener};
use std::path::{Path, PathBuf};

/// What attempts are made on.
pub struct Bait {
    /// A file on the machine below that the host must not even see.
    pub file: PathBuf,
    /// A socket there, as those of container engines and of systemd are.
    pub socket: PathBuf,
    /// The name of an abstract socket there.
    pub abstract_name: String,
    /// The key that opens the lab.
    pub key: PathBuf,
    /// The test itself, which the host must not be able to signal.
    pub pid: u32,
    before: State,
    _listeners: (UnixListener, UnixListener, TcpListener),
}

/// What attempts would change.
#[derive(Debug, PartialEq)]
struct State {
    settings: Vec<Option<String>>,
    null: Option<u32>,
    intruders: Vec<bool>,
    content: String,
}

const SETTINGS: [&str; 5] = [
    "/proc/sys/vm/swappiness",
    "/proc/sys/kernel/core_pattern",
    "/proc/sys/kernel/hostname",
    "/etc/passwd",
    "/etc/hostname",
];
/// Files that an attempt makes: only inside.
const INTRUDERS: [&str; 2] = ["/etc/mountain_shelter_escape", "/usr/mountain_shelter_escape"];

impl Bait {
    pub fn lay(outside: &Path, host: &Path) -> Self {
        let (file, socket) = (outside.join("bait"), outside.join("bait.sock"));
        fs::write(&file, "untouched").unwrap();
        let abstract_name = format!("shelter-bait-{}", std::process::id());
        let address = SocketAddr::from_abstract_name(abstract_name.as_bytes()).unwrap();
        let listeners = (
            UnixListener::bind(&socket).unwrap(),
            UnixListener::bind_addr(&address).unwrap(),
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap(),
        );
        let key = host.parent().unwrap().join("client_key");
        assert!(key.exists(), "bait that is not there proves nothing");
        let before = state(&file);
        Self {
            file,
            socket,
            abstract_name,
            key,
            pid: std::process::id(),
            before,
            _listeners: listeners,
        }
    }

    pub fn assert_untouched(&self) {
        assert_eq!(state(&self.file), self.before);
    }
}

fn state(file: &Path) -> State {
    use std::os::unix::fs::PermissionsExt;
    State {
        settings: SETTINGS.iter().map(|path| fs::read_to_string(path).ok()).collect(),
        null: fs::metadata("/dev/null").ok().map(|null| null.permissions().mode()),
        intruders: INTRUDERS.iter().map(|path| Path::new(path).exists()).collect(),
        content: fs::read_to_string(file).unwrap(),
    }
}
