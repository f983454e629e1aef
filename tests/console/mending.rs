//! Files that are edited while the console is open: what is wrong in them is shown where it stands, and gone once it is
//! mended. And what a run has done is taken back.

use super::seat::Seat;
use super::{WAIT, home, order, run};
use crate::support::{Shelter, this_machine};

/// A host that is a shell of this machine.
const SHELL: &str = "hosts:\n  alder:\n    via: {shell: sh}\n";
/// A playbook that leaves something behind, and knows how to take it back.
const MARK: &str = "playbook: 52_mark\nname: Mark\npurpose: Leaves a mark.\nhosts: phantom\nsteps:\n  \
    - name: mark\n    file: {path: /tmp/marked, content: x}\n";
/// A playbook that is done as soon as it is begun.
const DONE: &str = "playbook: 53_done\nname: Done\npurpose: Does nothing.\nhosts: all\nsteps:\n  \
    - name: nothing\n    run: {sh: 'true'}\n";

#[test]
fn an_error_in_an_edited_playbook_is_seen_in_its_place_until_it_is_mended() {
    let shelter = home().inventory(SHELL);
    let mut seat = Seat::at(&shelter, &[]);
    seat.until("1 of 1 up");
    seat.press("3/wait\r");
    seat.until("Waits for a file.");
    let path = shelter.path(".mountain_shelter/playbooks/50_wait.yaml");
    std::fs::write(&path, WAIT.replace("check:", "chekc:")).unwrap();
    let told = seat.until_it("the error with what helps", |screen| {
        screen.contains("the file has an error") && screen.contains("did you mean `check`")
    });
    assert!(told.contains("wait.yaml:7:5") && told.contains("^^^^^"), "{told}");
    seat.press("r");
    seat.until("50_wait has an error");
    std::fs::write(&path, WAIT).unwrap();
    seat.until_gone("the file has an error");
    assert_eq!(seat.leave(), 0);
}

#[test]
fn a_mistyped_key_is_an_error_with_its_place_and_the_console_opens_once_it_is_mended() {
    let mistyped = format!("{SHELL}console:\n  keys:\n    rum: f5\n    undo: q\n");
    let shelter = Shelter::new().inventory(&mistyped);
    let mut seat = Seat::at(&shelter, &[]);
    let told = seat.until_it("both errors", |screen| {
        screen.contains("there is no action `rum`")
            && screen.contains("`q` would be both `back` and `undo`")
            && screen.contains("read again as soon as it is saved")
    });
    assert!(told.contains("shelter.yaml:6:5") && told.contains("^^^"), "{told}");
    assert!(told.contains("`run`"), "the right name is suggested:\n{told}");
    let mended = format!("{SHELL}console:\n  keys:\n    run: f5\n");
    std::fs::write(shelter.path(".mountain_shelter/shelter.yaml"), mended).unwrap();
    seat.until("1 of 1 up");
    seat.until("f5 run");
    assert_eq!(seat.leave(), 0);
}

#[test]
fn what_cannot_be_recorded_is_said_at_once_and_goes_on_once_it_can() {
    let _machine = this_machine();
    let shelter = home().inventory(SHELL).file(".mountain_shelter/playbooks/53_done.yaml", DONE);
    let memory = shelter.path(".mountain_shelter/logs/memory");
    let mut seat = Seat::at(&shelter, &[]);
    seat.until("1 of 1 up");
    seat.until("53");
    // What stands in the way of a folder keeps root out as well.
    std::fs::remove_dir_all(&memory).unwrap_or_default();
    std::fs::write(&memory, "in the way").unwrap();
    order(&mut seat, "53_done");
    let told = seat.until("NOT RECORDED");
    assert!(told.contains("cannot "), "{told}");
    std::fs::remove_file(&memory).unwrap();
    seat.press("\x1b");
    seat.until_gone("NOT RECORDED");
    order(&mut seat, "53_done");
    seat.until_it("the run is over", |screen| screen.contains("◆ changed"));
    assert_eq!(seat.leave(), 0);
    let history = std::fs::read_to_string(shelter.path(".mountain_shelter/history_main.log"));
    assert!(history.unwrap().contains("53_done"));
}

#[test]
fn what_a_run_has_done_is_taken_back_after_a_question() {
    let shelter = home().file(".mountain_shelter/playbooks/52_mark.yaml", MARK);
    let mut seat = Seat::at(&shelter, &["--lab"]);
    run(&mut seat, "52_mark");
    seat.until_it("the mark is left", |screen| screen.contains("◆ changed"));
    seat.until_gone("◐");
    seat.press("u");
    let asked = seat.until("TAKE BACK");
    assert!(asked.contains("52_mark") && asked.contains("▌ not now"), "{asked}");
    seat.press("\t\r");
    seat.until("↶");
    seat.until_gone("◐");
    assert_eq!(seat.leave(), 0);
    let again = shelter.run(&["--lab", "--run", "52_mark", "-C"]);
    shelter.run(&["lab", "stop"]);
    assert!(again.stdout.contains("changed=1"), "the mark is gone:\n{}", again.stdout);
}
