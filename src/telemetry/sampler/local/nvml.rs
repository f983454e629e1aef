//! NVIDIA's cards by NVIDIA's library, which is loaded when it is there. A driver that is missing or does
//! not fit is a state.

use std::fs;
use std::path::Path;

use nvml_wrapper::enum_wrappers::device::{Clock, PerformanceState, TemperatureSensor};
use nvml_wrapper::enums::device::UsedGpuMemory;
use nvml_wrapper::error::NvmlError;
use nvml_wrapper::{Device, Nvml};

use super::sockets;
use crate::fleet::{
    Bytes, Celsius, GpuProcess, GpuSample, GpuVendor, Megahertz, NvidiaTool, Pcie, Percent,
    Reading, Source, Throttle, Watts,
};
use crate::telemetry::sampler::Pace;
use crate::telemetry::sampler::listeners::{Listeners, ports};
use crate::telemetry::sampler::machine::Seen;
use crate::telemetry::sampler::nvidia::{bus_address, throttles};
use crate::telemetry::sampler::told::{Told, words};

/// Longest name of a program that is asked for.
const NAME: usize = 128;

/// The library, once it could be loaded.
pub(super) struct Library {
    loaded: Option<Nvml>,
    /// Whether it is let go of between looks: as long as it is loaded, no card sleeps.
    lets_go: bool,
}

/// What it told.
#[derive(Clone)]
pub(super) struct Cards {
    pub state: NvidiaTool,
    pub list: Vec<Card>,
}

/// What it told of one card.
#[derive(Clone)]
pub(super) struct Card {
    name: Told<String>,
    bus: String,
    busy: Told<Percent>,
    vram: [Told<Bytes>; 2],
    temperature: Told<Celsius>,
    power: [Told<Watts>; 2],
    clocks: [Told<Megahertz>; 2],
    throttled_by: Told<Vec<Throttle>>,
    link: [Told<u8>; 4],
    fan: Told<Percent>,
    state: Told<String>,
    /// With the sockets of each and of those that have started it.
    processes: Told<Vec<(GpuProcess, Vec<Vec<u64>>)>>,
}

impl Library {
    /// The library for looks at that pace. It is not loaded yet.
    pub fn new(pace: Pace) -> Self {
        Self { loaded: None, lets_go: pace.is_slow() }
    }

    /// Every card now. A library that fails is loaded anew the next time.
    pub fn look(&mut self) -> Cards {
        if self.loaded.is_none() && all_sleep(Path::new("/sys/bus/pci/devices")) {
            return Cards { state: NvidiaTool::Asleep, list: Vec::new() };
        }
        let nvml = match self.loaded.take().map_or_else(Nvml::init, Ok) {
            Ok(nvml) => nvml,
            Err(error) => return Cards { state: state(&error), list: Vec::new() },
        };
        let (mut list, mut fault) = (Vec::new(), None);
        for index in 0..nvml.device_count().unwrap_or(0).min(64) {
            match nvml.device_by_index(index) {
                Ok(device) => list.push(card(&nvml, &device)),
                Err(error) => fault = Some(state(&error)),
            }
        }
        if fault.is_none() && !self.lets_go {
            self.loaded = Some(nvml);
        }
        Cards { state: fault.unwrap_or(NvidiaTool::Telling), list }
    }
}

/// Whether every card of NVIDIA's sleeps: loading the library would wake them.
fn all_sleep(devices: &Path) -> bool {
    let file = |device: &Path, name| fs::read_to_string(device.join(name)).unwrap_or_default();
    let devices = fs::read_dir(devices).into_iter().flatten().flatten().map(|entry| entry.path());
    let cards = devices.filter(|device| {
        file(device, "vendor").trim() == "0x10de" && file(device, "class").starts_with("0x03")
    });
    let sleeping: Vec<bool> =
        cards.map(|card| file(&card, "power/runtime_status").trim() == "suspended").collect();
    !sleeping.is_empty() && sleeping.iter().all(|sleeps| *sleeps)
}

fn state(error: &NvmlError) -> NvidiaTool {
    let said = words(Some(&error.to_string())).value().unwrap_or_default();
    match error {
        NvmlError::LibloadingError(_) | NvmlError::LibraryNotFound => NvidiaTool::None,
        NvmlError::LibRmVersionMismatch => NvidiaTool::Mismatch(said),
        NvmlError::GpuLost | NvmlError::ResetRequired => NvidiaTool::Lost(said),
        _ => NvidiaTool::Failed(said),
    }
}

fn told<T>(answer: Result<T, NvmlError>) -> Told<T> {
    match answer {
        Ok(value) => Told::Value(value),
        Err(
            NvmlError::NotSupported
            | NvmlError::NoPermission
            | NvmlError::NotFound
            | NvmlError::NoData
            | NvmlError::InvalidArg
            | NvmlError::FunctionNotFound
            | NvmlError::FailedToLoadSymbol(_),
        ) => Told::Nothing,
        Err(_) => Told::Odd,
    }
}

fn card(nvml: &Nvml, device: &Device<'_>) -> Card {
    let memory = told(device.memory_info());
    let (total, used) = (memory.clone().map(|m| m.total), memory.map(|m| m.used));
    let total = total.only_if(|bytes| *bytes > 0);
    let used = used.only_if(|used| total.value().is_none_or(|total| *used <= total));
    let watts = |milli| told(milli).map(|milli: u32| Watts(f64::from(milli) / 1000.0));
    let percent = |share: Told<u32>| {
        share.only_if(|share| *share <= 100).map(|share| Percent(f64::from(share)))
    };
    let clock = |which| told(device.clock_info(which)).map(Megahertz);
    Card {
        name: words(device.name().ok().as_deref()),
        bus: bus_address(device.pci_info().ok().map(|pci| pci.bus_id).as_deref()),
        busy: percent(told(device.utilization_rates()).map(|rates| rates.gpu)),
        vram: [used.map(Bytes), total.map(Bytes)],
        temperature: told(device.temperature(TemperatureSensor::Gpu))
            .only_if(|degrees| *degrees <= 200)
            .map(|degrees| Celsius(f64::from(degrees))),
        power: [watts(device.power_usage()), watts(device.enforced_power_limit())],
        clocks: [clock(Clock::SM), clock(Clock::Memory)],
        throttled_by: told(device.current_throttle_reasons()).map(|bits| throttles(bits.bits())),
        link: link(device),
        fan: percent(told(device.fan_speed(0))),
        state: told(device.performance_state()).map(performance),
        processes: processes(nvml, device),
    }
}

/// The link now and at most. A maximum below what the link runs at is not believed.
fn link(device: &Device<'_>) -> [Told<u8>; 4] {
    let small = |told: Told<u32>| {
        told.only_if(|n| (1..=32).contains(n)).map(|n| u8::try_from(n).unwrap_or(u8::MAX))
    };
    let generation = small(told(device.current_pcie_link_gen()));
    let width = small(told(device.current_pcie_link_width()));
    let most =
        |max: Told<u8>, now: Told<u8>| max.only_if(|max| now.value().is_none_or(|now| *max >= now));
    let generation_max = most(small(told(device.max_pcie_link_gen())), generation);
    let width_max = most(small(told(device.max_pcie_link_width())), width);
    [generation, generation_max, width, width_max]
}

fn performance(state: PerformanceState) -> String {
    let number = state.as_c();
    if (0..16).contains(&number) { format!("P{number}") } else { "unknown".to_owned() }
}

fn processes(nvml: &Nvml, device: &Device<'_>) -> Told<Vec<(GpuProcess, Vec<Vec<u64>>)>> {
    let one = |process: nvml_wrapper::struct_wrappers::device::ProcessInfo| {
        let name = nvml.sys_process_name(process.pid, NAME).ok();
        let name = words(name.as_deref()).value().unwrap_or_else(|| "n/a".to_owned());
        let memory = match process.used_gpu_memory {
            UsedGpuMemory::Used(bytes) => Some(Bytes(bytes)),
            UsedGpuMemory::Unavailable => None,
        };
        let sockets = sockets::of(process.pid);
        (GpuProcess { pid: process.pid, name, memory, serves: Vec::new() }, sockets)
    };
    told(device.running_compute_processes()).map(|all| all.into_iter().map(one).collect())
}

fn serving(all: Vec<(GpuProcess, Vec<Vec<u64>>)>, listeners: &Listeners) -> Vec<GpuProcess> {
    let one = |(process, sockets): (GpuProcess, Vec<Vec<u64>>)| GpuProcess {
        serves: sockets
            .iter()
            .map(|own| ports(own, listeners))
            .find(|ports| !ports.is_empty())
            .unwrap_or_default(),
        ..process
    };
    all.into_iter().map(one).collect()
}

impl Card {
    /// The card, seen then.
    pub fn sample(&self, seen: Seen, listeners: &Listeners) -> GpuSample {
        fn read<T>(seen: Seen, told: Told<T>) -> Reading<T> {
            seen.read(told, Source::Nvml)
        }
        let [generation, generation_max, width, width_max] = self.link;
        GpuSample {
            vendor: GpuVendor::Nvidia,
            id: self.bus.clone(),
            name: self.name.clone().value(),
            asleep: false,
            busy: read(seen, self.busy),
            vram: read(seen, self.vram[1]),
            vram_used: read(seen, self.vram[0]),
            temperature: read(seen, self.temperature),
            power: read(seen, self.power[0]),
            power_limit: read(seen, self.power[1]),
            clock: read(seen, self.clocks[0]),
            memory_clock: read(seen, self.clocks[1]),
            throttled_by: read(seen, self.throttled_by.clone()),
            pcie: Pcie {
                generation: read(seen, generation),
                generation_max: read(seen, generation_max),
                width: read(seen, width),
                width_max: read(seen, width_max),
            },
            fan: read(seen, self.fan),
            fan_speed: Reading::absent(Source::Nvml),
            state: read(seen, self.state.clone()),
            processes: read(seen, self.processes.clone().map(|all| serving(all, listeners))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_driver_that_is_missing_or_does_not_fit_is_a_state() {
        assert_eq!(state(&NvmlError::LibraryNotFound), NvidiaTool::None);
        let mismatch = state(&NvmlError::LibRmVersionMismatch);
        assert!(matches!(mismatch, NvidiaTool::Mismatch(_)), "{mismatch:?}");
        assert!(matches!(state(&NvmlError::GpuLost), NvidiaTool::Lost(_)));
        assert!(matches!(state(&NvmlError::DriverNotLoaded), NvidiaTool::Failed(_)));
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "what is made here is no record")]
    fn cards_that_all_sleep_are_not_woken() {
        let devices = tempfile::tempdir().unwrap();
        assert!(!all_sleep(devices.path()), "no card");
        for (card, status) in [("0000:01:00.0", "suspended"), ("0000:02:00.0", "active")] {
            let card = devices.path().join(card);
            fs::create_dir_all(card.join("power")).unwrap();
            fs::write(card.join("vendor"), "0x10de\n").unwrap();
            fs::write(card.join("class"), "0x030200\n").unwrap();
            fs::write(card.join("power/runtime_status"), status).unwrap();
            assert_eq!(all_sleep(devices.path()), status == "suspended");
        }
    }

    #[test]
    fn what_a_card_cannot_tell_is_nothing_and_a_fault_is_odd() {
        assert_eq!(told::<u32>(Err(NvmlError::NotSupported)), Told::Nothing);
        assert_eq!(told::<u32>(Err(NvmlError::Unknown)), Told::Odd);
    }
}
