//! Runs taken back: what later ones did comes first, and what somebody else did is asked about.

use crate::console::seat::Seat;
use crate::support::{Shelter, this_machine};

use super::run_of;

/// Two playbooks that may change one file and one folder.
fn two(shelter: Shelter) -> Shelter {
    let place = shelter.user_home().display().to_string();
    let playbook = |id: &str, line: &str| {
        format!(
            "playbook: {id}\nname: One\npurpose: Changes things.\nsteps:\n  - dir: {place}/made\n  \
             - line: {{path: {place}/conf, line: {line}, create: true}}\n"
        )
    };
    let other = format!(
        "playbook: 52_other\nname: Other\npurpose: Changes others.\nsteps:\n  - dir: {place}/other\n"
    );
    shelter
        .inventory("hosts:\n  here: {via: local}\n")
        .file(".mountain_shelter/playbooks/50_one.yaml", &playbook("50_one", "one"))
        .file(".mountain_shelter/playbooks/51_two.yaml", &playbook("51_two", "two"))
        .file(".mountain_shelter/playbooks/52_other.yaml", &other)
}

#[test]
fn what_another_playbook_did_to_the_same_thing_is_not_taken_away_with_it() {
    let _machine = this_machine();
    let shelter = two(Shelter::new());
    let first = run_of(&shelter.run(&["--run", "50"]));
    // The same folder as before: nothing on the host tells whose it is now.
    std::fs::remove_dir(shelter.path("made")).unwrap();
    let second = shelter.run(&["--run", "51"]);
    assert!(second.stdout.contains("changed=2"), "{}{}", second.stdout, second.stderr);
    let second = run_of(&second);
    assert_eq!(shelter.run(&["--run", "52"]).code, 0);
    let refused = shelter.run(&["undo", &first]);
    assert_eq!((refused.code, refused.stdout.as_str()), (1, ""), "{}", refused.stderr);
    let told =
        format!("run {second} (51_two) changed `{}` on here", shelter.path("conf").display());
    let told = told.replace(&shelter.user_home().display().to_string(), "~");
    assert!(refused.stderr.contains(&told), "{}", refused.stderr);
    assert!(refused.stderr.contains(&format!("`shelter undo {second}` comes first")));
    assert_eq!(shelter.run(&["undo", &second]).code, 0);
    assert_eq!(std::fs::read_to_string(shelter.path("conf")).unwrap(), "one\n");
    let undone = shelter.run(&["undo", &first, "--conflict", "keep"]);
    assert!(!shelter.path("conf").exists(), "{}{}", undone.stdout, undone.stderr);
    assert!(shelter.path("other").exists());
}

/// A run whose last change somebody has changed again.
fn meddled(shelter: &Shelter) -> String {
    let run = run_of(&shelter.run(&["--run", "50"]));
    std::fs::write(shelter.path("conf"), "mine\n").unwrap();
    run
}

#[test]
fn a_conflict_is_asked_about_at_a_terminal_and_any_answer_but_a_plain_one_leaves_it() {
    let _machine = this_machine();
    let shelter = two(Shelter::new());
    let run = meddled(&shelter);
    for (answer, code) in [("\r", 2), ("\x03", 130), ("s\r", 2)] {
        let mut seat = Seat::at(&shelter, &["undo", &run]);
        seat.until("keep it, overwrite it, or stop? [k/o/S]");
        seat.press(answer);
        assert_eq!(seat.end(), code, "{answer:?}");
        seat.is_as_before();
        assert_eq!(std::fs::read_to_string(shelter.path("conf")).unwrap(), "mine\n");
        assert!(shelter.path("made").exists(), "nothing before the conflict was touched");
    }
    let mut seat = Seat::at(&shelter, &["undo", &run]);
    seat.until("[k/o/S]");
    seat.press("o\r");
    seat.until("rescued=2");
    assert_eq!(seat.end(), 0);
    assert!(!shelter.path("conf").exists() && !shelter.path("made").exists());
}

#[test]
fn a_run_whose_checks_ask_for_what_a_step_printed_is_taken_back_and_a_change_since_is_seen() {
    let _machine = this_machine();
    let shelter = Shelter::new();
    let place = shelter.user_home().display().to_string();
    let text = format!(
        "playbook: 53_asks\nname: Asks\npurpose: Asks for outputs.\nsteps:\n  \
         - name: the release there is\n    run: echo 1.2\n    register: latest\n    changed_when: 'false'\n  \
         - name: the release we have\n    check: test \"$(cat {place}/release)\" = \"$(output latest)\"\n    \
         apply: output latest >{place}/release\n    undo: rm {place}/release\n"
    );
    let shelter = shelter
        .inventory("hosts:\n  here: {via: local}\n")
        .file(".mountain_shelter/playbooks/53_asks.yaml", &text);
    let release = shelter.path("release");
    let first = run_of(&shelter.run(&["--run", "53"]));
    assert_eq!(std::fs::read_to_string(&release).unwrap(), "1.2\n");
    std::fs::write(&release, "mine\n").unwrap();
    let changed = shelter.run(&["undo", &first]);
    assert_eq!(changed.code, 2, "{}{}", changed.stdout, changed.stderr);
    assert!(changed.stdout.contains("conflict"), "{}", changed.stdout);
    std::fs::write(&release, "1.2\n").unwrap();
    let undone = shelter.run(&["undo", &first]);
    assert_eq!(undone.code, 0, "{}{}", undone.stdout, undone.stderr);
    assert!(!release.exists(), "{}", undone.stdout);
}

#[test]
fn a_run_that_failed_is_taken_back_whole_unless_somebody_has_touched_what_the_failed_step_left() {
    let _machine = this_machine();
    let shelter = Shelter::new();
    let place = shelter.user_home().display().to_string();
    let text = format!(
        "playbook: 54_fails\nname: Fails\npurpose: Fails.\nsteps:\n  - dir: {place}/made\n  \
         - name: half\n    check: test -e {place}/whole\n    \
         apply: echo half >{place}/half; exit 1\n    undo: rm {place}/half\n"
    );
    let shelter = shelter
        .inventory("hosts:\n  here: {via: local}\n")
        .file(".mountain_shelter/playbooks/54_fails.yaml", &text);
    for touched in [false, true] {
        let failed = shelter.run(&["--run", "54"]);
        assert_eq!(failed.code, 2, "{}{}", failed.stdout, failed.stderr);
        if touched {
            std::fs::write(shelter.path("half"), "whole\n").unwrap();
        }
        let undone = shelter.run(&["undo", &run_of(&failed)]);
        assert_eq!(undone.code == 2, touched, "{}{}", undone.stdout, undone.stderr);
        assert_eq!(shelter.path("half").exists(), touched, "{}", undone.stdout);
        assert_eq!(shelter.path("made").exists(), touched, "{}", undone.stdout);
    }
}
