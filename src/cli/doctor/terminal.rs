//! The terminal: whether it shows the console as it is meant. Draws nothing.

use std::env;
use std::io::IsTerminal;

use super::{Finding, Health};

/// Fewer columns or lines than this show one pane at a time, and little of it.
const SMALL: (u16, u16) = (80, 24);

/// The terminal this command was called on.
pub(super) fn look() -> Finding {
    let told = |health, text: String| Finding::new("terminal", health, text);
    let stdout = std::io::stdout();
    if !stdout.is_terminal() {
        return told(Health::Well, "none: the output goes into a pipe or a file".to_owned());
    }
    let size = rustix::termios::tcgetwinsize(&stdout);
    let (columns, rows) = size.map_or((0, 0), |size| (size.ws_col, size.ws_row));
    if columns == 0 || rows == 0 {
        return told(Health::Look, "does not tell its size".to_owned());
    }
    let text = format!("{columns}×{rows} · {}", if utf8() { "UTF-8" } else { "no UTF-8" });
    if !utf8() {
        return told(Health::Look, text).hint("set `LANG` to a UTF-8 locale, such as `C.UTF-8`");
    }
    if columns < SMALL.0 || rows < SMALL.1 {
        let hint = format!("the console is at its best from {}×{} on", SMALL.0, SMALL.1);
        return told(Health::Look, text).hint(hint);
    }
    told(Health::Well, text)
}

/// Whether the locale says so; the first that is set counts.
fn utf8() -> bool {
    let set = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()));
    set.is_some_and(|value| {
        let value = value.to_ascii_lowercase();
        value.contains("utf-8") || value.contains("utf8")
    })
}
