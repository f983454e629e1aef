//! The console's pages, drawn from a fixed fleet: as text at three sizes, at any size without stumbling, and
//! with the bright colours kept to accents.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use shelter::bench::{Conditions, Kernel, Measured, Record, Subject};
use shelter::fleet::{
    Care, Event, Fleet, HostName, HostOutcome, Millis, Purpose, Recap, RunHead, RunId, Stamped,
    Timestamp,
};
use shelter::ops::Watched;
use shelter::records::PastRun;
use shelter::theme::{Depth, Glyphs, Role, Theme};
use shelter::ui::news::News;
use shelter::ui::scene::Benches;
use shelter::ui::{Model, Moment, Settings};

use crate::support::cases::{compare_kept, in_repository};
use crate::support::scene::{
    CROWDED, Machine, NOW, PHANTOM, SHADOW, connecting, facts, host, lost, watched,
};

/// The sizes that are kept as text.
const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];
/// The digits of the pages that this file draws.
const PAGES: [(char, &str); 3] = [('2', "host"), ('4', "bench"), ('5', "log")];

/// A console that has heard of a fixed fleet.
pub struct Shown {
    model: Model,
    fleet: Fleet,
}

impl Shown {
    /// Of hosts and what they do.
    fn of(hosts: Vec<(Machine, Watched)>, theme: Theme) -> Self {
        let mut fleet = Fleet::default();
        for (seq, (machine, _)) in (1..).zip(&hosts) {
            let facts = Box::new(facts(machine));
            let event = Event::Gathered { host: host(machine).name, facts };
            fleet.fold(&Stamped { seq, at: NOW, event });
        }
        let mut shown = Self { model: Model::new(theme, Settings::default()), fleet };
        let known = hosts.iter().map(|(machine, _)| host(machine)).collect();
        shown.hear(News::Hosts { hosts: known, practice: false });
        let board = hosts.into_iter().map(|(machine, watched)| (host(&machine).name, watched));
        shown.hear(News::Board(board.collect()));
        shown.hear(News::Past(past()));
        shown.hear(News::Benches(benches()));
        shown
    }

    /// Of the two founding hosts.
    fn founding(theme: Theme) -> Self {
        let hosts = [SHADOW, PHANTOM].map(|machine| (machine, watched(&machine)));
        Self::of(hosts.to_vec(), theme)
    }

    fn hear(&mut self, news: News) {
        let moment = Moment { fleet: &self.fleet, now: NOW };
        self.model.hear(news, moment);
    }

    fn press(&mut self, letters: &str) {
        for letter in letters.chars() {
            let event = KeyEvent::new(KeyCode::Char(letter), KeyModifiers::NONE);
            self.model.press(&event, Moment { fleet: &self.fleet, now: NOW });
        }
    }

    fn draw(&self, (width, height): (u16, u16)) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        self.model.draw(Moment { fleet: &self.fleet, now: NOW }, &mut buffer);
        buffer
    }
}

fn fine(depth: Depth) -> Theme {
    Theme::new(depth, Glyphs::Fine)
}

/// Runs there were: one that went well, one that failed on a host, one without an end.
fn past() -> Vec<PastRun> {
    let names = ["phantom", "shadow"].map(|name| HostName::new(name).unwrap());
    let recap = Recap { ok: 17, changed: 2, skipped: 4, ..Recap::default() };
    let run = |number: u32, playbook: &str, outcomes: [Option<HostOutcome>; 2]| {
        let began = Timestamp(NOW.0 - i64::from(number) * 4_000_000);
        let told = names.iter().cloned().zip(outcomes.clone());
        PastRun {
            head: RunHead {
                run: RunId::new(number * 77_777),
                playbook: playbook.to_owned(),
                hosts: names.to_vec(),
                purpose: if number == 3 { Purpose::Check } else { Purpose::Apply },
                provides: Vec::new(),
                actor: "rc@console".to_owned(),
            },
            began,
            ended: outcomes[0].is_some().then(|| Timestamp(began.0 + 312_000)),
            outcomes: told.filter_map(|(host, outcome)| Some((host, outcome?, recap))).collect(),
            care: Care::Interrupted,
        }
    };
    let well = || Some(HostOutcome::Well);
    vec![
        run(1, "03_build_llama_cpp", [None, None]),
        run(2, "02_bootstrap_venv", [well(), Some(HostOutcome::Failed)]),
        run(3, "01_host_inventory", [well(), well()]),
        run(4, "00_check_structure", [well(), well()]),
    ]
}

/// What was measured: on shadow it became slower than it was, on phantom under another governor.
fn benches() -> Benches {
    let record = |host: &str, hour: u32, governor: &str, speed: f64| {
        let kernel = |test: &str, speed: f64| Kernel {
            test: test.to_owned(),
            samples: vec![speed, speed * 1.004, speed * 0.997],
        };
        Record {
            host: host.to_owned(),
            at: format!("2026-11-21T{hour:02}:12:00.000Z"),
            subject: Subject {
                model: "mistral-7b-instruct".to_owned(),
                quantisation: "Q4_K_M".to_owned(),
                engine: "llama.cpp".to_owned(),
                build: "b7109".to_owned(),
                backend: if host == "shadow" { "CUDA" } else { "CPU" }.to_owned(),
                setting: "threads 8".to_owned(),
            },
            measured: Measured::Kernels(vec![kernel("pp512", speed * 9.0), kernel("tg128", speed)]),
            conditions: Conditions {
                looks: 31,
                governors: [governor.to_owned()].into(),
                load_before: Some(0.25),
                heat_first: Some(48.0),
                heat_most: Some(81.0),
                ..Conditions::default()
            },
        }
    };
    let records = vec![
        record("shadow", 7, "performance", 11.8),
        record("shadow", 8, "performance", 11.9),
        record("shadow", 9, "performance", 9.1),
        record("phantom", 7, "performance", 6.2),
        record("phantom", 9, "powersave", 4.0),
    ];
    Benches { records, baselines: Vec::new() }
}

fn text(buffer: &Buffer) -> String {
    let cell = |x, y| buffer.cell((x, y)).map_or("", |cell| cell.symbol());
    let line = |y| (0..buffer.area.width).map(|x| cell(x, y)).collect::<String>();
    (0..buffer.area.height).map(|y| line(y).trim_end().to_owned() + "\n").collect()
}

#[test]
fn pages_look_as_they_are_kept() {
    for (width, height) in SIZES {
        for (digit, page) in PAGES {
            let mut shown = Shown::founding(fine(Depth::True));
            shown.press(&digit.to_string());
            let kept = in_repository(&format!("tests/screens/{page}-{width}x{height}.txt"));
            compare_kept(&kept, &text(&shown.draw((width, height))));
        }
    }
}

#[test]
fn a_host_that_is_away_says_why_and_one_that_was_never_seen_claims_nothing() {
    let told = |watched: Watched| {
        let mut shown = Shown::of(vec![(SHADOW, watched)], fine(Depth::True));
        shown.press("2");
        text(&shown.draw((120, 40)))
    };
    let away = told(lost());
    assert!(away.contains("unreachable") && away.contains("timed out after 10 s"), "{away}");
    let new = told(connecting());
    assert!(new.contains("connecting") && new.contains("being reached"), "{new}");
    assert!(!new.contains(" 0 %"), "{new}");
}

#[test]
fn a_benchmark_says_what_became_slower_and_what_cannot_be_compared() {
    let mut shown = Shown::founding(fine(Depth::True));
    shown.press("4");
    let phantom = text(&shown.draw((120, 40)));
    assert!(phantom.contains("Not comparable") && phantom.contains("performance to powersave"));
    assert!(phantom.contains("not alike") && phantom.contains("% worse"), "{phantom}");
    shown.press("j");
    let shadow = text(&shown.draw((120, 40)));
    assert!(shadow.contains("23 % worse") && !shadow.contains("Not comparable"), "{shadow}");
    shown.hear(News::Benches(Benches::default()));
    assert!(text(&shown.draw((80, 24))).contains("nothing was measured yet"));
}

#[test]
fn the_log_is_narrowed_by_words() {
    let mut shown = Shown::founding(fine(Depth::True));
    shown.press("5/venv failed");
    let told = text(&shown.draw((120, 40)));
    assert!(told.contains("1 of 4 runs with") && told.contains("02_bootstrap_venv"), "{told}");
    assert!(!told.contains("01_host_inventory"), "{told}");
}

/// A fleet in which everything is too much.
fn crowd(theme: Theme) -> Shown {
    let hosts = (0..12).map(|at| match at % 3 {
        0 => (CROWDED, watched(&CROWDED)),
        1 => (Machine { name: "fir-01", ..PHANTOM }, lost()),
        _ => (Machine { name: "oak-02", ..SHADOW }, connecting()),
    });
    Shown::of(hosts.collect(), theme)
}

/// The share of cells in which a colour is seen.
fn share(buffer: &Buffer, theme: Theme, roles: &[Role]) -> f64 {
    let ground = theme.style(Role::Ground);
    let inks: Vec<_> = roles.iter().map(|role| theme.style(*role)).collect();
    let seen = buffer.content().iter().filter(|cell| {
        let ink = inks.iter().any(|ink| ink.fg == Some(cell.fg)) && cell.symbol() != " ";
        ink || inks
            .iter()
            .any(|ink| ink.bg.is_some() && ink.bg != ground.bg && ink.bg == Some(cell.bg))
    });
    seen.count() as f64 / buffer.content().len() as f64
}

#[test]
fn the_bright_colours_are_accents_on_every_page() {
    let theme = fine(Depth::True);
    for size in SIZES {
        for digit in ["1", "2", "3", "4", "5"] {
            for mut shown in [Shown::founding(theme), crowd(theme)] {
                shown.press(digit);
                let picture = shown.draw(size);
                let sharp = share(&picture, theme, &[Role::Accent, Role::Alarm]);
                let bright = share(&picture, theme, &[Role::Value]);
                assert!(sharp < 0.01, "page {digit} at {size:?}: accent {sharp:.3}");
                assert!(bright < 0.05, "page {digit} at {size:?}: gold {bright:.3}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn no_size_makes_a_page_stumble(
        width in 0u16..=300,
        height in 0u16..=100,
        keys in "[12345z\\[\\]jkhl]{0,6}",
        depth in 0usize..4,
        ascii in any::<bool>(),
    ) {
        let glyphs = if ascii { Glyphs::Ascii } else { Glyphs::Fine };
        let mut shown = crowd(Theme::new(Depth::ALL[depth], glyphs));
        shown.press(&keys);
        let picture = shown.draw((width, height));
        prop_assert_eq!(picture.area, Rect::new(0, 0, width, height));
    }
}

#[test]
fn a_page_without_colours_has_none() {
    let mut shown = Shown::founding(fine(Depth::Bare));
    for digit in ["1", "2", "3", "4", "5"] {
        shown.press(digit);
        let picture = shown.draw((120, 40));
        let reset = ratatui::style::Color::Reset;
        assert!(picture.content().iter().all(|cell| cell.fg == reset && cell.bg == reset));
    }
}

#[test]
fn plots_reach_back_as_far_as_was_asked() {
    let mut shown = Shown::founding(fine(Depth::True));
    shown.press("2");
    assert!(text(&shown.draw((120, 40))).contains("last 15 min"));
    shown.press("]]]]]]");
    assert!(text(&shown.draw((120, 40))).contains("last 3 d"));
    shown.press("[[[[[[[");
    let told = text(&shown.draw((120, 40)));
    assert!(told.contains("last 5 min"), "{told}");
    assert_eq!(shelter::ui::Window::default().span(), Millis(900_000));
}
