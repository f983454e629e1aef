//! The mouse in a real terminal: clicks arrive where they were meant, and the terminal can have it for itself.

use super::seat::Seat;
use crate::support::Shelter;

const TWO: &str =
    "hosts:\n  alder:\n    via: {shell: env A=1 sh}\n  birch:\n    via: {shell: env B=1 sh}\n";

#[test]
fn a_click_selects_a_second_one_opens_and_a_tab_is_clicked_too() {
    let shelter = Shelter::new().inventory(TWO);
    let mut seat = Seat::at(&shelter, &[]);
    seat.until("2 of 2 up");
    seat.until_mouse(true);
    seat.click("host inventory");
    seat.until("▌01  host inventory");
    seat.click("BIRCH");
    seat.click("BIRCH");
    seat.until("BIRCH  ●");
    seat.click("3 Plays");
    seat.until("PLAYS");
    seat.press("M");
    seat.until_mouse(false);
    seat.press("M");
    seat.until_mouse(true);
    assert_eq!(seat.leave(), 0);
    seat.is_as_before();
}

#[test]
fn where_it_is_set_so_the_terminal_keeps_the_mouse() {
    let shelter = Shelter::new().inventory(&format!("{TWO}console:\n  mouse: false\n"));
    let seat = Seat::at(&shelter, &[]);
    seat.until("2 of 2 up");
    seat.until_mouse(false);
}
