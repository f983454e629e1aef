//! The secrets that playbooks need: fetched from where `shelter.yaml` says, or asked for, before anything is connected.

use std::collections::BTreeMap;
use std::env;
use std::fs::File;
use std::io::{self, IsTerminal};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::fleet::{SECRET_VARIABLE, Secret, SecretFrom, Secrets, secret_variables};
use crate::ops::Order;
use crate::playbook::{Playbook, SHORTEST, SecretUse};
use crate::text::{Report, Reports, inert_line};

use super::compose::Console;
use super::exit::Trouble;
use super::files::read_bounded;
use super::prompt;
use super::surroundings::user_home;

/// A secret is a word or a key, not a store.
const LONGEST: usize = 32 << 10;

/// Who can be asked for a secret that nothing else tells.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Whoever sits at the terminal.
    Terminal,
    /// Nobody: the terminal shows something else.
    Nobody,
}

/// Gives each order the secrets its playbook needs, and those it can do without as far as somebody says where they come
/// from. All that cannot be had are told at once.
pub fn give(console: &Console, orders: &mut [Order], asked: Asked) -> Result<(), Trouble> {
    let mut reports = Reports::new();
    let mut known = Secrets::new();
    for (name, need) in needed(orders.iter().map(|order| &order.playbook)) {
        let told = match told(console, &name) {
            Some(told) => told,
            None if need.optional && !(is_there(asked) && console.secret_from(&name).is_some()) => {
                continue;
            }
            None => ask(&name, &need.purpose, asked)?,
        };
        if need.optional && told.as_ref().is_ok_and(String::is_empty) {
            continue;
        }
        match told.and_then(|text| fitting(&name, text)) {
            Ok(secret) => drop(known.insert(name, secret)),
            Err(report) => reports.push(*report),
        }
    }
    let (known, _) = reports.verdict(Some(known))?;
    for order in orders {
        let own = |name: &str| Some((name.to_owned(), known.get(name)?.clone()));
        order.secrets = order.playbook.secret_names().filter_map(own).collect();
    }
    Ok(())
}

/// Gives each order words that stand for the secrets it would be given: for who only looks.
pub fn stand_in(console: &Console, orders: &mut [Order]) {
    let is_set = |name: &str| env::var_os(variable(name)).is_some_and(|value| !value.is_empty());
    let is_known = |name: &str| is_set(name) || console.secret_from(name).is_some();
    for order in orders {
        let all = order.playbook.secrets.iter();
        let given = all.filter(|secret| !secret.optional || is_known(&secret.name.value));
        let word =
            |secret: &SecretUse| (secret.name.value.clone(), Secret::new("(secret)".to_owned()));
        order.secrets = given.map(word).collect();
    }
}

/// What is needed, by name; of two playbooks that name one alike, the one that cannot do without it decides.
fn needed<'p>(playbooks: impl Iterator<Item = &'p Playbook>) -> BTreeMap<String, &'p SecretUse> {
    let mut needed = BTreeMap::<String, &SecretUse>::new();
    for secret in playbooks.flat_map(|playbook| &playbook.secrets) {
        let known = needed.entry(secret.name.value.clone()).or_insert(secret);
        if known.optional {
            *known = secret;
        }
    }
    needed
}

/// Whether anybody can be asked.
fn is_there(asked: Asked) -> bool {
    asked == Asked::Terminal && io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// The variable that holds a secret before anything else is asked.
fn variable(name: &str) -> String {
    format!("{SECRET_VARIABLE}{}", name.to_uppercase())
}

/// What the environment or the inventory tells; `None`: somebody is to be asked.
fn told(console: &Console, name: &str) -> Option<Result<String, Box<Report>>> {
    if let Some(value) = env::var_os(variable(name)) {
        return Some(value.into_string().map_err(|_| not_text(name)));
    }
    Some(match console.secret_from(name)? {
        SecretFrom::Env(variable) => environment(name, variable),
        SecretFrom::File(path) => file(name, path),
        SecretFrom::Command(words) => command(name, words),
        SecretFrom::Ask => return None,
    })
}

fn environment(name: &str, variable: &str) -> Result<String, Box<Report>> {
    env::var(variable).map_err(|error| match error {
        env::VarError::NotPresent => {
            Report::error(format!("`${variable}`, which holds the secret `{name}`, is not set"))
                .into()
        }
        env::VarError::NotUnicode(_) => not_text(name),
    })
}

fn file(name: &str, path: &Path) -> Result<String, Box<Report>> {
    let path = match (path.strip_prefix("~"), user_home()) {
        (Err(_), _) => path.to_owned(),
        (Ok(rest), Ok(home)) => home.join(rest),
        (Ok(_), Err(_)) => return Err(homeless(name, path).into()),
    };
    let shown = path.display().to_string();
    let unreadable = |error: io::Error| {
        Report::error(format!("cannot read `{shown}`, which holds the secret `{name}`"))
            .cause(error.to_string())
    };
    let mode = File::open(&path).and_then(|file| file.metadata()).map_err(unreadable)?;
    if mode.permissions().mode() & 0o077 != 0 {
        let report = Report::error(format!("`{shown}`, which holds a secret, is open to others"));
        return Err(report.help(format!("chmod go= {shown}")).into());
    }
    line(name, read_bounded(&path).map_err(unreadable)?)
}

fn homeless(name: &str, path: &Path) -> Report {
    let path = path.display();
    Report::error(format!("nothing tells where `{path}` is, which holds the secret `{name}`"))
        .cause("`$HOME` is not set".to_owned())
}

/// What it complains of goes to the terminal: it may want to be unlocked there.
fn command(name: &str, words: &[String]) -> Result<String, Box<Report>> {
    let failed = |why: String| {
        Report::error(format!("the command for the secret `{name}` failed")).cause(why)
    };
    let Some((program, arguments)) = words.split_first() else {
        return Err(failed("it is empty".to_owned()).into());
    };
    let mut command = Command::new(program);
    command.args(arguments).stderr(Stdio::inherit());
    for name in secret_variables() {
        command.env_remove(name);
    }
    let output = command.output().map_err(|error| failed(format!("`{program}`: {error}")))?;
    if !output.status.success() {
        return Err(failed(format!("`{program}`: {}", output.status)).into());
    }
    line(name, output.stdout)
}

/// `Err`: whoever is asked wants an end.
fn ask(name: &str, purpose: &str, asked: Asked) -> Result<Result<String, Box<Report>>, Trouble> {
    if !is_there(asked) {
        let report = Report::error(format!("nobody is there to give the secret `{name}`"));
        let help = format!(
            "it is {}; set `{}`, or say under `secrets:` in `shelter.yaml` where it comes from",
            inert_line(purpose),
            variable(name)
        );
        return Ok(Err(report.help(help).into()));
    }
    let typed = prompt::secret_for(name, purpose)?;
    Ok(typed.map_err(|error| {
        Report::error(format!("cannot ask for the secret `{name}`")).cause(error.to_string()).into()
    }))
}

/// Without the end of the last line, which files and commands add.
fn line(name: &str, bytes: Vec<u8>) -> Result<String, Box<Report>> {
    let mut text = String::from_utf8(bytes).map_err(|_| not_text(name))?;
    if text.ends_with('\n') {
        text.pop();
    }
    Ok(text)
}

fn fitting(name: &str, text: String) -> Result<Secret, Box<Report>> {
    let long_enough = |line: &str| line.trim().len() >= SHORTEST;
    let wrong = |what: &str| Report::error(format!("the secret `{name}` {what}"));
    if text.contains('\0') {
        Err(wrong("holds a NUL character").into())
    } else if text.len() > LONGEST {
        Err(wrong("is too long").expected(format!("at most {} KiB", LONGEST >> 10)).into())
    } else if !text.lines().any(long_enough) {
        let report = wrong("is too short to be hidden in what steps print");
        Err(report.expected(format!("at least {SHORTEST} characters")).into())
    } else {
        Ok(Secret::new(text))
    }
}

fn not_text(name: &str) -> Box<Report> {
    Report::error(format!("the secret `{name}` is not UTF-8")).into()
}
