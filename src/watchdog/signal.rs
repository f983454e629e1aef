//! What samples, vitals and engines say, as values of measures. Judges nothing.

use std::borrow::Cow;

use crate::fleet::{
    Bytes, DiskSample, GpuSample, Named, NvidiaTool, Reading, Sample, Throttle, Vitals, fullness,
};

use super::Measure;

/// One value of one measure.
#[derive(Clone, Debug, PartialEq)]
pub struct Signal<'a> {
    /// Of what it is a value.
    pub measure: Measure,
    /// The disk, the card, the service…; empty where a host has one.
    pub subject: Cow<'a, str>,
    /// The value. `None`: it is not known, or not known any more.
    pub value: Option<f64>,
    /// What it is made of.
    pub detail: Detail<'a>,
}

/// What a value is made of.
#[derive(Clone, Debug, PartialEq)]
pub enum Detail<'a> {
    /// Nothing more.
    None,
    /// So much of so much is taken.
    Taken(Bytes, Bytes),
    /// In words.
    Words(Cow<'a, str>),
    /// In words, and how that is known.
    Told(String, String),
    /// In words, of what no playbook can mend.
    Beyond(String),
}

/// The values of a sample, each handed to `each`.
pub fn of_sample<'a>(sample: &'a Sample, mut each: impl FnMut(Signal<'a>)) {
    let memory = &sample.memory;
    each(taken(Measure::Ram, "", free_of(&memory.available, &memory.total)));
    for disk in &sample.disks {
        each(of_disk(disk));
    }
    let sensors = sample.temperatures.iter();
    let hottest = sensors
        .filter_map(|sensor| Some((sensor.value.fresh()?.0, sensor.name.as_str())))
        .reduce(|a, b| if b.0 > a.0 { b } else { a });
    let words = hottest.map_or(Detail::None, |(_, name)| Detail::Words(name.into()));
    each(signal(Measure::Heat, "", hottest.map(|(degrees, _)| degrees), words));
    for card in sample.gpus.iter().filter(|card| !card.asleep) {
        of_card(card, &mut each);
    }
    let (hung, words) = tool(&sample.nvidia);
    each(signal(Measure::GpuTool, "", hung, Detail::Words(words.into())));
}

/// The values of vitals, but for the clock, which is judged for the whole fleet.
pub fn of_vitals<'a>(vitals: &'a Vitals, mut each: impl FnMut(Signal<'a>)) {
    for service in &vitals.services {
        let words = format!("{} ({})", service.state, service.detail);
        let missing = ["not-found", "masked", "bad-setting"].contains(&service.detail.as_str());
        let detail = if missing { Detail::Beyond(words) } else { Detail::Words(words.into()) };
        each(signal(Measure::Service, &service.name, state(!service.is_up()), detail));
    }
    let listed = |unit: &str| vitals.services.iter().any(|service| is_unit(&service.name, unit));
    for unit in vitals.failed.iter().flatten().filter(|unit| !listed(unit)) {
        each(signal(Measure::Unit, unit, state(true), Detail::None));
    }
}

/// Whether a name means that unit: `sshd` is `sshd.service`.
fn is_unit(name: &str, unit: &str) -> bool {
    unit == name || unit.strip_suffix(".service") == Some(name)
}

/// How full a disk is as `df` says it, which is not of what is kept back for root.
fn of_disk(Named { name, value }: &Named<DiskSample>) -> Signal<'_> {
    let known = value.used.fresh().zip(value.free.fresh());
    let detail = known.map_or(Detail::None, |(used, free)| {
        Detail::Taken(*used, Bytes(used.0.saturating_add(free.0)))
    });
    let full = known.and_then(|(used, free)| fullness(*used, *free));
    signal(Measure::Disk, name, full.map(|share| share.0), detail)
}

fn of_card<'a>(card: &'a GpuSample, each: &mut impl FnMut(Signal<'a>)) {
    let vram = card.vram_used.fresh().copied().zip(card.vram.fresh().copied());
    each(taken(Measure::Vram, &card.id, vram));
    let degrees = card.temperature.fresh().map(|degrees| degrees.0);
    each(signal(Measure::GpuHeat, &card.id, degrees, named(card)));
    let reasons = card.throttled_by.fresh().map(|reasons| {
        let bad: Vec<&str> =
            reasons.iter().copied().filter(is_harm).filter_map(Throttle::fault).collect();
        (state(!bad.is_empty()), bad.join(", "))
    });
    let (value, words) = reasons.unwrap_or_default();
    each(signal(Measure::Throttle, &card.id, value, Detail::Words(words.into())));
}

/// At its power limit a card is under every load: that is what the limit is for.
fn is_harm(reason: &Throttle) -> bool {
    let harm = [Throttle::Hardware, Throttle::Heat, Throttle::HardwareHeat, Throttle::PowerBrake];
    harm.contains(reason)
}

fn tool(tool: &NvidiaTool) -> (Option<f64>, &'static str) {
    match tool {
        NvidiaTool::Hung => (state(true), "`nvidia-smi` hangs: the driver does not answer"),
        NvidiaTool::Lost(_) => (state(true), "a card has fallen off the bus"),
        NvidiaTool::Mismatch(_) => (state(true), "driver and library are of different versions"),
        NvidiaTool::None | NvidiaTool::Telling | NvidiaTool::Asleep => (state(false), "it tells"),
        NvidiaTool::Waiting | NvidiaTool::Failed(_) | NvidiaTool::Unasked => (None, ""),
    }
}

fn named(card: &GpuSample) -> Detail<'_> {
    card.name.as_deref().map_or(Detail::None, |name| Detail::Words(name.into()))
}

fn signal<'a>(
    measure: Measure,
    subject: &'a str,
    value: Option<f64>,
    detail: Detail<'a>,
) -> Signal<'a> {
    let value = value.filter(|value| !value.is_nan());
    Signal { measure, subject: subject.into(), value, detail }
}

/// `amount`: so much is taken, of so much.
fn taken(measure: Measure, subject: &str, amount: Option<(Bytes, Bytes)>) -> Signal<'_> {
    match amount.filter(|(_, all)| all.0 > 0) {
        Some((taken, all)) => {
            let share = taken.0 as f64 * 100.0 / all.0 as f64;
            signal(measure, subject, Some(share), Detail::Taken(taken, all))
        }
        None => signal(measure, subject, None, Detail::None),
    }
}

fn free_of(free: &Reading<Bytes>, all: &Reading<Bytes>) -> Option<(Bytes, Bytes)> {
    let (free, all) = (free.fresh()?, all.fresh()?);
    Some((Bytes(all.0.saturating_sub(free.0)), *all))
}

fn state(wrong: bool) -> Option<f64> {
    Some(f64::from(u8::from(wrong)))
}
