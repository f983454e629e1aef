//! Processor, memory, heat and power of a host.

use super::View;
use crate::fleet::{Celsius, Measure, Millis, Named, Reading, Sample};
use crate::theme::Role;
use crate::ui::screens::block::{Block, Line};
use crate::ui::widget::Limits;
use crate::ui::words::{Said, plain, taken, told};

/// From where on a machine is hot, in degrees.
const HOT: Limits = Limits { warn: Some(85.0), bad: Some(95.0) };
/// From where on memory is scarce, in percent.
const SCARCE: Limits = Limits { warn: Some(90.0), bad: Some(97.0) };
/// More sensors are not listed.
const SENSORS: usize = 6;

/// The column.
pub(super) fn blocks(look: &View<'_>, sample: &Sample) -> Vec<Block> {
    let mut blocks = processor(look, sample);
    blocks.extend(memory(look, sample));
    let points = look.window(|history| Some(history.series(Measure::Heat)));
    let hottest = Block::graph("hottest", hottest(sample), (points, 20.0..100.0, HOT));
    blocks.extend([Block::Gap, Block::heading("Heat"), hottest]);
    blocks.extend(sensors(&sample.temperatures));
    blocks.extend(sample.fans.iter().map(|fan| named(&fan.name, plain(&fan.value))));
    blocks.extend(power(sample));
    blocks
}

fn processor(look: &View<'_>, sample: &Sample) -> Vec<Block> {
    let model = look.facts().and_then(|facts| facts.cpu.model.clone());
    let up = sample
        .uptime_s
        .value
        .map(|seconds| format!("up {}", Millis::of_seconds(seconds as f64).brief()));
    let up = Said::new(Role::Label, up.unwrap_or_default());
    let points = look.window(|history| Some(history.series(Measure::Cpu)));
    let busy = (points, 0.0..100.0, Limits::default());
    let load = told(&sample.cpu.load, |loads| loads.map(|load| load.to_string()).join("  "));
    let mut blocks = vec![
        Block::Heading(model.unwrap_or_else(|| "Processor".to_owned()), up),
        Block::graph("work", plain(&sample.cpu.busy).first(), busy),
        Block::Pair("load".into(), load),
    ];
    if sample.cpu.governor.value.is_some() {
        blocks.push(Block::Pair("governor".into(), plain(&sample.cpu.governor)));
    }
    blocks
}

fn memory(look: &View<'_>, sample: &Sample) -> Vec<Block> {
    let (ram, _) = taken(&sample.memory.available, &sample.memory.total);
    let (swap, swapped) = taken(&sample.memory.swap_free, &sample.memory.swap);
    let points = look.window(|history| Some(history.series(Measure::Ram)));
    let ram = Block::graph("RAM", ram, (points, 0.0..100.0, SCARCE));
    let mut blocks = vec![Block::Gap, Block::heading("Memory"), ram];
    if swapped.is_some() {
        blocks.push(Block::Share(Line("swap".into(), swap), swapped, Limits::default()));
    }
    blocks
}

fn hottest(sample: &Sample) -> Said {
    let known = sample.temperatures.iter().filter(|sensor| sensor.value.value.is_some());
    let degrees = |sensor: &Named<Reading<Celsius>>| sensor.value.value.map_or(0.0, |c| c.0);
    let Some(hottest) = known.max_by(|a, b| degrees(a).total_cmp(&degrees(b))) else {
        return Said::unknown();
    };
    let said = plain(&hottest.value);
    match HOT.role(degrees(hottest)) {
        Role::Plot => said,
        role => Said { role, text: format!("▲ {}", said.text) },
    }
}

fn sensors(sensors: &[Named<Reading<Celsius>>]) -> Vec<Block> {
    let each = sensors.iter().map(|sensor| named(&sensor.name, plain(&sensor.value)));
    each.take(SENSORS).collect()
}

fn power(sample: &Sample) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    blocks.extend(sample.power.iter().map(|fed| named(&fed.name, plain(&fed.value))));
    if let Some(on) = sample.mains.value {
        let (role, word) = if on { (Role::Text, "yes") } else { (Role::Warn, "▲ no") };
        blocks.push(Block::Pair("mains".into(), Said::new(role, word)));
    }
    for battery in &sample.batteries {
        let charge = plain(&battery.value.charge);
        let status = battery.value.status.value.clone().unwrap_or_default();
        let text = format!("{}  {}", status.to_lowercase(), charge.text);
        blocks.push(named(&battery.name, Said { text, ..charge }));
    }
    if !blocks.is_empty() {
        blocks.splice(0..0, [Block::Gap, Block::heading("Power")]);
    }
    blocks
}

/// A value called by a name that the machine gave.
fn named(name: &str, said: Said) -> Block {
    Block::Pair(name.to_owned(), said)
}
