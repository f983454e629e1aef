//! A run there was, as a row of the list and as a page beside it.

use ratatui::layout::Rect;

use crate::fleet::{HostName, HostOutcome, Millis, Timestamp};
use crate::records::PastRun;
use crate::theme::{Role, State, Theme};
use crate::ui::stream::{of_care, of_outcome};
use crate::ui::took::since;
use crate::ui::widget::{Align, Canvas, Cell, Column, wrapped};

/// The columns of the list.
pub(super) const COLUMNS: [Column; 7] = [
    Column { title: "BEGAN (UTC)", least: 16, most: 16, rank: 0, align: Align::Left },
    Column { title: "PLAYBOOK", least: 19, most: 30, rank: 0, align: Align::Name },
    Column { title: "OUTCOME", least: 16, most: 20, rank: 0, align: Align::Left },
    Column { title: "TOOK", least: 6, most: 8, rank: 2, align: Align::Right },
    Column { title: "PURPOSE", least: 7, most: 11, rank: 3, align: Align::Left },
    Column { title: "RUN", least: 6, most: 6, rank: 1, align: Align::Left },
    Column { title: "HOSTS", least: 8, most: 40, rank: 4, align: Align::Left },
];

/// The row of a run.
pub(super) fn row(run: &PastRun, theme: Theme) -> Vec<Cell> {
    let mark = theme.mark(state(run));
    let word = if run.ended.is_none() { run.care.word() } else { mark.word };
    let label = |text: String| Cell::new(Role::Label, text);
    vec![
        label(began(run)),
        Cell::new(Role::Text, run.head.playbook.clone()),
        Cell::new(mark.role, format!("{} {word}", mark.glyph)),
        label(took(run)),
        label(run.head.purpose.to_string()),
        label(run.head.run.to_string()),
        label(hosts(run)),
    ]
}

/// All that is told of a run, in a line of small letters.
pub(super) fn told(run: &PastRun) -> String {
    let outcomes = run.outcomes.iter().map(|(_, outcome, _)| outcome.word());
    let open = run.ended.is_none().then(|| run.care.word());
    let outcomes: Vec<&str> = outcomes.chain(open).collect();
    let words = [
        began(run),
        run.head.run.to_string(),
        run.head.playbook.clone(),
        run.head.purpose.to_string(),
        run.head.actor.clone(),
        hosts(run),
        outcomes.join(" "),
    ];
    words.join("  ").to_lowercase()
}

/// How a run ended, by the worst of its hosts.
fn state(run: &PastRun) -> State {
    if run.ended.is_none() {
        return of_care(run.care);
    }
    let of = |host: &HostName| {
        let ended = run.outcomes.iter().find(|(known, ..)| known == host);
        ended.map_or(State::Unknown, |(_, outcome, recap)| match of_outcome(outcome).0 {
            State::Ok if recap.changed > 0 => State::Changed,
            state => state,
        })
    };
    State::worst(run.head.hosts.iter().map(of))
}

/// Draws a run as a page.
pub(super) fn draw(canvas: &mut Canvas<'_>, area: Rect, (run, now): (&PastRun, Timestamp)) {
    let facts = [
        ("run", run.head.run.to_string()),
        ("purpose", run.head.purpose.to_string()),
        ("by", run.head.actor.clone()),
        ("began", format!("{}  {}", began(run), since(now.since(run.began)))),
        ("took", took(run)),
    ];
    canvas.text(area, 0, (Role::Heading, &run.head.playbook));
    let mut row = 2;
    for (label, value) in facts {
        canvas.line(area, row).say(Role::Label, label).tab(area, 10).say(Role::Text, &value);
        row += 1;
    }
    for host in &run.head.hosts {
        row = host_lines(canvas, area, (run, host, row + 1));
    }
}

/// How it went on one host. The line below.
fn host_lines(
    canvas: &mut Canvas<'_>,
    area: Rect,
    (run, host, mut row): (&PastRun, &HostName, u16),
) -> u16 {
    let ended = run.outcomes.iter().find(|(known, ..)| known == host);
    let state = ended.map_or(of_care(run.care), |(_, outcome, _)| of_outcome(outcome).0);
    let mark = canvas.theme.mark(state);
    let word = if ended.is_some() { mark.word } else { run.care.word() };
    let pen = canvas.line(area, row).say(Role::Text, host.as_str()).gap(2);
    pen.say(mark.role, &format!("{} {word}", mark.glyph));
    row += 1;
    let Some((_, outcome, recap)) = ended else { return row };
    let counts = format!("ok {}  changed {}  failed {}", recap.ok, recap.changed, recap.failed);
    canvas.text(area, row, (Role::Label, &format!("{counts}  skipped {}", recap.skipped)));
    row += 1;
    let why = match outcome {
        HostOutcome::Unreachable(why) | HostOutcome::Refused(why) | HostOutcome::LeftOut(why) => {
            why
        }
        _ => return row,
    };
    let first = why.text.lines().next().unwrap_or_default();
    for line in wrapped(first, usize::from(area.width), 3, canvas.theme.glyphs()) {
        canvas.text(area, row, (Role::Label, &line));
        row += 1;
    }
    row
}

fn began(run: &PastRun) -> String {
    run.began.to_string().get(..16).unwrap_or_default().replace('T', " ")
}

fn took(run: &PastRun) -> String {
    run.took().map_or_else(|| "n/a".to_owned(), Millis::clock)
}

fn hosts(run: &PastRun) -> String {
    let names: Vec<&str> = run.head.hosts.iter().map(HostName::as_str).collect();
    names.join(", ")
}
