//! What a host is doing, at one moment. A value that was not told is absent, never 0.

use super::space::fullness;
use super::{
    Bytes, Celsius, GpuSample, Load, Named, Percent, Quality, Rate, Reading, Rpm, Source, Watts,
};

/// What a host was doing at one moment.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Sample {
    /// Seconds since boot, with those asleep.
    pub uptime_s: Reading<u64>,
    /// Processor.
    pub cpu: CpuSample,
    /// Memory.
    pub memory: MemorySample,
    /// Mounted disks.
    pub disks: Vec<Named<DiskSample>>,
    /// What is read from and written to disks.
    pub disk_traffic: Vec<Named<Traffic>>,
    /// What comes and goes over networks.
    pub networks: Vec<Named<Traffic>>,
    /// Temperatures.
    pub temperatures: Vec<Named<Reading<Celsius>>>,
    /// Fans.
    pub fans: Vec<Named<Reading<Rpm>>>,
    /// Power, by what is fed.
    pub power: Vec<Named<Reading<Watts>>>,
    /// Batteries.
    pub batteries: Vec<Named<BatterySample>>,
    /// Whether a mains adapter feeds it. Absent where there is no such thing to ask.
    pub mains: Reading<bool>,
    /// Graphics cards.
    pub gpus: Vec<GpuSample>,
    /// How NVIDIA's tool is doing.
    pub nvidia: NvidiaTool,
}

/// Processor.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct CpuSample {
    /// Its share at work.
    pub busy: Reading<Percent>,
    /// Over 1, 5 and 15 minutes.
    pub load: Reading<[Load; 3]>,
    /// The frequency governors in use.
    pub governor: Reading<String>,
}

/// Memory.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct MemorySample {
    /// RAM.
    pub total: Reading<Bytes>,
    /// RAM that can still be had.
    pub available: Reading<Bytes>,
    /// Swap.
    pub swap: Reading<Bytes>,
    /// Swap that is still free.
    pub swap_free: Reading<Bytes>,
}

/// A mounted disk.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct DiskSample {
    /// Its size.
    pub size: Reading<Bytes>,
    /// What is taken. Samples that were kept before it was told have none.
    #[serde(default = "untold")]
    pub used: Reading<Bytes>,
    /// What an ordinary user may still write.
    pub free: Reading<Bytes>,
}

/// What comes and goes.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Traffic {
    /// What comes in, or is read.
    pub incoming: Reading<Rate>,
    /// What goes out, or is written.
    pub outgoing: Reading<Rate>,
}

/// A battery.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct BatterySample {
    /// Its charge.
    pub charge: Reading<Percent>,
    /// What it does: `Charging`, `Discharging`, `Full`…
    pub status: Reading<String>,
    /// What it gives or takes.
    pub power: Reading<Watts>,
}

/// How NVIDIA's tool is doing on a host.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "state", content = "said", rename_all = "snake_case")]
pub enum NvidiaTool {
    /// It is not there.
    None,
    /// It was started and has not answered yet.
    Waiting,
    /// It tells.
    Telling,
    /// It has told nothing for longer than it may; all else goes on.
    Hung,
    /// The driver that is loaded and the library are of different versions.
    Mismatch(String),
    /// A card has fallen off the bus.
    Lost(String),
    /// Every card sleeps, and is left asleep: asking would wake it.
    Asleep,
    /// It gave up.
    Failed(String),
    /// It was not started, because nothing there keeps it apart from our own end.
    Unasked,
}

fn untold() -> Reading<Bytes> {
    Reading::absent(Source::Df)
}

impl DiskSample {
    /// How full it is, as `df` reckons it.
    pub fn fullness(&self) -> Reading<Percent> {
        let share = self.used.value.zip(self.free.value).and_then(|(u, f)| fullness(u, f));
        let worse = if self.used.is_fresh() { &self.free } else { &self.used };
        let quality =
            if share.is_none() && worse.is_fresh() { Quality::Absent } else { worse.quality };
        Reading { value: share, quality, age: worse.age, source: worse.source }
    }
}

impl Sample {
    /// A host of which nothing is known.
    pub fn unknown() -> Self {
        let absent = || Reading::absent(Source::Proc);
        let (total, available) = (absent(), absent());
        Self {
            uptime_s: Reading::absent(Source::Proc),
            cpu: CpuSample {
                busy: Reading::absent(Source::Proc),
                load: Reading::absent(Source::Proc),
                governor: Reading::absent(Source::Sysfs),
            },
            memory: MemorySample { total, available, swap: absent(), swap_free: absent() },
            disks: Vec::new(),
            disk_traffic: Vec::new(),
            networks: Vec::new(),
            temperatures: Vec::new(),
            fans: Vec::new(),
            power: Vec::new(),
            batteries: Vec::new(),
            mains: Reading::absent(Source::Sysfs),
            gpus: Vec::new(),
            nvidia: NvidiaTool::None,
        }
    }
}

impl NvidiaTool {
    /// Whether nothing new is to be expected of it soon.
    pub fn is_settled(&self) -> bool {
        *self != Self::Waiting
    }
}
