//! Who may log in to a practice host, and as what. Reads the fork's own user database, never the real one once inside.

use std::fs;
use std::path::PathBuf;

use rustix::fs::Gid;
use rustix::process::{Uid, getuid};

use super::Confinement;
use super::place::Place;

/// A user of a practice host.
#[derive(Clone, Debug)]
pub(super) struct Account {
    /// The login name.
    pub name: String,
    /// The home directory.
    pub home: PathBuf,
    /// The login shell.
    pub shell: PathBuf,
    /// Who to become, where that is not who serves.
    pub identity: Option<(Uid, Gid, Vec<Gid>)>,
    /// Where commands are looked for.
    pub path: String,
    /// Whether every way to gain rights is given up.
    pub powerless: bool,
}

/// Where the users of a practice host come from.
#[derive(Clone, Debug)]
pub(super) enum Accounts {
    /// From the fork's own user database. In a user namespace there is only root.
    Fork {
        /// Whether other users than root exist.
        others: bool,
    },
    /// One user, whose home is the practice host's directory.
    Plain(Box<Account>),
}

/// As Debian's `sshd` and `login` set it for root, and for others.
const ROOT_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const USER_PATH: &str = "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games";
/// Who commands run as where root has no namespaces to shut them off in: a user nothing else belongs to.
pub(super) const PRACTICE_UID: u32 = 64_242;

/// The user a console logs in as.
pub(super) fn login_name(confinement: Confinement) -> String {
    if confinement.has_root() { "root".to_owned() } else { "practice".to_owned() }
}

impl Accounts {
    /// The users of a host.
    pub fn of(level: Confinement, place: &Place) -> Self {
        match level {
            Confinement::Namespaces => Self::Fork { others: true },
            Confinement::UserNamespace => Self::Fork { others: false },
            Confinement::PlainDirectory => Self::Plain(Box::new(practice(place))),
        }
    }

    /// The user of that name, if it may log in.
    pub fn find(&self, name: &str) -> Option<Account> {
        match self {
            Self::Plain(account) => (account.name == name).then(|| (**account).clone()),
            Self::Fork { others } => {
                let users = fs::read_to_string("/etc/passwd").ok()?;
                let groups = fs::read_to_string("/etc/group").unwrap_or_default();
                let account = from_passwd(&users, &groups, name)?;
                (*others || account.identity.is_none()).then_some(account)
            }
        }
    }
}

fn practice(place: &Place) -> Account {
    let stranger = (Uid::from_raw(PRACTICE_UID), Gid::from_raw(PRACTICE_UID), vec![]);
    let plain = place.plain();
    Account {
        name: login_name(Confinement::PlainDirectory),
        home: plain.join("home"),
        shell: PathBuf::from("/bin/sh"),
        identity: getuid().is_root().then_some(stranger),
        path: format!("{}:{USER_PATH}:/usr/sbin:/sbin", plain.join("bin").display()),
        powerless: true,
    }
}

fn from_passwd(users: &str, groups: &str, name: &str) -> Option<Account> {
    let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
    let fields: Vec<&str> = line.split(':').collect();
    let [_, _, uid, gid, _, home, shell, ..] = fields[..] else { return None };
    let (uid, gid) = (uid.parse().ok()?, Gid::from_raw(gid.parse().ok()?));
    let shell = if shell.is_empty() { "/bin/sh" } else { shell };
    let member =
        |line: &&str| line.rsplit(':').next().is_some_and(|m| m.split(',').any(|m| m == name));
    let number = |line: &str| line.split(':').nth(2)?.parse().ok().map(Gid::from_raw);
    let mut all = vec![gid];
    all.extend(groups.lines().filter(member).filter_map(number));
    Some(Account {
        name: name.to_owned(),
        home: PathBuf::from(home),
        shell: PathBuf::from(shell),
        identity: (uid != 0).then(|| (Uid::from_raw(uid), gid, all)),
        path: if uid == 0 { ROOT_PATH } else { USER_PATH }.to_owned(),
        powerless: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_comes_with_groups_and_shell() {
        let users = "root:x:0:0:root:/root:/bin/bash\nops:x:1000:1001:,,,:/home/ops:\n";
        let groups = "sudo:x:27:ops,other\nops:x:1001:\nadm:x:4:other\n";
        let ops = from_passwd(users, groups, "ops").unwrap();
        assert_eq!(ops.shell, PathBuf::from("/bin/sh"));
        let (uid, gid, all) = ops.identity.unwrap();
        assert_eq!((uid.as_raw(), gid.as_raw()), (1000, 1001));
        assert_eq!(all, [Gid::from_raw(1001), Gid::from_raw(27)]);
        assert!(from_passwd(users, groups, "root").unwrap().identity.is_none());
        assert!(from_passwd(users, groups, "op").is_none());
    }
}
