//! Everything but graphics of this machine, by `sysinfo`. What it does not know is absent.

use std::time::Instant;

use sysinfo::{Components, Disks, Networks, System};

use crate::fleet::{
    Bytes, Celsius, CpuSample, DiskSample, Load, MemorySample, Millis, Named, NvidiaTool, Percent,
    Quality, Rate, Reading, Sample, Source, Traffic,
};
use crate::telemetry::sampler::told::words;

/// More of a kind are not told of.
const MOST: usize = 48;

/// What has to be kept between looks, each part if the system knows it.
#[derive(Default)]
pub(super) struct Rest {
    system: Option<System>,
    disks: Option<Disks>,
    networks: Option<Networks>,
    components: Option<Components>,
    before: Option<Instant>,
}

impl Rest {
    /// A look. Rates are since the one before.
    pub fn look(&mut self) -> Sample {
        let now = Instant::now();
        let seconds = self.before.replace(now).map(|before| (now - before).as_secs_f64());
        let system = refreshed(&mut self.system, System::new, |system| {
            system.refresh_memory();
            system.refresh_cpu_usage();
        });
        let busy =
            system.filter(|_| seconds.is_some()).map(|s| Percent(f64::from(s.global_cpu_usage())));
        let memory = |part: fn(&System) -> u64| read(system.map(|system| Bytes(part(system))));
        let (total, available) = (memory(System::total_memory), memory(System::available_memory));
        let (swap, swap_free) = (memory(System::total_swap), memory(System::free_swap));
        Sample {
            uptime_s: read(System::uptime().ok()),
            cpu: CpuSample {
                busy: read(busy),
                load: read(
                    System::load_average().ok().map(|l| [l.one, l.five, l.fifteen].map(Load)),
                ),
                governor: absent(),
            },
            memory: MemorySample { total, available, swap, swap_free },
            disks: self.disks(),
            disk_traffic: Vec::new(),
            networks: self.networks(seconds),
            temperatures: self.temperatures(),
            fans: Vec::new(),
            power: Vec::new(),
            batteries: Vec::new(),
            mains: absent(),
            gpus: Vec::new(),
            nvidia: NvidiaTool::None,
        }
    }

    fn disks(&mut self) -> Vec<Named<DiskSample>> {
        let disks = refreshed(&mut self.disks, Disks::new, |disks| disks.refresh(true));
        let one = |disk: &sysinfo::Disk| {
            let name = words(Some(&disk.mount_point().to_string_lossy())).value()?;
            let (size, free) = (Bytes(disk.total_space()), Bytes(disk.available_space()));
            let free = Some(free).filter(|free| *free <= size);
            let used = free.map(|free| Bytes(size.0 - free.0));
            let (size, used, free) = (read(Some(size)), read(used), read(free));
            Some(Named { name, value: DiskSample { size, used, free } })
        };
        disks.into_iter().flat_map(|disks| disks.iter()).filter_map(one).take(MOST).collect()
    }

    fn networks(&mut self, seconds: Option<f64>) -> Vec<Named<Traffic>> {
        let networks = refreshed(&mut self.networks, Networks::new, |known| known.refresh(true));
        let rate = |bytes: u64| {
            let rate = seconds.filter(|s| *s > 0.0).map(|s| bytes as f64 / s);
            read(rate.map(|rate| Rate(Bytes(rate.round() as u64))))
        };
        let mut told: Vec<_> = networks
            .into_iter()
            .flat_map(|networks| networks.iter())
            .filter_map(|(name, data)| {
                let name = words(Some(&name.to_string_lossy())).value()?;
                let (incoming, outgoing) = (rate(data.received()), rate(data.transmitted()));
                Some(Named { name, value: Traffic { incoming, outgoing } })
            })
            .filter(|network| network.name != "lo" && network.name != "lo0")
            .collect();
        told.sort_by(|one, other| one.name.cmp(&other.name));
        told.truncate(MOST);
        told
    }

    fn temperatures(&mut self) -> Vec<Named<Reading<Celsius>>> {
        let known = refreshed(&mut self.components, Components::new, |known| known.refresh(true));
        let one = |component: &sysinfo::Component| {
            let degrees = component.temperature().map(f64::from);
            let value = degrees.filter(|degrees| (-60.0..=200.0).contains(degrees)).map(Celsius);
            Some(Named { name: words(Some(component.label())).value()?, value: read(value) })
        };
        known.into_iter().flat_map(|known| known.iter()).filter_map(one).take(MOST).collect()
    }
}

/// A part of the system, made when it is first wanted, as it is now.
fn refreshed<T, E>(
    part: &mut Option<T>,
    make: impl FnOnce() -> Result<T, E>,
    refresh: impl FnOnce(&mut T),
) -> Option<&T> {
    if part.is_none() {
        *part = make().ok();
    }
    part.as_mut().map(refresh)?;
    part.as_ref()
}

fn read<T>(value: Option<T>) -> Reading<T> {
    match value {
        Some(value) => {
            let (age, source) = (Some(Millis(0)), Source::Sysinfo);
            Reading { value: Some(value), quality: Quality::Ok, age, source }
        }
        None => absent(),
    }
}

fn absent<T>() -> Reading<T> {
    Reading::absent(Source::Sysinfo)
}
