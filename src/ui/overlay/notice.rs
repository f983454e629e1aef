//! A report over the screen: what went wrong, why, and what to do next. Mends nothing.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::sheet::lay;
use crate::theme::{Role, Theme};
use crate::ui::fit::{below, line};
use crate::ui::report;

/// Columns, and rows beside those of the report.
const SIZE: (u16, u16) = (96, 6);
/// What to do where nothing can be recorded.
const RESUME: [&str; 2] = [
    "What had begun on a host goes on there; `shelter resume` or R goes on with it.",
    "Mend the cause, then begin again what is wanted: nothing needs to be closed.",
];

/// Something that went wrong.
pub struct Notice {
    title: &'static str,
    report: String,
    next: &'static [&'static str],
}

impl Notice {
    /// What happens cannot be recorded.
    pub fn halted(report: String) -> Self {
        Self { title: "NOT RECORDED", report, next: &RESUME }
    }

    /// What was wished cannot be.
    pub fn refused(report: String) -> Self {
        Self { title: "NOT BEGUN", report, next: &[] }
    }

    /// Draws it.
    pub fn draw(&self, theme: Theme, area: Rect, buf: &mut Buffer) {
        let (width, more) = SIZE;
        let rows = u16::try_from(self.report.lines().count()).unwrap_or(u16::MAX);
        let inner = lay(buf, area, theme, (width, rows.saturating_add(more)), self.title);
        let mut at = below(report::draw(&self.report, theme, inner, 0, buf), 1);
        for text in self.next {
            line(buf, at, theme, &[(text, Role::Text)]);
            at = below(at, 1);
        }
        line(buf, at, theme, &[("q", Role::Key), (" closes this", Role::Label)]);
    }
}
