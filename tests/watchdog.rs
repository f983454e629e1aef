//! The watchdog: its rules against recorded samples, its promises under a clock that is told, and the program itself.

mod engines;
mod figures;
mod fixtures;
mod healing;
mod link;
mod program;
mod quiet;
mod world;

use std::path::Path;

use shelter::text::Source;
use shelter::watchdog::Rules;

use crate::support::cases::compare;

/// The rules of a text, over the built-in ones.
fn rules(text: &str) -> Rules {
    Rules::read(&[Source::new("watch/own.yaml", text)]).unwrap()
}

#[test]
fn every_mistake_in_a_file_of_rules_is_told_with_its_place() {
    compare("tests/errors/watch", |case: &Path| {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        let source = Source::new(name, std::fs::read_to_string(case).unwrap());
        match Rules::read(&[source]) {
            Ok(_) => "no error\n".to_owned(),
            Err(reports) => format!("{reports}\n"),
        }
    });
}

#[test]
fn a_rule_of_the_home_overrides_the_built_in_one_field_by_field() {
    let rules =
        rules("rules:\n  - {rule: ram, raise: \"> 97 %\"}\n  - {rule: heat, enabled: false}\n");
    let ram = rules.named("ram").unwrap();
    assert_eq!((ram.threshold.raise, ram.threshold.clear, ram.hold.0), (97.0, 90.0, 120_000));
    assert!(rules.named("heat").is_none() && rules.named("gpu_heat").is_some());
}
