//! Screens 1 and 3 and what lies over them, drawn from a fixed fleet in the middle of a run: as text at three sizes,
//! and at any size without stumbling, whatever is pressed.

mod pointer;

use std::collections::BTreeMap;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use shelter::fleet::{
    Alert, AlertId, Event, Fleet, HostEvent, HostName, HostOutcome, LastState, Millis, Output,
    Purpose, Recap, RunHead, RunId, Severity, Stamped, StepEnd, StepHead, Timestamp, Verdict,
    Watching,
};
use shelter::records::{Entry, Level, Noted};
use shelter::theme::{Depth, Glyphs, Theme};
use shelter::ui::action::Action;
use shelter::ui::effect::{Effect, Wish};
use shelter::ui::keymap::{Key, Keymap, TABLE};
use shelter::ui::news::News;
use shelter::ui::prompt::{Field, Prompt};
use shelter::ui::scene::{Card, LastRun};
use shelter::ui::sheet::{Sheet, SheetRow};
use shelter::ui::{Model, Moment, Settings};

use crate::support::cases::{compare_kept, in_repository};
use crate::support::scene::{Machine, NOW, PHANTOM, SHADOW, host, lost, watched};

/// The sizes that are kept as text.
const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];
/// What is pressed for each picture that is kept.
const PICTURES: [(&str, &str); 7] = [
    ("shelter", "1"),
    ("plays", "3"),
    ("program", "3s"),
    ("run", "3f"),
    ("help", "1?"),
    ("palette", "1:venv"),
    ("confirm", "1jjr"),
];

fn name(text: &str) -> HostName {
    HostName::new(text).unwrap()
}

/// A console in the middle of a run.
struct Shown {
    model: Model,
    fleet: Fleet,
    seq: u64,
}

impl Shown {
    fn of(machines: &[Machine], depth: Depth) -> Self {
        let model = Model::new(Theme::new(depth, Glyphs::Fine), Settings::default());
        let mut shown = Self { model, fleet: Fleet::default(), seq: 0 };
        shown.hear(News::Hosts { hosts: machines.iter().map(host).collect(), practice: true });
        let board = machines.iter().map(|machine| (host(machine).name, watched(machine)));
        shown.hear(News::Board(board.collect()));
        let hosts: Vec<HostName> = machines.iter().map(|machine| name(machine.name)).collect();
        shown.hear(News::Shelf(shelf(&hosts)));
        shown.hear(News::Planned(Box::new(sheet(&hosts[0]))));
        shown.run(&hosts);
        shown
    }

    fn founding() -> Self {
        Self::of(&[PHANTOM, SHADOW], Depth::True)
    }

    fn moment(&self) -> Moment<'_> {
        Moment { fleet: &self.fleet, now: NOW }
    }

    fn hear(&mut self, news: News) {
        let moment = Moment { fleet: &self.fleet, now: NOW };
        self.model.hear(news, moment);
    }

    fn happens(&mut self, event: Event) {
        self.seq += 1;
        let at = Timestamp(NOW.0 - 60_000 + self.seq.cast_signed() * 4000);
        let stamped = Stamped { seq: self.seq, at, event };
        self.fleet.fold(&stamped);
        self.hear(News::Happened(Box::new(stamped)));
    }

    /// A run of five steps: through on the first host but for a failure, in the middle on the second.
    fn run(&mut self, hosts: &[HostName]) {
        let run = RunId::new(77_777);
        let head = RunHead {
            run: run.clone(),
            playbook: "02_bootstrap_venv".to_owned(),
            hosts: hosts.to_vec(),
            purpose: Purpose::Apply,
            provides: Vec::new(),
            actor: "rc@console".to_owned(),
        };
        self.happens(Event::RunBegan(head));
        let titles = ["preflight", "packages", "the environment", "dependencies", "health"];
        let step = |at: usize| StepHead {
            number: u32::try_from(at + 1).unwrap(),
            name: titles[at].to_owned(),
            place: format!("02_bootstrap_venv.yaml:{}:5", at * 7 + 9),
            touches: Vec::new(),
        };
        for (at, host) in hosts.iter().enumerate() {
            let on = |what| Event::OnHost { run: run.clone(), host: host.clone(), what };
            let steps = (0..titles.len()).map(step).collect();
            self.happens(on(HostEvent::Began { steps, as_root: true }));
            for done in 0..(if at == 0 { 4 } else { 2 }) {
                let failed = at == 0 && done == 3;
                let end = StepEnd {
                    step: step(done),
                    verdict: [Verdict::Ok, Verdict::Changed, Verdict::Changed, Verdict::Failed]
                        [done],
                    why: failed.then(|| "the command failed".to_owned()),
                    exit: failed.then_some(1),
                    took: Millis(i64::try_from(done).unwrap() * 2300),
                    output: format!("what {} printed\nand a second line\n", titles[done]),
                    diff: "-before\n+after\n".to_owned(),
                };
                self.happens(on(HostEvent::StepEnded(Box::new(end))));
            }
            if at == 0 {
                let recap = Recap { ok: 3, changed: 2, failed: 1, ..Recap::default() };
                self.happens(on(HostEvent::Ended { outcome: HostOutcome::Failed, recap }));
            } else {
                self.happens(on(HostEvent::StepBegan { step: step(2) }));
                let bytes = b"Collecting numpy\n  Downloading numpy\x1b[2J (18.2 MB)\n".to_vec();
                let printed = Output { run: run.clone(), host: host.clone(), step: 3, bytes };
                self.hear(News::Printed(printed));
            }
        }
    }

    fn press(&mut self, keys: &str) -> Vec<Effect> {
        let mut effects = Vec::new();
        for letter in keys.chars() {
            let code = match letter {
                '\r' => KeyCode::Enter,
                '\x1b' => KeyCode::Esc,
                '\t' => KeyCode::Tab,
                letter => KeyCode::Char(letter),
            };
            let event = KeyEvent::new(code, KeyModifiers::NONE);
            let moment = Moment { fleet: &self.fleet, now: NOW };
            effects.extend(self.model.press(&event, moment));
        }
        effects
    }

    fn text(&self, (width, height): (u16, u16)) -> String {
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        self.model.draw(self.moment(), &mut buffer);
        let cell = |x, y| buffer.cell((x, y)).map_or("", |cell| cell.symbol());
        let line = |y| (0..width).map(|x| cell(x, y)).collect::<String>();
        (0..height).map(|y| line(y).trim_end().to_owned() + "\n").collect()
    }
}

fn shelf(hosts: &[HostName]) -> Vec<Card> {
    let card = |id: &str, purpose: &str, state: Option<LastState>| Card {
        id: id.to_owned(),
        number: id[..2].parse().unwrap(),
        name: id[3..].replace('_', " "),
        purpose: purpose.to_owned(),
        disruptive: id.starts_with("07").then(|| "attacks the hosts, for practice".to_owned()),
        hosts: hosts.to_vec(),
        last: state
            .map(|state| {
                let at = Timestamp(NOW.0 - 7_200_000);
                (hosts[0].clone(), LastRun { state, at, run: RunId::new(5) })
            })
            .into_iter()
            .collect::<BTreeMap<_, _>>(),
        error: None,
    };
    let mut shelf = vec![
        card(
            "00_check_structure",
            "Makes the folders of Mountain Shelter on every host.",
            Some(LastState::Well),
        ),
        card(
            "01_host_inventory",
            "Gathers what there is to know of a host.",
            Some(LastState::Well),
        ),
        card("01_validate_prereqs", "Finds out what is missing.", Some(LastState::Failed)),
        card("02_bootstrap_venv", "Makes the Python environment and validates it.", None),
        card(
            "03_build_llama_cpp",
            "Compiles the engine for each host.",
            Some(LastState::RolledBack),
        ),
        card("07_threat_sim", "Simulates attacks.", None),
    ];
    shelf.push(Card {
        id: "50_mine".to_owned(),
        number: 50,
        error: Some("error: unknown field `setps`\n  --> playbooks/50_mine.yaml:4:1\n".to_owned()),
        ..Card::default()
    });
    shelf
}

fn sheet(host: &HostName) -> Sheet {
    let row = |number: usize, name: &str, skipped: Option<&str>| SheetRow {
        number,
        name: name.to_owned(),
        resource: "dir".to_owned(),
        undo: "exact".to_owned(),
        user: "root".to_owned(),
        skipped: skipped.map(str::to_owned),
    };
    Sheet {
        playbook: "00_check_structure".to_owned(),
        host: Some(host.clone()),
        head: vec![
            "by root, by sudo".to_owned(),
            "a unit of the system's systemd carries it on".to_owned(),
        ],
        rows: vec![
            row(1, "the folder itself", None),
            row(2, "folders", Some("there is no folder")),
        ],
        program: (1..=90).map(|line| format!("# line {line} of the program")).collect(),
    }
}

#[test]
fn pictures_look_as_they_are_kept() {
    for size in SIZES {
        for (picture, keys) in PICTURES {
            let mut shown = Shown::founding();
            shown.press(keys);
            let (width, height) = size;
            let kept = in_repository(&format!("tests/screens/{picture}-{width}x{height}.txt"));
            compare_kept(&kept, &shown.text(size));
        }
    }
}

#[test]
fn many_hosts_fold_into_a_table() {
    let many = ["alder", "birch", "cedar", "fir", "larch", "oak", "pine"];
    let machines: Vec<Machine> = many.iter().map(|name| Machine { name, ..SHADOW }).collect();
    let mut shown = Shown::of(&machines, Depth::True);
    shown.hear(News::Board([(name("birch"), lost())].into()));
    shown.press("1");
    let kept = in_repository("tests/screens/fleet-120x40.txt");
    compare_kept(&kept, &shown.text((120, 40)));
}

#[test]
fn a_question_comes_before_a_run_and_the_careful_answer_before_what_is_disruptive() {
    let mut shown = Shown::founding();
    shown.press("jjjr");
    assert!(shown.text((120, 40)).contains("02_bootstrap_venv"), "{}", shown.text((120, 40)));
    let effects = shown.press("\r");
    let run = effects.iter().find_map(|effect| match effect {
        Effect::Do(Wish::Run(run)) => Some(run),
        _ => None,
    });
    assert_eq!(
        run.map(|run| (run.playbook.as_str(), run.hosts.len())),
        Some(("02_bootstrap_venv", 2))
    );

    let mut shown = Shown::founding();
    shown.press("jjjjjr");
    assert!(shown.text((120, 40)).contains("disruptive  attacks the hosts"));
    assert_eq!(shown.press("\r"), [], "enter alone does not run it");
    let effects = shown.press("r\t\r");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Do(Wish::Run(_)))));
}

#[test]
fn a_console_that_is_read_only_changes_nothing_and_offers_nothing_of_the_kind() {
    let mut shown = Shown::founding();
    shown.hear(News::Watchdog(Box::new(standing())));
    shown.model.world.read_only = true;
    for keys in
        ["r", "c", "x", "d", "R", "u", "P", "A", "3r", "3x", ":run 00\r\x1b", "!a\x1b", "!Ga\x1b"]
    {
        let effects = shown.press(keys);
        assert!(!effects.iter().any(touches), "{keys}: {effects:?}");
        assert!(shown.text((120, 40)).contains("read-only"), "{keys}");
    }
    for screen in ["1", "1\t", "2", "3", "3f", "4", "5"] {
        shown.press(screen);
        let footer = shown.text((200, 60)).lines().nth(58).unwrap().to_owned();
        let word = ["r run", "c check", "u undo", "u take", "x cancel", "P reach", "d leave"]
            .into_iter()
            .find(|word| footer.contains(word));
        assert_eq!(word, None, "{screen}: {footer}");
    }
}

/// Whether something is asked for that is done on a host or in the home.
fn touches(effect: &Effect) -> bool {
    use Wish::{Acknowledge, Add, Cancel, Copy, Detach, Ping, Practise, Resume, Run, Undo};
    matches!(
        effect,
        Effect::Ask(_)
            | Effect::Do(
                Run(_)
                    | Undo(_)
                    | Resume(_)
                    | Cancel(_)
                    | Detach(_)
                    | Ping(_)
                    | Copy(_)
                    | Add(_)
                    | Acknowledge(_)
                    | Practise
            )
    )
}

#[test]
fn what_is_copied_goes_to_the_clipboard_and_into_a_file_only_where_files_may_be_written() {
    for read_only in [false, true] {
        let mut shown = Shown::founding();
        shown.model.world.read_only = read_only;
        let effects = shown.press("y");
        let text = "00_check_structure".to_owned();
        assert!(effects.contains(&Effect::Clip(text.clone())), "{effects:?}");
        assert_eq!(effects.contains(&Effect::Do(Wish::Copy(text))), !read_only, "{effects:?}");
    }
}

/// Where a watchdog stands that has found two things.
fn standing() -> Watching {
    let alert = |id: &str| Alert {
        id: AlertId::parse(id).unwrap(),
        severity: Severity::Warning,
        since: NOW,
        text: format!("{id} is not well"),
        evidence: "97 of 100".to_owned(),
        hint: None,
        times: 1,
        flapping: false,
        behind: None,
        acknowledged: None,
        silenced: None,
        healing: None,
    };
    Watching {
        at: NOW,
        watcher: "rc@console (pid 4711)".to_owned(),
        hosts: 2,
        alerts: vec![alert("disk@shadow:/var"), alert("ram@phantom")],
        halt: None,
    }
}

#[test]
fn one_alert_is_acknowledged_the_one_under_the_cursor_and_elsewhere_they_are_only_shown() {
    let mut shown = Shown::founding();
    shown.hear(News::Watchdog(Box::new(standing())));
    assert_eq!(shown.press("a"), [], "nobody has seen what it is about");
    let text = shown.text((120, 40));
    assert!(text.contains("ALERTS") && text.contains("a you look after it"), "{text}");
    let one = |id: &str| vec![Effect::Do(Wish::Acknowledge(AlertId::parse(id).unwrap()))];
    assert_eq!(shown.press("Ga"), one("disk@shadow:/var"));
    assert_eq!(shown.press("ka"), one("ram@phantom"));
}

#[test]
fn a_sign_of_a_playbook_stands_below_the_name_of_its_host() {
    let mut shown = Shown::founding();
    let at = Timestamp(NOW.0 - 7_200_000);
    let last = LastRun { state: LastState::Failed, at, run: RunId::new(5) };
    let card = Card {
        id: "04_guarded".to_owned(),
        hosts: vec![name("phantom")],
        last: [(name("phantom"), last)].into(),
        ..Card::default()
    };
    shown.hear(News::Shelf(vec![card]));
    shown.press("1");
    // From one name to the next: the names have room, or their first letters.
    for (size, heads, apart) in [((80, 24), "phantom  shadow", 9), ((120, 40), "p s ", 2)] {
        let text = shown.text(size);
        let above = text.lines().find_map(|line| Some(line[..line.find(heads)?].chars().count()));
        let column = above.unwrap_or_else(|| panic!("no `{heads}`:\n{text}"));
        let row = text.lines().find(|line| line.contains("guarded")).unwrap();
        let signs = [column, column + apart].map(|at| row.chars().nth(at).unwrap());
        assert_eq!(signs, ['✕', '–'], "{text}");
    }
}

#[test]
fn a_console_that_lagged_says_so_and_forgets_what_steps_printed_that_are_over() {
    let mut shown = Shown::founding();
    shown.press("3fl");
    assert!(shown.text((200, 60)).contains("Collecting numpy"));
    // The end of the step went by unseen; what is known has it.
    let shadow = shown.fleet.runs.get_mut(&RunId::new(77_777)).unwrap();
    shadow.hosts.get_mut(&name("shadow")).unwrap().current = None;
    shown.hear(News::Missed(1));
    assert!(!shown.text((200, 60)).contains("Collecting numpy"));
    shown.press("1");
    assert!(shown.text((200, 60)).contains("1 event went by unseen"));
}

#[test]
fn what_is_printed_is_searched() {
    let mut shown = Shown::founding();
    shown.press("3fl/numpy\r");
    let text = shown.text((120, 40));
    assert!(text.contains("Collecting numpy"), "{text}");
    assert!(text.contains("Downloading numpy (18.2 MB)"), "harmless:\n{text}");
}

#[test]
fn questions_stand_in_one_line_and_a_secret_is_not_shown() {
    let mut shown = Shown::founding();
    let prompt = |id: u64, label: &str| Prompt {
        id,
        title: "PASSPHRASE".to_owned(),
        lines: vec![format!("for key {id}")],
        fields: vec![Field { label: label.to_owned(), visible: false }],
    };
    shown.hear(News::Asked(prompt(1, "passphrase")));
    shown.hear(News::Asked(prompt(2, "passphrase")));
    shown.press("secret");
    let text = shown.text((120, 40));
    assert!(
        text.contains("for key 1") && text.contains("••••••") && text.contains("1 more"),
        "{text}"
    );
    assert!(!text.contains("secret"));
    let effects = shown.press("\r");
    assert!(matches!(&effects[..], [Effect::Do(Wish::Answer { question: 1, .. })]), "{effects:?}");
    shown.hear(News::Withdrawn(2));
    assert!(!shown.text((120, 40)).contains("PASSPHRASE"));
}

#[test]
fn every_key_of_the_table_is_found_by_its_name_in_the_help() {
    let keymap = Keymap::default();
    for entry in &TABLE {
        let keys = keymap.keys(entry.action);
        assert_eq!(
            keymap.action(Key::parse(&keys[0]).unwrap()),
            Some(entry.action),
            "{}",
            entry.name
        );
    }
    assert_eq!(keymap.action(Key::parse("r").unwrap()), Some(Action::Run));
    let mut shown = Shown::founding();
    shown.press("?");
    for size in [(120, 40), (200, 60)] {
        let help = shown.text(size);
        for entry in &TABLE {
            assert!(help.contains(entry.says), "{} is not in the help:\n{help}", entry.name);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_is_pressed_makes_any_size_stumble(
        width in 0u16..=300,
        height in 0u16..=100,
        keys in "[1235jkhlgGrcsfDxduyapzMn:?!/ \t\r\x1b]{0,24}",
    ) {
        let mut shown = Shown::founding();
        shown.press(&keys);
        let text = shown.text((width, height));
        prop_assert_eq!(text.lines().count(), usize::from(height));
    }
}

#[test]
fn the_help_of_a_read_only_console_names_no_key_that_it_refuses() {
    let mut shown = Shown::founding();
    shown.press("?");
    let all = shown.text((200, 90));
    shown.press("q");
    shown.model.world.read_only = true;
    shown.press("?");
    let some = shown.text((200, 90));
    for entry in TABLE {
        assert!(all.contains(entry.says), "{}:\n{all}", entry.says);
        assert_eq!(some.contains(entry.says), !entry.action.changes(), "{}:\n{some}", entry.says);
    }
}

#[test]
fn a_question_about_many_hosts_names_some_and_counts_the_others() {
    let names = (1..=100).map(|at| -> &'static str { format!("host{at:03}").leak() });
    let machines: Vec<Machine> = names.map(|name| Machine { name, ..SHADOW }).collect();
    let mut shown = Shown::of(&machines, Depth::True);
    shown.press("1r");
    let asked = shown.text((120, 40));
    for told in ["all hosts", "host001, host002, host003", "host020,", "and 80 more"] {
        assert!(asked.contains(told), "{told}:\n{asked}");
    }
    shown.press("q3");
    assert!(shown.text((120, 40)).contains("1–2 of 100"), "{}", shown.text((120, 40)));
}

#[test]
fn the_stream_begins_with_what_happened_before_the_console_was_opened() {
    let told = |day: i64, text: &str| Noted {
        at: Timestamp(NOW.0 - day * 86_400_000),
        entry: Entry {
            level: Level::Warn,
            host: Some(name("shadow")),
            run: None,
            actor: "rc@console".to_owned(),
            text: text.to_owned(),
        },
    };
    let mut shown = Shown {
        model: Model::new(Theme::new(Depth::True, Glyphs::Fine), Settings::default()),
        fleet: Fleet::default(),
        seq: 0,
    };
    shown.hear(News::Hosts { hosts: vec![host(&SHADOW)], practice: false });
    shown.hear(News::History(vec![told(0, "the newer line"), told(2, "the older line")]));
    let text = shown.text((120, 40));
    let place = |what: &str| text.find(what).unwrap_or_else(|| panic!("{what}:\n{text}"));
    assert!(place("the older line") < place("the newer line"));
    assert!(text.contains("11-19  ▲ shadow  the older line"), "the day is told:\n{text}");
    // What happens from here on is told once, though the history has it as well.
    shown.hear(News::History(vec![told(0, "a third line")]));
    assert!(!shown.text((120, 40)).contains("a third line"));
}
