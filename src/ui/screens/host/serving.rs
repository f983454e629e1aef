//! What a host serves: its engines and their models, how fast they are, and who holds its cards.

use super::View;
use crate::fleet::{GpuProcess, Sample};
use crate::theme::Role;
use crate::ui::screens::block::Block;
use crate::ui::screens::{benched, engines};
use crate::ui::words::Said;

/// The column.
pub(super) fn blocks(look: &View<'_>, sample: &Sample) -> Vec<Block> {
    let mut blocks = engines::page(look.watched, look.scene.theme);
    blocks.extend([Block::Gap, Block::heading("Bench")]);
    blocks.extend(benched::glance(look.scene, &look.host.name));
    blocks.extend(processes(sample));
    blocks
}

/// The processes that hold memory of a card, the largest first.
fn processes(sample: &Sample) -> Vec<Block> {
    let on_cards = Said::new(Role::Label, "on cards");
    let mut blocks = vec![Block::Gap, Block::Heading("Processes".to_owned(), on_cards)];
    let told = sample.gpus.iter().filter_map(|gpu| gpu.processes.value.as_ref());
    let mut all: Vec<&GpuProcess> = told.flatten().collect();
    all.sort_by_key(|process| std::cmp::Reverse(process.memory));
    let pair = |process: &&GpuProcess| {
        let memory = process
            .memory
            .map_or_else(Said::unknown, |bytes| Said::new(Role::Text, bytes.to_string()));
        Block::Pair(format!("{}  {}", process.pid, process.name), memory)
    };
    blocks.extend(all.iter().map(pair));
    if all.is_empty() {
        let known = sample.gpus.iter().any(|gpu| gpu.processes.value.is_some());
        let said = if known { Said::new(Role::Faint, "none") } else { Said::unknown() };
        blocks.push(Block::Words(vec![said]));
    }
    blocks
}
