//! A lodge: this machine with users, passwords, sudo's rules and locks of its own, behind a real sshd. What happens in it
//! stays in it.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::reach::sshd::Sshd;
use crate::support::{Shelter, skipped};

/// Who may use which program to become root, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Todd Miller's.
    Sudo,
    /// The one written in Rust.
    SudoRs,
    /// OpenBSD's.
    Doas,
}

/// Users with the password `moonshine`: `ops` shall become root without it, `guarded` with it.
pub struct Lodge {
    // Ended before its files go.
    _sshd: Sshd,
    dir: tempfile::TempDir,
    /// A console whose inventory names both.
    pub shelter: Shelter,
}

/// `moonshine`, hashed.
const PASSWORD: &str = "$6$lodge$i7XxtEwsUJ7gNjjGBjhIn.VncpjRsEOQsWRzUKS67TgzP81jcdeCL5V6w5LGrXMY7COtZkcaY7VFH7kRZIIII1";
/// Rules without which nobody is anybody.
pub const RULES: &str = "Defaults secure_path=\"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\"\n\
    root ALL=(ALL:ALL) ALL\nops ALL=(ALL:ALL) NOPASSWD: ALL\nguarded ALL=(ALL:ALL) ALL\n";
const PAM: &str = "auth required pam_unix.so\naccount required pam_unix.so\n";
const PLAYBOOK: &str = "playbook: 50_root\nname: Root\npurpose: Writes as root.\nhosts: all\nsteps:\n  \
    - name: write\n    become: true\n    file: { path: /run/lock/written, content: x, mode: \"0600\" }\n  \
    - name: slow\n    become: true\n    run: { sh: 'sleep 0.1; : >/run/lock/slow', creates: /run/lock/slow }\n";

impl Lodge {
    /// Opens one with that kind of sudo and these rules in front of the common ones. `None`, loudly, where it cannot be.
    pub fn open(kind: Kind, rules: &str) -> Option<Self> {
        Self::with_login_shell(kind, rules, "/bin/sh")
    }

    /// The same, with that login shell.
    pub fn with_login_shell(kind: Kind, rules: &str, shell: &str) -> Option<Self> {
        let wanted: &[&str] = match kind {
            Kind::Sudo => &["/usr/bin/sudo"],
            Kind::SudoRs => &["/usr/bin/sudo-rs", "/usr/lib/cargo/bin/sudo"],
            Kind::Doas => &["/usr/bin/doas"],
        };
        let Some(program) = wanted.iter().find(|path| Path::new(path).exists()) else {
            skipped(&format!("{kind:?} is not installed ({})", wanted[0]));
            return None;
        };
        if !Path::new(shell).exists() {
            skipped(&format!("{shell} is not installed"));
            return None;
        }
        let works =
            Command::new("unshare").args(["-m", "mount", "-t", "tmpfs", "t", "/mnt"]).output();
        if !works.is_ok_and(|output| output.status.success()) {
            skipped("no mount namespace can be had: it takes root, or rights a container may lack");
            return None;
        }
        let dir = tempfile::tempdir().unwrap();
        std::fs::set_permissions(dir.path(), PermissionsExt::from_mode(0o755)).unwrap();
        furnish(dir.path(), rules, shell);
        let by: Vec<String> =
            ["unshare", "-m", "sh", &file(dir.path(), "enter"), program].map(str::to_owned).into();
        let sshd = Sshd::start_by(&by, "")?;
        let known = std::fs::read_to_string(sshd.dir().join("known_hosts")).unwrap();
        let (port, key) = (sshd.port, sshd.key("id_ed25519"));
        std::fs::set_permissions(sshd.dir(), PermissionsExt::from_mode(0o755)).unwrap();
        let host = |user| {
            let key = key.display();
            format!("  {user}: {{address: 127.0.0.1, port: {port}, user: {user}, key: {key}}}\n")
        };
        let shelter = Shelter::new()
            .inventory(&format!("hosts:\n{}{}", host("ops"), host("guarded")))
            .file(".ssh/known_hosts", &known)
            .file(".mountain_shelter/playbooks/50_root.yaml", PLAYBOOK);
        Some(Self { _sshd: sshd, dir, shelter })
    }

    /// A place in it.
    pub fn path(&self, name: &str) -> String {
        file(self.dir.path(), name)
    }

    /// Other rules from now on.
    pub fn rule(&self, rules: &str) {
        std::fs::write(self.dir.path().join("etc/sudoers"), rules).unwrap();
    }

    /// Other words for doas from now on.
    pub fn permit(&self, text: &str) {
        std::fs::write(self.dir.path().join("etc/doas.conf"), text).unwrap();
    }
}

fn file(dir: &Path, name: &str) -> String {
    dir.join(name).display().to_string()
}

/// The files that stand in for this machine's own in there.
fn furnish(dir: &Path, rules: &str, shell: &str) {
    let etc = dir.join("etc");
    let copied = Command::new("cp").args(["-a", "/etc"]).arg(&etc).status().unwrap();
    assert!(copied.success());
    let put = |name: &str, text: &str, mode| {
        let path = etc.join(name);
        let _ = std::fs::remove_file(&path);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
    };
    let own = [("root", 0, "/bin/sh"), ("ops", 61_001, shell), ("guarded", 61_002, shell)];
    let own = own.map(|(user, id, shell)| {
        let home = dir.join(user);
        std::fs::create_dir(&home).unwrap();
        std::os::unix::fs::chown(&home, Some(id), Some(id)).unwrap();
        let passwd = format!("{user}:x:{id}:{id}::{}:{shell}\n", home.display());
        [passwd, format!("{user}:{PASSWORD}:20000:0:99999:7:::\n"), format!("{user}:x:{id}:\n")]
    });
    // sshd wants its own user as well.
    let machine = std::fs::read_to_string("/etc/passwd").unwrap();
    let others = machine.lines().filter(|line| !line.starts_with("root:"));
    let others: String = others.map(|line| format!("{line}\n")).collect();
    let column = |at: usize| own.iter().map(|lines| lines[at].as_str()).collect::<String>();
    put("passwd", &format!("{}{others}", column(0)), 0o644);
    put("shadow", &column(1), 0o640);
    put("group", &format!("{}nogroup:x:65534:\n", column(2)), 0o644);
    put("sudoers", &format!("{rules}{RULES}"), 0o440);
    put("doas.conf", "permit nopass ops\npermit guarded\n", 0o400);
    put("pam.d/sudo", PAM, 0o644);
    put("pam.d/doas", PAM, 0o644);
    std::fs::write(dir.join("empty"), "").unwrap();
    std::fs::write(dir.join("enter"), ENTER.replace("DIR", &dir.display().to_string())).unwrap();
}

/// Puts these files in place, leaves only one program for becoming root, $1, and goes on as the rest says.
const ENTER: &str = r#"
set -e
program=$1
shift
mount --bind DIR/etc /etc
for path in /run/lock /run/sudo /var/lib/sudo /run/sudo-rs; do
  [ ! -d $path ] || mount -t tmpfs -o mode=755 t $path
done
chmod 1777 /run/lock
case $program in
  /usr/bin/sudo) ;;
  *doas) [ ! -e /usr/bin/sudo ] || mount --bind DIR/empty /usr/bin/sudo ;;
  *) mount --bind "$program" /usr/bin/sudo ;;
esac
exec "$@"
"#;
