//! A fixed fleet: what the console is shown in tests and what its pictures are made of. Nothing in it is random.

use std::sync::Arc;

use shelter::fleet::{
    BatterySample, Bytes, Celsius, CpuFacts, CpuSample, DiskSample, Engine, EngineKind,
    EngineModel, Facts, GpuProcess, GpuSample, GpuVendor, History, Host, HostName, Load,
    LoadedModel, Megahertz, MemoryFacts, MemorySample, Millis, ModelPlace, Named, NvidiaTool,
    OsFacts, Pcie, Percent, Quality, Rate, Reachability, Reading, Rpm, Sample, Sensors, Source,
    SudoPolicy, Throttle, Timestamp, TokenRate, Traffic, Trend, Via, Watts,
};
use shelter::ops::Watched;

/// The moment at which everything is looked at.
pub const NOW: Timestamp = Timestamp(1_795_262_400_000);
/// The pace of the looks.
const PACE: i64 = 2000;
const GIB: u64 = 1 << 30;

/// A machine of the fixed fleet.
#[derive(Clone, Copy)]
pub struct Machine {
    /// Its name.
    pub name: &'static str,
    /// Its cards, by name and gigabytes.
    pub cards: &'static [(&'static str, u64)],
    /// Gigabytes of RAM.
    pub ram: u64,
    /// What makes its curves differ from those of others.
    pub seed: u64,
    /// Whether it is a laptop.
    pub laptop: bool,
}

/// The two founding hosts.
pub const PHANTOM: Machine =
    Machine { name: "phantom", cards: &[], ram: 16, seed: 3, laptop: true };
/// See [`PHANTOM`].
pub const SHADOW: Machine = Machine {
    name: "shadow",
    cards: &[("NVIDIA GeForce GTX 1050 Ti", 4)],
    ram: 16,
    seed: 8,
    laptop: false,
};
/// A machine with more cards than fit and a name that is too long.
pub const CROWDED: Machine = Machine {
    name: "alder-01.rack-7.inference.example.org",
    cards: &[("NVIDIA A100-SXM4-80GB", 80); 8],
    ram: 512,
    seed: 21,
    laptop: false,
};

/// A value that was read when it was due.
pub fn read<T>(value: T) -> Reading<T> {
    Reading {
        value: Some(value),
        quality: Quality::Ok,
        age: Some(Millis(400)),
        source: Source::Proc,
    }
}

/// A host of the inventory.
pub fn host(machine: &Machine) -> Host {
    Host {
        name: HostName::new(machine.name).unwrap(),
        via: Via::Local,
        sudo: SudoPolicy::Auto,
        groups: Vec::new(),
        vars: shelter::fleet::Vars::new(),
        sensors: Sensors::Real,
    }
}

/// What is known of it.
pub fn facts(machine: &Machine) -> Facts {
    let (name, model, threads) = if machine.laptop {
        ("Kali GNU/Linux Rolling", "12th Gen Intel Core i7-1260P", 16)
    } else {
        ("Debian GNU/Linux 12", "Intel Core i7-7700HQ", 8)
    };
    Facts {
        hostname: Some(machine.name.to_owned()),
        os: OsFacts {
            name: Some(name.to_owned()),
            arch: Some("x86_64".to_owned()),
            ..OsFacts::default()
        },
        cpu: CpuFacts {
            model: Some(model.to_owned()),
            threads: Some(threads),
            ..CpuFacts::default()
        },
        memory: MemoryFacts { total: Some(Bytes(machine.ram * GIB)), ..MemoryFacts::default() },
        ..Facts::default()
    }
}

/// What it does and did.
pub fn watched(machine: &Machine) -> Watched {
    let mut history = History::new(Millis(PACE));
    let looks = 440;
    for look in 0..looks {
        // The host was away for a while: a gap.
        if (150..172).contains(&look) {
            continue;
        }
        let at = Timestamp(NOW.0 - (looks - 1 - look) * PACE);
        history.push(at, &sample(machine, look as f64));
    }
    Watched {
        outage: None,
        parting: None,
        contact: Reachability::Up(Millis(31)),
        sample: Some(Arc::new(sample(machine, (looks - 1) as f64))),
        trend: Arc::new(history.trend(30)),
        history: Some(Arc::new(history)),
        heard: Some(Timestamp(NOW.0 - 400)),
        settled: true,
        asked: true,
        engines: Some(Arc::new(engines(machine))),
        listening: None,
        patience: None,
    }
}

/// What serves models there: one that is loaded and does not quite fit, one on the disk, one that is only passed on.
fn engines(machine: &Machine) -> Vec<Engine> {
    if machine.cards.is_empty() {
        return Vec::new();
    }
    let model = |name: &str, place, gib: u64, loaded| EngineModel {
        name: name.to_owned(),
        place,
        size: Some(Bytes(gib * GIB)),
        quantisation: Some("Q4_K_M".to_owned()),
        parameters: Some("7.2B".to_owned()),
        context_max: Some(32_768),
        loaded,
    };
    let held = LoadedModel {
        held: Some(Bytes(5 * GIB)),
        vram: Some(Bytes(3 * GIB)),
        context: Some(8192),
        ..LoadedModel::default()
    };
    vec![Engine {
        version: Some("0.12.3".to_owned()),
        models: vec![
            model("mistral:7b-instruct", ModelPlace::Here, 4, Some(held)),
            model("phi3:mini", ModelPlace::Here, 2, None),
            model("qwen3-coder:480b", ModelPlace::Cloud(None), 1, None),
        ],
        slots: read(4),
        running: read(1),
        waiting: read(0),
        cache: read(Percent(43.0)),
        writing: read(TokenRate(9.1)),
        ..Engine::new(EngineKind::Ollama, 11_434, NOW)
    }]
}

/// A host that cannot be reached.
pub fn lost() -> Watched {
    let failure = shelter::fleet::Failure {
        kind: shelter::fleet::FailureKind::Network,
        text: "nobody answers at 10.0.0.7:22: connection timed out after 10 s".to_owned(),
        hint: Some("is it on? `shelter hosts ping` tries again".to_owned()),
    };
    Watched { contact: Reachability::Down(failure), settled: true, ..Watched::default() }
}

/// A curve between 0 and 1 that looks like work: swells, bursts and a little unrest.
fn wave(at: f64, seed: u64) -> f64 {
    let seed = seed as f64;
    let swell = (at / (61.0 + seed) + seed).sin() * 0.32 + (at / 17.0 + seed * 2.0).sin() * 0.13;
    let burst = if (at / 47.0 + seed).sin() > 0.72 { 0.38 } else { 0.0 };
    let unrest = (at * 1.7 + seed).sin() * 0.04;
    (0.38 + swell + burst + unrest).clamp(0.0, 1.0)
}

fn sample(machine: &Machine, at: f64) -> Sample {
    let work = wave(at, machine.seed);
    let traffic = |scale: f64, seed| Traffic {
        incoming: read(Rate(Bytes((wave(at, seed).powi(4) * scale) as u64))),
        outgoing: read(Rate(Bytes((wave(at, seed + 5).powi(5) * scale / 4.0) as u64))),
    };
    let ram = machine.ram * GIB;
    let loads = [work * 8.0, work * 6.0 + 0.4, 3.1].map(Load);
    let cards = machine.cards.iter().enumerate();
    Sample {
        uptime_s: read(41 * 86_400 + 3_600),
        cpu: CpuSample {
            busy: read(Percent(work * 100.0)),
            load: read(loads),
            governor: read("performance".to_owned()),
        },
        memory: MemorySample {
            total: read(Bytes(ram)),
            available: read(Bytes((ram as f64 * (0.62 - 0.3 * wave(at / 3.0, 2))) as u64)),
            swap: read(Bytes(2 * GIB)),
            swap_free: read(Bytes(2 * GIB - 90 * (1 << 20))),
        },
        disks: vec![named("/", disk(468, 171)), named("/srv/models", disk(932, 38))],
        disk_traffic: vec![named("nvme0n1", traffic(9e8, machine.seed + 1))],
        networks: vec![named("wlan0", traffic(9e6, machine.seed + 2))],
        temperatures: vec![
            named(
                "coretemp Package id 0",
                read(Celsius(46.0 + 42.0 * wave(at - 9.0, machine.seed))),
            ),
            named("nvme Composite", read(Celsius(41.0))),
        ],
        fans: vec![named("acer fan1", read(Rpm(2480)))],
        power: vec![named("package-0", read(Watts(9.0 + 30.0 * work)))],
        batteries: if machine.laptop { vec![named("BAT0", battery())] } else { Vec::new() },
        mains: if machine.laptop { read(true) } else { Reading::absent(Source::Sysfs) },
        gpus: cards.map(|(number, card)| gpu((number, *card), at, machine.seed)).collect(),
        nvidia: if machine.cards.is_empty() { NvidiaTool::None } else { NvidiaTool::Telling },
    }
}

fn named<T>(name: &str, value: T) -> Named<T> {
    Named { name: name.to_owned(), value }
}

fn disk(size: u64, free: u64) -> DiskSample {
    let used = read(Bytes((size - free) * GIB));
    DiskSample { size: read(Bytes(size * GIB)), used, free: read(Bytes(free * GIB)) }
}

fn battery() -> BatterySample {
    BatterySample {
        charge: read(Percent(84.0)),
        status: read("Charging".to_owned()),
        power: read(Watts(18.0)),
    }
}

fn gpu((number, (name, gib)): (usize, (&str, u64)), at: f64, seed: u64) -> GpuSample {
    let seed = seed + number as u64 * 7;
    let work = wave(at, seed + 11);
    let vram = gib * GIB;
    let taken = (vram as f64 * (0.55 + 0.4 * wave(at / 5.0, seed))) as u64;
    let absent = || Reading::absent(Source::NvidiaSmi);
    GpuSample {
        vendor: GpuVendor::Nvidia,
        id: format!("0000:{number:02x}:00.0"),
        name: Some(name.to_owned()),
        asleep: false,
        busy: read(Percent(work * 100.0)),
        vram: read(Bytes(vram)),
        vram_used: read(Bytes(taken)),
        temperature: read(Celsius(44.0 + 46.0 * wave(at - 12.0, seed + 11))),
        power: read(Watts(9.0 + 62.0 * work)),
        power_limit: read(Watts(75.0)),
        clock: read(Megahertz(1620)),
        memory_clock: read(Megahertz(3504)),
        throttled_by: read(if number == 0 { vec![Throttle::Heat] } else { Vec::new() }),
        pcie: Pcie {
            generation: read(3),
            generation_max: read(3),
            width: read(16),
            width_max: read(16),
        },
        fan: absent(),
        fan_speed: Reading::absent(Source::NvidiaSmi),
        state: read("P0".to_owned()),
        processes: read(vec![GpuProcess {
            pid: 4120 + number as u32,
            name: "llama-server".to_owned(),
            memory: Some(Bytes(taken - (200 << 20))),
            serves: vec![8080],
        }]),
    }
}

/// What nobody has watched for long: no sample yet.
pub fn connecting() -> Watched {
    Watched {
        contact: Reachability::Connecting,
        trend: Arc::new(Trend::default()),
        ..Watched::default()
    }
}
