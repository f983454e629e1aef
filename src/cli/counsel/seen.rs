//! What counsel is given beyond runs: what was free on disks, what would fit on cards, which backups are proven.

use std::collections::BTreeMap;

use crate::bench::{Model, Placement, Places, Setting, fit};
use crate::cli::compose::{Console, warn_unkept};
use crate::cli::exit::Trouble;
use crate::cli::library::Shelved;
use crate::counsel::{BACKUP, Backups};
use crate::fleet::{Bytes, Facts, Fleet, HostName, Look, Space};
use crate::records::{Spaces, StatusFiles};

/// The context that models are graded at.
const CONTEXT: u64 = 4096;

/// What was free on disks before, with what is free now taken in.
pub fn spaces(
    console: &Console,
    fleet: &Fleet,
    hosts: &[HostName],
) -> Result<BTreeMap<HostName, Vec<Space>>, Trouble> {
    let records = Spaces::of(console.home());
    let (mut spaces, mut unkept) = (BTreeMap::new(), None);
    for host in hosts {
        let look = fleet.hosts.get(host).and_then(|state| state.look.as_ref());
        let of_host = match look {
            Some(look) => match records.note(host, look.at, &free(look)) {
                Ok(of_host) => of_host,
                Err(error) => {
                    unkept.get_or_insert(error);
                    records.of_host(host)?
                }
            },
            None => records.of_host(host)?,
        };
        spaces.insert(host.clone(), of_host);
    }
    unkept.iter().for_each(warn_unkept);
    Ok(spaces)
}

fn free(look: &Look) -> Vec<(String, Bytes)> {
    let disks = look.sample.disks.iter().filter(|disk| disk.value.free.is_fresh());
    disks.filter_map(|disk| Some((disk.name.clone(), disk.value.free.value?))).collect()
}

/// The largest model of the catalogue that fits whole on a card of each host. A catalogue that cannot be read is told
/// of by the commands that are about it.
pub fn fits(
    console: &Console,
    facts: &BTreeMap<HostName, (String, Facts)>,
) -> BTreeMap<HostName, String> {
    let Ok(catalogue) = console.catalogue() else { return BTreeMap::new() };
    let best = |facts: &Facts| {
        let (places, setting) = (Places::of(facts), Setting::of(CONTEXT));
        let on_card = |model: &&Model| {
            let placement = fit(&model.shape, &setting, &places).placement;
            matches!(placement, Placement::Card { .. } | Placement::Shared { .. })
        };
        let best = catalogue.models.iter().filter(on_card).max_by_key(|model| model.size);
        best.map(|model| model.name.clone())
    };
    facts.iter().filter_map(|(host, (_, facts))| Some((host.clone(), best(facts)?))).collect()
}

/// Of which hosts a backup is proven, and by what.
pub fn backups(
    console: &Console,
    shelved: &[Shelved],
    hosts: &[HostName],
) -> Result<Backups, Trouble> {
    let status = StatusFiles::of(console.home());
    let mut backups = Backups::default();
    for host in hosts {
        if status.flag(host, BACKUP)? {
            backups.proven.insert(host.clone());
        }
    }
    let provides = |one: &&Shelved| one.playbook.provides.iter().any(|flag| flag.value == BACKUP);
    backups.playbook = shelved.iter().find(provides).map(|one| one.playbook.id.value.clone());
    Ok(backups)
}
