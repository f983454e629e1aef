//! NVIDIA's cards, as `nvidia-smi`, the driver's files and a device tree describe them.

use super::{bus, exact, name, unknown};
use crate::fleet::{Gpu, GpuVendor};
use crate::telemetry::facts::answer::{Answer, value};
use crate::telemetry::facts::number::size;

const INFORMATION: &str = "/proc/driver/nvidia/gpus/";

/// Every card the tool or, where it fails or hangs, the driver knows.
pub(super) fn read(answer: &Answer<'_>) -> Vec<Gpu> {
    if answer.first("nvidia-status") == Some("0") {
        let rows: Vec<Gpu> = answer.lines("nvidia").iter().filter_map(|line| row(line)).collect();
        if !rows.is_empty() {
            return rows;
        }
    }
    driver_files(answer)
}

/// Takes over what the better source knows.
pub(super) fn refine(known: &mut Gpu, found: Gpu) {
    known.name = found.name.or(known.name.take());
    known.driver = found.driver.or(known.driver.take());
    known.compute = found.compute;
    known.vram = found.vram;
    known.unified = found.unified;
}

/// `00000000:01:00.0, 535.183.01, 6.1, 4096, NVIDIA GeForce GTX 1050 Ti`.
fn row(line: &str) -> Option<Gpu> {
    let fields: Vec<&str> = line.splitn(5, ',').map(str::trim).collect();
    let [address, driver, compute, memory, model] = fields[..] else { return None };
    let said = |text: &str| (!text.starts_with(['[', 'N'])).then(|| exact(text))?;
    let vram = size(memory, 1 << 20);
    let none_of_its_own = matches!(memory, "[N/A]" | "[Not Supported]" | "N/A");
    Some(Gpu {
        name: Some(name(model)?),
        driver: said(driver),
        compute: said(compute)
            .filter(|c| c.parse::<f32>().is_ok_and(|n| (1.0..100.0).contains(&n))),
        vram,
        unified: vram.map(|_| false).or(none_of_its_own.then_some(true)),
        bus: bus(address),
        ..unknown(GpuVendor::Nvidia)
    })
}

fn driver_files(answer: &Answer<'_>) -> Vec<Gpu> {
    let models = answer.files().filter_map(|(path, line)| {
        let address = path.strip_prefix(INFORMATION)?.strip_suffix("/information")?;
        Some((address, line.strip_prefix("Model:")?))
    });
    let driver = answer.file_line("/sys/module/nvidia/version").and_then(exact);
    let card = |(address, model): (&str, &str)| Gpu {
        name: name(model),
        driver: driver.clone(),
        bus: bus(address),
        ..unknown(GpuVendor::Nvidia)
    };
    models.map(card).collect()
}

/// The graphics of a Jetson that has no `nvidia-smi`: named by the board, part of the chip.
pub(super) fn tegra(answer: &Answer<'_>) -> Option<Gpu> {
    let tree = answer.lines("device-tree");
    let chip = tree.iter().find_map(|line| line.strip_prefix("nvidia,tegra"))?;
    let compute = match chip.get(..3)? {
        "210" => Some("5.3"),
        "186" => Some("6.2"),
        "194" => Some("7.2"),
        "234" => Some("8.7"),
        "264" => Some("11.0"),
        _ => None,
    };
    let release = answer.file_line("/etc/nv_tegra_release").and_then(tegra_release);
    Some(Gpu {
        name: tree.first().copied().and_then(name),
        driver: release,
        compute: compute.map(str::to_owned),
        unified: Some(true),
        ..unknown(GpuVendor::Nvidia)
    })
}

/// `# R36 (release), REVISION: 4.3, GCID: …` is known as L4T 36.4.3.
fn tegra_release(line: &str) -> Option<String> {
    let major = line.strip_prefix("# R")?.split_whitespace().next()?;
    let minor = value(line.split(',').map(str::trim), "REVISION")?;
    exact(&format!("L4T {major}.{minor}"))
}
