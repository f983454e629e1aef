//! The terminal as the program found it, given back at the end: a question that hides what is typed may still be open then.
//! And such a question itself.

use std::fs::File;
use std::io;

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

/// What a question takes away.
const TAKEN: LocalModes = LocalModes::ECHO.union(LocalModes::ICANON).union(LocalModes::ISIG);

/// The terminal and how it was, if there is one.
pub struct Found(Option<(File, Termios)>);

impl Found {
    /// Takes note of it.
    pub fn now() -> Self {
        let terminal = File::open("/dev/tty").ok();
        Self(terminal.and_then(|tty| tcgetattr(&tty).ok().map(|modes| (tty, modes))))
    }
}

impl Drop for Found {
    fn drop(&mut self) {
        let Some((tty, before)) = &self.0 else { return };
        let differs = |now: Termios| (now.local_modes ^ before.local_modes).intersects(TAKEN);
        if tcgetattr(tty).is_ok_and(differs) {
            // A terminal that has gone away needs nothing back.
            let _ = tcsetattr(tty, OptionalActions::Now, before);
        }
    }
}

/// Asks for what nobody may see. The terminal shows nothing from before the question stands there: who answers at once, or
/// pastes, would be shown otherwise.
pub fn unseen(prompt: &str) -> io::Result<String> {
    let found = Found::now();
    if let Found(Some((tty, before))) = &found {
        let mut dark = before.clone();
        dark.local_modes.remove(LocalModes::ECHO);
        tcsetattr(tty, OptionalActions::Now, &dark)?;
    }
    rpassword::prompt_password(prompt)
}
