//! Graphics cards, from PCI, `nvidia-smi`, NVIDIA's driver and device trees.

mod nvidia;
mod pci;

use super::answer::{Answer, exact, name};
use crate::fleet::{Facts, Gpu, GpuVendor};

/// More than a machine of a small fleet has.
const MOST: usize = 64;

/// The graphics cards; `None` where nothing could tell.
pub(super) fn read(answer: &Answer<'_>, facts: &Facts) -> Option<Vec<Gpu>> {
    if facts.os.family.as_deref() == Some("darwin") {
        return apple(facts).map(|gpu| vec![gpu]);
    }
    let mut gpus = pci::read(answer);
    let can_tell = answer.lines("present").contains(&"/sys/bus/pci/devices");
    for found in nvidia::read(answer) {
        match gpus.iter_mut().find(|gpu| gpu.bus.is_some() && gpu.bus == found.bus) {
            Some(known) => nvidia::refine(known, found),
            None => gpus.push(found),
        }
    }
    if !gpus.iter().any(|gpu| gpu.vendor == GpuVendor::Nvidia) {
        gpus.extend(nvidia::tegra(answer));
    }
    gpus.truncate(MOST);
    (can_tell || !gpus.is_empty()).then_some(gpus)
}

/// Apple's own processors carry their graphics; other Macs are asked nothing more.
fn apple(facts: &Facts) -> Option<Gpu> {
    let model = facts.cpu.model.as_deref().filter(|model| model.starts_with("Apple "))?;
    Some(Gpu { name: name(model), unified: Some(true), ..unknown(GpuVendor::Apple) })
}

fn unknown(vendor: GpuVendor) -> Gpu {
    Gpu { vendor, name: None, driver: None, compute: None, vram: None, unified: None, bus: None }
}

/// One form for a bus address: `0000:01:00.0`. NVIDIA writes eight digits of domain.
fn bus(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let (domain, rest) = text.split_once(':')?;
    let domain = u32::from_str_radix(domain, 16).ok()?;
    let shaped = rest.len() == 7 && rest.contains('.') && rest.contains(':');
    shaped.then(|| exact(&format!("{domain:04x}:{rest}")))?
}
