//! The ground of an overlay: a darker sheet with room around its text and a thin line on its left. No box.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::theme::{Role, Theme};
use crate::ui::fit::{below, inset, line, put};

/// Where a sheet of about that size lies in an area, and what of it can be written on below its title.
pub fn place(area: Rect, (width, height): (u16, u16)) -> (Rect, Rect) {
    let width = width.min(area.width.saturating_sub(4));
    let height = height.saturating_add(4).min(area.height.saturating_sub(2));
    let x = area.x + (area.width - width.min(area.width)) / 2;
    let y = area.y + (area.height - height.min(area.height)) / 3;
    let sheet = Rect { x, y, width, height };
    let inner = below(inset(below(sheet, 1), 3), 2);
    (sheet, Rect { height: inner.height.saturating_sub(1), ..inner })
}

/// Lays a sheet of about that size in the middle of an area. What can be written on.
pub fn lay(buf: &mut Buffer, area: Rect, theme: Theme, size: (u16, u16), title: &str) -> Rect {
    let (sheet, inner) = place(area, size);
    let sheet = sheet.intersection(buf.area);
    for at in sheet.rows() {
        for cell in at.columns() {
            if let Some(cell) = buf.cell_mut((cell.x, cell.y)) {
                cell.reset();
                cell.set_style(theme.style(Role::Overlay));
            }
        }
        put(buf, (at.x, at.y), 1, theme.glyphs().upright(), theme.style(Role::Rule));
    }
    line(buf, inset(below(sheet, 1), 3), theme, &[(title, Role::Heading)]);
    inner
}
