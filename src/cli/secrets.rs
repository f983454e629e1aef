//! The secrets that playbooks need: fetched from where `shelter.yaml` says, or asked for, before anything is connected.

mod command;
mod source;

use std::collections::BTreeMap;
use std::env;
use std::io::{self, IsTerminal};

use crate::fleet::{SECRET_VARIABLE, Secret, Secrets};
use crate::ops::Order;
use crate::playbook::{Playbook, SHORTEST, SecretUse};
use crate::reach::{Asker, Question};
use crate::text::{Report, Reports, inert_line};

use super::compose::Console;
use super::exit::Trouble;
use super::prompt;
use super::runtime::beforehand;
use command::Purse;

/// A secret is a word or a key, not a store.
const LONGEST: usize = 32 << 10;

/// What orders need, and what of it is known.
struct Search {
    known: Secrets,
    /// What nothing tells.
    missing: Vec<Missing>,
    reports: Reports,
}

/// A secret that somebody is to be asked for.
struct Missing {
    name: String,
    purpose: String,
    optional: bool,
}

/// Gives each order the secrets its playbook needs, and those it can do without as far as somebody says where they come
/// from; who sits at the terminal is asked for those that nothing tells. All that cannot be had are told at once.
pub fn give(console: &Console, orders: &mut [Order]) -> Result<(), Trouble> {
    let mut search = beforehand(Search::begin(console, orders, Purse::Terminal))?;
    let somebody = io::stdin().is_terminal() && io::stderr().is_terminal();
    for Missing { name, purpose, optional } in search.unasked(somebody) {
        match prompt::secret_for(&name, &purpose)? {
            Ok(typed) => search.take(&name, typed, optional),
            Err(error) => {
                let report = Report::error(format!("cannot ask for the secret `{name}`"));
                search.reports.push(report.cause(error.to_string()));
            }
        }
    }
    search.hand_out(orders)
}

/// The same with questions put to somebody else, while other things go on.
pub async fn give_asking(
    console: &Console,
    orders: &mut [Order],
    asker: &Asker,
) -> Result<(), Trouble> {
    let mut search = Search::begin(console, orders, Purse::Alone).await;
    for Missing { name, purpose, optional } in search.unasked(asker.is_there()) {
        let about = (name.clone(), purpose.clone());
        let question = |reply| Question::Secret { name: about.0, purpose: about.1, reply };
        match asker.ask(question).await {
            Some(typed) => search.take(&name, typed.reveal().to_owned(), optional),
            None if optional => {}
            None => search.reports.push(nobody(&name, &purpose)),
        }
    }
    search.hand_out(orders)
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

impl Search {
    /// Looks wherever nobody has to be asked.
    async fn begin(console: &Console, orders: &[Order], purse: Purse) -> Self {
        let (known, missing, reports) = (Secrets::new(), Vec::new(), Reports::new());
        let mut search = Self { known, missing, reports };
        for (name, need) in needed(orders.iter().map(|order| &order.playbook)) {
            match source::told(console, &name, purse).await {
                Some(Ok(text)) => search.take(&name, text, need.optional),
                Some(Err(report)) => search.reports.push(*report),
                // Of what it can do without nobody is asked unless `shelter.yaml` says so.
                None if need.optional && console.secret_from(&name).is_none() => {}
                None => {
                    let (purpose, optional) = (need.purpose.clone(), need.optional);
                    search.missing.push(Missing { name, purpose, optional });
                }
            }
        }
        search
    }

    /// Takes what is said to be a secret; of one that is optional nothing may be said.
    fn take(&mut self, name: &str, text: String, optional: bool) {
        if optional && text.is_empty() {
            return;
        }
        match fitting(name, text) {
            Ok(secret) => drop(self.known.insert(name.to_owned(), secret)),
            Err(report) => self.reports.push(*report),
        }
    }

    /// What somebody is to be asked for: nothing, where nobody is there or something else is wrong already.
    fn unasked(&mut self, somebody: bool) -> Vec<Missing> {
        let missing = std::mem::take(&mut self.missing);
        if somebody && self.reports.is_empty() {
            return missing;
        }
        if !somebody {
            let needed = missing.iter().filter(|missing| !missing.optional);
            let reports = needed.map(|missing| nobody(&missing.name, &missing.purpose));
            reports.for_each(|report| self.reports.push(report));
        }
        Vec::new()
    }

    /// Gives each order its own, if all could be had.
    fn hand_out(self, orders: &mut [Order]) -> Result<(), Trouble> {
        let (known, _) = self.reports.verdict(Some(self.known))?;
        for order in orders {
            let own = |name: &str| Some((name.to_owned(), known.get(name)?.clone()));
            order.secrets = order.playbook.secret_names().filter_map(own).collect();
        }
        Ok(())
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

/// The variable that holds a secret before anything else is asked.
fn variable(name: &str) -> String {
    format!("{SECRET_VARIABLE}{}", name.to_uppercase())
}

fn nobody(name: &str, purpose: &str) -> Report {
    let help = format!(
        "it is {}; set `{}`, or say under `secrets:` in `shelter.yaml` where it comes from",
        inert_line(purpose),
        variable(name)
    );
    Report::error(format!("nobody is there to give the secret `{name}`")).help(help)
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

fn not_text(name: &str) -> Report {
    Report::error(format!("the secret `{name}` is not UTF-8"))
}
