//! One host's sample as metrics. Only what was read when it was due; the rest is left out.

use super::exposition::Exposition;
use super::{card, family};
use crate::fleet::{BatterySample, Celsius, DiskSample, Named, Percent, Reading, Sample, Traffic};

/// What is known of a host besides its sample.
pub struct About<'a> {
    pub host: &'a str,
    pub simulated: bool,
    pub up: bool,
    /// Milliseconds.
    pub silence: Option<i64>,
}

/// Puts in everything a host told.
pub fn put(out: &mut Exposition, told: &About<'_>, sample: Option<&Sample>) {
    let own = [("host", told.host)];
    let simulated = if told.simulated { "true" } else { "false" };
    out.put(&family::HOST, &[("host", told.host), ("simulated", simulated)], 1.0);
    out.put(&family::UP, &own, truth(told.up));
    out.put_if(&family::SILENCE, &own, told.silence.map(|millis| millis as f64 / 1000.0));
    let Some(sample) = sample else { return };
    machine(out, told.host, sample);
    for disk in &sample.disks {
        storage(out, told.host, disk);
    }
    for disk in &sample.disk_traffic {
        traffic(out, [("host", told.host), ("disk", &disk.name)], &disk.value, DISK);
    }
    for network in &sample.networks {
        traffic(out, [("host", told.host), ("network", &network.name)], &network.value, NETWORK);
    }
    sensors(out, told.host, sample);
    for gpu in &sample.gpus {
        card::put(out, told.host, gpu);
    }
}

const DISK: [&family::Family; 2] = [&family::DISK_READ, &family::DISK_WRITTEN];
const NETWORK: [&family::Family; 2] = [&family::NETWORK_IN, &family::NETWORK_OUT];

/// A value that was read when it was due.
pub(super) fn fresh<T, N: Into<f64>>(
    reading: &Reading<T>,
    number: impl Fn(&T) -> N,
) -> Option<f64> {
    reading.fresh().map(|value| number(value).into())
}

pub(super) fn ratio(percent: &Percent) -> f64 {
    percent.0 / 100.0
}

pub(super) fn truth(is: bool) -> f64 {
    f64::from(u8::from(is))
}

fn machine(out: &mut Exposition, host: &str, sample: &Sample) {
    let (cpu, memory, own) = (&sample.cpu, &sample.memory, [("host", host)]);
    out.put_if(&family::UPTIME, &own, fresh(&sample.uptime_s, |seconds| *seconds as f64));
    out.put_if(&family::CPU_BUSY, &own, fresh(&cpu.busy, ratio));
    if let Some(loads) = cpu.load.fresh() {
        for (span, load) in ["1m", "5m", "15m"].into_iter().zip(loads) {
            out.put(&family::LOAD, &[("host", host), ("span", span)], load.0);
        }
    }
    if let Some(governor) = cpu.governor.fresh() {
        out.put(&family::GOVERNOR, &[("host", host), ("governor", governor)], 1.0);
    }
    out.put_if(&family::RAM, &own, fresh(&memory.total, |bytes| bytes.0 as f64));
    out.put_if(&family::RAM_AVAILABLE, &own, fresh(&memory.available, |bytes| bytes.0 as f64));
    out.put_if(&family::SWAP, &own, fresh(&memory.swap, |bytes| bytes.0 as f64));
    out.put_if(&family::SWAP_FREE, &own, fresh(&memory.swap_free, |bytes| bytes.0 as f64));
}

fn storage(out: &mut Exposition, host: &str, disk: &Named<DiskSample>) {
    let own = [("host", host), ("disk", &*disk.name)];
    out.put_if(&family::DISK, &own, fresh(&disk.value.size, |bytes| bytes.0 as f64));
    out.put_if(&family::DISK_USED, &own, fresh(&disk.value.used, |bytes| bytes.0 as f64));
    out.put_if(&family::DISK_FREE, &own, fresh(&disk.value.free, |bytes| bytes.0 as f64));
}

fn traffic(
    out: &mut Exposition,
    own: [(&str, &str); 2],
    traffic: &Traffic,
    [incoming, outgoing]: [&'static family::Family; 2],
) {
    out.put_if(incoming, &own, fresh(&traffic.incoming, |rate| rate.0.0 as f64));
    out.put_if(outgoing, &own, fresh(&traffic.outgoing, |rate| rate.0.0 as f64));
}

fn sensors(out: &mut Exposition, host: &str, sample: &Sample) {
    let celsius = |Celsius(degrees): &Celsius| *degrees;
    for Named { name, value } in &sample.temperatures {
        out.put_if(&family::HEAT, &[("host", host), ("sensor", name)], fresh(value, celsius));
    }
    for Named { name, value } in &sample.fans {
        out.put_if(&family::FAN, &[("host", host), ("fan", name)], fresh(value, |rpm| rpm.0));
    }
    for Named { name, value } in &sample.power {
        out.put_if(&family::POWER, &[("host", host), ("fed", name)], fresh(value, |w| w.0));
    }
    out.put_if(&family::MAINS, &[("host", host)], fresh(&sample.mains, |on| truth(*on)));
    for Named { name, value: BatterySample { charge, power, .. } } in &sample.batteries {
        let own = [("host", host), ("battery", &**name)];
        out.put_if(&family::BATTERY, &own, fresh(charge, ratio));
        out.put_if(&family::BATTERY_POWER, &own, fresh(power, |watts| watts.0));
    }
}
