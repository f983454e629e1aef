//! Display controllers on the PCI bus, as sysfs shows them.

use super::{bus, exact, name, unknown};
use crate::fleet::{Gpu, GpuVendor};
use crate::telemetry::facts::answer::{Answer, value};
use crate::telemetry::facts::number::size;

const DEVICES: &str = "/sys/bus/pci/devices/";

/// Every display controller.
pub(super) fn read(answer: &Answer<'_>) -> Vec<Gpu> {
    let ids = answer.files().filter_map(|(path, line)| {
        let address = path.strip_prefix(DEVICES)?.strip_suffix("/uevent")?;
        Some((address, line.strip_prefix("PCI_ID=")?))
    });
    ids.filter_map(|(address, id)| card(answer, address, id)).collect()
}

fn card(answer: &Answer<'_>, address: &str, id: &str) -> Option<Gpu> {
    let vendor = match id.split(':').next()?.to_ascii_lowercase().as_str() {
        "10de" => GpuVendor::Nvidia,
        "1002" => GpuVendor::Amd,
        "8086" => GpuVendor::Intel,
        // The bridge of WSL to Windows' card, which `nvidia-smi` names itself.
        "1414" => return None,
        _ => GpuVendor::Other,
    };
    let file = |name: &str| format!("{DEVICES}{address}/{name}");
    let memory = |name: &str| size(answer.file_line(&file(name))?, 1);
    let vram = memory("mem_info_vram_total").or_else(|| memory("tile0/physical_vram_size_bytes"));
    Some(Gpu {
        name: listed_name(answer, address),
        driver: value(answer.file(&file("uevent")), "DRIVER").and_then(exact),
        vram,
        unified: shares_memory(vendor, address, vram.is_some()),
        bus: bus(address),
        ..unknown(vendor)
    })
}

/// Intel's integrated graphics are always device 2 of the first bus; AMD's cannot be told apart
/// from a card by any file.
fn shares_memory(vendor: GpuVendor, address: &str, has_own: bool) -> Option<bool> {
    match vendor {
        GpuVendor::Intel if address.ends_with(":00:02.0") => Some(true),
        GpuVendor::Intel if has_own => Some(false),
        _ => None,
    }
}

/// The name in the host's list of PCI ids.
fn listed_name(answer: &Answer<'_>, address: &str) -> Option<String> {
    let found = answer.lines("cards").iter().find_map(|line| line.strip_prefix(address));
    found.and_then(name)
}
