//! Becoming root, as the real programs for it have it: sudo, sudo-rs and doas, with and without a password, by every login shell.

pub mod lodge;

use crate::console::seat::Seat;
use crate::support::Outcome;
use lodge::{Kind, Lodge, RULES};

const PTY: &str = "Defaults use_pty\n";

/// Both kinds of sudo that are there, each in a lodge of its own.
fn lodges(rules: &str) -> Vec<Lodge> {
    [Kind::Sudo, Kind::SudoRs].into_iter().filter_map(|kind| Lodge::open(kind, rules)).collect()
}

fn run(lodge: &Lodge, limit: &str) -> Outcome {
    lodge.shelter.run(&["--run", "50", "-l", limit])
}

/// Sits down to the run as the user whom sudo asks, and waits for the question.
fn asked(lodge: &Lodge) -> Seat {
    let seat = Seat::at(&lodge.shelter, &["--run", "50", "-l", "guarded"]);
    seat.until("password for sudo on guarded:");
    seat
}

#[test]
fn the_password_is_asked_for_once_and_makes_root() {
    for lodge in lodges(PTY).into_iter().chain(lodges("")) {
        let mut seat = asked(&lodge);
        seat.press("moonshine\r");
        seat.until("ok=2    changed=2");
        assert_eq!(seat.end(), 0);
        assert!(!String::from_utf8_lossy(&seat.bytes()).contains("moonshine"), "it is not shown");
        seat.is_as_before();
    }
}

#[test]
fn a_wrong_password_is_asked_for_again_and_the_third_ends_it() {
    for lodge in lodges(PTY) {
        let mut seat = asked(&lodge);
        seat.press("wrong\r");
        seat.until("once more, or nothing to give up");
        seat.press("moonshine\r");
        seat.until("changed=2");
        assert_eq!(seat.end(), 0);
        let mut seat = asked(&lodge);
        for (before, wrong) in ["wrong\r", "wronger\r"].into_iter().enumerate() {
            seat.press(wrong);
            seat.until_it("once more", |screen| screen.matches("once more").count() > before);
        }
        seat.press("wrongest\r");
        let screen = seat.until("it is that user's own password there");
        assert!(!screen.contains("sudo-"), "the prompt is ours alone: {screen}");
        assert_eq!(seat.end(), 2);
    }
}

#[test]
fn without_anybody_to_ask_nothing_runs_and_it_says_so() {
    for lodge in lodges(PTY) {
        let outcome = run(&lodge, "guarded");
        assert_eq!(outcome.code, 2, "{}", outcome.stdout);
        let told = "sudo asks for a password, and nobody is there to give one\n  = help: run it on a terminal";
        assert!(outcome.stdout.contains(told), "{}", outcome.stdout);
        assert_eq!(run(&lodge, "ops").code, 0, "nobody is asked for what needs no password");
        let beforehand = lodge.shelter.run(&["--run", "50", "-l", "guarded", "-K"]);
        assert_eq!((beforehand.code, beforehand.stdout.as_str()), (1, ""));
        assert!(beforehand.stderr.contains("`-K` wants a terminal"), "{}", beforehand.stderr);
    }
}

#[test]
fn the_end_at_the_question_gives_the_terminal_back() {
    let Some(lodge) = Lodge::open(Kind::Sudo, PTY) else { return };
    let mut seat = asked(&lodge);
    seat.press("\x03");
    seat.until("cancelled");
    assert_eq!(seat.end(), 130);
    seat.is_as_before();
    let mut seat = asked(&lodge);
    seat.press("\r");
    seat.until("and none was given");
    assert_eq!(seat.end(), 2);
    let mut seat = asked(&lodge);
    seat.signal(rustix::process::Signal::TERM);
    assert_eq!(seat.end(), 130);
    seat.is_as_before();
    let mut seat = Seat::at(&lodge.shelter, &["--run", "50", "-l", "guarded", "-K"]);
    seat.until("sudo password:");
    seat.press("\x03");
    assert_eq!(seat.end(), 130);
    seat.is_as_before();
}

#[test]
fn a_sudo_that_wants_a_terminal_is_refused_with_the_way_round_it() {
    let Some(lodge) = Lodge::open(Kind::Sudo, "Defaults requiretty\n") else { return };
    let outcome = run(&lodge, "all");
    assert_eq!(outcome.code, 2, "{}", outcome.stdout);
    assert_eq!(outcome.stdout.matches("sudo insists on a terminal there").count(), 2 + 1);
    assert!(outcome.stdout.contains("Defaults:USER !requiretty"), "{}", outcome.stdout);
    lodge.rule(&format!("Defaults requiretty\nDefaults:ops !requiretty\n{RULES}"));
    assert_eq!(run(&lodge, "ops").code, 0);
}

#[test]
fn rules_that_changed_since_the_host_was_last_asked_are_found_out() {
    let Some(lodge) = Lodge::open(Kind::Sudo, PTY) else { return };
    assert_eq!(run(&lodge, "ops").code, 0);
    lodge.rule("ops ALL=(ALL:ALL) ALL\n");
    let outcome = run(&lodge, "ops");
    assert!(outcome.stdout.contains("nobody is there to give one"), "{}", outcome.stdout);
    lodge.rule("root ALL=(ALL:ALL) ALL\n");
    assert_eq!(run(&lodge, "ops").code, 2);
    lodge.rule(RULES);
    assert_eq!(run(&lodge, "ops").code, 0);
}

#[test]
fn doas_makes_root_where_it_asks_for_no_password_and_says_so_where_it_does() {
    let Some(lodge) = Lodge::open(Kind::Doas, "") else { return };
    let free = run(&lodge, "ops");
    assert_eq!(free.code, 0, "{}{}", free.stdout, free.stderr);
    let asking = run(&lodge, "guarded");
    assert_eq!(asking.code, 2, "{}", asking.stdout);
    assert!(asking.stdout.contains("`permit nopass guarded`"), "{}", asking.stdout);
    lodge.permit("permit nopass guarded\n");
    assert_eq!(run(&lodge, "guarded").code, 0, "what it was told a moment ago holds no more");
    lodge.permit("permit ops\n");
    assert_eq!(run(&lodge, "ops").code, 2);
}

#[test]
fn every_login_shell_will_do() {
    for shell in ["/bin/bash", "/bin/tcsh", "/usr/bin/fish", "/bin/zsh"] {
        let Some(lodge) = Lodge::with_login_shell(Kind::Sudo, PTY, shell) else { continue };
        let outcome = run(&lodge, "ops");
        assert_eq!(outcome.code, 0, "{shell}: {}{}", outcome.stdout, outcome.stderr);
        assert!(outcome.stdout.contains("changed=2"), "{shell}: {}", outcome.stdout);
    }
}

#[test]
fn a_secret_is_not_given_to_a_sudo_that_writes_down_what_it_is_given() {
    let Some(mut lodge) = Lodge::open(Kind::Sudo, PTY) else { return };
    let playbook = "playbook: 51_token\nname: Token\npurpose: Keeps a token.\nsecrets: { token: the token }\n\
        steps:\n  - become: true\n    file: { path: /run/lock/token, content: \"{{ secret.token }}\", mode: \"0600\" }\n";
    lodge.shelter = lodge.shelter.file(".mountain_shelter/playbooks/51_token.yaml", playbook);
    let run = |lodge: &Lodge| {
        let mut command = lodge.shelter.command(&["--run", "51", "-l", "ops"]);
        let output = command.env("SHELTER_SECRET_TOKEN", "moonlight").output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let logs = lodge.path("logs");
    lodge.rule(&format!("{PTY}Defaults log_input,log_output,iolog_dir={logs}\n{RULES}"));
    let (code, told) = run(&lodge);
    assert_eq!(code, Some(2), "{told}");
    assert!(
        told.contains("a secret would be in its log\n  = help: write `Defaults:USER !log_input`"),
        "{told}"
    );
    let found =
        std::process::Command::new("grep").args(["-rl", "moonlight", &logs]).output().unwrap();
    assert_eq!(String::from_utf8(found.stdout).unwrap(), "");
    assert!(std::path::Path::new(&logs).exists(), "it did write down what it was given");
    lodge.rule(&format!("{PTY}Defaults log_output,iolog_dir={logs}\n{RULES}"));
    let (code, told) = run(&lodge);
    assert_eq!(code, Some(0), "{told}");
}
