//! The battery of the machine itself, from sysfs or `pmset`; those of mice and pens do not count.

use super::answer::Answer;
use super::number::whole;
use crate::fleet::Battery;

const SUPPLIES: &str = "/sys/class/power_supply/";

/// The first battery there is.
pub(super) fn read(answer: &Answer<'_>) -> Option<Battery> {
    if answer.has("pmset") { darwin(answer) } else { linux(answer) }
}

fn linux(answer: &Answer<'_>) -> Option<Battery> {
    let mut supplies = answer.files().filter_map(|(path, line)| {
        let name = path.strip_prefix(SUPPLIES)?.strip_suffix("/type")?;
        (line.trim() == "Battery").then_some(name)
    });
    let file = |name: &str, file: &str| answer.file_line(&format!("{SUPPLIES}{name}/{file}"));
    let name = supplies.find(|name| file(name, "scope") != Some("Device"))?;
    let discharging = match file(name, "status") {
        Some("Discharging") => Some(true),
        Some("Charging" | "Full" | "Not charging") => Some(false),
        _ => None,
    };
    Some(Battery { percent: file(name, "capacity").and_then(percent), discharging })
}

/// ` -InternalBattery-0 (id=1234567)`, a tab, `85%; discharging; 3:12 remaining present: true`.
fn darwin(answer: &Answer<'_>) -> Option<Battery> {
    let line = answer.lines("pmset").iter().find(|line| line.contains("InternalBattery"))?;
    let mut parts = line.split('\t').nth(1)?.split(';').map(str::trim);
    let charge = parts.next().and_then(|text| percent(text.strip_suffix('%')?));
    let discharging = match parts.next() {
        Some("discharging") => Some(true),
        Some("charging" | "charged" | "finishing charge" | "AC attached") => Some(false),
        _ => None,
    };
    Some(Battery { percent: charge, discharging })
}

fn percent(text: &str) -> Option<u8> {
    whole(text).and_then(|n| u8::try_from(n).ok()).filter(|n| *n <= 100)
}
