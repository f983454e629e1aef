//! `shelter hosts put` and `get`: a file or a folder carried to hosts, or from one. What is carried replaces a file,
//! and a folder only where that is asked for.

use std::fs::Metadata;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use futures::StreamExt;
use futures::stream::FuturesUnordered;

use crate::cli::args::{Get, Put};
use crate::cli::compose::Console;
use crate::cli::exit::{Exit, Trouble};
use crate::cli::files::unreadable;
use crate::cli::paint::{Paint, Tone, errors};
use crate::fleet::{Bytes, Failure, FailureKind, Host};
use crate::reach::{Carried, Command, Link, Reach, ReachError};
use crate::text::{Report, counted, inert_line};

use super::meter::Meter;

/// Files that arrive here are for the user alone: what mode they had says nothing about this machine.
const OURS: u32 = 0o600;
/// Ends with 0 where something of that name is there.
const IS_THERE: &str = r#"[ -e "$1" ] || [ -L "$1" ]"#;
/// Ends with 0 where that is a folder.
const IS_FOLDER: &str = r#"[ -d "$1" ] && [ ! -L "$1" ]"#;

/// Why a host has not got it, or given it.
enum Fault {
    Away(Failure),
    Refused(Failure),
}

/// Carries to every host of a pattern, each at its own speed.
pub async fn put(console: &Console, asked: &Put) -> Result<Exit, Trouble> {
    let hosts = console.select(&asked.pattern)?;
    let found = asked.from.metadata().map_err(|error| unreadable(&asked.from, &error))?;
    let to = goal(&asked.to, &asked.from)?;
    let (reach, meter) = (console.ways()?.reach, Meter::new());
    let one = async |host| (host, send(&reach, host, (asked, &found), &to, &meter).await);
    let mut under_way: FuturesUnordered<_> = hosts.iter().map(one).collect();
    let mut exit = Exit::Well;
    while let Some((host, outcome)) = under_way.next().await {
        console.floor_free().await;
        meter.clear();
        exit = match (exit, tell(host, &to, outcome)?) {
            (Exit::Failed, _) | (_, Exit::Failed) => Exit::Failed,
            (Exit::Well, told) => told,
            (exit, _) => exit,
        };
        reach.close(host).await;
    }
    Ok(exit)
}

/// Carries from one host.
pub async fn get(console: &Console, asked: &Get) -> Result<Exit, Trouble> {
    let [host] = <[Host; 1]>::try_from(console.select(&asked.name)?).map_err(|hosts| {
        Report::error(format!("`{}` is {}", asked.name, counted(hosts.len(), "host")))
            .help("files of several hosts would take each other's place: name one")
    })?;
    let mut to = asked.to.clone();
    if to.is_dir() {
        to.push(Path::new(&asked.from).file_name().ok_or_else(|| nameless(&asked.from))?);
    }
    if to.is_dir() && !asked.replace {
        let report = Report::error(format!("`{}` is there already", to.display()));
        return Err(report
            .help("`--replace` puts the folder in its place, and all in it goes")
            .into());
    }
    let (reach, meter) = (console.ways()?.reach, Meter::new());
    let outcome = fetch(&reach, &host, (&asked.from, &to), &meter).await;
    meter.clear();
    let exit = tell(&host, &to.display().to_string(), outcome)?;
    reach.close(&host).await;
    Ok(exit)
}

async fn send(
    reach: &Reach,
    host: &Host,
    (asked, found): (&Put, &Metadata),
    to: &str,
    meter: &Meter,
) -> Result<Carried, Fault> {
    let link = reach.link(host).await.map_err(|error| Fault::Away(error.failure()))?;
    let refused = |error: ReachError| Fault::Refused(error.failure());
    if !found.is_dir() {
        let mode = found.permissions().mode();
        return link.put(&asked.from, to, mode, &mut meter.ear()).await.map_err(refused);
    }
    if !asked.replace && holds(&link, IS_THERE, to).await.map_err(refused)? {
        return Err(Fault::Refused(Failure {
            kind: FailureKind::Local,
            text: format!("`{to}` is there already"),
            hint: Some("`--replace` puts the folder in its place, and all in it goes".into()),
        }));
    }
    link.put_tree(&asked.from, to, &mut meter.ear()).await.map_err(refused)
}

async fn fetch(
    reach: &Reach,
    host: &Host,
    (from, to): (&str, &Path),
    meter: &Meter,
) -> Result<Carried, Fault> {
    let link = reach.link(host).await.map_err(|error| Fault::Away(error.failure()))?;
    let carried = match holds(&link, IS_FOLDER, from).await {
        Ok(true) => link.get_tree(from, to, &mut meter.ear()).await,
        Ok(false) => link.get(from, to, OURS, &mut meter.ear()).await,
        Err(error) => Err(error),
    };
    carried.map_err(|error| Fault::Refused(error.failure()))
}

async fn holds(link: &Link, test: &str, path: &str) -> Result<bool, ReachError> {
    let command = Command::sh(test).arg(path);
    Ok(link.output(&command, b"").await?.exit.is_success())
}

/// Where something goes that is meant for a folder, or for that very name.
fn goal(to: &str, from: &Path) -> Result<String, Trouble> {
    let (folder, last) = to.rsplit_once('/').map_or((".", to), |(folder, last)| (folder, last));
    let folder = match last {
        "" => folder,
        "." | ".." => to,
        _ => return Ok(to.to_owned()),
    };
    let name = from.canonicalize().map_err(|error| unreadable(from, &error))?;
    let name = name.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| nameless(&from.display().to_string()))?;
    Ok(format!("{folder}/{name}"))
}

fn nameless(path: &str) -> Report {
    Report::error(format!("`{path}` has no name to go by")).help("say what it is to be called: TO")
}

fn tell(host: &Host, to: &str, outcome: Result<Carried, Fault>) -> Result<Exit, Trouble> {
    let (exit, failure) = match outcome {
        Ok(Carried { bytes, files }) => {
            let word = Paint::of_stdout().tone(Tone::Good, "● carried");
            let (files, bytes) = (counted(files, "file"), Bytes(bytes));
            let to = inert_line(to);
            writeln!(std::io::stdout(), "{}  {word}  {files}, {bytes} → {to}", host.name)?;
            return Ok(Exit::Well);
        }
        Err(Fault::Away(failure)) => (Exit::Unreachable, failure),
        Err(Fault::Refused(failure)) => (Exit::Failed, failure),
    };
    let paint = Paint::of_stderr();
    let word = if exit == Exit::Failed { "✕ failed" } else { "✕ down" };
    errors(&format!("{}  {}  {}\n", host.name, paint.tone(Tone::Bad, word), failure.text));
    if let Some(hint) = &failure.hint {
        errors(&format!("    {}\n", paint.tone(Tone::Muted, &format!("→ {hint}"))));
    }
    Ok(exit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_into_a_folder_keeps_its_name_and_no_folder_above_is_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let from = dir.path().join("a");
        std::fs::File::create(&from).unwrap();
        let cases = [
            ("b", "b"),
            ("/srv/b", "/srv/b"),
            ("./", "./a"),
            ("/", "/a"),
            ("/srv/", "/srv/a"),
            (".", "./a"),
            ("..", "../a"),
            ("/srv/..", "/srv/../a"),
            ("b/.x", "b/.x"),
        ];
        for (to, expected) in cases {
            assert_eq!(goal(to, &from).unwrap(), expected, "{to}");
        }
    }
}
