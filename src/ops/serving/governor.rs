//! The frequency governor of a host, held at `performance` for as long as something is measured there. A shell on the host
//! holds it and puts it back, also when the link breaks.

use crate::reach::{Chunk, Command, Exit, Link, ReachError, Running, Stdin};

/// Sets every core, says so, waits for the end of its input, and sets back what was. Root, or sudo without a password.
const HOLD: &str = r#"
files=$(ls /sys/devices/system/cpu/cpu[0-9]*/cpufreq/scaling_governor 2>/dev/null)
[ -n "$files" ] || { echo none; exit 0; }
put() {
	if [ "$(id -u)" = 0 ]; then printf '%s\n' "$1" >"$2"; else printf '%s\n' "$1" | sudo -n tee "$2" >/dev/null; fi
}
was=$(for file in $files; do printf '%s %s\n' "$(cat "$file")" "$file"; done)
back() {
	trap '' HUP INT TERM
	printf '%s\n' "$was" | while read -r governor file; do put "$governor" "$file"; done 2>/dev/null
}
trap 'back; exit 1' HUP INT TERM
for file in $files; do put performance "$file" 2>/dev/null || { back; echo refused; exit 0; }; done
echo held
cat >/dev/null
back
"#;

/// What came of the wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Governed {
    /// It is held, and will be put back.
    Held,
    /// The processor of that host cannot be governed.
    None,
    /// It may not be set: neither root nor sudo without a password.
    Refused,
}

/// A governor that is held. Dropping it puts back what was, too, but does not wait for it.
pub struct Governor {
    running: Running,
    stdin: Option<Stdin>,
    /// What came of the wish.
    pub governed: Governed,
}

impl Governor {
    /// Asks the host behind a link to hold its governor.
    pub async fn hold(link: &Link) -> Result<Self, ReachError> {
        let mut running = link.run(&Command::sh(HOLD)).await?;
        let stdin = running.stdin();
        let mut said = Vec::new();
        while let Some(chunk) = running.next().await {
            if let Chunk::Stdout(bytes) = chunk {
                said.extend_from_slice(&bytes);
                if said.ends_with(b"\n") {
                    break;
                }
            }
        }
        let governed = match said.as_slice() {
            b"held\n" => Governed::Held,
            b"none\n" => Governed::None,
            _ => Governed::Refused,
        };
        Ok(Self { running, stdin, governed })
    }

    /// Lets go, and waits until what was is there again. `false`: nobody knows.
    pub async fn release(mut self) -> bool {
        drop(self.stdin.take());
        matches!(self.running.exit().await, Ok(Exit::Status(0)))
    }
}
