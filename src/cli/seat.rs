//! A seat at a host: this terminal, raw, becomes the host's. Whatever happens, it is given back as it was.

use std::io::{self, Write};

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};
use tokio::io::AsyncReadExt;
use tokio::signal::unix::{SignalKind, signal};

use crate::fleet::Host;
use crate::reach::{Keys, Reach, Screen, Size};
use crate::text::Report;

use super::exit::{Exit, Trouble};

/// Opens a login shell on a host and sits there until it ends.
pub async fn sit(reach: &Reach, host: &Host) -> Result<Exit, Trouble> {
    let Ok(before) = tcgetattr(io::stdin()) else {
        let report = Report::error("there is no terminal to sit at");
        return Err(report.help("call it from a terminal, without a pipe").into());
    };
    let failed = |error: crate::reach::ReachError| {
        Trouble::from(Report::error(format!("{}: {error}", host.name)))
    };
    let link = reach.link(host).await.map_err(failed)?;
    let kind = std::env::var("TERM").unwrap_or_else(|_| "dumb".to_owned());
    let (keys, screen) = link.terminal(&kind, size()).await.map_err(failed)?;
    let _guard = Raw::enter(before)?;
    relay(keys, screen).await?;
    Ok(Exit::Well)
}

/// The terminal in raw mode, until this is dropped.
struct Raw(Termios);

impl Raw {
    fn enter(before: Termios) -> io::Result<Self> {
        let mut raw = before.clone();
        raw.make_raw();
        tcsetattr(io::stdin(), OptionalActions::Now, &raw)?;
        Ok(Self(before))
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        // A terminal that has gone away needs nothing back.
        let _ = tcsetattr(io::stdin(), OptionalActions::Drain, &self.0);
    }
}

async fn relay(keys: Keys, mut screen: Screen) -> io::Result<()> {
    let mut resized = signal(SignalKind::window_change())?;
    let mut terminated = signal(SignalKind::terminate())?;
    let mut hung_up = signal(SignalKind::hangup())?;
    let mut typed = [0; 4096];
    let mut stdin = tokio::io::stdin();
    loop {
        tokio::select! {
            drawn = screen.next() => match drawn {
                Some(bytes) => {
                    let mut out = io::stdout().lock();
                    out.write_all(&bytes)?;
                    out.flush()?;
                }
                None => return Ok(()),
            },
            count = stdin.read(&mut typed) => match count? {
                0 => return Ok(()),
                count if keys.press(&typed[..count]).await => {}
                _ => return Ok(()),
            },
            _ = resized.recv() => keys.resize(size()).await,
            _ = terminated.recv() => return Ok(()),
            _ = hung_up.recv() => return Ok(()),
        }
    }
}

fn size() -> Size {
    let (columns, rows) = tcgetwinsize(io::stdout()).map_or((80, 24), |s| (s.ws_col, s.ws_row));
    Size { columns: u32::from(columns), rows: u32::from(rows) }
}
