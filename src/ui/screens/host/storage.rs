//! Disks and networks of a host: what is taken, what comes and what goes.

use super::View;
use crate::fleet::{Measure, Named, Rate, Reading, Sample, Traffic};
use crate::theme::Role;
use crate::ui::screens::block::{Block, Line};
use crate::ui::widget::Limits;
use crate::ui::words::{Said, part, plain};

/// From where on a disk is full, as a share.
const FULL: Limits = Limits { warn: Some(0.85), bad: Some(0.95) };
/// What a plot of traffic stands for at least: 1 MiB/s, as a root.
const LEAST: f64 = 32.0;
/// More of a kind are not listed.
const MOST: usize = 8;

/// The column.
pub(super) fn blocks(look: &View<'_>, sample: &Sample) -> Vec<Block> {
    let points = |measure| look.window(|history| Some(history.series(measure)));
    let mut blocks = disks(sample);
    let read = points(Measure::Read);
    blocks.push(traffic(
        ("read", "written"),
        &sample.disk_traffic,
        [read, points(Measure::Written)],
    ));
    blocks.extend([Block::Gap, Block::Heading("Network".to_owned(), only(&sample.networks))]);
    let received = points(Measure::Received);
    blocks.push(traffic(("in", "out"), &sample.networks, [received, points(Measure::Sent)]));
    if sample.networks.len() > 1 {
        blocks.extend(sample.networks.iter().take(MOST).map(network));
    }
    blocks
}

/// The name of the network, where there is one: then all that comes and goes is its.
fn only(networks: &[Named<Traffic>]) -> Said {
    match networks {
        [one] => Said::new(Role::Label, &one.name),
        _ => Said::new(Role::Label, ""),
    }
}

fn disks(sample: &Sample) -> Vec<Block> {
    let mut blocks = vec![Block::heading("Disks")];
    for disk in sample.disks.iter().take(MOST) {
        let (said, _) = part(&disk.value.used, &disk.value.size);
        let share = disk.value.fullness().value.map(|share| share.0 / 100.0);
        let role = match share.map(|share| FULL.role(share)) {
            Some(role @ (Role::Warn | Role::Bad)) => role,
            _ => said.role,
        };
        let sign = if role == said.role { "" } else { "▲ " };
        let said = Said { role, text: format!("{sign}{}", said.text) };
        blocks.push(Block::Share(Line(disk.name.clone(), said), share, FULL));
    }
    if sample.disks.is_empty() {
        blocks.push(Block::Words(vec![Said::unknown()]));
    }
    blocks
}

/// Both directions over time, on one scale whose top is the most that was seen.
fn traffic(
    (incoming, outgoing): (&str, &str),
    now: &[Named<Traffic>],
    points: [Vec<Option<f64>>; 2],
) -> Block {
    let most = points.iter().flatten().flatten().copied().fold(LEAST, f64::max);
    let together = |which: fn(&Traffic) -> &Reading<Rate>| {
        let known = now.iter().filter_map(|one| which(&one.value).value);
        let all = known.map(|rate| rate.0.0).reduce(u64::saturating_add);
        all.map_or_else(|| "n/a".to_owned(), |all| crate::fleet::Bytes(all).to_string() + "/s")
    };
    let line = |label: &str, all: String| Line(label.to_owned(), Said::new(Role::Text, all));
    let lines = [
        line(incoming, together(|traffic| &traffic.incoming)),
        line(outgoing, together(|traffic| &traffic.outgoing)),
    ];
    Block::Twin(lines, points, 0.0..most)
}

fn network(network: &Named<Traffic>) -> Block {
    let (incoming, outgoing) = (plain(&network.value.incoming), plain(&network.value.outgoing));
    let text = format!("{}  {}", incoming.text, outgoing.text);
    Block::Pair(network.name.clone(), Said { text, ..incoming })
}
