//! One host as a block of lines for people.

use unicode_width::UnicodeWidthStr;

use super::words::{ago, bars, part, plain, taken, told, toned};
use super::{State, View, engine, gpu};
use crate::cli::paint::{Paint, Tone};
use crate::fleet::{
    BatterySample, DiskSample, Millis, Named, NvidiaTool, Reachability, Reading, Sample, Span,
    Traffic, Trend,
};
use crate::ops::Watched;

/// A label and its value.
pub type Row = (&'static str, String);

/// The block: a line that says how the host is, the lines of what it does, an empty one.
pub fn text(view: &View<'_>, paint: Paint) -> String {
    let mut text = head(view, paint);
    let rows = rows(view.watched);
    let width = rows.iter().map(|(label, _)| label.width()).max().unwrap_or(0);
    let mut before = "";
    for (label, value) in rows {
        let shown = if label == before { "" } else { label };
        let shown = paint.tone(Tone::Muted, &format!("{shown:width$}"));
        text.push_str(&format!("  {shown}  {}\n", toned(paint, &value)));
        before = label;
    }
    text.push('\n');
    text
}

fn head(view: &View<'_>, paint: Paint) -> String {
    let name = paint.tone(Tone::Strong, view.name().as_str());
    let note = if view.simulated() { "  SIMULATED" } else { "" };
    let state = match view.state() {
        State::Up => paint.tone(Tone::Good, "● up"),
        State::Stale => paint.tone(Tone::Warn, "◌ stale"),
        State::Down => paint.tone(Tone::Bad, "✕ down"),
        State::Connecting => paint.tone(Tone::Muted, "… connecting"),
    };
    let age = match view.age() {
        Some(age) => format!("  {}", ago(Some(age))),
        None => String::new(),
    };
    let mut head = format!("{name}  {state}{age}{note}\n");
    if let Reachability::Down(failure) = &view.watched.contact {
        head.push_str(&format!("  {}\n", failure.text));
        if let Some(hint) = &failure.hint {
            head.push_str(&format!("  {}\n", paint.tone(Tone::Muted, &format!("→ {hint}"))));
        }
    }
    head
}

/// What a host does, row by row.
pub fn rows(watched: &Watched) -> Vec<Row> {
    let sample = watched.sample.as_deref();
    let engines = watched.engines.iter().flat_map(|engines| engines.iter());
    let trends = sample.map(|_| trends(&watched.trend)).unwrap_or_default();
    let rows = sample.map(of_sample).unwrap_or_default().into_iter();
    rows.chain(engines.flat_map(engine::rows)).chain(trends).collect()
}

fn of_sample(sample: &Sample) -> Vec<Row> {
    let Sample { cpu, memory, .. } = sample;
    let load = told(&cpu.load, |loads| loads.map(|l| l.to_string()).join(" "));
    let mut rows = vec![
        ("up", told(&sample.uptime_s, |seconds| Millis::of_seconds(*seconds as f64).to_string())),
        (
            "cpu",
            format!("busy {} · load {load} · governor {}", plain(&cpu.busy), plain(&cpu.governor)),
        ),
        ("ram", taken(&memory.available, &memory.total)),
        ("swap", taken(&memory.swap_free, &memory.swap)),
    ];
    rows.extend(or_none("disk", sample.disks.iter().map(disk).collect()));
    let traffic = |label, incoming, outgoing| {
        move |t: &Named<Traffic>| {
            let (into, out) = (plain(&t.value.incoming), plain(&t.value.outgoing));
            (label, format!("{}  {incoming} {into} · {outgoing} {out}", t.name))
        }
    };
    let disks = sample.disk_traffic.iter().map(traffic("disk i/o", "read", "written"));
    rows.extend(or_none("disk i/o", disks.collect()));
    let networks = sample.networks.iter().map(traffic("network", "in", "out"));
    rows.extend(or_none("network", networks.collect()));
    rows.push(("heat", list(&sample.temperatures)));
    rows.push(("fans", list(&sample.fans)));
    rows.push(("power", power(sample)));
    rows.extend(sample.gpus.iter().flat_map(gpu::rows));
    rows.extend(tool(sample).map(|said| ("gpu", said)));
    rows
}

/// How full a disk is as `df` says it, and what is left of it.
fn disk(Named { name, value }: &Named<DiskSample>) -> Row {
    let free = part(&value.free, &value.size);
    ("disk", format!("{name}  {} full · {free} free", plain(&value.fullness())))
}

/// What was before, once there is a before.
fn trends(trend: &Trend) -> Vec<Row> {
    let cards = trend.gpus.iter().map(|gpu| ("gpu busy", gpu));
    let measures = [("cpu busy", &trend.cpu), ("ram taken", &trend.ram)].into_iter().chain(cards);
    let one = |(what, span): (&str, &Span)| {
        let (minutes, days) = (bars(&span.minutes), bars(&span.days));
        let days = if days.is_empty() { days } else { format!(" · 3 d {days}") };
        (!minutes.is_empty()).then(|| ("trend", format!("{what}  15 min {minutes}{days}")))
    };
    measures.filter_map(one).collect()
}

/// A row that says so where there is nothing to tell.
fn or_none(label: &'static str, rows: Vec<Row>) -> Vec<Row> {
    if rows.is_empty() { vec![(label, "n/a".to_owned())] } else { rows }
}

fn list<T: ToString>(sensors: &[Named<Reading<T>>]) -> String {
    let one = |s: &Named<Reading<T>>| format!("{} {}", s.name, plain(&s.value));
    let all: Vec<String> = sensors.iter().map(one).collect();
    if all.is_empty() { "n/a".to_owned() } else { all.join(" · ") }
}

fn power(sample: &Sample) -> String {
    let mut words = Vec::new();
    if !sample.power.is_empty() {
        words.push(list(&sample.power));
    }
    words.extend(sample.mains.value.map(|on| if on { "mains" } else { "no mains" }.to_owned()));
    let battery = |b: &Named<BatterySample>| {
        let BatterySample { charge, status, power } = &b.value;
        format!("{} {} {} {}", b.name, plain(charge), plain(status), plain(power))
    };
    words.extend(sample.batteries.iter().map(battery));
    if words.is_empty() { "n/a".to_owned() } else { words.join(" · ") }
}

/// What is to be said about NVIDIA's tool, unless it does what it should.
fn tool(sample: &Sample) -> Option<String> {
    let said = match &sample.nvidia {
        NvidiaTool::Telling => return None,
        NvidiaTool::None if sample.gpus.is_empty() => "n/a".to_owned(),
        NvidiaTool::None => return None,
        NvidiaTool::Asleep => "NVIDIA  asleep, and left asleep".to_owned(),
        NvidiaTool::Waiting => "… `nvidia-smi` has not answered yet".to_owned(),
        NvidiaTool::Hung => "▲ hung: `nvidia-smi` tells nothing any more".to_owned(),
        NvidiaTool::Mismatch(said) => format!("▲ mismatch: {said}; a reboot loads the new driver"),
        NvidiaTool::Lost(said) => format!("▲ lost: {said}"),
        NvidiaTool::Failed(said) => format!("▲ failed: {said}"),
        NvidiaTool::Unasked => "n/a: without `setsid` there `nvidia-smi` is not started".to_owned(),
    };
    Some(said)
}
