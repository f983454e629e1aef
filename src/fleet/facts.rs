//! What is known about a host. What is unknown is `None`, never zero.

use super::{Bytes, Millis};

/// What one probe found out about a host.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Facts {
    /// The name the machine gives itself.
    pub hostname: Option<String>,
    /// Operating system.
    pub os: OsFacts,
    /// Processor.
    pub cpu: CpuFacts,
    /// Memory.
    pub memory: MemoryFacts,
    /// Mounted disks.
    pub disks: Vec<Disk>,
    /// Graphics cards. `None` where nothing could tell; an empty list where there is none.
    pub gpus: Option<Vec<Gpu>>,
    /// The package manager: `apt`, `dnf`, `apk`, `brew`…
    pub package_manager: Option<String>,
    /// The init system.
    pub init: Option<Init>,
    /// The remote user: name.
    pub user: Option<String>,
    /// The remote user: numeric id.
    pub uid: Option<u32>,
    /// The remote user's home directory.
    pub home: Option<String>,
    /// The login shell.
    pub shell: Option<String>,
    /// Root, and how it is reached.
    pub sudo: SudoFacts,
    /// Whether runs outlive the login session.
    pub linger: Option<Linger>,
    /// Optional tools by name, the path of each that was found.
    pub tools: Vec<Tool>,
    /// The version of `python3`.
    pub python: Option<String>,
    /// Container engines found: `docker`, `podman`…
    pub containers: Vec<String>,
    /// What the machine runs in: `none`, `kvm`, `docker`, `wsl`…
    pub virtualisation: Option<String>,
    /// The battery, if there is one.
    pub battery: Option<Battery>,
    /// The host's clock minus ours.
    pub clock_skew: Option<Millis>,
    /// How uncertain `clock_skew` is: half of the exchange's round trip.
    pub clock_doubt: Option<Millis>,
    /// Seconds since boot.
    pub uptime_s: Option<u64>,
    /// What a cached copy of these facts is valid for.
    pub key: KeyFacts,
}

/// What tells whether cached facts still hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct KeyFacts {
    /// The kernel's boot id: another one means the machine has rebooted.
    pub boot_id: Option<String>,
    /// The host's own digest of what a compiled program may depend on, which the program takes
    /// again before it begins. SHA-256 in hex, or a checksum where the host has no SHA-256; empty
    /// where it has neither, and then facts cannot be cached.
    pub digest: String,
}

/// Operating system.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct OsFacts {
    /// `linux`, `darwin`, `freebsd`…
    pub family: Option<String>,
    /// The distribution's short name: `debian`, `kali`, `ubuntu`, `alpine`, `macos`…
    pub id: Option<String>,
    /// Names of the distributions it descends from.
    pub like: Vec<String>,
    /// The full name, for people.
    pub name: Option<String>,
    /// The version.
    pub version: Option<String>,
    /// The kernel's release.
    pub kernel: Option<String>,
    /// `x86_64`, `aarch64`…
    pub arch: Option<String>,
}

/// Processor.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct CpuFacts {
    /// The model's name.
    pub model: Option<String>,
    /// Cores, as built.
    pub cores: Option<u32>,
    /// Threads, as the scheduler sees them.
    pub threads: Option<u32>,
    /// NUMA nodes.
    pub numa_nodes: Option<u32>,
    /// Advanced vector extensions 2.
    pub avx2: Option<bool>,
    /// Advanced vector extensions 512, foundation.
    pub avx512: Option<bool>,
    /// ARM's vector extensions.
    pub neon: Option<bool>,
}

/// Memory.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct MemoryFacts {
    /// RAM.
    pub total: Option<Bytes>,
    /// RAM that can still be had.
    pub available: Option<Bytes>,
    /// Swap.
    pub swap: Option<Bytes>,
    /// Swap that is still free.
    pub swap_free: Option<Bytes>,
}

/// A mounted disk.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Disk {
    /// Where it is mounted.
    pub mount: String,
    /// The device or source.
    pub source: String,
    /// The file system's kind.
    pub kind: Option<String>,
    /// Its size.
    pub size: Option<Bytes>,
    /// What is taken.
    pub used: Option<Bytes>,
    /// What an ordinary user may still write.
    pub free: Option<Bytes>,
    /// Whether it turns: `true` for a hard disk, `false` for an SSD.
    pub rotational: Option<bool>,
}

/// A graphics card or an accelerator.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Gpu {
    /// Who made it.
    pub vendor: GpuVendor,
    /// The model's name.
    pub name: Option<String>,
    /// The driver's version, or its kernel module's name where that is all there is.
    pub driver: Option<String>,
    /// CUDA's compute capability, as `6.1`.
    pub compute: Option<String>,
    /// Memory of its own.
    pub vram: Option<Bytes>,
    /// Whether it shares the machine's RAM.
    pub unified: Option<bool>,
    /// The bus address.
    pub bus: Option<String>,
}

/// Who made a graphics card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GpuVendor {
    /// NVIDIA.
    Nvidia,
    /// AMD.
    Amd,
    /// Intel.
    Intel,
    /// Apple.
    Apple,
    /// Anyone else.
    Other,
}

/// The init system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Init {
    /// systemd is running as process 1.
    Systemd,
    /// OpenRC.
    Openrc,
    /// macOS's launchd.
    Launchd,
    /// Anything else, a container's process 1 for instance.
    Other,
}

/// Root, and how it is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct SudoFacts {
    /// What we may do.
    pub right: Option<SudoRight>,
    /// Which program: `sudo`, `sudo-rs`, `doas`.
    pub kind: Option<String>,
    /// Its version.
    pub version: Option<String>,
}

/// What we may do as root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SudoRight {
    /// We are root.
    Root,
    /// Without a password.
    Free,
    /// With a password, as far as can be told without giving one.
    Password,
    /// Not at all: there is no sudo.
    None,
}

/// Whether processes outlive the login session that started them.
///
/// Measured on Debian 12: with `KillUserProcesses=no`, Debian's default, a process started by
/// `setsid` or `nohup` goes on when its session ends, linger or not; with `yes` it is ended with
/// the session, linger or not, and only a unit of the user's own systemd goes on, if linger is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Linger {
    /// Linger is on: a user unit outlives the session. A plain process need not.
    Enabled,
    /// logind ends them with the session, and linger is off.
    Ends,
    /// Plain processes go on: there is no logind, it does not know our session, or it is told to
    /// leave them alone.
    Survives,
}

/// An optional tool that was found. `sync -d` is one by that name where `sync` knows the option.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its path; its bare name where the shell holds it itself.
    pub path: String,
}

/// A battery.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Battery {
    /// Charge in percent.
    pub percent: Option<u8>,
    /// Whether the machine runs on it now.
    pub discharging: Option<bool>,
}
