//! Readings and spans of time in words. What was not told is `n/a`, never 0.

use crate::fleet::{Bytes, GpuSample, GpuVendor, Quality, Reading};
use crate::theme::Role;

/// Words and what they mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// What they mean.
    pub role: Role,
    /// The words.
    pub text: String,
}

impl Said {
    /// Words of a meaning.
    pub fn new(role: Role, text: impl Into<String>) -> Self {
        Self { role, text: text.into() }
    }

    /// What is not known.
    pub fn unknown() -> Self {
        Self::new(Role::Faint, "n/a")
    }

    /// The same as the one value that matters, if it is known and well.
    #[must_use]
    pub fn first(self) -> Self {
        let role = if self.role == Role::Text { Role::Value } else { self.role };
        Self { role, ..self }
    }
}

/// A reading, with what is wrong with it if it cannot be believed as it stands.
pub fn told<T>(reading: &Reading<T>, show: impl Fn(&T) -> String) -> Said {
    match (&reading.value, reading.quality) {
        (Some(value), Quality::Ok) => Said::new(Role::Text, show(value)),
        (Some(value), _) => {
            let age = reading.age.map_or_else(String::new, |age| format!(" {}", age.brief()));
            Said::new(Role::Warn, format!("{} stale{age}", show(value)))
        }
        (None, Quality::Nan) => Said::new(Role::Warn, "NaN"),
        (None, _) => Said::unknown(),
    }
}

/// A reading of what shows itself.
pub fn plain<T: ToString>(reading: &Reading<T>) -> Said {
    told(reading, ToString::to_string)
}

/// A part of a whole, and the share it is.
pub fn part(part: &Reading<Bytes>, whole: &Reading<Bytes>) -> (Said, Option<f64>) {
    let share = part.value.zip(whole.value).filter(|(_, whole)| whole.0 > 0);
    let share = share.map(|(part, whole)| part.0 as f64 / whole.0 as f64);
    let said = match whole.value {
        Some(whole) => told(part, |part| of(*part, whole)),
        None => plain(part),
    };
    (said, share)
}

/// A part of a whole, in the unit of the whole; in its own where it would come to nothing in that.
fn of(part: Bytes, whole: Bytes) -> String {
    let (own, all) = (part.to_string(), whole.to_string());
    match (own.rsplit_once(' '), all.rsplit_once(' ')) {
        (Some((number, one)), Some((_, other))) if one == other => format!("{number} of {all}"),
        _ => match part.0 as f64 / whole.unit() as f64 {
            share if share >= 0.05 => format!("{share:.1} of {all}"),
            _ => format!("{own} of {all}"),
        },
    }
}

/// What is taken, where what is free is told.
pub fn taken(free: &Reading<Bytes>, whole: &Reading<Bytes>) -> (Said, Option<f64>) {
    let Some(all) = whole.value else { return (Said::unknown(), None) };
    part(&free.clone().map(|free| Bytes(all.0.saturating_sub(free.0))), whole)
}

fn maker(vendor: GpuVendor) -> &'static str {
    match vendor {
        GpuVendor::Nvidia => "NVIDIA",
        GpuVendor::Amd => "AMD",
        GpuVendor::Intel => "Intel",
        GpuVendor::Apple => "Apple",
        GpuVendor::Other => "of another make",
    }
}

/// The name of a card without its maker's; the maker where it has none.
pub fn short_card(card: &GpuSample) -> &str {
    let Some(name) = &card.name else { return maker(card.vendor) };
    let makers = ["NVIDIA ", "GeForce ", "AMD ", "Intel(R) "];
    // Where it stands is said that it is simulated.
    let name = name.trim_end_matches(" (SIMULATED)");
    makers.iter().fold(name, |name, maker| name.strip_prefix(maker).unwrap_or(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::{Millis, Source};

    #[test]
    fn what_is_stale_or_not_known_says_so() {
        let reading = |value: Option<u64>, quality| {
            let age = Some(Millis(12_345));
            Reading { value: value.map(Bytes), quality, age, source: Source::Proc }
        };
        let said = |value, quality| plain(&reading(value, quality));
        assert_eq!(said(None, Quality::Absent), Said::new(Role::Faint, "n/a"));
        assert_eq!(said(None, Quality::Nan), Said::new(Role::Warn, "NaN"));
        assert_eq!(said(Some(0), Quality::Ok), Said::new(Role::Text, "0 B"));
        assert_eq!(said(Some(1024), Quality::Stale), Said::new(Role::Warn, "1.0 KiB stale 12 s"));
        let (all, free) = (reading(Some(4096), Quality::Ok), reading(Some(1024), Quality::Ok));
        assert_eq!(taken(&free, &all).1, Some(0.75));
        let (mib, gib) = (|n: u64| Bytes(n << 20), |n: u64| Bytes(n << 30));
        assert_eq!(of(mib(892), gib(4)), "0.9 of 4.0 GiB");
        assert_eq!(of(mib(12), gib(4)), "12 MiB of 4.0 GiB");
        assert_eq!(of(gib(3), gib(4)), "3.0 of 4.0 GiB");
        assert_eq!(taken(&free, &reading(None, Quality::Absent)), (Said::unknown(), None));
    }
}
