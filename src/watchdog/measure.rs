//! What rules can watch, and in what unit each is counted. Measures nothing itself.

use crate::fleet::Millis;

/// What a rule watches.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Whether the host is away.
    Reach,
    /// Whether most of the fleet went dark at once.
    Link,
    /// The share of RAM that is taken.
    Ram,
    /// The share of a card's memory that is taken.
    Vram,
    /// The hottest sensor beside the cards.
    Heat,
    /// A card's temperature.
    GpuHeat,
    /// Whether heat or a fault holds a card's clocks back.
    Throttle,
    /// Whether a card's telemetry hangs or the card is lost.
    GpuTool,
    /// The share of a disk that is taken.
    Disk,
    /// How soon a disk is full, as it fills now.
    DiskFullIn,
    /// Whether a service that shall run does not.
    Service,
    /// Whether a unit is in systemd's failed state.
    Unit,
    /// Whether a model server does not answer.
    Engine,
    /// A model server's tokens per second, as a share of its baseline.
    EngineSpeed,
    /// How far the host's clock is off.
    Clock,
    /// How far this machine's clock is off, as the fleet agrees.
    OwnClock,
}

/// In what a measure is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// It is so or not: 1 or 0.
    State,
    /// A share of a hundred.
    Percent,
    /// Degrees.
    Celsius,
    /// A span of time, in seconds.
    Span,
}

impl Measure {
    /// All of them, by the words of a rule.
    pub const ALL: [(&'static str, Self); 16] = [
        ("reach", Self::Reach),
        ("link", Self::Link),
        ("ram", Self::Ram),
        ("vram", Self::Vram),
        ("heat", Self::Heat),
        ("gpu_heat", Self::GpuHeat),
        ("throttle", Self::Throttle),
        ("gpu_tool", Self::GpuTool),
        ("disk", Self::Disk),
        ("disk_full_in", Self::DiskFullIn),
        ("service", Self::Service),
        ("unit", Self::Unit),
        ("engine", Self::Engine),
        ("engine_speed", Self::EngineSpeed),
        ("clock", Self::Clock),
        ("own_clock", Self::OwnClock),
    ];

    /// In what it is counted.
    pub fn unit(self) -> Unit {
        match self {
            Self::Ram | Self::Vram | Self::Disk | Self::EngineSpeed => Unit::Percent,
            Self::Heat | Self::GpuHeat => Unit::Celsius,
            Self::DiskFullIn | Self::Clock | Self::OwnClock => Unit::Span,
            Self::Reach | Self::Link | Self::Throttle | Self::GpuTool => Unit::State,
            Self::Service | Self::Unit | Self::Engine => Unit::State,
        }
    }

    /// The least and the most it can be.
    pub fn range(self) -> (f64, f64) {
        match self {
            Self::Ram | Self::Vram | Self::Disk => (0.0, 100.0),
            Self::Heat | Self::GpuHeat => (-273.15, f64::INFINITY),
            _ => (0.0, f64::INFINITY),
        }
    }

    /// The word of a rule for it.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, measure)| *measure == self).map_or("", |(word, _)| word)
    }

    /// Why no playbook may answer it, if none may.
    pub fn not_healed(self) -> Option<&'static str> {
        match self {
            Self::Reach => Some("no playbook reaches a host that is away"),
            Self::Link | Self::OwnClock => Some("it is about this machine, not about a host"),
            Self::GpuTool => {
                Some("what uses a card whose driver hangs must not be killed: reboot by hand")
            }
            _ => None,
        }
    }
}

impl Unit {
    /// A value in it, for people.
    pub fn words(self, value: f64) -> String {
        match self {
            Self::State => if value > 0.5 { "yes" } else { "no" }.to_owned(),
            Self::Percent => format!("{value:.0} %"),
            Self::Celsius => format!("{value:.0} °C"),
            Self::Span if value.is_infinite() => "never".to_owned(),
            Self::Span => Millis::of_seconds(value).to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_without_an_end_is_never_over() {
        assert_eq!(Unit::Span.words(f64::INFINITY), "never");
        assert_eq!(Unit::Span.words(12_000.0), "3 h 20 min");
    }
}
