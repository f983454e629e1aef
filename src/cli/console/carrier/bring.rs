//! What a home holds, brought to the console: playbooks, runs, history, benchmarks.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::line_of;
use crate::cli::bench::Shelf;
use crate::cli::compose::Console;
use crate::cli::console::shelf;
use crate::cli::exit::Trouble;
use crate::records::{Memory, recent};
use crate::ui::news::News;

/// Runs of the past that are shown.
const PAST: usize = 300;
/// Lines of the history that are shown.
const LINES: usize = 2000;

/// Brings the playbooks.
pub(super) async fn look_up(console: Arc<Console>, news: mpsc::Sender<News>) {
    let read = tokio::task::spawn_blocking(move || shelf::cards(&console)).await;
    let one = match read {
        Ok(Ok(cards)) => News::Shelf(cards),
        Ok(Err(trouble)) => News::Said(line_of(&trouble)),
        Err(stopped) => News::Said(stopped.to_string()),
    };
    // A console that has gone needs no news.
    let _ = news.send(one).await;
}

/// Brings the runs there were, what the history says, and what was measured.
pub(super) async fn remember(console: Arc<Console>, news: mpsc::Sender<News>) {
    let read = tokio::task::spawn_blocking(move || {
        let home = console.home();
        let (past, history) = (Memory::of(home).newest(PAST)?, recent(home, LINES)?);
        let benches = Shelf::open(&console)?.shown();
        Ok::<_, Trouble>([News::Past(past), News::History(history), News::Benches(benches)])
    });
    let told = match read.await {
        Ok(Ok(told)) => Vec::from(told),
        Ok(Err(trouble)) => vec![News::Said(line_of(&trouble))],
        Err(stopped) => vec![News::Said(stopped.to_string())],
    };
    for one in told {
        // A console that has gone needs no news.
        let _ = news.send(one).await;
    }
}
