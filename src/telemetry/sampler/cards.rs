//! Cards that tell of themselves in files: AMD's and Intel's.

use super::frames::Frame;
use super::machine::Seen;
use super::told::{Told, decimal, small, whole, words};
use crate::fleet::{
    Bytes, Celsius, GpuSample, GpuVendor, Megahertz, Pcie, Percent, Reading, Rpm, Source, Watts,
};

/// More cards are not told of.
const MOST: usize = 64;
/// No card has more memory: 16 TiB.
const MOST_BYTES: u64 = 1 << 44;

/// The files of one card: those of the last look, and those that hardly change.
struct Card<'a> {
    name: &'a str,
    last: &'a Frame,
    slow: &'a Frame,
    seen: Seen,
    seldom: Seen,
}

pub(super) fn read(last: &Frame, slow: &Frame, (seen, seldom): (Seen, Seen)) -> Vec<GpuSample> {
    let known = slow.named("card").filter(|(_, told)| told.starts_with("vendor "));
    known.take(MOST).map(|(name, _)| Card { name, last, slow, seen, seldom }.read()).collect()
}

impl Card<'_> {
    fn read(&self) -> GpuSample {
        let amd = self.fixed("vendor") == Some("0x1002");
        let vram = whole(self.fixed("mem_info_vram_total"), MOST_BYTES).only_if(|b| *b > 0);
        let used = whole(self.now("mem_info_vram_used"), MOST_BYTES)
            .only_if(|used| vram.value().is_none_or(|all| *used <= all));
        GpuSample {
            vendor: if amd { GpuVendor::Amd } else { GpuVendor::Intel },
            id: words(self.fixed("bus").or(Some(self.name))).value().unwrap_or_default(),
            name: words(self.fixed("product_name")).value(),
            asleep: self.now("asleep").is_some(),
            busy: self.fresh(decimal(self.now("gpu_busy_percent"), 0.0..=100.0).map(Percent)),
            vram: self.kept(vram.map(Bytes)),
            vram_used: self.fresh(used.map(Bytes)),
            temperature: self.fresh(self.temperature()),
            power: self.fresh(self.power()),
            power_limit: self.kept(micro(self.fixed("power1_cap"))),
            clock: self.fresh(self.clock()),
            memory_clock: Reading::absent(Source::Sysfs),
            throttled_by: Reading::absent(Source::Sysfs),
            pcie: self.pcie(),
            fan: Reading::absent(Source::Sysfs),
            fan_speed: self.fresh(small(self.now("fan1_input"), 0..=50_000).map(Rpm)),
            state: Reading::absent(Source::Sysfs),
            processes: Reading::absent(Source::Sysfs),
        }
    }

    fn temperature(&self) -> Told<Celsius> {
        let milli = decimal(self.now("temp1_input"), -50_000.0..=200_000.0);
        milli.map(|milli| Celsius(milli / 1000.0))
    }

    /// Older cards tell an average, newer ones the moment.
    fn power(&self) -> Told<Watts> {
        micro(self.now("power1_average").or(self.now("power1_input")))
    }

    /// AMD counts in hertz, Intel's two drivers in megahertz.
    fn clock(&self) -> Told<Megahertz> {
        if let Some(hertz) = self.now("freq1_input") {
            let hertz = whole(Some(hertz), 20_000_000_000);
            return hertz.map(|hz| Megahertz(u32::try_from(hz / 1_000_000).unwrap_or(u32::MAX)));
        }
        small(self.now("gt_cur_freq_mhz").or(self.now("cur_freq")), 0..=20_000).map(Megahertz)
    }

    fn pcie(&self) -> Pcie {
        let width = |text| small(text, 1..=32).map(|lanes| u8::try_from(lanes).unwrap_or(u8::MAX));
        Pcie {
            generation: self.fresh(generation(self.now("current_link_speed"))),
            generation_max: self.kept(generation(self.fixed("max_link_speed"))),
            width: self.fresh(width(self.now("current_link_width"))),
            width_max: self.kept(width(self.fixed("max_link_width"))),
        }
    }

    fn now(&self, file: &str) -> Option<&str> {
        value(self.last, self.name, file)
    }

    fn fixed(&self, file: &str) -> Option<&str> {
        value(self.slow, self.name, file)
    }

    fn fresh<T>(&self, told: Told<T>) -> Reading<T> {
        self.seen.read(told, Source::Sysfs)
    }

    fn kept<T>(&self, told: Told<T>) -> Reading<T> {
        self.seldom.read(told, Source::Sysfs)
    }
}

fn value<'a>(frame: &'a Frame, card: &str, file: &str) -> Option<&'a str> {
    let mut files = frame.named("card").filter(|(of, _)| *of == card);
    files.find_map(|(_, told)| told.strip_prefix(file)?.strip_prefix(' '))
}

fn micro(text: Option<&str>) -> Told<Watts> {
    decimal(text, 0.0..=5e9).map(|micro| Watts(micro / 1e6))
}

/// `16.0 GT/s PCIe` is generation 4. A link that is off says `Unknown`.
fn generation(text: Option<&str>) -> Told<u8> {
    let Told::Value(text) = words(text) else { return Told::Nothing };
    match text.split(' ').next() {
        Some("2.5") => Told::Value(1),
        Some("5.0" | "5") => Told::Value(2),
        Some("8.0" | "8") => Told::Value(3),
        Some("16.0" | "16") => Told::Value(4),
        Some("32.0" | "32") => Told::Value(5),
        Some("64.0" | "64") => Told::Value(6),
        Some("Unknown") => Told::Nothing,
        _ => Told::Odd,
    }
}
