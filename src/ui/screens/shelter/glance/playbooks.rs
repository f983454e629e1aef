//! How playbooks went on a host: how many well, which not, and the one that goes on.

use crate::fleet::{HostName, HostOutcome, LastState};
use crate::theme::{Role, State};
use crate::ui::scene::{Card, Scene};
use crate::ui::screens::block::Block;
use crate::ui::stream::{of_last, of_outcome};
use crate::ui::words::Said;

/// Playbooks that did not go well of which is told.
const UNWELL: usize = 3;

pub(super) fn blocks(scene: &Scene<'_>, host: &HostName) -> Vec<Block> {
    let last = |card: &Card| Some((card.title(), card.last.get(host)?.clone()));
    let mut known: Vec<_> = scene.shelf.iter().filter_map(last).collect();
    known.sort_by_key(|(_, last)| std::cmp::Reverse(last.at));
    let well = known.iter().filter(|(_, last)| last.state == LastState::Well).count();
    let meant = scene.shelf.iter().filter(|card| card.hosts.contains(host)).count();
    let mut blocks = going(scene, host);
    let counted = Said::new(Role::Text, format!("{well} of {meant}"));
    blocks.push(Block::Pair("well".to_owned(), counted));
    for (title, last) in known.iter().filter(|(_, last)| last.state != LastState::Well).take(UNWELL)
    {
        let mark = scene.theme.mark(of_last(last.state));
        let told = format!("{} {}", mark.glyph, last.state.word().replace('_', " "));
        blocks.push(Block::Pair(title.clone(), Said::new(mark.role, told)));
    }
    blocks
}

/// The run that goes on there, and how far it is.
fn going(scene: &Scene<'_>, host: &HostName) -> Vec<Block> {
    let part = scene.live().find_map(|run| Some((run, run.hosts.get(host)?)));
    let Some((run, part)) = part else { return Vec::new() };
    let state = match &part.outcome {
        None => State::Running,
        Some((HostOutcome::Well, _)) => State::Ok,
        Some((outcome, _)) => of_outcome(outcome).0,
    };
    let mark = scene.theme.mark(state);
    let (_, title) = run.head.playbook.split_once('_').unwrap_or_default();
    let told = format!("{} {}/{}", mark.glyph, part.done.len(), part.steps.len());
    vec![Block::Pair(title.replace('_', " "), Said::new(mark.role, told))]
}
