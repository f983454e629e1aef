//! One graphics card in lines for people.

use super::block::Row;
use super::words::{part, plain, told};
use crate::fleet::{GpuProcess, GpuSample, GpuVendor, Pcie, Reading, Throttle};

pub fn rows(gpu: &GpuSample) -> Vec<Row> {
    let name = gpu.name.clone().unwrap_or_else(|| vendor(gpu.vendor).to_owned());
    if gpu.asleep {
        return vec![("gpu", format!("{name}  asleep, and left asleep"))];
    }
    let mut rows = vec![
        (
            "gpu",
            format!(
                "{name}  busy {} · VRAM {} · heat {} · power {}",
                plain(&gpu.busy),
                part(&gpu.vram_used, &gpu.vram),
                plain(&gpu.temperature),
                part_of(&gpu.power, &gpu.power_limit),
            ),
        ),
        (
            "gpu",
            format!(
                "  clock {} · memory clock {} · throttled by {} · {} · fan {} · state {}",
                plain(&gpu.clock),
                plain(&gpu.memory_clock),
                told(&gpu.throttled_by, |reasons| throttles(reasons)),
                pcie(&gpu.pcie),
                fan(gpu),
                plain(&gpu.state),
            ),
        ),
    ];
    let processes = told(&gpu.processes, |processes| list(processes));
    rows.push(("gpu", format!("  processes {processes}")));
    rows
}

/// The busiest word about a card, for a line that holds the whole host.
pub fn short(gpu: &GpuSample) -> String {
    if gpu.asleep {
        return "asleep".to_owned();
    }
    let vram = part(&gpu.vram_used, &gpu.vram);
    format!("{} {} {}", plain(&gpu.busy), vram, plain(&gpu.temperature))
}

fn vendor(vendor: GpuVendor) -> &'static str {
    match vendor {
        GpuVendor::Nvidia => "NVIDIA",
        GpuVendor::Amd => "AMD",
        GpuVendor::Intel => "Intel",
        GpuVendor::Apple => "Apple",
        GpuVendor::Other => "other",
    }
}

fn part_of<T: ToString>(part: &Reading<T>, whole: &Reading<T>) -> String {
    format!("{} of {}", plain(part), plain(whole))
}

fn throttles(reasons: &[Throttle]) -> String {
    let faults: Vec<&str> = reasons.iter().filter_map(|reason| reason.fault()).collect();
    if faults.is_empty() { "nothing".to_owned() } else { format!("▲ {}", faults.join(", ")) }
}

fn pcie(link: &Pcie) -> String {
    format!(
        "PCIe gen {} of {}, ×{} of ×{}",
        plain(&link.generation),
        plain(&link.generation_max),
        plain(&link.width),
        plain(&link.width_max),
    )
}

fn fan(gpu: &GpuSample) -> String {
    if gpu.fan_speed.value.is_some() { plain(&gpu.fan_speed) } else { plain(&gpu.fan) }
}

fn list(processes: &[GpuProcess]) -> String {
    let one = |p: &GpuProcess| {
        let memory = p.memory.map_or_else(|| "n/a".to_owned(), |bytes| bytes.to_string());
        format!("{} {} {memory}", p.pid, p.name)
    };
    let all: Vec<String> = processes.iter().map(one).collect();
    if all.is_empty() { "none".to_owned() } else { all.join(" · ") }
}
