//! One host as one line, for pipes.

use super::words::{ago, plain, taken, told};
use super::{State, View, engine, gpu};
use crate::fleet::{Celsius, Reachability, Sample};

pub fn text(view: &View<'_>) -> String {
    let state = match view.state() {
        State::Up => "up",
        State::Stale => "stale",
        State::Down => "down",
        State::Connecting => "connecting",
    };
    let note = if view.simulated() { " SIMULATED" } else { "" };
    let what = match (&view.watched.contact, view.watched.sample.as_deref()) {
        (Reachability::Down(failure), _) => failure.text.clone(),
        (_, Some(sample)) => words(sample) + &engines(view),
        (_, None) => "n/a".to_owned(),
    };
    format!("{} {} {state} {}: {what}{note}", view.now, view.name(), ago(view.age()))
}

fn words(sample: &Sample) -> String {
    let load = told(&sample.cpu.load, |loads| loads[0].to_string());
    let ram = taken(&sample.memory.available, &sample.memory.total);
    let hottest = sample.temperatures.iter().filter_map(|sensor| sensor.value.value);
    let hottest =
        hottest.map(|Celsius(degrees)| degrees).fold(None, |most: Option<f64>, degrees| {
            Some(most.map_or(degrees, |most| most.max(degrees)))
        });
    let heat = hottest.map_or_else(|| "n/a".to_owned(), |degrees| Celsius(degrees).to_string());
    let mut words =
        format!("cpu {} · load {load} · ram {ram} · heat {heat}", plain(&sample.cpu.busy));
    for card in &sample.gpus {
        words.push_str(&format!(" · gpu {}", gpu::short(card)));
    }
    words
}

fn engines(view: &View<'_>) -> String {
    let known = view.watched.engines.iter().flat_map(|engines| engines.iter());
    known.map(|one| format!(" · {}", engine::short(one))).collect()
}
