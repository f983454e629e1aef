//! What keys mean for playbooks and runs, the same on every screen. Asks; does nothing by itself.

use crate::fleet::{Care, HostName, Purpose, RunState};

use super::action::Action;
use super::effect::{Effect, Runnable, Wish};
use super::scene::{Scene, is_live};

/// What a key for runs comes to, with a playbook on the given hosts and a run in view. `None`: it is none.
pub fn on(
    action: Action,
    scene: &Scene<'_>,
    hosts: &[HostName],
    run: Option<&RunState>,
) -> Option<Vec<Effect>> {
    Some(match action {
        Action::Run => start(scene, hosts, false),
        Action::Check => start(scene, hosts, true),
        Action::Cancel => match run.filter(|run| is_live(run)) {
            Some(run) => vec![Effect::Ask(Box::new(Wish::Cancel(run.head.run.clone())))],
            None => say(nothing_goes_on(run)),
        },
        Action::Detach => match run.filter(|run| is_live(run)) {
            Some(run) => vec![Effect::Do(Wish::Detach(run.head.run.clone()))],
            None => say(nothing_goes_on(run)),
        },
        Action::Resume => match run.filter(|run| run.ended.is_none()) {
            Some(run) if run.care.can_be_resumed() => {
                vec![Effect::Do(Wish::Resume(run.head.run.clone()))]
            }
            Some(run) if run.care == Care::Theirs => say(nothing_goes_on(Some(run))),
            _ => say("there is no run to go on with: it goes on, or it is over"),
        },
        Action::Undo => undo(run),
        _ => return None,
    })
}

/// Why there is nothing to end and nothing to let go.
fn nothing_goes_on(run: Option<&RunState>) -> &'static str {
    match run.filter(|run| run.ended.is_none()).map(|run| run.care) {
        Some(Care::Theirs) => "another console looks after that run",
        Some(Care::Left | Care::Interrupted) => "nobody looks after that run: R goes on with it",
        _ => "no run goes on",
    }
}

fn say(text: &str) -> Vec<Effect> {
    vec![Effect::Say(text.to_owned())]
}

fn start(scene: &Scene<'_>, hosts: &[HostName], check: bool) -> Vec<Effect> {
    let Some(card) = scene.card() else { return say("there is no playbook") };
    if card.error.is_some() {
        return say(&format!("{} has an error: screen 3 shows it", card.id));
    }
    if hosts.is_empty() {
        return say(&format!("{} is meant for no host of this fleet", card.id));
    }
    let runnable = Runnable {
        playbook: card.id.clone(),
        hosts: hosts.to_vec(),
        check,
        disruptive: card.disruptive.clone().filter(|_| !check),
    };
    let wish = Wish::Run(runnable);
    // Looking changes nothing, and is not asked about.
    if check { vec![Effect::Do(wish)] } else { vec![Effect::Ask(Box::new(wish))] }
}

fn undo(run: Option<&RunState>) -> Vec<Effect> {
    match run {
        None => say("there is no run to take back"),
        Some(run) if is_live(run) => say("it goes on: cancel it first"),
        Some(run) if run.head.purpose != Purpose::Apply => {
            say(&format!("run {} changed nothing: it was a {}", run.head.run, run.head.purpose))
        }
        Some(run) => vec![Effect::Ask(Box::new(Wish::Undo(run.head.run.clone())))],
    }
}
