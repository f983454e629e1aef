//! `shelter watch ack|silence|resume`: wishes, left in the home for whoever watches it.

use std::io::Write;

use super::rules;
use crate::cli::args::{Global, Hushed};
use crate::cli::compose::Console;
use crate::cli::exit::{Exit, Trouble};
use crate::cli::spelling::Spelling;
use crate::cli::surroundings::actor;
use crate::fleet::{HostName, Hush, Matcher, Timestamp, Watching, Wish};
use crate::ops::Clock;
use crate::records::WatchFiles;
use crate::text::{Report, Reports, nearest, seconds};

/// "I look after it."
pub fn acknowledge(hushed: &Hushed, global: &Global) -> Result<Exit, Trouble> {
    let stands = |about: &Matcher, files: &WatchFiles, _: &Console| match files.standing()? {
        Some(standing) if standing.alerts.iter().any(|alert| about.means(&alert.id)) => Ok(()),
        standing => Err(nothing_stands(about, standing)),
    };
    let same = |wish: &Wish, about: &Matcher| match wish {
        Wish::Acknowledge { about: known, .. } => known == about,
        _ => false,
    };
    hush(
        hushed,
        global,
        Kind { same: &same, may: &stands, make: &|about, hush| Wish::Acknowledge { about, hush } },
    )
}

/// "I do not want to hear of it."
pub fn silence(hushed: &Hushed, global: &Global) -> Result<Exit, Trouble> {
    let same = |wish: &Wish, about: &Matcher| match wish {
        Wish::Silence { about: known, .. } => known == about,
        _ => false,
    };
    let known = |about: &Matcher, _: &WatchFiles, console: &Console| known(about, console);
    hush(
        hushed,
        global,
        Kind { same: &same, may: &known, make: &|about, hush| Wish::Silence { about, hush } },
    )
}

/// "Go on healing."
pub fn resume(global: &Global) -> Result<Exit, Trouble> {
    let console = Console::open(global)?;
    let files = WatchFiles::of(console.home());
    let halt = files.standing()?.and_then(|standing| standing.halt);
    let Some(halt) = halt else {
        return Err(Report::error("healing has not halted: there is nothing to resume").into());
    };
    let wish = Wish::Resume { by: actor(), at: Clock::system().now() };
    files.wish(rand::random(), &wish)?;
    let when = when(&files, console.spelling())?;
    writeln!(std::io::stdout().lock(), "healing goes on {when} ({}: {})", halt.alert, halt.why)?;
    Ok(Exit::Well)
}

/// What tells an acknowledgement and a silence apart.
struct Kind<'a> {
    /// Whether a wish is one of this kind about the same.
    same: &'a dyn Fn(&Wish, &Matcher) -> bool,
    /// Whether it can be wished.
    may: &'a dyn Fn(&Matcher, &WatchFiles, &Console) -> Result<(), Trouble>,
    make: &'a dyn Fn(Matcher, Hush) -> Wish,
}

/// An acknowledgement ends with its alert, so that one of nothing would end at once.
fn nothing_stands(about: &Matcher, standing: Option<Watching>) -> Trouble {
    let names: Vec<String> =
        standing.iter().flat_map(|s| &s.alerts).map(|alert| alert.id.to_string()).collect();
    let wanted = about.to_string();
    let report = Report::error(format!("no alert `{wanted}` stands"));
    let report = match nearest(&wanted, names.iter().map(String::as_str)) {
        Some(near) => report.help(format!("did you mean `{near}`?")),
        None => report.help("`shelter watch list` shows those that stand; `shelter watch silence` is heard beforehand too"),
    };
    report.into()
}

/// A silence may come before its alert, but not of a host or a rule that nobody knows.
fn known(about: &Matcher, console: &Console) -> Result<(), Trouble> {
    let rules = rules::read(console.base(), console.inventory())?.rules.rules;
    let mut reports = Reports::new();
    let mut check = |what: &str, name: Option<&str>, known: Vec<&str>| {
        let Some(name) = name.filter(|name| !known.contains(name)) else { return };
        let report = Report::error(format!("there is no {what} `{name}`"));
        let report = report.nearest(name, known.iter().copied());
        reports.push(report.expected(known.join(", ")));
    };
    let hosts = console.inventory().hosts.iter().map(|host| host.name.as_str());
    check("host", about.host.as_ref().map(HostName::as_str), hosts.collect());
    let names = rules.iter().map(|rule| rule.name.value.as_str());
    check("rule", about.rule.as_deref(), names.collect());
    if reports.has_errors() { Err(reports.into()) } else { Ok(()) }
}

fn hush(hushed: &Hushed, global: &Global, kind: Kind<'_>) -> Result<Exit, Trouble> {
    let about = Matcher::parse(&hushed.about).map_err(|_| {
        Report::error(format!("`{}` names no alerts", hushed.about))
            .expected("`disk@shadow:/var`, `disk`, `@shadow` or `all`")
            .help("`shelter watch list` shows those that stand")
    })?;
    let seconds = seconds(&hushed.how_long).map_err(|expected| {
        Report::error(format!("`--for` cannot be `{}`", hushed.how_long)).expected(expected)
    })?;
    let console = Console::open(global)?;
    let files = WatchFiles::of(console.home());
    let wishes = files.wishes()?.into_iter();
    let before: Vec<u64> =
        wishes.filter(|(_, wish)| (kind.same)(wish, &about)).map(|(name, _)| name).collect();
    let mut out = std::io::stdout().lock();
    if hushed.lift {
        if before.is_empty() {
            return Err(Report::error(format!("nobody wished that of `{about}`")).into());
        }
        before.iter().try_for_each(|name| files.unwish(*name))?;
        writeln!(out, "{about} is told of again")?;
        return Ok(Exit::Well);
    }
    (kind.may)(&about, &files, &console)?;
    let until = Timestamp(Clock::system().now().0 + seconds * 1000);
    let hush = Hush { by: actor(), until, why: hushed.why.clone() };
    // The new wish takes the place of one about the same; in between there are two rather than none.
    files.wish(rand::random(), &(kind.make)(about.clone(), hush))?;
    before.iter().try_for_each(|name| files.unwish(*name))?;
    let when = when(&files, console.spelling())?;
    writeln!(out, "nothing is told of {about}, and nothing healed of it, until {until}, {when}")?;
    Ok(Exit::Well)
}

/// When a wish is heard.
fn when(files: &WatchFiles, spelling: &Spelling) -> Result<String, Trouble> {
    Ok(match files.watcher()? {
        Some(who) => format!("with the next round of {who}"),
        None => spelling.spell("as soon as somebody watches: `shelter --watchdog`"),
    })
}
