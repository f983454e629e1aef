//! Files of the home that change while the console is open: which of them, and no more than that.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use notify::{Config, Event, EventKind, PollWatcher, RecursiveMode, Watcher};
use tokio::sync::Notify;

use crate::records::{Home, make_dir};

/// How often files are looked at where the kernel does not tell of them.
const GLANCE: Duration = Duration::from_secs(2);

/// What has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stir {
    /// `shelter.yaml`.
    Inventory,
    /// A playbook of the home.
    Playbooks,
    /// What another process of this home has recorded.
    Records,
    /// Where the watchdog stands.
    Watchdog,
}

impl Stir {
    const ALL: [Self; 4] = [Self::Inventory, Self::Playbooks, Self::Records, Self::Watchdog];
}

/// What has changed and was not looked at yet, each kind once: nothing can overflow, and none pushes out another.
#[derive(Clone, Default)]
pub struct Stirs(Arc<Waiting>);

#[derive(Default)]
struct Waiting {
    kinds: Mutex<BTreeSet<Stir>>,
    bell: Notify,
}

impl Stirs {
    /// Something has changed. Whoever looks hears of it once, however often that was.
    pub fn stir(&self, stir: Stir) {
        self.0.kinds.lock().unwrap_or_else(PoisonError::into_inner).insert(stir);
        self.0.bell.notify_one();
    }

    /// What has changed. Given up before it is ready, it loses nothing.
    pub async fn next(&self) -> Stir {
        loop {
            let first = self.0.kinds.lock().unwrap_or_else(PoisonError::into_inner).pop_first();
            match first {
                Some(stir) => return stir,
                None => self.0.bell.notified().await,
            }
        }
    }
}

/// Looks after the files until this is dropped.
pub struct Stirring {
    _watcher: Box<dyn Watcher + Send>,
}

impl Stirring {
    /// Begins to look after the files of a home. `looks_only`: of those folders that are there.
    pub fn begin(
        home: &Home,
        records: &Home,
        looks_only: bool,
        stirs: Stirs,
    ) -> notify::Result<Self> {
        let (playbooks, watch) = (home.playbooks(), records.status().join("_watch"));
        for dir in [&playbooks, &watch].into_iter().filter(|_| !looks_only) {
            make_dir(dir).map_err(|error| notify::Error::generic(&error.to_string()))?;
        }
        let mut watcher = watcher(home, &stirs)?;
        let flat =
            [home.root(), records.root(), &watch].map(|dir| (dir, RecursiveMode::NonRecursive));
        let deep = [(playbooks.as_path(), RecursiveMode::Recursive)];
        for (dir, mode) in flat.into_iter().chain(deep) {
            if !looks_only || dir.exists() {
                watcher.watch(dir, mode)?;
            }
        }
        Ok(Self { _watcher: watcher })
    }
}

/// The kernel tells of changes; where it has told too many others already, the files are looked at now and then.
fn watcher(home: &Home, stirs: &Stirs) -> notify::Result<Box<dyn Watcher + Send>> {
    match notify::recommended_watcher(heard(home, stirs.clone())) {
        Ok(watcher) => Ok(Box::new(watcher)),
        Err(error) => {
            tracing::warn!(%error, "changed files are looked for every {} s", GLANCE.as_secs());
            let config = Config::default().with_poll_interval(GLANCE);
            Ok(Box::new(PollWatcher::new(heard(home, stirs.clone()), config)?))
        }
    }
}

/// What follows from a change that was told.
fn heard(home: &Home, stirs: Stirs) -> impl Fn(notify::Result<Event>) + Send + 'static {
    let (inventory, playbooks) = (home.inventory(), home.playbooks());
    move |event| {
        match event {
            // Too much has happened for the kernel to say what.
            Ok(event) if event.need_rescan() => {
                Stir::ALL.into_iter().for_each(|stir| stirs.stir(stir))
            }
            Ok(event) => {
                of(&event, &inventory, &playbooks).into_iter().for_each(|stir| stirs.stir(stir))
            }
            Err(error) => tracing::warn!(%error, "a change of a file was not told"),
        }
    }
}

fn of(event: &Event, inventory: &Path, playbooks: &Path) -> Option<Stir> {
    if matches!(event.kind, EventKind::Access(_)) {
        return None;
    }
    let about = |path: &Path| event.paths.iter().any(|known| known.starts_with(path));
    if about(inventory) {
        Some(Stir::Inventory)
    } else if about(playbooks) {
        Some(Stir::Playbooks)
    } else if event.paths.iter().any(|path| path.ends_with("history_main.log")) {
        Some(Stir::Records)
    } else if event.paths.iter().any(|path| path.ends_with("_watch/standing.json")) {
        Some(Stir::Watchdog)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn however_often_one_kind_stirs_no_other_is_lost() {
        let stirs = Stirs::default();
        stirs.stir(Stir::Playbooks);
        (0..1000).for_each(|_| stirs.stir(Stir::Records));
        stirs.stir(Stir::Inventory);
        let told = [stirs.next().await, stirs.next().await, stirs.next().await];
        assert_eq!(told, [Stir::Inventory, Stir::Playbooks, Stir::Records]);
        let nothing_more = tokio::time::timeout(std::time::Duration::ZERO, stirs.next());
        assert!(nothing_more.await.is_err());
    }
}
