//! A command of the user's own that is told of every notice: mail, chat, a siren. What it does, and whether it works,
//! holds nothing up for long.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use tokio::time::timeout;

use crate::fleet::{Event, Severity};

/// How long it may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Tells it: `HOOK WHAT SEVERITY ID TEXT`, and the event as JSON on its standard input.
pub(super) async fn tell(hook: &Path, event: &Event) {
    let Some([what, severity, about, text]) = words(event) else { return };
    let mut command = Command::new(hook);
    command.args([what, severity, about, text]).kill_on_drop(true);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let json = serde_json::to_string(event).unwrap_or_default();
    let run = async {
        let mut child = command.spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            // One that does not read it has what it needs in its arguments.
            let _ = stdin.write_all(json.as_bytes()).await;
        }
        child.wait().await
    };
    match timeout(PATIENCE, run).await {
        Ok(Ok(status)) if status.success() => {}
        Ok(Ok(status)) => tracing::warn!(hook = %hook.display(), %status, "the hook failed"),
        Ok(Err(error)) => tracing::warn!(hook = %hook.display(), %error, "the hook cannot run"),
        Err(_) => tracing::warn!(hook = %hook.display(), "the hook took too long and was ended"),
    }
}

fn words(event: &Event) -> Option<[String; 4]> {
    let critical = Severity::Critical.word().to_owned();
    Some(match event {
        Event::Alerted { notice, alert } => [
            notice.word().to_owned(),
            alert.severity.word().to_owned(),
            alert.id.to_string(),
            alert.text.clone(),
        ],
        Event::Halted(halt) => {
            ["halted".to_owned(), critical, halt.alert.to_string(), halt.why.clone()]
        }
        Event::Resumed { by } => {
            let text = format!("{by} lets healing go on");
            ["resumed".to_owned(), "notice".to_owned(), "watchdog".to_owned(), text]
        }
        _ => return None,
    })
}
