//! `shelter` alone: opens the console, and carries out what is wished there. The first picture comes before anything
//! is read or reached.

mod adding;
mod aside;
mod asking;
mod carrier;
mod settings;
mod sheets;
mod shelf;
mod stir;
mod stumbles;
mod watching;

use std::io::IsTerminal;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::Duration;

use tokio::sync::{mpsc, watch};

use crate::ops::Clock;
use crate::text::Report;
use crate::theme::{Depth, Environment, Glyphs, Theme};
use crate::ui::{Ending, Model, Settings, Wires};

use super::args::Global;
use super::exit::{Exit, Trouble};
use super::paint::errors;
use aside::Aside;
use carrier::Carrier;
pub use settings::set;
use stumbles::Stumbles;

/// News that may wait for the console: whoever brings more waits.
const NEWS: usize = 512;

/// How long whoever leaves waits for what is still being done, practice hosts being started for instance.
const PATIENCE: Duration = Duration::from_secs(10);

/// Opens the console and stays until it is left.
pub fn run(global: &Global, read_only: bool) -> Result<Exit, Trouble> {
    if !(std::io::stdin().is_terminal() && std::io::stdout().is_terminal()) {
        let report = Report::error("the console needs a terminal");
        return Err(report
            .help("without one: `shelter --run`, `shelter status`, `shelter --help`")
            .into());
    }
    let environment = Environment::read(|name| std::env::var(name).ok());
    let theme = Theme::new(Depth::of(&environment), Glyphs::default());
    let remote = environment.ssh.is_some();
    let model = Model::new(theme, Settings { remote, read_only, ..Settings::default() });
    // What libraries print on stderr would be painted over the picture.
    let aside = Aside::begin()?;
    let stumbles = Stumbles::mind();
    let runtime = tokio::runtime::Runtime::new()?;
    let shown = catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(show(model, (global.clone(), read_only)))
    }));
    crate::ui::restore();
    drop(aside);
    errors(&stumbles.told());
    // A host that hangs must not keep the program.
    runtime.shutdown_background();
    match shown {
        Ok(shown) => shown,
        Err(panic) => resume_unwind(panic),
    }
}

async fn show(model: Model, given: (Global, bool)) -> Result<Exit, Trouble> {
    let (wishes, wished) = mpsc::unbounded_channel();
    let (teller, news) = mpsc::channel(NEWS);
    let (hub, known) = watch::channel(None);
    let (touched, touches) = watch::channel(());
    let wires = Wires { wishes, news, hub: known, clock: Clock::system(), touched };
    let carrier = tokio::spawn(Carrier::carry(given, wished, teller, hub, touches));
    let ending = crate::ui::run(model, wires).await?;
    crate::ui::restore();
    // It ends once nobody wishes any more; what it has told is recorded by then.
    match tokio::time::timeout(PATIENCE, carrier).await {
        Ok(carried) => carried.map_err(|stopped| Report::error(stopped.to_string()))??,
        Err(_) => tracing::warn!("the console was left before all was carried out"),
    }
    Ok(match ending {
        Ending::Left => Exit::Well,
        Ending::Ended => Exit::Interrupted,
    })
}
