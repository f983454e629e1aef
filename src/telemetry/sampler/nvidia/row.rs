//! One card as one line of `nvidia-smi`. A line that is shaped otherwise is no card.

use crate::fleet::{
    Bytes, Celsius, GpuSample, GpuVendor, Megahertz, Pcie, Percent, Reading, Source, Throttle,
    Watts,
};
use crate::telemetry::sampler::machine::Seen;
use crate::telemetry::sampler::told::{Told, decimal, small, whole, words};

/// Columns the program asks for, in its order.
const COLUMNS: usize = 19;
/// No card has more memory: 16 TiB, in mebibytes.
const MOST_MEBI: u64 = 1 << 24;
/// No card draws more.
const MOST_WATTS: f64 = 5000.0;

/// One line, cut into columns.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub index: u32,
    pub uuid: String,
    columns: Vec<String>,
}

impl Row {
    /// A number with a decimal comma would shift every column behind it; such a line is refused.
    pub(super) fn read(line: &str) -> Option<Self> {
        let columns: Vec<String> = line.split(',').map(|c| c.trim().to_owned()).collect();
        let [index, uuid, ..] = columns.as_slice() else { return None };
        let bus = columns.get(COLUMNS - 1)?;
        let shaped = columns.len() == COLUMNS && bus.contains(':') && bus.contains('.');
        let index = small(Some(index), 0..=1024).value()?;
        let uuid = Some(uuid.clone()).filter(|uuid| uuid.starts_with("GPU-"))?;
        shaped.then_some(Self { index, uuid, columns })
    }

    /// The card, seen then.
    pub(super) fn card(&self, seen: Seen) -> GpuSample {
        let vram = whole(self.at(7), MOST_MEBI).only_if(|mebi| *mebi > 0);
        let used =
            whole(self.at(8), MOST_MEBI).only_if(|u| vram.value().is_none_or(|all| *u <= all));
        let mebi = |told: Told<u64>| told.map(|mebi| Bytes(mebi << 20));
        let watts = |column| decimal(self.at(column), 0.0..=MOST_WATTS).map(Watts);
        let percent = |column| decimal(self.at(column), 0.0..=100.0).map(Percent);
        let clock = |column| small(self.at(column), 0..=20_000).map(Megahertz);
        GpuSample {
            vendor: GpuVendor::Nvidia,
            id: bus_address(self.at(18)),
            name: words(self.at(17)).value(),
            asleep: false,
            busy: read(seen, percent(6)),
            vram: read(seen, mebi(vram)),
            vram_used: read(seen, mebi(used)),
            temperature: read(seen, decimal(self.at(9), -50.0..=200.0).map(Celsius)),
            power: read(seen, watts(10)),
            power_limit: read(seen, watts(11)),
            clock: read(seen, clock(12)),
            memory_clock: read(seen, clock(13)),
            throttled_by: read(seen, self.throttles()),
            pcie: self.pcie(seen),
            fan: read(seen, percent(14)),
            fan_speed: Reading::absent(Source::NvidiaSmi),
            state: read(seen, words(self.at(15)).only_if(|state| state.starts_with('P'))),
            processes: Reading::absent(Source::NvidiaSmi),
        }
    }

    /// Some cards tell a maximum below what they run at: then it is the maximum that is wrong.
    fn pcie(&self, seen: Seen) -> Pcie {
        let generation = small(self.at(2), 1..=9);
        let width = small(self.at(4), 1..=32);
        let most = |column, now: Told<u32>| {
            small(self.at(column), 1..=32).only_if(|max| now.value().is_none_or(|now| *max >= now))
        };
        let byte = |told: Told<u32>| read(seen, told.map(|n| u8::try_from(n).unwrap_or(u8::MAX)));
        Pcie {
            generation: byte(generation),
            generation_max: byte(most(3, generation)),
            width: byte(width),
            width_max: byte(most(5, width)),
        }
    }

    fn throttles(&self) -> Told<Vec<Throttle>> {
        match self.at(16) {
            Some(bits) if bits.starts_with("0x") => {
                u64::from_str_radix(&bits[2..], 16).map_or(Told::Odd, |b| Told::Value(throttles(b)))
            }
            other => words(other).map(|_| Vec::new()).only_if(|_| false),
        }
    }

    fn at(&self, column: usize) -> Option<&str> {
        self.columns.get(column).map(String::as_str)
    }
}

fn read<T>(seen: Seen, told: Told<T>) -> Reading<T> {
    seen.read(told, Source::NvidiaSmi)
}

/// The bus address in the kernel's form: `0000:01:00.0`. NVIDIA writes eight digits of domain.
pub(in crate::telemetry::sampler) fn bus_address(told: Option<&str>) -> String {
    let told = words(told).value().unwrap_or_default().to_ascii_lowercase();
    told.strip_prefix("0000").filter(|rest| rest.len() == 12).unwrap_or(&told).to_owned()
}

/// The bits of `clocks_event_reasons.active`, as NVML defines them.
pub(in crate::telemetry::sampler) fn throttles(bits: u64) -> Vec<Throttle> {
    const KNOWN: [Throttle; 9] = [
        Throttle::Idle,
        Throttle::Setting,
        Throttle::PowerCap,
        Throttle::Hardware,
        Throttle::Sync,
        Throttle::Heat,
        Throttle::HardwareHeat,
        Throttle::PowerBrake,
        Throttle::Display,
    ];
    let set = KNOWN.iter().enumerate().filter(|(bit, _)| bits >> bit & 1 == 1);
    let mut found: Vec<Throttle> = set.map(|(_, throttle)| *throttle).collect();
    if bits >> KNOWN.len() != 0 {
        found.push(Throttle::Other);
    }
    found
}
