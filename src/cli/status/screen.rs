//! A text drawn over itself on a terminal, without an alternate screen: what was shown last stays.

use std::io::{self, Write};

/// What is known of the terminal.
#[derive(Default)]
pub struct Screen {
    drawn: bool,
}

impl Screen {
    /// Draws a text from the top. Lines that do not fit are counted, not scrolled.
    pub fn draw(&mut self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        let frame = fitted(text, height());
        let clear = if self.drawn { "\x1b[H" } else { "\x1b[2J\x1b[H" };
        self.drawn = true;
        write!(out, "{clear}{}\x1b[J", frame.replace('\n', "\x1b[K\n"))?;
        out.flush()
    }
}

fn height() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
    Some(usize::from(size.ws_row)).filter(|rows| *rows > 2)
}

fn fitted(text: &str, height: Option<usize>) -> String {
    let lines: Vec<&str> = text.lines().collect();
    match height {
        Some(height) if lines.len() >= height => {
            let (shown, hidden) = lines.split_at(height - 2);
            let more = hidden.len();
            format!(
                "{}\n… {more} more lines: name fewer hosts, or widen the window\n",
                shown.join("\n")
            )
        }
        _ => lines.join("\n") + "\n",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_counted() {
        assert_eq!(fitted("a\nb\n", Some(24)), "a\nb\n");
        let told = fitted("a\nb\nc\nd\ne\n", Some(4));
        assert_eq!(told, "a\nb\n… 3 more lines: name fewer hosts, or widen the window\n");
    }
}
