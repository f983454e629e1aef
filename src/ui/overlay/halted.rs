//! What happens cannot be recorded: why, and what to do next, over the screen. Mends nothing.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::sheet::lay;
use crate::theme::{Role, Theme};
use crate::ui::fit::{below, line};
use crate::ui::report;

/// Columns and rows.
const SIZE: (u16, u16) = (96, 14);
/// What to do next.
const NEXT: [&str; 3] = [
    "What had begun on a host goes on there; `shelter resume` or R goes on with it.",
    "Mend the cause, then begin again what is wanted: nothing needs to be closed.",
    "q closes this.",
];

/// Draws it.
pub fn draw(told: &str, theme: Theme, area: Rect, buf: &mut Buffer) {
    let inner = lay(buf, area, theme, SIZE, "NOT RECORDED");
    let mut at = below(report::draw(told, theme, inner, 0, buf), 1);
    for text in NEXT {
        line(buf, at, theme, &[(text, Role::Text)]);
        at = below(at, 1);
    }
}
