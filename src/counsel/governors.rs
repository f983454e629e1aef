//! Frequency governors that save power where models are to run.

use super::{Advice, Known};

const WANTED: &str = "performance";

/// Hosts on mains whose governor is another. One on battery is right to save power.
pub fn advise(known: &Known<'_>) -> Vec<Advice> {
    let one = |(host, look): (&crate::fleet::HostName, &crate::fleet::Look)| {
        let governor = look.sample.cpu.governor.fresh().filter(|governor| *governor != WANTED)?;
        if look.sample.mains.value == Some(false) {
            return None;
        }
        let all = "/sys/devices/system/cpu/cpufreq/policy*/scaling_governor";
        Some(Advice {
            text: format!("the governor of {host} is not `{WANTED}`"),
            evidence: format!("it is {governor} at {}", look.at),
            command: format!("on {host}: echo {WANTED} | sudo tee {all}"),
        })
    };
    known.looks().filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::super::scene::{Scene, ok};
    use super::*;
    use crate::fleet::{Quality, Reading};

    #[test]
    fn a_governor_that_saves_power_is_raised_unless_a_battery_feeds_the_host() {
        let told = |governor: Reading<String>, mains: Option<bool>| {
            let scene = Scene::new().with(|sample| {
                sample.cpu.governor = governor;
                sample.mains = mains.map_or_else(|| sample.mains.clone(), ok);
            });
            advise(&scene.known())
        };
        let named = |name: &str| ok(name.to_owned());
        let raised = told(named("powersave"), Some(true));
        assert_eq!(raised[0].text, "the governor of shadow is not `performance`");
        assert!(raised[0].evidence.starts_with("it is powersave at "));
        assert_eq!(told(named("performance, schedutil"), None).len(), 1);
        assert_eq!(told(named("performance"), None), []);
        assert_eq!(told(named("powersave"), Some(false)), []);
        let stale = Reading { quality: Quality::Stale, ..named("powersave") };
        assert_eq!(told(stale, None), []);
    }
}
