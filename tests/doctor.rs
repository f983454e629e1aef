//! `shelter doctor`, as its users call it.

use std::os::unix::fs::PermissionsExt;

use crate::support::{Shelter, this_machine};

fn line<'a>(stdout: &'a str, subject: &str) -> &'a str {
    let found = stdout.lines().find(|line| line.starts_with(subject));
    found.unwrap_or_else(|| panic!("nothing about {subject} in {stdout}"))
}

#[test]
fn a_console_that_has_what_it_needs_is_well() {
    let shelter = Shelter::new().inventory("hosts:\n  here: {via: local}\n");
    let outcome = shelter.run(&["doctor"]);
    assert_eq!((outcome.code, outcome.stderr.as_str()), (0, ""), "{}", outcome.stdout);
    assert!(line(&outcome.stdout, "inventory").ends_with("● well  1 host"), "{}", outcome.stdout);
    assert!(line(&outcome.stdout, "history").ends_with("none yet"), "{}", outcome.stdout);
}

#[test]
fn a_damaged_file_is_told_with_its_place_and_the_others_are_looked_at_all_the_same() {
    let shelter = Shelter::new().inventory("hosts:\n  here: {via: locl}\n");
    let outcome = shelter.run(&["doctor"]);
    assert_eq!(outcome.code, 1);
    assert!(line(&outcome.stdout, "inventory").contains("✕ bad"), "{}", outcome.stdout);
    assert!(outcome.stderr.contains("shelter.yaml:2:15"), "{}", outcome.stderr);
    assert!(line(&outcome.stdout, "playbooks").contains("● well"), "{}", outcome.stdout);

    let found = shelter.run(&["doctor", "--json"]);
    let of = |subject: &str| {
        let mut values =
            found.stdout.lines().map(|l| serde_json::from_str::<serde_json::Value>(l).unwrap());
        values.find(|value| value["subject"] == subject).unwrap()
    };
    assert_eq!(of("inventory")["health"], "bad");
    assert!(of("inventory")["reports"][0].as_str().unwrap().contains("did you mean"));
    assert_eq!(of("models").get("reports"), None);
}

#[test]
fn a_home_that_others_may_write_in_is_refused_with_the_way_out() {
    let shelter = Shelter::new().inventory("hosts:\n  here: {via: local}\n");
    std::fs::set_permissions(
        shelter.path(".mountain_shelter"),
        std::fs::Permissions::from_mode(0o777),
    )
    .unwrap();
    let outcome = shelter.run(&["doctor"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stdout.contains("→ chmod go-w "), "{}", outcome.stdout);
}

#[test]
fn a_history_somebody_changed_is_bad() {
    let shelter = Shelter::new().inventory("hosts:\n  here: {via: local}\n");
    let _machine = this_machine();
    assert_eq!(shelter.run(&["--run", "00", "--check"]).code, 0);
    let history = shelter.path(".mountain_shelter/history_main.log");
    let text = std::fs::read_to_string(&history).unwrap();
    assert!(line(&shelter.run(&["doctor"]).stdout, "history").contains("the chain holds"));
    std::fs::write(&history, text.replacen("here", "hare", 1)).unwrap();
    let outcome = shelter.run(&["doctor"]);
    assert_eq!(outcome.code, 1);
    assert!(
        line(&outcome.stdout, "history").contains("the chain is broken at"),
        "{}",
        outcome.stdout
    );
}

#[test]
fn keys_that_mean_nothing_or_two_things_are_bad() {
    let keys = "hosts:\n  here: {via: local}\nconsole:\n  keys: {hepl: h, help: q}\n";
    let shelter = Shelter::new().inventory(keys);
    let outcome = shelter.run(&["doctor"]);
    assert_eq!(outcome.code, 1, "{}", outcome.stdout);
    assert!(line(&outcome.stdout, "console").contains("✕ bad"), "{}", outcome.stdout);
    assert!(outcome.stderr.contains("did you mean `help`?"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("shelter.yaml:4:"), "{}", outcome.stderr);
}

#[test]
fn a_home_that_is_not_there_is_told_of_and_not_made() {
    let shelter = Shelter::new();
    let home = shelter.path("nowhere/home");
    let outcome = shelter.run(&["--home", home.to_str().unwrap(), "doctor"]);
    assert_eq!(outcome.code, 1, "{}", outcome.stdout);
    assert!(line(&outcome.stdout, "home").contains("not there yet"), "{}", outcome.stdout);
    assert!(!shelter.path("nowhere").exists(), "{}", outcome.stdout);
}
