//! One graphics card as metrics.

use super::exposition::Exposition;
use super::family;
use super::host::{fresh, ratio, truth};
use crate::fleet::{GpuSample, GpuVendor, Throttle};

/// What may hold a card's clocks back, by the names used here.
const FAULTS: [(Throttle, &str); 7] = [
    (Throttle::PowerCap, "power_cap"),
    (Throttle::Hardware, "hardware"),
    (Throttle::Sync, "sync"),
    (Throttle::Heat, "heat"),
    (Throttle::HardwareHeat, "hardware_heat"),
    (Throttle::PowerBrake, "power_brake"),
    (Throttle::Other, "other"),
];

/// Puts in everything a card told.
pub fn put(out: &mut Exposition, host: &str, gpu: &GpuSample) {
    let own = [("host", host), ("gpu", &*gpu.id)];
    about(out, host, gpu);
    out.put(&family::GPU_ASLEEP, &own, truth(gpu.asleep));
    out.put_if(&family::GPU_BUSY, &own, fresh(&gpu.busy, ratio));
    out.put_if(&family::VRAM, &own, fresh(&gpu.vram, |bytes| bytes.0 as f64));
    out.put_if(&family::VRAM_USED, &own, fresh(&gpu.vram_used, |bytes| bytes.0 as f64));
    out.put_if(&family::GPU_HEAT, &own, fresh(&gpu.temperature, |degrees| degrees.0));
    out.put_if(&family::GPU_POWER, &own, fresh(&gpu.power, |watts| watts.0));
    out.put_if(&family::GPU_POWER_LIMIT, &own, fresh(&gpu.power_limit, |watts| watts.0));
    let hertz = |megahertz: u32| f64::from(megahertz) * 1e6;
    out.put_if(&family::GPU_CLOCK, &own, fresh(&gpu.clock, |clock| hertz(clock.0)));
    out.put_if(&family::GPU_MEMORY_CLOCK, &own, fresh(&gpu.memory_clock, |clock| hertz(clock.0)));
    out.put_if(&family::PCIE, &own, fresh(&gpu.pcie.generation, |n| *n));
    out.put_if(&family::PCIE_MAX, &own, fresh(&gpu.pcie.generation_max, |n| *n));
    out.put_if(&family::PCIE_WIDTH, &own, fresh(&gpu.pcie.width, |n| *n));
    out.put_if(&family::PCIE_WIDTH_MAX, &own, fresh(&gpu.pcie.width_max, |n| *n));
    out.put_if(&family::GPU_FAN, &own, fresh(&gpu.fan, ratio));
    out.put_if(&family::GPU_PROCESSES, &own, fresh(&gpu.processes, |all| all.len() as f64));
    if let Some(reasons) = gpu.throttled_by.fresh() {
        for (fault, word) in FAULTS {
            let own = [("host", host), ("gpu", &*gpu.id), ("by", word)];
            out.put(&family::GPU_THROTTLED, &own, truth(reasons.contains(&fault)));
        }
    }
}

fn about(out: &mut Exposition, host: &str, gpu: &GpuSample) {
    let vendor = match gpu.vendor {
        GpuVendor::Nvidia => "nvidia",
        GpuVendor::Amd => "amd",
        GpuVendor::Intel => "intel",
        GpuVendor::Apple => "apple",
        GpuVendor::Other => "other",
    };
    let mut labels = vec![("host", host), ("gpu", &*gpu.id), ("vendor", vendor)];
    labels.extend(gpu.name.as_deref().map(|name| ("name", name)));
    labels.extend(gpu.state.value.as_deref().map(|state| ("state", state)));
    out.put(&family::GPU, &labels, 1.0);
}
