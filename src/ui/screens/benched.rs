//! How fast the models of one host are, in a few lines: what became slower first.

use crate::bench::Standing;
use crate::fleet::HostName;
use crate::text::three_digits;
use crate::theme::{Role, State, Theme};
use crate::ui::scene::Scene;
use crate::ui::screens::bench::stands;
use crate::ui::screens::block::Block;
use crate::ui::words::Said;

/// Benchmarks of one host that a glance tells.
const GLANCED: usize = 2;

/// The benchmarks of a host.
pub(super) fn glance(scene: &Scene<'_>, host: &HostName) -> Vec<Block> {
    let all = scene.benches.standings();
    let mut here: Vec<&Standing<'_>> =
        all.iter().filter(|standing| standing.newest.host == host.as_str()).collect();
    if here.is_empty() {
        return vec![Block::Pair("measured".to_owned(), Said::new(Role::Faint, "never"))];
    }
    here.sort_by_key(|standing| stands(standing).0 != State::Failed);
    let mut blocks: Vec<Block> =
        here.iter().take(GLANCED).flat_map(|standing| of(standing, scene.theme)).collect();
    if here.len() > GLANCED {
        let more = format!("{} more: screen 4", here.len() - GLANCED);
        blocks.push(Block::Words(vec![Said::new(Role::Label, more)]));
    }
    blocks
}

fn of(standing: &Standing<'_>, theme: Theme) -> [Block; 2] {
    let speed = standing.history.last();
    let speed = speed.map_or_else(Said::unknown, |speed| {
        Said::new(Role::Text, format!("{} tok/s", three_digits(*speed)))
    });
    let (state, word) = stands(standing);
    let mark = theme.mark(state);
    let subject = &standing.newest.subject;
    [
        Block::Pair(subject.model.clone(), speed),
        Block::Pair(
            format!("  {}", subject.quantisation),
            Said::new(mark.role, format!("{} {word}", mark.glyph)),
        ),
    ]
}
