//! What one host did over time: one series per measure that is worth looking back at. Never grows beyond
//! the number of its cards.

use super::{Bytes, Celsius, Millis, Reading, Sample, Series, Timestamp};

/// More cards of one host are not remembered.
const MOST_CARDS: usize = 16;

/// One host over time.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    pace: Millis,
    cpu: Series,
    ram: Series,
    heat: Series,
    cards: Vec<(String, Series)>,
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
        Self { pace, cpu: series(), ram: series(), heat: series(), cards: Vec::new() }
    }

    /// Takes in a sample that came then. Only what was read anew counts.
    pub fn push(&mut self, at: Timestamp, sample: &Sample) {
        self.cpu.push(at, fresh(&sample.cpu.busy).map(|percent| percent.0));
        self.ram.push(at, taken(&sample.memory.available, &sample.memory.total));
        let sensors = sample.temperatures.iter().filter_map(|sensor| fresh(&sensor.value));
        self.heat.push(at, sensors.map(|Celsius(degrees)| degrees).reduce(f64::max));
        self.cards.retain(|(id, _)| sample.gpus.iter().any(|gpu| gpu.id == *id));
        for gpu in sample.gpus.iter().take(MOST_CARDS) {
            let value = fresh(&gpu.busy).map(|percent| percent.0);
            match self.cards.iter_mut().find(|(id, _)| *id == gpu.id) {
                Some((_, series)) => series.push(at, value),
                None => {
                    let mut series = Series::new(self.pace);
                    series.push(at, value);
                    self.cards.push((gpu.id.clone(), series));
                }
            }
        }
    }

    /// The history in so many points for each span.
    pub fn trend(&self, points: usize) -> Trend {
        let span =
            |series: &Series| Span { minutes: series.minutes(points), days: series.days(points) };
        Trend {
            cpu: span(&self.cpu),
            ram: span(&self.ram),
            heat: span(&self.heat),
            gpus: self.cards.iter().map(|(_, series)| span(series)).collect(),
        }
    }
}

fn fresh<T: Copy>(reading: &Reading<T>) -> Option<T> {
    reading.value.filter(|_| reading.is_fresh())
}

fn taken(free: &Reading<Bytes>, all: &Reading<Bytes>) -> Option<f64> {
    let (free, all) = (fresh(free)?, fresh(all)?);
    (all.0 > 0).then(|| 100.0 - free.0 as f64 * 100.0 / all.0 as f64)
}
