//! The graphics cards of a host: work, memory, heat and power.

use super::View;
use crate::fleet::{CardMeasure, GpuSample, NvidiaTool, Pcie, Reading, Sample, Throttle};
use crate::text::counted;
use crate::theme::Role;
use crate::ui::screens::block::{Block, Line};
use crate::ui::widget::Limits;
use crate::ui::words::{Said, part, plain, short_card, told};

/// From where on a card is hot, in degrees.
const HOT: Limits = Limits { warn: Some(83.0), bad: Some(90.0) };
/// From where on its memory is scarce, as a share.
const FULL: Limits = Limits { warn: Some(0.95), bad: None };
/// Above this many cards each is told more briefly.
const FEW: usize = 2;

/// The column.
pub(super) fn blocks(look: &View<'_>, sample: &Sample) -> Vec<Block> {
    let mut blocks = Vec::new();
    if sample.gpus.len() > FEW {
        blocks.extend(many(look, &sample.gpus));
    } else {
        for (number, gpu) in sample.gpus.iter().enumerate() {
            blocks.extend((number > 0).then_some(Block::Gap));
            blocks.extend(one(look, gpu, number));
        }
    }
    blocks.extend(tool(sample));
    blocks
}

/// A card among few: all there is to tell.
fn one(look: &View<'_>, gpu: &GpuSample, number: usize) -> Vec<Block> {
    let title = format!("GPU {number}  {}", short_card(gpu));
    if gpu.asleep {
        return vec![Block::Heading(title, Said::new(Role::Label, "asleep, and left asleep"))];
    }
    let busy = (points(look, gpu, CardMeasure::Busy), 0.0..100.0, Limits::default());
    let mut blocks =
        vec![Block::heading(title), Block::graph("work", plain(&gpu.busy).first(), busy)];
    let (vram, share) = part(&gpu.vram_used, &gpu.vram);
    if share.is_some() {
        blocks.push(Block::Share(Line("memory".into(), vram), share, FULL));
    }
    let degrees = (points(look, gpu, CardMeasure::Heat), 20.0..100.0, HOT);
    blocks.push(Block::graph("heat", heat(gpu), degrees));
    blocks.extend(power(gpu, points(look, gpu, CardMeasure::Power)));
    blocks.extend(rest(gpu));
    blocks.extend(faults(&gpu.throttled_by));
    blocks
}

/// Cards of which there are too many to tell all: a line and a plot each.
fn many(look: &View<'_>, gpus: &[GpuSample]) -> Vec<Block> {
    let mut blocks = vec![Block::Heading(
        counted(gpus.len(), "card"),
        Said::new(Role::Label, gpus.first().map(short_card).unwrap_or_default()),
    )];
    for (number, gpu) in gpus.iter().enumerate() {
        let mut words = vec![plain(&gpu.busy), part(&gpu.vram_used, &gpu.vram).0, heat(gpu)];
        if gpu.asleep {
            words = vec![Said::new(Role::Label, "asleep")];
        }
        let worst = words.iter().map(|said| said.role).find(|role| *role != Role::Text);
        let text: Vec<&str> = words.iter().map(|said| said.text.as_str()).collect();
        let said = Said::new(worst.unwrap_or(Role::Text), text.join("  "));
        let busy = points(look, gpu, CardMeasure::Busy);
        let line = Line(format!("GPU {number}"), said);
        blocks.push(Block::Graph(line, busy, 0.0..100.0, Limits::default()));
    }
    blocks.extend(gpus.iter().flat_map(|gpu| faults(&gpu.throttled_by)));
    blocks
}

fn points(look: &View<'_>, gpu: &GpuSample, measure: CardMeasure) -> Vec<Option<f64>> {
    look.window(|history| history.card(&gpu.id).map(|card| card.series(measure)))
}

fn heat(gpu: &GpuSample) -> Said {
    let said = plain(&gpu.temperature);
    match gpu.temperature.value.map(|heat| HOT.role(heat.0)) {
        Some(role @ (Role::Warn | Role::Bad)) => Said { role, text: format!("▲ {}", said.text) },
        _ => said,
    }
}

fn power(gpu: &GpuSample, points: Vec<Option<f64>>) -> Option<Block> {
    let limit = gpu.power_limit.value.map(|limit| limit.0);
    gpu.power.value?;
    let said = told(&gpu.power, |power| match gpu.power_limit.value {
        Some(limit) => format!("{power} of {limit}"),
        None => power.to_string(),
    });
    let known = points.iter().flatten().copied().fold(1.0, f64::max);
    let scale = 0.0..limit.unwrap_or(known).max(known);
    Some(Block::Graph(Line("power".into(), said), points, scale, Limits::default()))
}

fn rest(gpu: &GpuSample) -> Vec<Block> {
    let clock = told(&gpu.clock, ToString::to_string);
    let fan = if gpu.fan_speed.value.is_some() { plain(&gpu.fan_speed) } else { plain(&gpu.fan) };
    let state = gpu.state.value.as_ref().map(|state| format!("  {state}")).unwrap_or_default();
    let clock = Said { text: clock.text + &state, ..clock };
    [("clock", clock), ("fan", fan), ("link", link(&gpu.pcie))]
        .into_iter()
        .filter(|(_, said)| said.role != Role::Faint)
        .map(|(label, said)| Block::Pair(label.to_owned(), said))
        .collect()
}

/// An idle link runs slower by design, so that it is told and not judged.
fn link(pcie: &Pcie) -> Said {
    let of = |now: &Reading<u8>, most: &Reading<u8>| match (now.value, most.value) {
        (Some(now), Some(most)) if now != most => Some(format!("{now} of {most}")),
        (Some(now), _) => Some(now.to_string()),
        _ => None,
    };
    match (of(&pcie.generation, &pcie.generation_max), of(&pcie.width, &pcie.width_max)) {
        (Some(generation), Some(width)) => {
            Said::new(Role::Text, format!("PCIe {generation}  ×{width}"))
        }
        _ => Said::unknown(),
    }
}

fn faults(throttled: &Reading<Vec<Throttle>>) -> Option<Block> {
    let reasons = throttled.value.as_ref()?;
    let faults: Vec<&str> = reasons.iter().filter_map(|reason| reason.fault()).collect();
    let said = Said::new(Role::Warn, format!("▲ {}", faults.join(", ")));
    (!faults.is_empty()).then_some(Block::Pair("held back by".into(), said))
}

/// What is to be said about NVIDIA's tool, unless it does what it should.
fn tool(sample: &Sample) -> Option<Block> {
    let warn = |text: String| Said::new(Role::Warn, text);
    let said = match &sample.nvidia {
        NvidiaTool::Telling => return None,
        NvidiaTool::None if sample.gpus.is_empty() => Said::new(Role::Faint, "no graphics card"),
        NvidiaTool::None => return None,
        NvidiaTool::Asleep => Said::new(Role::Label, "NVIDIA asleep, and left asleep"),
        NvidiaTool::Waiting => Said::new(Role::Label, "nvidia-smi has not answered yet"),
        NvidiaTool::Hung => warn("▲ hung: nvidia-smi tells nothing".to_owned()),
        NvidiaTool::Mismatch(said) => warn(format!("▲ driver mismatch: {said}")),
        NvidiaTool::Lost(said) => warn(format!("▲ lost: {said}")),
        NvidiaTool::Failed(said) => warn(format!("▲ failed: {said}")),
        NvidiaTool::Unasked => Said::new(Role::Label, "nvidia-smi is not asked: no setsid there"),
    };
    Some(Block::Words(vec![said]))
}
