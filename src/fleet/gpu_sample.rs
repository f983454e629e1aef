//! What a graphics card is doing.

use super::{Bytes, Celsius, GpuVendor, Megahertz, Percent, Reading, Rpm, Watts};

/// A graphics card at one moment.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct GpuSample {
    /// Who made it.
    pub vendor: GpuVendor,
    /// What tells it from others on its host: its bus address, or the name the kernel gives it.
    pub id: String,
    /// The model's name.
    pub name: Option<String>,
    /// Whether it sleeps, and is left asleep.
    pub asleep: bool,
    /// The share of time in which it worked.
    pub busy: Reading<Percent>,
    /// Memory of its own. Absent where it shares the machine's.
    pub vram: Reading<Bytes>,
    /// … of which is taken.
    pub vram_used: Reading<Bytes>,
    /// Its temperature.
    pub temperature: Reading<Celsius>,
    /// What it draws.
    pub power: Reading<Watts>,
    /// What it may draw.
    pub power_limit: Reading<Watts>,
    /// The clock of its processors.
    pub clock: Reading<Megahertz>,
    /// The clock of its memory.
    pub memory_clock: Reading<Megahertz>,
    /// What holds its clocks back, as words; empty where nothing does.
    pub throttled_by: Reading<Vec<Throttle>>,
    /// The link to the machine. An idle one runs slower by design: judge it under load alone.
    pub pcie: Pcie,
    /// Its fan, as a share of what it can.
    pub fan: Reading<Percent>,
    /// Its fan, counted.
    pub fan_speed: Reading<Rpm>,
    /// Its performance state, as `P0`.
    pub state: Reading<String>,
    /// What runs on it.
    pub processes: Reading<Vec<GpuProcess>>,
}

/// The link of a card.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Pcie {
    /// The generation now.
    pub generation: Reading<u8>,
    /// The highest both ends can.
    pub generation_max: Reading<u8>,
    /// Lanes now.
    pub width: Reading<u8>,
    /// The most lanes it can.
    pub width_max: Reading<u8>,
}

/// A process on a card.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct GpuProcess {
    /// Its number.
    pub pid: u32,
    /// Its program.
    pub name: String,
    /// The card's memory it holds. `None` where that is not told.
    pub memory: Option<Bytes>,
    /// The ports at which it answers, or the nearest process that has started it. Empty also where that cannot be seen.
    #[serde(default)]
    pub serves: Vec<u16>,
}

/// What holds a card's clocks back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Throttle {
    /// Nothing to do. No fault.
    Idle,
    /// Clocks that somebody has set. No fault.
    Setting,
    /// The power limit.
    PowerCap,
    /// The hardware: power, heat or a signal from outside.
    Hardware,
    /// Kept in step with other cards.
    Sync,
    /// Heat, as the driver sees it.
    Heat,
    /// Heat, as the hardware sees it.
    HardwareHeat,
    /// The power supply says so.
    PowerBrake,
    /// The clocks of a display.
    Display,
    /// Something newer than this program.
    Other,
}

impl Throttle {
    /// The word for people; `None` for what is no fault.
    pub fn fault(self) -> Option<&'static str> {
        match self {
            Self::Idle | Self::Setting | Self::Display => None,
            Self::PowerCap => Some("power limit"),
            Self::Hardware => Some("hardware"),
            Self::Sync => Some("other cards"),
            Self::Heat => Some("heat"),
            Self::HardwareHeat => Some("heat (hardware)"),
            Self::PowerBrake => Some("power brake"),
            Self::Other => Some("a reason unknown here"),
        }
    }
}
