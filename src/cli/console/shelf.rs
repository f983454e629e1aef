//! The playbooks as the console shows them: each with how it last went, or with what is wrong in its file.

use std::collections::BTreeMap;

use crate::cli::compose::Console;
use crate::cli::exit::Trouble;
use crate::cli::library::{Library, Shelved};
use crate::cli::run::meant;
use crate::fleet::HostName;
use crate::records::StatusFiles;
use crate::text::{Reports, Style};
use crate::ui::scene::{Card, LastRun};

/// Every playbook. What cannot be read is an error in its place.
pub fn cards(console: &Console) -> Result<Vec<Card>, Trouble> {
    let known: Vec<&str> = console.var_names().collect();
    let status = StatusFiles::of(console.home());
    let library = Library::open(console.base())?;
    let card = |(id, read): (&str, Result<Shelved, Reports>)| match read {
        Ok(one) => sound(console, &status, &one),
        Err(errors) => broken(id, &errors),
    };
    Ok(library.all(known).map(card).collect())
}

fn sound(console: &Console, status: &StatusFiles, one: &Shelved) -> Card {
    let playbook = &one.playbook;
    // A playbook that names hosts this fleet has not is for none.
    let hosts = meant(console, one).unwrap_or_default();
    let last = hosts.iter().filter_map(|host| last(status, host, &playbook.id.value)).collect();
    Card {
        id: playbook.id.value.clone(),
        number: playbook.number,
        name: playbook.name.clone(),
        purpose: playbook.purpose.clone(),
        disruptive: playbook.disruptive.as_ref().map(|why| why.value.clone()),
        hosts,
        last,
        error: None,
    }
}

fn last(status: &StatusFiles, host: &HostName, playbook: &str) -> Option<(HostName, LastRun)> {
    let last = status.playbook(host, playbook).unwrap_or_else(|error| {
        tracing::warn!(%host, playbook, %error, "a status cannot be read");
        None
    })?;
    Some((host.clone(), LastRun { state: last.state, at: last.at, run: last.run }))
}

fn broken(id: &str, errors: &Reports) -> Card {
    let number = id.split('_').next().and_then(|number| number.parse().ok()).unwrap_or_default();
    Card {
        id: id.to_owned(),
        number,
        last: BTreeMap::new(),
        error: Some(errors.render(Style::Plain)),
        ..Card::default()
    }
}
