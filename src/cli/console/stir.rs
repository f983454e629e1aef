//! Files of the home that change while the console is open: which of them, and no more than that.

use std::path::Path;

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc;

use crate::records::{Home, make_dir};

/// What has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

/// Looks after the files until this is dropped.
pub struct Stirring {
    _watcher: RecommendedWatcher,
}

impl Stirring {
    /// Begins to look after the files of a home.
    pub fn begin(home: &Home, records: &Home, stirs: mpsc::Sender<Stir>) -> notify::Result<Self> {
        let inventory = home.inventory();
        let (playbooks, watch) = (home.playbooks(), records.status().join("_watch"));
        for dir in [&playbooks, &watch] {
            make_dir(dir).map_err(|error| notify::Error::generic(&error.to_string()))?;
        }
        let told = playbooks.clone();
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            if let Some(stir) = event.ok().and_then(|event| of(&event, &inventory, &told)) {
                // One that waits already will do.
                let _ = stirs.try_send(stir);
            }
        })?;
        for dir in [home.root(), records.root(), &watch] {
            watcher.watch(dir, RecursiveMode::NonRecursive)?;
        }
        watcher.watch(&playbooks, RecursiveMode::Recursive)?;
        Ok(Self { _watcher: watcher })
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
