//! Facts in words for people, one row each. What is unknown is `n/a`; prints nothing.

use crate::fleet::{
    Battery, Bytes, Disk, Facts, Gpu, Linger, Millis, SudoFacts, SudoRight, fullness,
};

/// A clock further off than this spoils certificates and the order of records.
const WORRYING_SKEW_MS: u64 = 2000;
/// A disk fuller than this leaves no room for a model.
const FULL_PERCENT: f64 = 90.0;

/// The facts as rows of a label and a value.
pub fn summary(facts: &Facts) -> Vec<(&'static str, String)> {
    let mut rows = system(facts);
    rows.extend(hardware(facts));
    rows.extend(software(facts));
    rows
}

/// What an operator should know before running anything there, one sentence each.
pub fn warnings(facts: &Facts) -> Vec<String> {
    let mut out = Vec::new();
    if facts.linger == Some(Linger::Ends) {
        out.push("runs end with your login session here".to_owned());
    }
    let doubt = facts.clock_doubt.map_or(0, |doubt| doubt.0.unsigned_abs());
    if let Some(skew) = facts.clock_skew.map(|skew| skew.0)
        && skew.unsigned_abs().saturating_sub(doubt) > WORRYING_SKEW_MS
    {
        let way = if skew > 0 { "ahead of" } else { "behind" };
        out.push(format!("its clock is {} {way} this machine's", Millis(skew)));
    }
    out.extend(facts.disks.iter().filter_map(full));
    if facts.battery.as_ref().is_some_and(|battery| battery.discharging == Some(true)) {
        out.push("it runs on its battery".to_owned());
    }
    out
}

fn full(disk: &Disk) -> Option<String> {
    let full = fullness(disk.used?, disk.free?)?.0;
    (full >= FULL_PERCENT).then(|| format!("`{}` is {full:.0} % full", disk.mount))
}

fn system(facts: &Facts) -> Vec<(&'static str, String)> {
    let os = &facts.os;
    let user = match (&facts.user, facts.uid) {
        (Some(user), Some(uid)) => Some(format!("{user} ({uid})")),
        (user, _) => user.clone(),
    };
    vec![
        ("hostname", text(&facts.hostname)),
        ("system", text(&os.name)),
        ("kernel", joined(&[&os.family, &os.kernel])),
        ("architecture", text(&os.arch)),
        ("virtualisation", text(&facts.virtualisation)),
        ("uptime", facts.uptime_s.map_or_else(unknown, uptime)),
        ("clock", clock(facts)),
        ("user", user.unwrap_or_else(unknown)),
        ("home", text(&facts.home)),
        ("root", root(&facts.sudo)),
        ("detached runs", facts.linger.map_or_else(unknown, |linger| lasting(linger).to_owned())),
    ]
}

fn hardware(facts: &Facts) -> Vec<(&'static str, String)> {
    let (cpu, memory) = (&facts.cpu, &facts.memory);
    let mut rows = vec![
        ("processor", text(&cpu.model)),
        ("cores", format!("{} cores, {} threads", number(cpu.cores), number(cpu.threads))),
        ("vectors", vectors(facts)),
        ("NUMA nodes", number(cpu.numa_nodes)),
        ("memory", free_of(memory.available, memory.total)),
        (
            "swap",
            if memory.swap == Some(Bytes(0)) {
                "none".to_owned()
            } else {
                free_of(memory.swap_free, memory.swap)
            },
        ),
    ];
    match &facts.gpus {
        None => rows.push(("graphics", unknown())),
        Some(gpus) if gpus.is_empty() => rows.push(("graphics", "none".to_owned())),
        Some(gpus) => rows.extend(gpus.iter().map(|gpu| ("graphics", graphics(gpu)))),
    }
    rows.extend(facts.disks.iter().map(|disk| ("disk", storage(disk))));
    if let Some(battery) = &facts.battery {
        rows.push(("battery", charge(battery)));
    }
    rows
}

fn software(facts: &Facts) -> Vec<(&'static str, String)> {
    let init = facts.init.map_or_else(unknown, |init| format!("{init:?}").to_lowercase());
    let names: Vec<&str> = facts.tools.iter().map(|tool| tool.name.as_str()).collect();
    vec![
        ("packages", text(&facts.package_manager)),
        ("init", init),
        ("python", text(&facts.python)),
        ("containers", list(&facts.containers.iter().map(String::as_str).collect::<Vec<_>>())),
        ("tools", list(&names)),
    ]
}

fn unknown() -> String {
    "n/a".to_owned()
}

fn text(value: &Option<String>) -> String {
    value.clone().unwrap_or_else(unknown)
}

fn number(value: Option<u32>) -> String {
    value.map_or_else(unknown, |n| n.to_string())
}

fn list(names: &[&str]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(" ") }
}

fn joined(parts: &[&Option<String>]) -> String {
    let known: Vec<&str> = parts.iter().filter_map(|part| part.as_deref()).collect();
    if known.is_empty() { unknown() } else { known.join(" ") }
}

fn free_of(free: Option<Bytes>, total: Option<Bytes>) -> String {
    let show = |bytes: Option<Bytes>| bytes.map_or_else(unknown, |b| b.to_string());
    if total.is_none() { unknown() } else { format!("{} free of {}", show(free), show(total)) }
}

fn uptime(seconds: u64) -> String {
    Millis::of_seconds(seconds as f64).to_string()
}

fn clock(facts: &Facts) -> String {
    match (facts.clock_skew, facts.clock_doubt) {
        (Some(skew), Some(doubt)) => format!("{:+} ms, ± {} ms", skew.0, doubt.0),
        _ => unknown(),
    }
}

fn root(sudo: &SudoFacts) -> String {
    let right = match sudo.right {
        None => return unknown(),
        Some(SudoRight::Root) => "we are root",
        Some(SudoRight::Free) => "without a password",
        Some(SudoRight::Password) => "with a password",
        Some(SudoRight::None) => "not to be had",
    };
    match joined(&[&sudo.kind, &sudo.version]) {
        how if sudo.kind.is_some() => format!("{right}, by {how}"),
        _ => right.to_owned(),
    }
}

fn lasting(linger: Linger) -> &'static str {
    match linger {
        Linger::Enabled => "go on, linger is on",
        Linger::Ends => "end with the login session",
        Linger::Survives => "go on",
    }
}

fn vectors(facts: &Facts) -> String {
    let cpu = &facts.cpu;
    let all = [("AVX2", cpu.avx2), ("AVX-512", cpu.avx512), ("NEON", cpu.neon)];
    if all.iter().all(|(_, has)| has.is_none()) {
        return unknown();
    }
    list(
        &all.iter()
            .filter(|(_, has)| *has == Some(true))
            .map(|(name, _)| *name)
            .collect::<Vec<_>>(),
    )
}

fn graphics(gpu: &Gpu) -> String {
    let mut parts = vec![text(&gpu.name)];
    parts.push(match (gpu.vram, gpu.unified) {
        (Some(vram), _) => format!("{vram} of its own"),
        (None, Some(true)) => "shares the memory".to_owned(),
        (None, _) => "memory n/a".to_owned(),
    });
    parts.push(format!("driver {}", text(&gpu.driver)));
    parts.extend(gpu.compute.as_ref().map(|compute| format!("compute {compute}")));
    parts.join(", ")
}

fn storage(disk: &Disk) -> String {
    let turns = match disk.rotational {
        Some(true) => ", hard disk",
        Some(false) => ", SSD",
        None => "",
    };
    let kind = text(&disk.kind);
    format!("{} {}, {kind} on {}{turns}", disk.mount, free_of(disk.free, disk.size), disk.source)
}

fn charge(battery: &Battery) -> String {
    let percent = battery.percent.map_or_else(unknown, |p| format!("{p} %"));
    match battery.discharging {
        Some(true) => format!("{percent}, discharging"),
        Some(false) => format!("{percent}, on mains"),
        None => percent,
    }
}
