//! Beside the matrix: what the playbook would do there, the very program, or the run.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Plays, Side};
use crate::theme::{Role, State};
use crate::ui::fit::{below, line, put};
use crate::ui::report;
use crate::ui::scene::{Card, Scene};
use crate::ui::sheet::{Sheet, SheetRow};
use crate::ui::widget::wrapped;

impl Plays {
    pub(super) fn draw_side(&self, scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
        if self.side == Side::Run {
            match self.run_shown(scene) {
                Some(run) => self.run.draw(run, scene, area, buf),
                None => {
                    let text = "nothing has run in this session";
                    line(buf, area, scene.theme, &[(text, Role::Faint)]);
                }
            }
            return;
        }
        let Some(card) = scene.card() else { return };
        let title = if self.inside { Role::Selected } else { Role::Heading };
        line(buf, area, scene.theme, &[(&card.id, title)]);
        if let Some(error) = &card.error {
            return self.draw_error(error, scene, below(area, 2), buf);
        }
        let area = draw_card(card, scene, below(area, 2), buf);
        let fitting = |sheet: &&Sheet| sheet.playbook == card.id && sheet.host == self.host(scene);
        match (self.sheet.as_ref().filter(fitting), self.side) {
            (Some(sheet), Side::Program) => self.draw_program(sheet, scene, area, buf),
            (Some(sheet), _) => self.draw_plan(sheet, scene, area, buf),
            (None, _) => {
                line(buf, area, scene.theme, &[("being planned", Role::Faint)]);
            }
        }
    }

    fn draw_error(&self, error: &str, scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
        let mark = scene.theme.mark(State::Failed);
        line(
            buf,
            area,
            scene.theme,
            &[(mark.glyph, mark.role), (" the file has an error", mark.role)],
        );
        report::draw(error, scene.theme, below(area, 2), self.scroll, buf);
    }

    fn draw_plan(&self, sheet: &Sheet, scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
        let theme = scene.theme;
        let mut at = area;
        if let Some(host) = &sheet.host {
            line(buf, at, theme, &[("on ", Role::Label), (host.as_str(), Role::Value)]);
            at = below(at, 1);
        }
        for text in &sheet.head {
            for text in wrapped(text, usize::from(at.width), 3, theme.glyphs()) {
                line(buf, at, theme, &[(&text, Role::Label)]);
                at = below(at, 1);
            }
        }
        at = below(at, 1);
        let most = sheet.rows.len().saturating_sub(usize::from(at.height));
        for step in sheet.rows.iter().skip(self.scroll.min(most)) {
            draw_step(step, scene, at, buf);
            at = below(at, 1);
        }
    }

    fn draw_program(&self, sheet: &Sheet, scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
        let theme = scene.theme;
        if sheet.program.is_empty() {
            line(
                buf,
                area,
                theme,
                &[("there is no program yet: P gathers the facts of the host", Role::Faint)],
            );
            return;
        }
        let most = sheet.program.len().saturating_sub(usize::from(area.height));
        let first = self.scroll.min(most);
        let mut at = area;
        for (number, text) in (first + 1..).zip(sheet.program.iter().skip(first)) {
            let number = format!("{number:>5}  ");
            line(buf, at, theme, &[(&number, Role::Faint), (text, Role::Text)]);
            at = below(at, 1);
            if at.height == 0 {
                break;
            }
        }
    }
}

/// What the playbook is for. What is left of the area.
fn draw_card(card: &Card, scene: &Scene<'_>, area: Rect, buf: &mut Buffer) -> Rect {
    let mut at = area;
    for text in wrapped(&card.purpose, usize::from(area.width), 3, scene.theme.glyphs()) {
        line(buf, at, scene.theme, &[(&text, Role::Text)]);
        at = below(at, 1);
    }
    if let Some(disruptive) = &card.disruptive {
        let mark = scene.theme.mark(State::Warning);
        let text = format!(" disruptive: {disruptive}");
        line(buf, at, scene.theme, &[(mark.glyph, mark.role), (&text, mark.role)]);
        at = below(at, 1);
    }
    below(at, 1)
}

fn draw_step(step: &SheetRow, scene: &Scene<'_>, area: Rect, buf: &mut Buffer) {
    let theme = scene.theme;
    let (number, role) = match &step.skipped {
        Some(_) => (format!("{:>3}  ", step.number), Role::Faint),
        None => (format!("{:>3}  ", step.number), Role::Text),
    };
    let kind = format!("{:<10} ", step.resource);
    let x =
        line(buf, area, theme, &[(&number, Role::Label), (&kind, Role::Label), (&step.name, role)]);
    let aside = step.skipped.as_deref().unwrap_or_default();
    let left = area.right().saturating_sub(x + 2);
    put(buf, (x + 2, area.y), left, aside, theme.style(Role::Faint));
}
