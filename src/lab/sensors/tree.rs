//! What the sensors of each profile show: files as the kernel would have them, in `/sys`. Data, and one wave.

use crate::lab::Profile;

/// A file of the tree and its text.
type File = (&'static str, &'static str);

/// A file whose value rises and falls.
pub(super) struct Reading {
    /// Its path in the tree.
    pub path: &'static str,
    low: i64,
    high: i64,
    /// Seconds from low to low.
    period: u64,
    words: Option<[&'static str; 2]>,
}

/// Directories that are shown instead of the machine's own, not beside them.
pub(super) const REPLACED: [&str; 5] =
    ["class/thermal", "class/hwmon", "class/power_supply", "class/drm", "class/dmi"];

const PHANTOM: &[File] = &[
    ("class/dmi/id/sys_vendor", "SAMSUNG ELECTRONICS CO., LTD. (SIMULATED)"),
    ("class/dmi/id/product_name", "Galaxy Book2 Pro (SIMULATED)"),
    ("class/dmi/id/bios_vendor", "American Megatrends International, LLC."),
    ("class/dmi/id/bios_version", "P09ALX.400 (SIMULATED)"),
    ("class/thermal/thermal_zone0/type", "x86_pkg_temp"),
    ("class/thermal/thermal_zone0/mode", "enabled"),
    ("class/thermal/thermal_zone0/trip_point_0_temp", "100000"),
    ("class/thermal/thermal_zone0/trip_point_0_type", "critical"),
    ("class/thermal/thermal_zone1/type", "acpitz"),
    ("class/thermal/thermal_zone1/mode", "enabled"),
    ("class/hwmon/hwmon0/name", "coretemp"),
    ("class/hwmon/hwmon0/temp1_label", "Package id 0"),
    ("class/hwmon/hwmon0/temp1_max", "100000"),
    ("class/hwmon/hwmon0/temp1_crit", "100000"),
    ("class/hwmon/hwmon1/name", "nvme"),
    ("class/hwmon/hwmon1/temp1_label", "Composite"),
    ("class/hwmon/hwmon1/temp1_crit", "84850"),
    ("class/power_supply/ADP1/type", "Mains"),
    ("class/power_supply/ADP1/online", "0"),
    ("class/power_supply/BAT1/type", "Battery"),
    ("class/power_supply/BAT1/scope", "System"),
    ("class/power_supply/BAT1/present", "1"),
    ("class/power_supply/BAT1/technology", "Li-ion"),
    ("class/power_supply/BAT1/model_name", "SIMULATED"),
    ("class/power_supply/BAT1/energy_full_design", "63000000"),
    ("class/power_supply/BAT1/energy_full", "58800000"),
    ("class/power_supply/BAT1/cycle_count", "212"),
    ("class/drm/card0/gt_max_freq_mhz", "1400"),
    ("class/drm/card0/gt_min_freq_mhz", "100"),
    ("devices/0000:00:02.0/class", "0x030000"),
    ("devices/0000:00:02.0/vendor", "0x8086"),
    ("devices/0000:00:02.0/device", "0x46a6"),
    (
        "devices/0000:00:02.0/uevent",
        "DRIVER=i915\nPCI_CLASS=30000\nPCI_ID=8086:46A6\nPCI_SLOT_NAME=0000:00:02.0",
    ),
];
const PHANTOM_READINGS: &[Reading] = &[
    wave("class/thermal/thermal_zone0/temp", 46_000, 78_000, 300),
    wave("class/thermal/thermal_zone1/temp", 41_000, 55_000, 300),
    wave("class/hwmon/hwmon0/temp1_input", 46_000, 78_000, 300),
    wave("class/hwmon/hwmon1/temp1_input", 37_850, 48_850, 600),
    wave("class/power_supply/BAT1/capacity", 22, 97, 14_400),
    Reading {
        path: "class/power_supply/BAT1/status",
        low: 0,
        high: 1,
        period: 14_400,
        words: Some(["Charging", "Discharging"]),
    },
    wave("class/drm/card0/gt_cur_freq_mhz", 100, 1400, 180),
];

const SHADOW: &[File] = &[
    ("class/dmi/id/sys_vendor", "Acer (SIMULATED)"),
    ("class/dmi/id/product_name", "Aspire VX5-591G (SIMULATED)"),
    ("class/dmi/id/bios_vendor", "Insyde Corp."),
    ("class/dmi/id/bios_version", "V1.06 (SIMULATED)"),
    ("class/thermal/thermal_zone0/type", "x86_pkg_temp"),
    ("class/thermal/thermal_zone0/mode", "enabled"),
    ("class/thermal/thermal_zone0/trip_point_0_temp", "100000"),
    ("class/thermal/thermal_zone0/trip_point_0_type", "critical"),
    ("class/hwmon/hwmon0/name", "coretemp"),
    ("class/hwmon/hwmon0/temp1_label", "Package id 0"),
    ("class/hwmon/hwmon0/temp1_max", "100000"),
    ("class/hwmon/hwmon0/temp1_crit", "100000"),
    ("class/hwmon/hwmon1/name", "drivetemp"),
    ("class/hwmon/hwmon2/name", "drivetemp"),
    ("class/power_supply/ACAD/type", "Mains"),
    ("class/power_supply/ACAD/online", "1"),
    ("devices/0000:01:00.0/class", "0x030200"),
    ("devices/0000:01:00.0/vendor", "0x10de"),
    ("devices/0000:01:00.0/device", "0x1c8c"),
    (
        "devices/0000:01:00.0/uevent",
        "DRIVER=nvidia\nPCI_CLASS=30200\nPCI_ID=10DE:1C8C\nPCI_SLOT_NAME=0000:01:00.0",
    ),
];
const SHADOW_READINGS: &[Reading] = &[
    wave("class/thermal/thermal_zone0/temp", 44_000, 83_000, 240),
    wave("class/hwmon/hwmon0/temp1_input", 44_000, 83_000, 240),
    wave("class/hwmon/hwmon1/temp1_input", 33_000, 39_000, 1800),
    wave("class/hwmon/hwmon2/temp1_input", 34_000, 41_000, 1800),
];

/// Files that never change.
pub(super) fn fixed(profile: Profile) -> &'static [File] {
    match profile {
        Profile::Phantom => PHANTOM,
        Profile::Shadow => SHADOW,
    }
}

/// Files that do.
pub(super) fn readings(profile: Profile) -> &'static [Reading] {
    match profile {
        Profile::Phantom => PHANTOM_READINGS,
        Profile::Shadow => SHADOW_READINGS,
    }
}

const fn wave(path: &'static str, low: i64, high: i64, period: u64) -> Reading {
    Reading { path, low, high, period, words: None }
}

impl Reading {
    /// The value some seconds after boot: up for half a period, then down; or the word for which of the two it is.
    pub fn at(&self, seconds: u64) -> String {
        let (phase, half) = (seconds % self.period, self.period / 2);
        if let Some(words) = self.words {
            return words[usize::from(phase >= half)].to_owned();
        }
        let climbed = if phase < half { phase } else { self.period - phase };
        let climbed = i64::try_from(climbed * 1000 / half).unwrap_or_default();
        (self.low + (self.high - self.low) * climbed / 1000).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_battery_charges_while_its_charge_rises() {
        let find = |end: &str| PHANTOM_READINGS.iter().find(|r| r.path.ends_with(end)).unwrap();
        let (charge, status) = (find("capacity"), find("status"));
        let charge = |at| charge.at(at).parse::<i64>().unwrap();
        assert_eq!((charge(0), charge(7200), status.at(100).as_str()), (22, 97, "Charging"));
        assert!(charge(9000) < charge(8000));
        assert_eq!(status.at(9000), "Discharging");
    }
}
