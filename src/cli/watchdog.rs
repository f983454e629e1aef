//! `shelter --watchdog` and `shelter watch`: composes the watchdog and prints what it tells. Decides nothing.

mod line;
mod list;
mod rules;
mod test;
mod wish;

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::fleet::{Host, Severity, Stamped, Watching};
use crate::ops::{ROUND, Seen, Watch, WatchError, Watchman};
use crate::records::Home;
use crate::text::{Report, counted};
use crate::watchdog::{Measure, Rules, Span};

use super::args::{self, Global, How};
use super::compose::{Console, warn};
use super::counsel;
use super::exit::{Exit, Trouble};
use super::paint::{Paint, errors};
use super::prompt;
use super::runtime::to_the_end;
use super::spelling::Spelling;
pub use rules::{Ruled, read as rules_of};

/// How long heals under way are waited for at the end. What runs on a host goes on there without us.
const LAST_WAIT: Duration = Duration::from_secs(30);

/// Watches.
pub fn run(how: &How, once: bool, global: &Global) -> Result<Exit, Trouble> {
    refuse_strangers(how)?;
    let mut console = Console::open(global)?;
    if how.ask_become_pass {
        console.give_sudo(prompt::sudo_password()?);
    }
    let span = if once { Span::Once } else { Span::ForEver };
    let hosts = hosts(&console, how)?;
    let Ruled { mut rules, healers, mut warnings } =
        rules::read(console.base(), console.inventory())?;
    let hook = hook(console.base()).unwrap_or_else(|unusable| {
        warnings.push(*unusable);
        None
    });
    warn(&warnings);
    if how.check {
        rules.rules.iter_mut().for_each(|rule| rule.heal = None);
    }
    let json = how.json;
    to_the_end(async move {
        let watch = Watch {
            hosts,
            inventory: console.inventory().clone(),
            rules,
            healers,
            ways: console.ways()?,
            home: console.home().clone(),
            actor: format!("watchdog@{}", node()),
            span,
            hook,
        };
        begun(watch, &console, json).await
    })
}

async fn begun(watch: Watch, console: &Console, json: bool) -> Result<Exit, Trouble> {
    let (span, away) = (watch.span, away(&watch.rules));
    let hosts = counted(watch.hosts.len(), "host");
    let rules = counted(watch.rules.rules.len(), "rule");
    let man = Watchman::begin(watch).map_err(trouble)?;
    let printing = print_all(&man, json, console.spelling().clone());
    match span {
        Span::Once => once_round(man, printing, console, (json, away)).await,
        Span::ForEver => {
            let every = ROUND.as_secs();
            errors(&format!("watching {hosts} by {rules}, in rounds of {every} s\n"));
            for_ever(man, printing).await
        }
    }
}

/// What else is asked of the watchdog, or about it.
pub fn watch(what: &args::Watch, global: &Global) -> Result<Exit, Trouble> {
    match what {
        args::Watch::List { json } => list::run(*json, global),
        args::Watch::Rules => rules::show(global),
        args::Watch::Ack(hushed) => wish::acknowledge(hushed, global),
        args::Watch::Silence(hushed) => wish::silence(hushed, global),
        args::Watch::Resume => wish::resume(global),
        args::Watch::Test(test) => test::run(test),
    }
}

async fn for_ever(mut man: Watchman, printing: JoinHandle<()>) -> Result<Exit, Trouble> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut beats = interval(ROUND);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    man.catch_up().await.map_err(trouble)?;
    loop {
        tokio::select! {
            // A round that has begun is finished: a signal is heard between rounds.
            biased;
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
            _ = beats.tick() => man.round().await.map_err(trouble)?,
        }
    }
    let last = async {
        while man.is_healing() {
            man.heal_ended().await?;
        }
        man.called().await
    };
    // What takes longer goes on at its host, and is judged by the next watchdog; so is what the hook has not had told then.
    timeout(LAST_WAIT, last).await.unwrap_or(Ok(())).map_err(trouble)?;
    man.close().await.map_err(trouble)?;
    let _ = printing.await;
    Ok(Exit::Well)
}

async fn once_round(
    mut man: Watchman,
    printing: JoinHandle<()>,
    console: &Console,
    (json, away): (bool, Vec<String>),
) -> Result<Exit, Trouble> {
    man.looked().await;
    man.catch_up().await.map_err(trouble)?;
    man.round().await.map_err(trouble)?;
    if man.is_healing() {
        while man.is_healing() {
            man.heal_ended().await.map_err(trouble)?;
        }
        man.only_look();
        man.look_again().await;
        man.round().await.map_err(trouble)?;
    }
    man.called().await.map_err(trouble)?;
    let standing = man.seen();
    man.close().await.map_err(trouble)?;
    let _ = printing.await;
    let text = list::text(&standing, None, console.spelling(), Paint::of_stdout());
    let end = counsel::end(console, &crate::fleet::Fleet::default(), json)?;
    let mut out = std::io::stdout().lock();
    if !json {
        write!(out, "\n{text}")?;
    }
    out.write_all(end.as_bytes())?;
    Ok(verdict(&standing, &away))
}

/// The rules by which a host is away.
fn away(rules: &Rules) -> Vec<String> {
    let about =
        rules.rules.iter().filter(|rule| matches!(rule.watch, Measure::Reach | Measure::Link));
    about.map(|rule| rule.name.value.clone()).collect()
}

/// A host that is away outweighs what is wrong on one that is there.
fn verdict(standing: &Watching, away: &[String]) -> Exit {
    let loud = || standing.alerts.iter().filter(|alert| alert.severity > Severity::Notice);
    if standing.halt.is_some() {
        Exit::Failed
    } else if loud().any(|alert| away.contains(&alert.id.rule)) {
        Exit::Unreachable
    } else if loud().next().is_some() {
        Exit::Failed
    } else {
        Exit::Well
    }
}

/// Prints what is told, as it is told.
fn print_all(man: &Watchman, json: bool, spelling: Spelling) -> JoinHandle<()> {
    let mut events = man.events();
    tokio::spawn(async move {
        while let Some(seen) = events.next().await {
            let line = match seen {
                Seen::Event(stamped) if json => as_json(&stamped),
                Seen::Event(stamped) => {
                    line::text(&stamped, &spelling, Paint::of_stdout()).unwrap_or_default()
                }
                Seen::Output(_) => continue,
                Seen::Missed(events) => {
                    errors(&missed(events, &spelling));
                    continue;
                }
            };
            let mut out = std::io::stdout().lock();
            // Whoever reads may have gone; the watch goes on.
            let _ = out.write_all(line.as_bytes()).and_then(|()| out.flush());
        }
    })
}

/// Nothing is lost but its place in what was printed.
fn missed(events: u64, spelling: &Spelling) -> String {
    spelling.spell(&format!(
        "note: {events} events are not printed here, for they were read too slowly; `shelter watch list` shows \
         what stands, `shelter log --history` what was\n"
    ))
}

/// An event that cannot be put so is told of in its place.
fn as_json(stamped: &Stamped) -> String {
    let line = serde_json::to_string(stamped).unwrap_or_else(|error| {
        let text = format!("an event cannot be written as JSON: {error}");
        let Stamped { seq, at, .. } = stamped;
        let at = at.to_string();
        serde_json::json!({ "seq": seq, "at": at, "event": "remarked", "text": text }).to_string()
    });
    line + "\n"
}

fn hosts(console: &Console, how: &How) -> Result<Vec<Host>, Trouble> {
    console.select(how.limit.as_deref().unwrap_or("all"))
}

/// `watch/hook` of the home, if there is one. The error says why it cannot be run.
pub fn hook(base: &Home) -> Result<Option<PathBuf>, Box<Report>> {
    let path = base.watch().join("hook");
    let Ok(found) = path.metadata() else { return Ok(None) };
    let unusable = |why| {
        Report::warning(format!("the hook `{}` is told of nothing: it is {why}", path.display()))
    };
    if !found.is_file() {
        return Err(unusable("no file").into());
    }
    if rustix::fs::access(&path, rustix::fs::Access::EXEC_OK).is_err() {
        let help = format!("chmod +x {}", path.display());
        return Err(unusable("not executable").help(help).into());
    }
    Ok(Some(path))
}

/// What a run understands and a watch does not is refused rather than passed over.
fn refuse_strangers(how: &How) -> Result<(), Trouble> {
    let strangers = [
        ("--diff", how.diff),
        ("--tags", !how.tags.is_empty()),
        ("--skip-tags", !how.skip_tags.is_empty()),
        ("--start-at", how.start_at.is_some()),
        ("--extra-vars", !how.extra_vars.is_empty()),
        ("--forks", how.forks.is_some()),
    ];
    match strangers.iter().find(|(_, given)| *given) {
        Some((name, _)) => {
            Err(Report::error(format!("`{name}` means nothing to `--watchdog`")).into())
        }
        None => Ok(()),
    }
}

fn node() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

fn trouble(error: WatchError) -> Trouble {
    let hint = match &error {
        WatchError::Taken(_) => Some(
            "`shelter watch list` shows what it sees; end it, or name another `--home`".to_owned(),
        ),
        WatchError::Records(error) => error.hint(),
        WatchError::Hub(_) => None,
    };
    let report = Report::of(&error);
    hint.map_or_else(|| report.clone().into(), |hint| report.clone().help(hint).into())
}
