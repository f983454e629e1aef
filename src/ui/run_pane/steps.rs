//! The steps of a run: a row for each, a column for each host. More hosts than fit are counted together.

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{RunPane, Sight};
use crate::fleet::{HostName, HostRun, RunState, StepEnd};
use crate::theme::{Role, State};
use crate::ui::fit::{below, first_shown, line, put, row};
use crate::ui::scene::Scene;
use crate::ui::stream::{of_care, of_outcome, of_verdict};

/// The width of a host's column.
const CELL: u16 = 17;
/// The least room for the names of steps.
const NAMES: u16 = 22;

/// A step of a run, on whatever hosts have it.
pub struct Row<'a> {
    /// Its number.
    pub number: u32,
    /// Its name.
    pub name: &'a str,
}

/// The steps of all hosts by number. Hosts plan for themselves, and one may have steps another has not.
pub fn rows(run: &RunState) -> Vec<Row<'_>> {
    let mut rows: BTreeMap<u32, &str> = BTreeMap::new();
    for step in run.hosts.values().flat_map(|part| &part.steps) {
        rows.entry(step.number).or_insert(&step.name);
    }
    rows.into_iter().map(|(number, name)| Row { number, name }).collect()
}

/// The row of the step that goes on, or of the last one that ended: on that host before others.
pub fn newest(run: &RunState, rows: &[Row<'_>], host: Option<&HostName>) -> usize {
    let of = |part: &HostRun| {
        let failed = part.done.iter().find(|end| of_verdict(end.verdict) == State::Failed);
        let current = part.current.as_ref().or(failed.map(|end| &end.step));
        current.or_else(|| part.done.last().map(|end| &end.step)).map(|step| step.number)
    };
    let here = host.and_then(|host| run.hosts.get(host)).and_then(of);
    let number = here.or_else(|| run.hosts.values().filter_map(of).max());
    number.and_then(|number| rows.iter().position(|row| row.number == number)).unwrap_or(0)
}

impl RunPane {
    pub(super) fn draw_steps(&self, sight: &Sight<'_, '_>, area: Rect, buf: &mut Buffer) {
        let Sight { run, scene, rows, at } = *sight;
        let theme = scene.theme;
        let room = usize::from(area.width.saturating_sub(NAMES) / CELL).max(1);
        let first = (self.host + 1).saturating_sub(room);
        let hosts: Vec<(usize, (&HostName, &HostRun))> =
            run.hosts.iter().enumerate().skip(first).take(room).collect();
        let cells = u16::try_from(hosts.len()).unwrap_or(0).saturating_mul(CELL).min(area.width);
        let names = area.width - cells;
        for (place, (at, (host, part))) in (0..).zip(&hosts) {
            let x = area.x + names + place * CELL;
            let role = if *at == self.host { Role::Selected } else { Role::Label };
            let end = put(buf, (x, area.y), CELL - 1, host.as_str(), theme.style(role));
            if let Some((outcome, _)) = &part.outcome {
                let mark = theme.mark(of_outcome(outcome).0);
                let left = (x + CELL - 1).saturating_sub(end + 1);
                put(buf, (end + 1, area.y), left, mark.glyph, theme.style(mark.role));
            }
        }
        let list = below(area, 1);
        if rows.is_empty() {
            line(buf, list, theme, &[(waiting(run), Role::Faint)]);
        }
        let top = first_shown(at, rows.len(), list.height);
        for (place, (of, step)) in (0..list.height).zip(rows.iter().enumerate().skip(top)) {
            let area = row(list, place);
            let (mark, role) = match of == at {
                true => (theme.glyphs().cursor(), Role::Selected),
                false => (" ", Role::Text),
            };
            let number = format!("{:>2}  ", step.number);
            let name = Rect { width: names.saturating_sub(1), ..area };
            line(
                buf,
                name,
                theme,
                &[(mark, Role::Accent), (&number, Role::Label), (step.name, role)],
            );
            for (place, (_, (_, part))) in (0..).zip(&hosts) {
                let x = area.x + names + place * CELL;
                let width = (CELL - 1).min(area.right().saturating_sub(x));
                let under_way = of_care(run.care);
                let of = (*part, step.number, under_way);
                draw_cell(scene, of, Rect { x, width, ..area }, buf);
            }
        }
    }
}

fn waiting(run: &RunState) -> &'static str {
    let over = run.hosts.values().all(|part| part.outcome.is_some());
    if over { "no host got as far as a step" } else { "hosts are being reached" }
}

/// What step `number` came to on a host. `under_way`: how a run stands whose steps go on.
fn draw_cell(
    scene: &Scene<'_>,
    (part, number, under_way): (&HostRun, u32, State),
    area: Rect,
    buf: &mut Buffer,
) {
    let theme = scene.theme;
    let ended = part.done.iter().rev().find(|end| end.step.number == number);
    let (state, aside) = match ended {
        Some(end) => (of_verdict(end.verdict), took(end)),
        None if part.current.as_ref().is_some_and(|step| step.number == number) => {
            // Where nobody looks on, nobody can tell.
            let state = if under_way == State::Running { under_way } else { State::Unknown };
            (state, String::new())
        }
        None => {
            let known = part.steps.iter().any(|step| step.number == number);
            let role = if known && part.outcome.is_none() { Role::Faint } else { Role::Trough };
            put(buf, (area.x, area.y), 1, theme.glyphs().dot(), theme.style(role));
            return;
        }
    };
    let mark = theme.mark(state);
    let word = format!(" {:<9}", mark.word);
    line(buf, area, theme, &[(mark.glyph, mark.role), (&word, mark.role), (&aside, Role::Label)]);
}

/// How long a step took, where that is worth a word.
fn took(end: &StepEnd) -> String {
    if end.took.0 >= 100 { end.took.clock() } else { String::new() }
}
