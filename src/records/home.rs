//! The home: the directory that holds one inventory and everything remembered about it.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::{RecordsError, make_dir};

/// The directory that holds one inventory and everything remembered about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    root: PathBuf,
    origin: HomeOrigin,
}

/// Why this directory is the home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HomeOrigin {
    /// `--home` or `$SHELTER_HOME`.
    Argument,
    /// A parent of the working directory holds a `shelter.yaml`.
    WorkingDirectory,
    /// `~/.mountain_shelter`.
    Default,
}

/// What the choice of a home depends on.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// `--home` or `$SHELTER_HOME`.
    pub argument: Option<PathBuf>,
    /// The working directory.
    pub working_directory: Option<PathBuf>,
    /// The user's own home directory.
    pub user_home: Option<PathBuf>,
    /// The user's numeric id.
    pub uid: u32,
}

impl Home {
    /// Chooses the home; touches nothing.
    pub fn find(around: &Surroundings) -> Result<Self, RecordsError> {
        let given = || {
            let path = around.argument.as_ref().filter(|path| !path.as_os_str().is_empty())?;
            Some((path.clone(), HomeOrigin::Argument))
        };
        let default = || {
            let user_home = around.user_home.as_ref().filter(|home| home.is_absolute())?;
            Some((user_home.join(".mountain_shelter"), HomeOrigin::Default))
        };
        let (root, origin) = given()
            .or_else(|| Some((above(around)?, HomeOrigin::WorkingDirectory)))
            .or_else(default)
            .ok_or(RecordsError::NoHome)?;
        Ok(Self { root, origin })
    }

    /// Makes the directory where it is missing; refuses one that belongs to somebody else.
    pub fn make(&self, uid: u32) -> Result<(), RecordsError> {
        make_dir(&self.root)?;
        self.check_owner(uid)
    }

    /// Refuses a directory that belongs to somebody else.
    pub fn check_owner(&self, uid: u32) -> Result<(), RecordsError> {
        let owner = fs::metadata(&self.root).map_err(RecordsError::io("read", &self.root))?.uid();
        // Root may look after somebody else's home; nobody else may.
        if owner != uid && uid != 0 {
            return Err(RecordsError::Foreign { path: self.root.clone(), owner });
        }
        Ok(())
    }

    /// The directory.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Why it is this one.
    pub fn origin(&self) -> HomeOrigin {
        self.origin
    }

    /// The inventory.
    pub fn inventory(&self) -> PathBuf {
        self.root.join("shelter.yaml")
    }

    /// The user's own models.
    pub fn models(&self) -> PathBuf {
        self.root.join("models.yaml")
    }

    /// The program's own diagnostics and the memory logs.
    pub fn logs(&self) -> PathBuf {
        self.root.join("logs")
    }

    /// The home's own playbooks.
    pub fn playbooks(&self) -> PathBuf {
        self.root.join("playbooks")
    }

    /// The home's own rules for the watchdog, and its hook.
    pub fn watch(&self) -> PathBuf {
        self.root.join("watch")
    }

    /// What each run left.
    pub fn memory(&self) -> PathBuf {
        self.logs().join("memory")
    }

    /// What happened, in order.
    pub fn history(&self) -> PathBuf {
        self.root.join("history_main.log")
    }

    /// What is known per host.
    pub fn status(&self) -> PathBuf {
        self.root.join("status")
    }

    /// The home in which practice is remembered: with `--lab`, records go here and nowhere else.
    pub fn practice(&self) -> Self {
        Self { root: self.lab().join("home"), origin: self.origin }
    }

    /// The practice hosts' files.
    pub fn lab(&self) -> PathBuf {
        self.root.join("lab")
    }
}

/// The nearest parent of the working directory with a `shelter.yaml` of the user's own.
/// Never searched as root: a file that came with a clone must not choose what root runs.
fn above(around: &Surroundings) -> Option<PathBuf> {
    if around.uid == 0 {
        return None;
    }
    let own = |dir: &&Path| {
        let found = fs::symlink_metadata(dir.join("shelter.yaml"));
        found.is_ok_and(|m| m.is_file() && m.uid() == around.uid)
    };
    around.working_directory.as_deref()?.ancestors().find(own).map(Path::to_owned)
}

#[cfg(test)]
impl Home {
    /// The home in a directory that a test made for it.
    pub(crate) fn at(dir: &Path) -> Self {
        Self { root: dir.to_owned(), origin: HomeOrigin::Argument }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(dir: &Path) -> Surroundings {
        Surroundings {
            user_home: Some("/home/rc".into()),
            working_directory: Some(dir.to_owned()),
            uid: fs::metadata(dir).unwrap().uid(),
            ..Surroundings::default()
        }
    }

    #[test]
    fn what_is_given_wins_over_the_working_directory() {
        let dir = tempfile::tempdir().unwrap();
        let mut around = around(dir.path());
        around.argument = Some("/arg".into());
        let home = Home::find(&around).unwrap();
        assert_eq!((home.root(), home.origin()), (Path::new("/arg"), HomeOrigin::Argument));
    }

    #[test]
    fn an_inventory_above_the_working_directory_is_found_unless_we_are_root() {
        let dir = tempfile::tempdir().unwrap();
        let deep = dir.path().join("a/b");
        fs::create_dir_all(&deep).unwrap();
        crate::records::write_atomic(&dir.path().join("shelter.yaml"), b"hosts: {}\n").unwrap();
        let mut around = around(&deep);
        let root_runs_the_tests = around.uid == 0;
        let expected =
            if root_runs_the_tests { Path::new("/home/rc/.mountain_shelter") } else { dir.path() };
        assert_eq!(Home::find(&around).unwrap().root(), expected);
        around.uid = 0;
        assert_eq!(Home::find(&around).unwrap().origin(), HomeOrigin::Default);
    }

    #[test]
    fn an_empty_variable_is_no_home_and_nothing_at_all_is_an_error() {
        let empty = || Some("".into());
        let mut around = Surroundings { argument: empty(), ..Surroundings::default() };
        assert!(matches!(Home::find(&around), Err(RecordsError::NoHome)));
        // Else a home would come to be wherever one happens to stand.
        around.user_home = empty();
        assert!(matches!(Home::find(&around), Err(RecordsError::NoHome)));
    }
}
