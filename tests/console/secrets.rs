//! Secrets of playbooks that are run from the console: fetched beside everything else, asked for, missed in clear words.

use super::order;
use super::seat::Seat;
use crate::support::{Shelter, this_machine, until};

const PLAYBOOK: &str = "playbook: 54_secret\nname: Secret\npurpose: Uses a secret.\nhosts: all\n\
    secrets: {token: what the door asks for}\nsteps:\n  - name: use it\n    check: 'false'\n    \
    apply: 'echo it has $(secret token | wc -c) letters'\n    verify: 'true'\n";

fn home(secrets: &str) -> Shelter {
    let inventory = format!("hosts:\n  alder:\n    via: {{shell: sh}}\n{secrets}");
    Shelter::new()
        .inventory(&inventory)
        .file(".mountain_shelter/playbooks/54_secret.yaml", PLAYBOOK)
}

fn sit_down(shelter: &Shelter) -> Seat {
    let mut seat = Seat::at(shelter, &[]);
    seat.until("1 of 1 up");
    seat.until("check structure");
    order(&mut seat, "54_secret");
    seat
}

#[test]
fn a_secret_that_nothing_tells_is_asked_for_in_the_console() {
    let _machine = this_machine();
    let shelter = home("");
    let mut seat = sit_down(&shelter);
    let asked = seat.until("SECRET");
    assert!(asked.contains("`token`: what the door asks for"), "{asked}");
    seat.press("moonshine\r");
    seat.until("it has 9 letters");
    assert_eq!(seat.leave(), 0);
    assert!(!String::from_utf8_lossy(&seat.bytes()).contains("moonshine"));
}

#[test]
fn a_secret_that_nobody_gives_keeps_the_run_from_beginning() {
    let shelter = home("");
    let mut seat = sit_down(&shelter);
    seat.until("SECRET");
    seat.press("\x1b");
    let told = seat.until("NOT BEGUN");
    assert!(told.contains("nobody is there to give the secret `token`"), "{told}");
    assert!(told.contains("SHELTER_SECRET_TOKEN"), "{told}");
    assert_eq!(seat.leave(), 0);
}

#[test]
fn while_a_command_fetches_a_secret_the_console_does_other_things() {
    let _machine = this_machine();
    let shelter = home("");
    let fetch = shelter.path("fetch").display().to_string();
    let script = format!("until [ -e {fetch}.go ]; do sleep 0.05; done; echo moonshine");
    let shelter = shelter.file("fetch", &script).inventory(&format!(
        "hosts:\n  alder:\n    via: {{shell: sh}}\nsecrets:\n  token: {{command: 'sh {fetch}'}}\n"
    ));
    let mut seat = sit_down(&shelter);
    seat.until("54_secret waits for its secrets");
    // Both need whoever carries the wishes out.
    seat.press("5");
    seat.until("nothing has been run yet");
    seat.press("3");
    seat.press("s");
    seat.until("there is no program yet");
    std::fs::write(format!("{fetch}.go"), "").unwrap();
    seat.press("f");
    seat.until("it has 9 letters");
    assert_eq!(seat.leave(), 0);
}

#[test]
fn a_command_that_gives_no_secret_is_told_with_its_place_its_words_and_what_to_do() {
    let command = "  token: {command: \"sh -c 'echo the store is locked >&2; exit 3'\"}\n";
    let shelter = home(&format!("secrets:\n{command}"));
    let told =
        "the secret `token` cannot be had: `sh` ended with exit status: 3: the store is locked";
    let headless = shelter.run(&["--run", "54"]);
    assert_eq!(headless.code, 1);
    for part in [told, "shelter.yaml:5:10", "set `SHELTER_SECRET_TOKEN`"] {
        assert!(headless.stderr.contains(part), "{part}: {}", headless.stderr);
    }
    let mut seat = sit_down(&shelter);
    let shown = seat.until("NOT BEGUN");
    for part in [told, "shelter.yaml:5:10", "set `SHELTER_SECRET_TOKEN`"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert_eq!(seat.leave(), 0);
    until("nothing was begun", || !shelter.path(".mountain_shelter/logs/memory").exists());
}
