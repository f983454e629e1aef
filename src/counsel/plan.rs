//! The action plan: what did not go well, and what was never run.

use crate::fleet::HostName;
use crate::text::counted;

use super::known::{limit, names};
use super::{Advice, Known, Last, Stage};

pub fn advise(known: &Known<'_>) -> Vec<Advice> {
    let mut advice: Vec<Advice> = known.plan.iter().flat_map(unwell).collect();
    advice.extend(never(&known.plan));
    advice
}

/// A playbook that last ended otherwise than well, once per way it ended.
fn unwell(stage: &Stage) -> Vec<Advice> {
    let mut by_state: Vec<(&Last, Vec<&HostName>)> = Vec::new();
    for (host, last) in &stage.hosts {
        let Some(last) = last.as_ref().filter(|last| !last.is_well()) else { continue };
        match by_state.iter_mut().find(|(known, _)| known.state == last.state) {
            Some((_, hosts)) => hosts.push(host),
            None => by_state.push((last, vec![host])),
        }
    }
    let one = |(last, hosts): (&Last, Vec<&HostName>)| Advice {
        text: format!("{} is not well on {}", stage.playbook, names(&hosts)),
        evidence: format!("run {} ended {} at {}", last.run, last.state, last.at),
        command: format!("shelter --run {} -l {}", stage.playbook, limit(&hosts)),
    };
    by_state.into_iter().map(one).collect()
}

/// The first playbook that was never run somewhere: with it the plan goes on.
fn never(plan: &[Stage]) -> Option<Advice> {
    let missing = |stage: &Stage| stage.hosts.iter().any(|(_, last)| last.is_none());
    let stage = plan.iter().find(|stage| missing(stage))?;
    let hosts: Vec<&HostName> =
        stage.hosts.iter().filter(|(_, last)| last.is_none()).map(|(host, _)| host).collect();
    let behind = plan.iter().filter(|stage| missing(stage)).count();
    Some(Advice {
        text: format!("the action plan goes on with {} on {}", stage.playbook, names(&hosts)),
        evidence: format!(
            "{behind} of its {} never ran on some host",
            counted(plan.len(), "playbook")
        ),
        command: format!("shelter --run {} -l {}", stage.playbook, limit(&hosts)),
    })
}

#[cfg(test)]
mod tests {
    use super::super::known::scene::{host, last, quiet};
    use super::*;
    use crate::fleet::{Fleet, LastState};

    fn stage(playbook: &str, phantom: Option<Last>, shadow: Option<Last>) -> Stage {
        let hosts = vec![(host("phantom"), phantom), (host("shadow"), shadow)];
        Stage { playbook: playbook.to_owned(), hosts }
    }

    #[test]
    fn a_plan_that_is_well_everywhere_raises_nothing() {
        let fleet = Fleet::default();
        let mut known = quiet(&fleet);
        assert_eq!(advise(&known), []);
        known.plan.push(stage("00_a", last(LastState::Well), last(LastState::Well)));
        assert_eq!(advise(&known), []);
    }

    #[test]
    fn hosts_that_ended_alike_stand_together_and_the_next_playbook_is_named_once() {
        let fleet = Fleet::default();
        let mut known = quiet(&fleet);
        known.plan = vec![
            stage("00_a", last(LastState::Failed), last(LastState::Failed)),
            stage("01_b", last(LastState::Well), None),
            stage("02_c", None, None),
        ];
        let commands: Vec<String> = advise(&known).into_iter().map(|one| one.command).collect();
        assert_eq!(
            commands,
            ["shelter --run 00_a -l phantom,shadow", "shelter --run 01_b -l shadow"]
        );
    }
}
