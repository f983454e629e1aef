//! Cards, heat and memory of a host at a glance.

use super::Glance;
use crate::fleet::{CardMeasure, Celsius, DiskSample, GpuSample, Measure, Named, Percent, Sample};
use crate::theme::Role;
use crate::ui::screens::block::Block;
use crate::ui::widget::Limits;
use crate::ui::words::{Said, part, plain, short_card, taken};

/// Cards of one host that are shown here.
const CARDS: usize = 3;
/// Sensors of one host that are shown here.
const SENSORS: usize = 2;
/// From where on a disk is told to be full, in percent.
const FULL: f64 = 90.0;

pub(super) fn blocks(glance: &Glance<'_>, sample: &Sample) -> Vec<Block> {
    let mut blocks = cards(glance, sample);
    blocks.extend(heat(sample));
    blocks.extend(memory(glance, sample));
    blocks
}

fn cards(glance: &Glance<'_>, sample: &Sample) -> Vec<Block> {
    let mut blocks = vec![Block::Gap, Block::heading("GPU")];
    if sample.gpus.is_empty() {
        blocks.push(Block::Pair("card".to_owned(), Said::new(Role::Faint, "none")));
    }
    for card in sample.gpus.iter().take(CARDS) {
        blocks.extend(of_card(glance, card));
    }
    if sample.gpus.len() > CARDS {
        let more = format!("{} more: screen 2", sample.gpus.len() - CARDS);
        blocks.push(Block::Words(vec![Said::new(Role::Label, more)]));
    }
    blocks
}

fn of_card(glance: &Glance<'_>, card: &GpuSample) -> Vec<Block> {
    let name = short_card(card);
    if card.asleep {
        return vec![Block::Pair(name.to_owned(), Said::new(Role::Label, "asleep"))];
    }
    let points =
        glance.points(|history| history.card(&card.id).map(|card| card.series(CardMeasure::Busy)));
    let busy = plain(&card.busy).first();
    let mut blocks = vec![Block::graph(name, busy, (points, 0.0..100.0, Limits::default()))];
    let (vram, share) = part(&card.vram_used, &card.vram);
    blocks.extend(share.is_some().then(|| Block::Pair("vram".to_owned(), vram)));
    blocks.extend(
        card.power.value.is_some().then(|| Block::Pair("power".to_owned(), plain(&card.power))),
    );
    blocks
}

/// In an order of their own: rows that change places with every look cannot be read.
fn heat(sample: &Sample) -> Vec<Block> {
    let known = |name: &str, value: Option<Celsius>| Some((sensor(name), value?));
    let own = || sample.temperatures.iter().filter_map(|t| known(&t.name, t.value.value));
    let cards = sample.gpus.iter().filter_map(|card| known("gpu", card.temperature.value));
    let shown = own().take(1).chain(cards).chain(own().skip(1)).take(SENSORS);
    let told = |(name, degrees): (String, Celsius)| {
        Block::Pair(name, Said::new(Role::Text, degrees.to_string()))
    };
    let mut blocks = vec![Block::Gap, Block::heading("Heat")];
    blocks.extend(shown.map(told));
    if blocks.len() == 2 {
        blocks.push(Block::Pair("sensors".to_owned(), Said::unknown()));
    }
    blocks
}

/// The name of a sensor, short: that of its chip says little.
fn sensor(name: &str) -> String {
    let name = name.trim_start_matches("coretemp ").trim_start_matches("k10temp ");
    name.trim_end_matches(" id 0").to_lowercase()
}

fn memory(glance: &Glance<'_>, sample: &Sample) -> Vec<Block> {
    let (ram, _) = taken(&sample.memory.available, &sample.memory.total);
    let points = glance.points(|history| Some(history.series(Measure::Cpu)));
    let busy = plain(&sample.cpu.busy);
    let mut blocks = vec![
        Block::Gap,
        Block::heading("Memory"),
        Block::Pair("ram".to_owned(), ram),
        Block::graph("cpu", busy, (points, 0.0..100.0, Limits::default())),
    ];
    blocks.extend(fullest(sample));
    blocks
}

/// The disk with the least room.
fn fullest(sample: &Sample) -> Option<Block> {
    let full = |disk: &Named<DiskSample>| disk.value.fullness().value.map(|share| share.0);
    let known = sample.disks.iter().filter_map(|disk| Some((disk.name.as_str(), full(disk)?)));
    let (name, share) = known.max_by(|one, other| one.1.total_cmp(&other.1))?;
    let said = match share >= FULL {
        true => Said::new(Role::Warn, format!("▲ {}", Percent(share))),
        false => Said::new(Role::Text, Percent(share).to_string()),
    };
    Some(Block::Pair(format!("disk {name}"), said))
}
