//! What stands on the screen before there is anything to show.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::fit::{line, row};
use crate::theme::{Role, Theme};

/// Draws it.
pub fn draw(theme: Theme, area: Rect, buf: &mut Buffer) {
    const NAME: &str = "M O U N T A I N   S H E L T E R";
    let width = u16::try_from(NAME.len()).unwrap_or(u16::MAX);
    let x = area.x + area.width.saturating_sub(width) / 2;
    let middle = Rect { x, width: area.right().saturating_sub(x), ..area };
    line(buf, row(middle, area.height * 2 / 5), theme, &[(NAME, Role::Heading)]);
}
