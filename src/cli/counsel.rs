//! What every report ends with: what nobody asked, from this session and from what the home remembers.

mod seen;

use std::collections::BTreeSet;

use crate::config::Pattern;
use crate::counsel::{Advice, Known, Last, Left, Owed, Stage, TITLE, advise};
use crate::fleet::{Fleet, HostName};
use crate::records::{Memory, OpenRuns, Status, StatusFiles};
use crate::text::{counted, inert_line};

use super::compose::Console;
use super::exit::Trouble;
use super::library::{Library, Shelved};
use super::markdown;
use super::paint::{Paint, Tone};

/// The last number of the action plan. What stands behind it only runs when it is named.
pub const PLAN_ENDS: u8 = 9;

/// The end of a report: a section for people, one object for programs.
pub fn end(console: &Console, fleet: &Fleet, json: bool) -> Result<String, Trouble> {
    let (known, advice) = heard(console, fleet)?;
    if json {
        let object = serde_json::json!({ "event": "counsel", "advice": advice });
        return Ok(format!("{object}\n"));
    }
    Ok(section(&known, &advice, Paint::of_stdout()))
}

/// The end of a page in Markdown.
pub fn markdown(console: &Console, fleet: &Fleet) -> Result<String, Trouble> {
    let (known, advice) = heard(console, fleet)?;
    let mut page = format!("## {TITLE}\n\n");
    for Advice { text, evidence, command } in &advice {
        let (text, evidence) = (markdown::text(text), markdown::text(evidence));
        page.push_str(&format!("- {text} ({evidence})\\\n  {}\n", markdown::code(command)));
    }
    if advice.is_empty() {
        page.push_str(&nothing(&known));
    }
    Ok(page)
}

/// What counsel was given, and what it says.
fn heard<'a>(console: &Console, fleet: &'a Fleet) -> Result<(Known<'a>, Vec<Advice>), Trouble> {
    let known = known(console, fleet)?;
    let mut advice = advise(&known);
    for one in &mut advice {
        one.command = console.spelling().spell(&one.command);
    }
    Ok((known, advice))
}

/// The line that stands where there is nothing to say.
fn nothing(known: &Known<'_>) -> String {
    let hosts = counted(known.hosts.len(), "host");
    let plan = counted(known.plan.len(), "playbook");
    format!("nothing: {hosts} and {plan} of the action plan raise no question\n")
}

fn section(known: &Known<'_>, advice: &[Advice], paint: Paint) -> String {
    let mut text = format!("\n{}\n", paint.tone(Tone::Strong, TITLE));
    for one in advice {
        let evidence = paint.tone(Tone::Muted, &format!("({})", inert_line(&one.evidence)));
        text.push_str(&format!("- {} {evidence}\n", inert_line(&one.text)));
        text.push_str(&format!("    → {}\n", inert_line(&one.command)));
    }
    if advice.is_empty() {
        text.push_str(&nothing(known));
    }
    text
}

fn known<'a>(console: &Console, fleet: &'a Fleet) -> Result<Known<'a>, Trouble> {
    let given: Vec<&str> = console.var_names().collect();
    let shelved = Library::open(console.base())?.sound(given);
    let hosts: Vec<HostName> = console.inventory().names().cloned().collect();
    let mut facts = std::collections::BTreeMap::new();
    for host in &console.inventory().hosts {
        if let Some(cached) = console.remembered(host)? {
            facts.insert(host.name.clone(), (cached.at, cached.facts));
        }
    }
    let meant = shelved.iter().filter_map(|one| meant_for(console, one)).collect();
    let in_plan = shelved.iter().filter(|one| one.playbook.number <= PLAN_ENDS);
    let plan = in_plan.map(|one| stage(console, one)).collect::<Result<_, _>>()?;
    let (owed, interrupted) = (owed(console, &shelved, &hosts)?, interrupted(console)?);
    let spaces = seen::spaces(console, fleet, &hosts)?;
    let (fits, backups) = (seen::fits(console, &facts), seen::backups(console, &shelved, &hosts)?);
    Ok(Known { fleet, hosts, facts, plan, meant, interrupted, owed, spaces, fits, backups })
}

/// A playbook and the hosts it is meant for, where its pattern means anything here.
fn meant_for(console: &Console, one: &Shelved) -> Option<(String, BTreeSet<HostName>)> {
    let pattern = Pattern::parse(&one.playbook.hosts.span).ok()?;
    let hosts = pattern.select(console.inventory()).ok()?;
    Some((one.playbook.id.value.clone(), hosts.into_iter().collect()))
}

/// A playbook on the hosts it is meant for; one that names hosts this fleet has not is for none.
pub fn stage(console: &Console, one: &Shelved) -> Result<Stage, Trouble> {
    let status = StatusFiles::of(console.home());
    let playbook = one.playbook.id.value.clone();
    let pattern = Pattern::parse(&one.playbook.hosts.span);
    let meant = pattern.and_then(|pattern| pattern.select(console.inventory()));
    let mut hosts = Vec::new();
    for host in meant.unwrap_or_default() {
        let last = status.playbook(&host, &playbook)?;
        let last = last.map(last_of);
        hosts.push((host, last));
    }
    Ok(Stage { playbook, hosts })
}

fn last_of(last: Status) -> Last {
    let tried = last.tried.map(|tried| tried.state);
    Last { state: last.state, tried, run: last.run, at: last.at }
}

fn owed(console: &Console, shelved: &[Shelved], hosts: &[HostName]) -> Result<Vec<Owed>, Trouble> {
    let status = StatusFiles::of(console.home());
    let mut owed = Vec::new();
    for (one, host) in shelved.iter().flat_map(|one| hosts.iter().map(move |host| (one, host))) {
        let playbook = &one.playbook.id.value;
        let Some(last) = status.playbook(host, playbook)? else { continue };
        owed.extend(last.owed.into_iter().map(|handler| Owed {
            host: host.clone(),
            playbook: playbook.clone(),
            handler,
            run: last.run.clone(),
        }));
    }
    Ok(owed)
}

fn interrupted(console: &Console) -> Result<Vec<Left>, Trouble> {
    let memory = Memory::of(console.home());
    let mut left = Vec::new();
    for run in OpenRuns::of(console.home()).interrupted()? {
        let past = memory.of_run(&run)?;
        left.extend(past.map(|past| Left { run, playbook: past.head.playbook, began: past.began }));
    }
    Ok(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_there_is_nothing_one_line_says_so() {
        let fleet = Fleet::default();
        let (facts, hosts) = (std::collections::BTreeMap::new(), Vec::new());
        let (plan, interrupted, owed) = (Vec::new(), Vec::new(), Vec::new());
        let (spaces, fits, backups) = Default::default();
        let (fleet, meant) = (&fleet, Default::default());
        let known =
            Known { fleet, hosts, facts, plan, meant, interrupted, owed, spaces, fits, backups };
        let text = section(&known, &advise(&known), Paint::plain());
        let expected = "\nWhat didn't I ask you?\n\
                        nothing: 0 hosts and 0 playbooks of the action plan raise no question\n";
        assert_eq!(text, expected);
    }
}
