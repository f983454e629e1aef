//! What one host did over time: one series per measure that is worth looking back at. Never grows beyond
//! the number of its cards.

use super::{Bytes, GpuSample, Millis, Named, Rate, Reading, Sample, Series, Timestamp, Traffic};

/// More cards of one host are not remembered.
const MOST_CARDS: usize = 16;

/// One host over time.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    pace: Millis,
    /// The pace at which samples come now.
    over: Millis,
    cpu: Series,
    ram: Series,
    heat: Series,
    received: Series,
    sent: Series,
    read: Series,
    written: Series,
    cards: Vec<CardHistory>,
}

/// One graphics card over time.
#[derive(Clone, Debug, PartialEq)]
pub struct CardHistory {
    /// What tells it from others on its host.
    pub id: String,
    busy: Series,
    vram: Series,
    heat: Series,
    power: Series,
}

/// What of a host is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// The processor's share at work.
    Cpu,
    /// The share of RAM that is taken.
    Ram,
    /// The hottest sensor, in degrees.
    Heat,
    /// What comes over all networks. See [`Rate::rooted`].
    Received,
    /// What goes over all networks.
    Sent,
    /// What is read from all disks.
    Read,
    /// What is written to all disks.
    Written,
}

/// What of a card is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardMeasure {
    /// Its share at work.
    Busy,
    /// The share of its memory that is taken.
    Vram,
    /// Its temperature.
    Heat,
    /// What it draws, in watts.
    Power,
}

/// A host's history in a few points.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct Trend {
    /// The processor's share at work.
    pub cpu: Span,
    /// The share of RAM that is taken.
    pub ram: Span,
    /// The hottest sensor, in degrees.
    pub heat: Span,
    /// Each card's share at work, in the order of the sample.
    pub gpus: Vec<Span>,
}

/// One measure over a while; a point is `None` where nothing is known.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct Span {
    /// The last quarter of an hour, the newest last.
    pub minutes: Vec<Option<f64>>,
    /// The last three days, the newest last.
    pub days: Vec<Option<f64>>,
}

impl History {
    /// A history of samples that come at this pace.
    pub fn new(pace: Millis) -> Self {
        let series = || Series::new(pace);
        Self {
            pace,
            over: pace,
            cpu: series(),
            ram: series(),
            heat: series(),
            received: series(),
            sent: series(),
            read: series(),
            written: series(),
            cards: Vec::new(),
        }
    }

    /// From here on samples come at that pace, and each stands for the time since the one before.
    pub fn turn_to(&mut self, pace: Millis) {
        self.over = pace;
        let Self { cpu, ram, heat, received, sent, read, written, cards, .. } = self;
        let cards = cards.iter_mut().flat_map(CardHistory::all);
        for series in [cpu, ram, heat, received, sent, read, written].into_iter().chain(cards) {
            series.turn_to(pace);
        }
    }

    /// Takes in a sample that came then. Only what was read anew counts.
    pub fn push(&mut self, at: Timestamp, sample: &Sample) {
        self.cpu.push(at, sample.cpu.busy.fresh().map(|percent| percent.0));
        self.ram.push(at, taken(&sample.memory.available, &sample.memory.total));
        let sensors = sample.temperatures.iter().filter_map(|sensor| sensor.value.fresh());
        self.heat.push(at, sensors.map(|degrees| degrees.0).reduce(f64::max));
        self.received.push(at, together(&sample.networks, |traffic| &traffic.incoming));
        self.sent.push(at, together(&sample.networks, |traffic| &traffic.outgoing));
        self.read.push(at, together(&sample.disk_traffic, |traffic| &traffic.incoming));
        self.written.push(at, together(&sample.disk_traffic, |traffic| &traffic.outgoing));
        self.cards.retain(|card| sample.gpus.iter().any(|gpu| gpu.id == card.id));
        for gpu in sample.gpus.iter().take(MOST_CARDS) {
            match self.cards.iter_mut().find(|card| card.id == gpu.id) {
                Some(card) => card.push(at, gpu),
                None => {
                    let mut card = CardHistory::new(&gpu.id, self.pace);
                    card.all().for_each(|series| series.turn_to(self.over));
                    card.push(at, gpu);
                    self.cards.push(card);
                }
            }
        }
    }

    /// One measure over time.
    pub fn series(&self, measure: Measure) -> &Series {
        match measure {
            Measure::Cpu => &self.cpu,
            Measure::Ram => &self.ram,
            Measure::Heat => &self.heat,
            Measure::Received => &self.received,
            Measure::Sent => &self.sent,
            Measure::Read => &self.read,
            Measure::Written => &self.written,
        }
    }

    /// The card of that name over time.
    pub fn card(&self, id: &str) -> Option<&CardHistory> {
        self.cards.iter().find(|card| card.id == id)
    }

    /// The history in so many points for each span.
    pub fn trend(&self, points: usize) -> Trend {
        let span =
            |series: &Series| Span { minutes: series.minutes(points), days: series.days(points) };
        Trend {
            cpu: span(&self.cpu),
            ram: span(&self.ram),
            heat: span(&self.heat),
            gpus: self.cards.iter().map(|card| span(&card.busy)).collect(),
        }
    }
}

impl CardHistory {
    fn new(id: &str, pace: Millis) -> Self {
        let series = || Series::new(pace);
        Self { id: id.to_owned(), busy: series(), vram: series(), heat: series(), power: series() }
    }

    fn all(&mut self) -> impl Iterator<Item = &mut Series> {
        let Self { busy, vram, heat, power, .. } = self;
        [busy, vram, heat, power].into_iter()
    }

    fn push(&mut self, at: Timestamp, gpu: &GpuSample) {
        self.busy.push(at, gpu.busy.fresh().map(|percent| percent.0));
        let (used, all) = (gpu.vram_used.fresh(), gpu.vram.fresh());
        self.vram.push(at, used.zip(all).and_then(|(used, all)| share(*used, *all)));
        self.heat.push(at, gpu.temperature.fresh().map(|degrees| degrees.0));
        self.power.push(at, gpu.power.fresh().map(|watts| watts.0));
    }

    /// One measure over time.
    pub fn series(&self, measure: CardMeasure) -> &Series {
        match measure {
            CardMeasure::Busy => &self.busy,
            CardMeasure::Vram => &self.vram,
            CardMeasure::Heat => &self.heat,
            CardMeasure::Power => &self.power,
        }
    }
}

fn taken(free: &Reading<Bytes>, all: &Reading<Bytes>) -> Option<f64> {
    share(*free.fresh()?, *all.fresh()?).map(|free| 100.0 - free)
}

fn share(part: Bytes, whole: Bytes) -> Option<f64> {
    (whole.0 > 0).then(|| part.0 as f64 * 100.0 / whole.0 as f64)
}

/// All traffic of a kind, of which something is known.
fn together(traffic: &[Named<Traffic>], which: impl Fn(&Traffic) -> &Reading<Rate>) -> Option<f64> {
    let known = traffic.iter().filter_map(|one| which(&one.value).fresh());
    known.map(|rate| rate.0.0).reduce(u64::saturating_add).map(|all| Rate(Bytes(all)).rooted())
}
