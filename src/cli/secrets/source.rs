//! Where a secret comes from, as `shelter.yaml` says: a variable, a file, a command. Asks nobody.

use std::env;
use std::fs::File;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::command::{Failed, PATIENCE, Purse, printed};
use super::{not_text, variable};
use crate::cli::compose::Console;
use crate::cli::files::read_bounded;
use crate::cli::surroundings::user_home;
use crate::fleet::SecretFrom;
use crate::text::{Report, Spanned};

/// What the environment or the inventory tells; `None`: somebody is to be asked.
pub(super) async fn told(
    console: &Console,
    name: &str,
    purse: Purse,
) -> Option<Result<String, Box<Report>>> {
    if let Some(value) = env::var_os(variable(name)) {
        return Some(value.into_string().map_err(|_| not_text(name).into()));
    }
    let Spanned { value, span } = console.secret_from(name)?;
    let found = match value {
        SecretFrom::Env(variable) => environment(name, variable),
        SecretFrom::File(path) => file(name, path),
        SecretFrom::Command(words) => command(name, words, purse).await,
        SecretFrom::Ask => return None,
    };
    Some(found.map_err(|report| (*report).at(span).into()))
}

fn environment(name: &str, variable: &str) -> Result<String, Box<Report>> {
    env::var(variable).map_err(|error| match error {
        env::VarError::NotPresent => {
            Report::error(format!("`${variable}`, which holds the secret `{name}`, is not set"))
                .into()
        }
        env::VarError::NotUnicode(_) => not_text(name).into(),
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
        let report = format!("cannot read `{shown}`, which holds the secret `{name}`");
        Box::new(Report::error(report).cause(error.to_string()))
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

async fn command(name: &str, words: &[String], purse: Purse) -> Result<String, Box<Report>> {
    match printed(words, purse, PATIENCE).await {
        Ok(bytes) => line(name, bytes),
        Err(Failed { program, why }) => {
            let text = format!("the secret `{name}` cannot be had: `{program}` {why}");
            let help = format!("run it by hand and mend it, or set `{}`", variable(name));
            Err(Report::error(text).help(help).into())
        }
    }
}

/// Without the end of the last line, which files and commands add.
fn line(name: &str, bytes: Vec<u8>) -> Result<String, Box<Report>> {
    let mut text = String::from_utf8(bytes).map_err(|_| Box::new(not_text(name)))?;
    if text.ends_with('\n') {
        text.pop();
    }
    Ok(text)
}
