//! The mouse on screens 1 and 3 and on what lies over them: what is clicked is found by its text, as an eye finds it.

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use proptest::prelude::*;
use ratatui::layout::Rect;
use shelter::theme::Depth;
use shelter::ui::effect::{Effect, Wish};
use unicode_width::UnicodeWidthStr;

use super::Shown;
use crate::support::scene::{Machine, SHADOW};

const SIZE: (u16, u16) = (120, 40);

impl Shown {
    fn point(&mut self, kind: MouseEventKind, (column, row): (u16, u16)) -> Vec<Effect> {
        let mouse = MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE };
        let size = Rect::new(0, 0, SIZE.0, SIZE.1);
        let (fleet, now) = (&self.fleet, crate::support::scene::NOW);
        self.model.point(mouse, size, shelter::ui::Moment { fleet, now })
    }

    /// Where a text stands first.
    fn place(&self, text: &str) -> (u16, u16) {
        let picture = self.text(SIZE);
        let found = picture
            .lines()
            .enumerate()
            .find_map(|(row, line)| Some((line[..line.find(text)?].width(), row)));
        let (column, row) = found.unwrap_or_else(|| panic!("`{text}` is not shown:\n{picture}"));
        (u16::try_from(column).unwrap(), u16::try_from(row).unwrap())
    }

    fn click(&mut self, text: &str) -> Vec<Effect> {
        let at = self.place(text);
        self.point(MouseEventKind::Down(MouseButton::Left), at)
    }

    fn shows(&self, text: &str) -> bool {
        self.text(SIZE).contains(text)
    }
}

#[test]
fn a_click_selects_and_a_second_one_opens() {
    let mut shown = Shown::founding();
    shown.click("validate prereqs");
    assert!(shown.shows("▌    validate prereqs") && shown.shows("STREAM"), "{}", shown.text(SIZE));
    shown.click("validate prereqs");
    assert!(shown.shows("PLAYS"), "{}", shown.text(SIZE));
    let effects = shown.click("03  build llama cpp");
    let plan = |effect: &Effect| matches!(effect, Effect::Do(Wish::Plan { playbook, .. }) if playbook == "03_build_llama_cpp");
    assert!(effects.iter().any(plan), "{effects:?}");
    shown.click("1 Shelter");
    shown.click("SHADOW");
    shown.click("SHADOW");
    assert!(shown.shows("GPU 0"), "{}", shown.text(SIZE));
}

#[test]
fn a_row_of_many_hosts_is_found_where_it_stands() {
    let many = ["alder", "birch", "cedar", "fir"];
    let machines: Vec<Machine> = many.iter().map(|name| Machine { name, ..SHADOW }).collect();
    let mut shown = Shown::of(&machines, Depth::True);
    shown.press("1");
    shown.click("cedar");
    assert!(shown.shows("▌ cedar"), "{}", shown.text(SIZE));
    shown.click("cedar");
    assert!(shown.shows("CEDAR  ●"), "{}", shown.text(SIZE));
}

#[test]
fn the_wheel_scrolls_what_is_under_it() {
    let mut shown = Shown::founding();
    let at = shown.place("check structure");
    shown.point(MouseEventKind::ScrollDown, at);
    assert!(shown.shows("▌01  host inventory"), "{}", shown.text(SIZE));
    let at = shown.place("STREAM");
    shown.point(MouseEventKind::ScrollUp, at);
    assert!(shown.shows("1 newer"), "{}", shown.text(SIZE));
    shown.press("3f");
    shown.click("packages  ");
    assert!(shown.shows("▌ 2  packages"), "{}", shown.text(SIZE));
}

#[test]
fn what_lies_over_the_screen_is_answered_with_the_mouse() {
    let mut shown = Shown::founding();
    shown.press("r");
    shown.click("not now");
    assert!(shown.shows("▌ not now"), "{}", shown.text(SIZE));
    assert_eq!(shown.click("not now"), []);
    assert!(!shown.shows("not now"));
    shown.press("r");
    let effects = shown.click("run it");
    assert!(matches!(&effects[..], [Effect::Do(Wish::Run(_))]), "{effects:?}");
    shown.press(":venv");
    shown.click("check 02_bootstrap_venv");
    assert!(shown.shows("▌ check 02"), "{}", shown.text(SIZE));
    let effects = shown.click("check 02_bootstrap_venv");
    let check = |effect: &Effect| matches!(effect, Effect::Do(Wish::Run(run)) if run.check);
    assert!(effects.iter().any(check), "{effects:?}");
    shown.press("?");
    shown.point(MouseEventKind::Down(MouseButton::Left), (0, 0));
    assert!(!shown.shows("getting about"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, ..ProptestConfig::default() })]

    #[test]
    fn no_click_makes_anything_stumble(
        keys in "[12345jlfszr:?! \t\r]{0,5}",
        clicks in prop::collection::vec((0u16..130, 0u16..50, 0usize..4), 0..8),
    ) {
        let mut shown = Shown::founding();
        shown.press(&keys);
        let kinds = [
            MouseEventKind::Down(MouseButton::Left),
            MouseEventKind::Down(MouseButton::Right),
            MouseEventKind::ScrollUp,
            MouseEventKind::ScrollDown,
        ];
        for (column, row, kind) in clicks {
            shown.point(kinds[kind], (column, row));
        }
        prop_assert_eq!(shown.text(SIZE).lines().count(), usize::from(SIZE.1));
    }
}
