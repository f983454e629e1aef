//! Runs that this console does not look after: let go and ended by another one, or without any.

use super::seat::Seat;
use super::{WAIT, order};
use crate::support::{Shelter, this_machine, until};

/// A playbook that waits for a file of its own home.
fn waiting(place: &std::path::Path) -> String {
    WAIT.replace("/tmp/go-on", &place.join("go-on").display().to_string())
}

fn home() -> Shelter {
    let shelter = Shelter::new();
    let playbook = waiting(shelter.user_home());
    let inventory = "hosts:\n  alder:\n    via: {shell: sh}\n";
    shelter.inventory(inventory).file(".mountain_shelter/playbooks/50_wait.yaml", &playbook)
}

#[test]
fn a_run_that_was_let_go_and_that_another_console_ends_is_seen_to_be_over() {
    let _machine = this_machine();
    let shelter = home();
    let mut seat = Seat::at(&shelter, &[]);
    seat.until("1 of 1 up");
    seat.until("check structure");
    order(&mut seat, "50_wait");
    seat.until("first words");
    seat.press("d");
    seat.until("left to itself");
    std::fs::write(shelter.path("go-on"), "").unwrap();
    let resumed = shelter.run(&["resume"]);
    assert_eq!(resumed.code, 0, "{}{}", resumed.stdout, resumed.stderr);
    let over = seat.until_it("its end", |screen| {
        screen.contains("◆ changed") && !screen.contains("elsewhere")
    });
    assert!(over.contains("last words") && !over.contains("left to itself"), "{over}");
    assert_eq!(seat.leave(), 0);
}

#[test]
fn a_run_whose_console_died_is_called_interrupted_wherever_it_is_told() {
    let _machine = this_machine();
    let shelter = home();
    let mut dying = Seat::at(&shelter, &["--run", "50"]);
    dying.until("first words");
    dying.signal(rustix::process::Signal::KILL);
    dying.end();
    let listed = shelter.run(&["log"]).stdout;
    assert!(listed.contains("interrupted"), "{listed}");
    let mut seat = Seat::at(&shelter, &[]);
    seat.until("1 of 1 up");
    seat.press("5");
    seat.until("▲ interrupted");
    seat.press("\r");
    let replayed = seat.until("wait for it");
    assert!(replayed.contains("▲ interrupted"), "{replayed}");
    assert!(!replayed.contains("left to itself") && !replayed.contains("running"), "{replayed}");
    // It is gone on with from there.
    std::fs::write(shelter.path("go-on"), "").unwrap();
    seat.press("R");
    seat.until("◆ changed");
    assert_eq!(seat.leave(), 0);
    until("it is over", || !shelter.run(&["log"]).stdout.contains("interrupted"));
}
