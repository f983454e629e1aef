//! A command of the user's own that is told of every notice: mail, chat, a siren. What it does, and whether it works,
//! holds up no round.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::fleet::{Event, Severity, secret_variables};

/// How long it may take for one notice.
const PATIENCE: Duration = Duration::from_secs(20);

/// Why a hook did not do its work.
type Fault = String;

/// Calls the hook, one notice after the other, in a task of its own.
pub(super) struct Caller {
    hook: PathBuf,
    said: mpsc::UnboundedSender<Option<Fault>>,
    ended: mpsc::UnboundedReceiver<Option<Fault>>,
    /// What has ended and was not heard yet.
    next: Option<Option<Fault>>,
    /// Calls that were begun and have not ended, as far as heard.
    open: usize,
    failing: bool,
    tasks: JoinSet<()>,
}

/// One call that has ended.
pub(super) struct Heard {
    /// What is worth telling about it: that the hook fails now, or works again.
    pub remark: Option<String>,
}

impl Caller {
    /// Of a hook that can be run.
    pub fn new(hook: PathBuf) -> Self {
        let (said, ended) = mpsc::unbounded_channel();
        let (next, open, failing, tasks) = (None, 0, false, JoinSet::new());
        Self { hook, said, ended, next, open, failing, tasks }
    }

    /// Whether it is at work.
    pub fn is_calling(&self) -> bool {
        self.open > 0
    }

    /// Begins to tell all of these, in their order. Bounded: only what the watchdog keeps is told.
    pub fn begin(&mut self, events: Vec<Event>) {
        while self.tasks.try_join_next().is_some() {}
        self.open += events.len();
        let (hook, said) = (self.hook.clone(), self.said.clone());
        if events.is_empty() {
            return;
        }
        self.tasks.spawn(async move {
            for event in events {
                let fault = tell(&hook, &event).await.err();
                if said.send(fault).is_err() {
                    return;
                }
            }
        });
    }

    /// Waits until a call has ended.
    pub async fn wait(&mut self) {
        if self.next.is_none() {
            self.next = self.ended.recv().await;
        }
    }

    /// A call that has ended since.
    pub fn heard(&mut self) -> Option<Heard> {
        let fault = self.next.take().or_else(|| self.ended.try_recv().ok())?;
        self.open = self.open.saturating_sub(1);
        let was_failing = std::mem::replace(&mut self.failing, fault.is_some());
        let remark = match fault {
            Some(why) if !was_failing => {
                Some(format!("the hook {} fails: {why}", self.hook.display()))
            }
            None if was_failing => Some(format!("the hook {} works again", self.hook.display())),
            _ => None,
        };
        Some(Heard { remark })
    }
}

/// Tells it: `HOOK WHAT SEVERITY ID TEXT`, and the event as JSON on its standard input.
async fn tell(hook: &Path, event: &Event) -> Result<(), Fault> {
    let Some([what, severity, about, text]) = words(event) else { return Ok(()) };
    let mut command = Command::new(hook);
    command.args([what, severity, about, text]).kill_on_drop(true).process_group(0);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    for name in secret_variables() {
        command.env_remove(name);
    }
    let json = serde_json::to_string(event).map_err(|error| error.to_string())?;
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    match timeout(PATIENCE, finish(&mut child, &json)).await {
        Ok(Ok(status)) if status.success() => Ok(()),
        Ok(Ok(status)) => Err(status.to_string()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => {
            end(&child);
            Err(format!("it took longer than {} s and was ended", PATIENCE.as_secs()))
        }
    }
}

async fn finish(child: &mut Child, json: &str) -> std::io::Result<ExitStatus> {
    if let Some(mut stdin) = child.stdin.take() {
        // One that does not read it has what it needs in its arguments.
        let _ = stdin.write_all(json.as_bytes()).await;
    }
    child.wait().await
}

/// Ends it with all it has started.
fn end(child: &Child) {
    let pid = child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
    if let Some(Err(error)) = pid.map(|pid| kill_process_group(pid, Signal::KILL)) {
        tracing::warn!(%error, "a hook that hangs could not be ended");
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
