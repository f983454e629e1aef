//! What a person does at the terminal, read on a thread of its own: reading waits, and nothing else may.

use crossterm::event::{Event, KeyEvent, KeyEventKind, MouseEvent, read};
use tokio::sync::mpsc;

/// What a person did.
#[derive(Clone, Debug)]
pub enum Input {
    /// Pressed a key.
    Key(KeyEvent),
    /// Pasted a text.
    Paste(String),
    /// Clicked, or turned the wheel.
    Mouse(MouseEvent),
    /// Gave the window another size.
    Resized,
}

/// Events that may wait; a person is not faster.
const WAITING: usize = 256;

/// What a person does from here on. Ends with the terminal.
pub fn inputs() -> mpsc::Receiver<Input> {
    let (sender, inputs) = mpsc::channel(WAITING);
    std::thread::spawn(move || {
        loop {
            let input = match read() {
                Ok(event) => of(event),
                Err(error) => {
                    tracing::warn!(%error, "the terminal cannot be read");
                    return;
                }
            };
            if let Some(input) = input
                && sender.blocking_send(input).is_err()
            {
                return;
            }
        }
    });
    inputs
}

fn of(event: Event) -> Option<Input> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => Some(Input::Key(key)),
        Event::Paste(text) => Some(Input::Paste(text)),
        Event::Mouse(mouse) => Some(Input::Mouse(mouse)),
        Event::Resize(..) => Some(Input::Resized),
        _ => None,
    }
}
