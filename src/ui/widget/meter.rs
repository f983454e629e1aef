//! A share as a thin line: as far as it is taken in one colour, the rest in another.

use ratatui::layout::Rect;

use super::{Canvas, Limits};
use crate::theme::Role;

/// A share of a whole.
#[derive(Clone, Copy, Debug)]
pub struct Meter {
    /// From 0 to 1. `None` where it is not known: then there is only the trough.
    pub share: Option<f64>,
    /// From where on it is worth a look, as shares.
    pub limits: Limits,
}

impl Meter {
    /// Draws it on a line of an area, as wide as that.
    pub fn draw(self, canvas: &mut Canvas<'_>, area: Rect, row: u16) {
        let glyphs = canvas.theme.glyphs();
        let (full, empty) = (glyphs.either("━", "="), glyphs.either("─", "-"));
        let share = self.share.unwrap_or(0.0).clamp(0.0, 1.0);
        let wide = usize::from(area.width);
        // A share that is not nothing shows, and one that is not all leaves something.
        let taken = match (share * wide as f64).round() as usize {
            0 if share > 0.0 => 1.min(wide),
            all if all == wide && share < 1.0 => wide.saturating_sub(1),
            taken => taken,
        };
        let role = match self.limits.role(share) {
            Role::Plot => Role::Good,
            Role::Warn => Role::WarnFill,
            other => other,
        };
        let pen = canvas.line(area, row).say(role, &full.repeat(taken));
        pen.say(Role::Trough, &empty.repeat(wide - taken));
    }
}
