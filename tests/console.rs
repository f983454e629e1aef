//! The console in a real terminal: what a person sees and does, and how the terminal is given back.

mod adding;
mod elsewhere;
mod mending;
mod mouse;
mod prompts;
pub mod seat;
mod secrets;

use rustix::process::Signal;

use crate::reach::sshd::Sshd;
use crate::support::{Shelter, whoami};
use seat::Seat;

/// A playbook that prints, and waits for a file until it is there or somebody has had enough.
const WAIT: &str = "playbook: 50_wait\nname: Wait\npurpose: Waits for a file.\nhosts: all\nsteps:\n  \
    - name: wait for it\n    check: test -e /tmp/go-on\n    \
    apply: 'echo first words; while ! test -e /tmp/go-on; do sleep 0.1; done; echo last words'\n";
/// A playbook that prints without end.
const FLOOD: &str = "playbook: 51_flood\nname: Flood\npurpose: Prints without end.\nhosts: phantom\nsteps:\n  \
    - name: flood\n    check: 'false'\n    apply: 'yes a line of some length that is printed again and again'\n";

fn home() -> Shelter {
    Shelter::new()
        .file(".mountain_shelter/playbooks/50_wait.yaml", WAIT)
        .file(".mountain_shelter/playbooks/51_flood.yaml", FLOOD)
}

/// Chooses a playbook by the palette and runs it.
fn run(seat: &mut Seat, playbook: &str) {
    seat.until("2 of 2 up");
    seat.until("check structure");
    order(seat, playbook);
}

/// The same, once the console knows hosts and playbooks.
fn order(seat: &mut Seat, playbook: &str) {
    seat.press(":");
    seat.until("▌ run 00_check_structure");
    seat.press(&format!("run {playbook}"));
    seat.until(&format!("▌ run {playbook}"));
    seat.press("\r");
    seat.until("not now");
    seat.press("\r");
}

#[test]
fn it_opens_shows_the_hosts_changes_screens_and_gives_the_terminal_back() {
    let shelter = home();
    let mut seat = Seat::at(&shelter, &["--lab"]);
    let first = seat.until("2 of 2 up");
    assert!(first.contains("PHANTOM") && first.contains("SHADOW") && first.contains("SIMULATED"));
    seat.press("3");
    seat.until("PLAYS");
    seat.press("?");
    seat.until("getting about");
    seat.press("\x1b");
    seat.until_gone("getting about");
    seat.press("1");
    seat.until("STREAM");
    seat.press("Q");
    assert_eq!(seat.end(), 0);
    seat.is_as_before();
    shelter.run(&["lab", "stop"]);
}

#[test]
fn a_run_is_watched_and_cancelled() {
    let shelter = home();
    let mut seat = Seat::at(&shelter, &["--lab"]);
    run(&mut seat, "50_wait");
    seat.until("first words");
    seat.press("x");
    seat.until("CANCEL");
    seat.press("\r");
    seat.until_it("cancelled on both", |screen| screen.matches('■').count() >= 2);
    assert_eq!(seat.leave(), 0);
    shelter.run(&["lab", "stop"]);
}

#[test]
fn a_run_that_is_left_goes_on_and_is_resumed_from_the_command_line() {
    let shelter = home();
    let mut seat = Seat::at(&shelter, &["--lab"]);
    run(&mut seat, "50_wait");
    seat.until("first words");
    seat.press("d");
    seat.until("left to itself");
    seat.press("Q");
    assert_eq!(seat.end(), 0);
    for host in ["phantom", "shadow"] {
        let mut shell = Seat::at(&shelter, &["lab", "shell", host]);
        shell.press("touch /tmp/go-on && exit\r");
        assert_eq!(shell.end(), 0, "{host}");
    }
    let resumed = shelter.run(&["--lab", "-v", "resume"]);
    shelter.run(&["lab", "stop"]);
    assert_eq!(resumed.code, 0, "{}{}", resumed.stdout, resumed.stderr);
    assert_eq!(resumed.stdout.matches("last words").count(), 2, "{}", resumed.stdout);
}

#[test]
fn whatever_ends_it_the_terminal_is_given_back() {
    let shelter = home();
    for (signal, expected) in [(Signal::TERM, 130), (Signal::HUP, 130), (Signal::INT, 130)] {
        let mut seat = Seat::at(&shelter, &["--lab"]);
        seat.until("PHANTOM");
        seat.signal(signal);
        assert_eq!(seat.end(), expected, "{signal:?}");
        seat.is_as_before();
    }
    let mut seat = Seat::with(&shelter, &["--lab"], &[("SHELTER_PANIC_IN_DRAW", "Log")]);
    seat.until("PHANTOM");
    seat.press("5");
    assert_eq!(seat.end(), 101);
    seat.is_as_before();
    seat.until("as it was asked to");
    shelter.run(&["lab", "stop"]);
}

#[test]
fn it_steps_aside_for_the_shell_and_comes_back() {
    let shelter = home();
    let mut seat = Seat::at(&shelter, &["--lab"]);
    seat.until("2 of 2 up");
    seat.press("\x1a");
    seat.until_state("T");
    seat.is_as_before();
    seat.signal(Signal::CONT);
    seat.until("PHANTOM");
    // Stopped from outside, it could not give anything back; going on, it takes all of it again.
    seat.signal(Signal::STOP);
    seat.until_state("T");
    seat.signal(Signal::CONT);
    seat.press("3");
    seat.until("PLAYS");
    seat.press("Q");
    assert_eq!(seat.end(), 0);
    seat.is_as_before();
    shelter.run(&["lab", "stop"]);
}

#[test]
fn any_size_will_do() {
    let shelter = home();
    let mut seat = Seat::at(&shelter, &["--lab"]);
    seat.until("2 of 2 up");
    seat.resize(1, 1);
    seat.until_gone("PHANTOM");
    seat.resize(80, 24);
    let small = seat.until("PLAYBOOKS");
    assert!(!small.contains("PHANTOM"), "one pane at a time:\n{small}");
    seat.press("\t");
    seat.until("PHANTOM");
    seat.resize(200, 60);
    seat.until("STREAM");
    seat.press("Q");
    assert_eq!(seat.end(), 0);
    shelter.run(&["lab", "stop"]);
}

#[test]
fn without_colour_there_are_attributes_and_no_colour() {
    let shelter = home();
    let variables = [("COLORTERM", "truecolor"), ("NO_COLOR", "1")];
    let mut seat = Seat::with(&shelter, &["--lab"], &variables);
    seat.until("2 of 2 up");
    seat.press("Q");
    assert_eq!(seat.end(), 0);
    let text = String::from_utf8_lossy(&seat.bytes()).into_owned();
    for colour in ["\x1b[38;", "\x1b[48;", "\x1b[3", "\x1b[4"] {
        let coloured = text.match_indices(colour).filter(|(at, _)| {
            let rest = &text[at + colour.len()..];
            rest.split_once('m').is_some_and(|(end, _)| {
                !end.is_empty()
                    && end.bytes().all(|b| b.is_ascii_digit() || b == b';')
                    && !end.starts_with('9')
            })
        });
        assert_eq!(coloured.count(), 0, "{colour:?}");
    }
    assert!(text.contains("\x1b[1m"), "bold is kept");
    shelter.run(&["lab", "stop"]);
}

#[test]
fn a_terminal_that_is_not_read_costs_pictures_and_no_time() {
    let shelter = home();
    let mut seat = Seat::at(&shelter, &["--lab"]);
    run(&mut seat, "51_flood");
    seat.until("printed again and again");
    seat.sleep(true);
    // Typed while nobody reads; dealt with all the same.
    seat.press("1");
    seat.press("3");
    seat.press("?");
    seat.sleep(false);
    seat.until("getting about");
    seat.press("\x1b");
    seat.until_gone("getting about");
    seat.press("x");
    seat.until("CANCEL");
    seat.press("\r");
    seat.until_it("the end", |screen| !screen.contains("◐"));
    seat.sleep(true);
    seat.signal(Signal::TERM);
    assert_eq!(seat.end(), 130);
    seat.sleep(false);
    seat.is_as_before();
    shelter.run(&["lab", "stop"]);
}

#[test]
fn a_passphrase_is_asked_for_in_the_console() {
    let Some(sshd) = Sshd::start("") else { return };
    let known_hosts = std::fs::read_to_string(sshd.dir().join("known_hosts")).unwrap();
    let inventory = format!(
        "hosts:\n  alder:\n    address: 127.0.0.1\n    port: {}\n    user: {}\n    key: {}\n",
        sshd.port,
        whoami(),
        sshd.key("id_locked").display()
    );
    let shelter = Shelter::new().inventory(&inventory).file(".ssh/known_hosts", &known_hosts);
    let mut seat = Seat::at(&shelter, &[]);
    seat.until("PASSPHRASE");
    seat.press("not it\r");
    seat.until("that was not it");
    seat.press("open sesame\r");
    seat.until("1 of 1 up");
    seat.press("Q");
    assert_eq!(seat.end(), 0);
    let bytes = String::from_utf8_lossy(&seat.bytes()).into_owned();
    assert!(!bytes.contains("open sesame"));
}
