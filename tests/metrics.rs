//! `shelter metrics`, read by a strict parser of OpenMetrics 1.0.

pub mod openmetrics;

use crate::support::Shelter;
use openmetrics::{Family, parse};

fn family<'a>(families: &'a [Family], name: &str) -> &'a Family {
    families.iter().find(|family| family.name == name).unwrap_or_else(|| panic!("no {name}"))
}

#[test]
fn the_parser_refuses_what_openmetrics_refuses() {
    let good = "# TYPE a_seconds gauge\n# UNIT a_seconds seconds\n# HELP a_seconds x\na_seconds{b=\"c\\\"\"} 1\n# EOF\n";
    assert_eq!(parse(good).unwrap()[0].samples[0].labels, [("b".to_owned(), "c\"".to_owned())]);
    for (bad, why) in [
        (good.replace("# EOF\n", ""), "the end mark"),
        (good.replace("# EOF\n", "# EOF"), "the end mark"),
        (good.replace("a_seconds{", "b{"), "belongs to no family"),
        (good.replace(" 1\n", " one\n"), "no number"),
        (good.replace("b=\"c\\\"\"", "b=\"c\",b=\"d\""), "twice"),
        (good.replace("seconds gauge", "seconds thing"), "type"),
        (good.replace("# UNIT a_seconds seconds", "# UNIT a_seconds bytes"), "unit"),
        (good.replace("# EOF", "a_seconds{b=\"c\\\"\"} 2\n# EOF"), "twice"),
        (good.replace("# EOF", "\n# EOF"), "empty line"),
        (good.replace("{b=", "{0b="), "label"),
    ] {
        let said = parse(&bad).unwrap_err();
        assert!(said.contains(why), "{said} for {bad}");
    }
}

#[test]
fn this_machine_and_a_dead_host_come_out_as_openmetrics() {
    let shelter = Shelter::new().inventory(
        "hosts:\n  here:\n    via: local\n  gone:\n    via:\n      shell: /nowhere/sh\n",
    );
    let outcome = shelter.run(&["metrics"]);
    assert_eq!(outcome.code, 4, "{}", outcome.stderr);
    let families = parse(&outcome.stdout).unwrap_or_else(|said| panic!("{said}"));
    let up = family(&families, "shelter_host_up");
    let values: Vec<(&str, f64)> = up.samples.iter().map(|s| (s.label("host"), s.value)).collect();
    assert_eq!(values, [("here", 1.0), ("gone", 0.0)]);
    let memory = family(&families, "shelter_memory_size_bytes");
    assert_eq!((memory.kind.as_str(), memory.unit.as_str()), ("gauge", "bytes"));
    assert_eq!(memory.samples.len(), 1, "nothing is made up for a host that is away");
    assert!(memory.samples[0].value > 1e8);
    assert_eq!(family(&families, "shelter_load").samples.len(), 3);
}

#[test]
fn the_practice_hosts_say_that_they_are_simulated_and_their_card_is_told() {
    let shelter = Shelter::new();
    let outcome = shelter.run(&["--lab", "metrics"]);
    shelter.run(&["lab", "stop"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let families = parse(&outcome.stdout).unwrap_or_else(|said| panic!("{said}"));
    let hosts = family(&families, "shelter_host_info");
    assert_eq!(hosts.kind, "gauge");
    assert!(hosts.samples.iter().all(|s| s.label("simulated") == "true" && s.value == 1.0));
    assert_eq!(hosts.samples.len(), 2);
    let generation = family(&families, "shelter_gpu_pcie_generation_max");
    assert_eq!((generation.samples[0].label("host"), generation.samples[0].value), ("shadow", 3.0));
    let held = family(&families, "shelter_gpu_throttled");
    assert_eq!(held.samples.len(), 7, "one for every reason, also for those that do not hold");
}
