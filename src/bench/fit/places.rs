//! Where on a host a model can be kept: graphics cards with memory of their own, memory they share, RAM.

use crate::fleet::{Bytes, Facts, Gpu, GpuSample, GpuVendor, Sample};

/// Where on a host a model can be kept.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct Places {
    /// The graphics cards.
    pub cards: Vec<Card>,
    /// RAM that can be had, or all of it where that is not known.
    pub ram: Option<Bytes>,
}

/// A graphics card.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Card {
    /// Who made it.
    pub vendor: GpuVendor,
    /// Its name.
    pub name: Option<String>,
    /// What it holds: all of its own memory, or what it may take of the machine's.
    pub memory: Option<Bytes>,
    /// Whether that is the machine's memory.
    pub shared: bool,
    /// CUDA's compute capability, major and minor.
    pub compute: Option<(u32, u32)>,
}

impl Places {
    /// The places of a host.
    pub fn of(facts: &Facts) -> Self {
        let ram = facts.memory.available.or(facts.memory.total);
        let cards = facts.gpus.iter().flatten().map(|gpu| card(gpu, facts, ram)).collect();
        Self { cards, ram }
    }
}

impl Places {
    /// Grades against what is free now, where a sample tells it. Of cards of one name the first is the first.
    pub fn leave_free(&mut self, sample: &Sample) {
        self.ram = sample.memory.available.value.or(self.ram);
        let mut cards: Vec<&GpuSample> = sample.gpus.iter().collect();
        for card in &mut self.cards {
            if card.shared {
                card.memory = card.memory.min(self.ram);
                continue;
            }
            let Some(at) = cards.iter().position(|gpu| gpu.name == card.name) else { continue };
            let gpu = cards.remove(at);
            if let (Some(all), Some(used)) = (gpu.vram.value, gpu.vram_used.value) {
                card.memory = Some(Bytes(all.0.saturating_sub(used.0)));
            }
        }
    }
}

impl Card {
    /// What to call it.
    pub fn label(&self) -> &str {
        self.name.as_deref().unwrap_or(match self.vendor {
            GpuVendor::Nvidia => "NVIDIA graphics",
            GpuVendor::Amd => "AMD graphics",
            GpuVendor::Intel => "Intel graphics",
            GpuVendor::Apple => "Apple graphics",
            GpuVendor::Other => "other graphics",
        })
    }

    /// Whether a model may be spread over both as if they were two halves of one.
    pub fn like(&self, other: &Self) -> bool {
        let same =
            (self.vendor, &self.name, self.memory) == (other.vendor, &other.name, other.memory);
        same && !self.shared && !other.shared && self.name.is_some()
    }
}

fn card(gpu: &Gpu, facts: &Facts, ram: Option<Bytes>) -> Card {
    let shared = gpu.unified == Some(true);
    let memory = match (shared, gpu.vendor) {
        (false, _) => gpu.vram,
        (true, GpuVendor::Apple) => facts.memory.total.map(apple).min(ram),
        (true, _) => ram,
    };
    let (vendor, name) = (gpu.vendor, gpu.name.clone());
    Card { vendor, name, memory, shared, compute: gpu.compute.as_deref().and_then(capability) }
}

/// What macOS lets graphics take unless told otherwise: two thirds of a small memory, three quarters of a large one.
fn apple(total: Bytes) -> Bytes {
    const SMALL: u64 = 36 << 30;
    Bytes(if total.0 <= SMALL { total.0 / 3 * 2 } else { total.0 / 4 * 3 })
}

fn capability(text: &str) -> Option<(u32, u32)> {
    let (major, minor) = text.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
