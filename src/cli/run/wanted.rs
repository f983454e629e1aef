//! What is to be run: playbooks by name, or those that are due by what the records know.

use crate::cli::args;
use crate::cli::compose::Console;
use crate::cli::counsel::{PLAN_ENDS, stage};
use crate::cli::exit::Trouble;
use crate::cli::library::Shelved;
use crate::counsel::Last;
use crate::fleet::Host;

/// What is to be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Playbooks by name, wherever they are meant for.
    Named(String),
    /// What the action plan needs next, where it is not well.
    Next,
    /// The whole action plan, where it is not well.
    All,
    /// What did not go well last time, where it did not.
    Failed,
}

impl Wanted {
    /// What `--run` or `plan` is given.
    pub fn parse(text: &str) -> Self {
        match text {
            "next" => Self::Next,
            "all" => Self::All,
            _ => Self::Named(text.to_owned()),
        }
    }

    /// What the command line asks for, if it asks for a run.
    pub fn of(run: &args::Run) -> Option<Self> {
        match (&run.run, run.rerun) {
            (Some(text), _) => Some(Self::parse(text)),
            (None, Some(args::Rerun::Failed)) => Some(Self::Failed),
            (None, None) => None,
        }
    }

    /// The playbooks it may come from, as the library chooses them.
    pub fn scope(&self) -> String {
        match self {
            Self::Named(text) => text.clone(),
            Self::Next | Self::All => format!("0-{PLAN_ENDS}"),
            Self::Failed => "all".to_owned(),
        }
    }

    /// Keeps of each playbook the hosts on which it is due, and the playbooks that are due on some.
    pub fn due(
        &self,
        console: &Console,
        chosen: Vec<(Shelved, Vec<Host>)>,
    ) -> Result<Vec<(Shelved, Vec<Host>)>, Trouble> {
        if matches!(self, Self::Named(_)) {
            return Ok(chosen);
        }
        let mut due = Vec::new();
        for (one, mut hosts) in chosen {
            let stage = stage(console, &one)?;
            hosts.retain(|host| {
                let known = stage.hosts.iter().find(|(name, _)| *name == host.name);
                known.is_some_and(|(_, last)| self.is_due(last.as_ref()))
            });
            if hosts.is_empty() {
                continue;
            }
            due.push((one, hosts));
            if *self == Self::Next {
                break;
            }
        }
        Ok(due)
    }

    fn is_due(&self, last: Option<&Last>) -> bool {
        match self {
            Self::Named(_) => true,
            Self::Next | Self::All => last.is_none_or(|last| !last.is_well()),
            Self::Failed => last.is_some_and(Last::has_failed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::{LastState, RunId, Timestamp};

    #[test]
    fn what_is_due_depends_on_how_it_last_went() {
        let due = |wanted: &Wanted, state: Option<LastState>| {
            let last = state.map(|state| Last {
                state,
                tried: None,
                run: RunId::new(7),
                at: Timestamp(0),
            });
            wanted.is_due(last.as_ref())
        };
        let told = |wanted: &Wanted| {
            let states = [LastState::Well, LastState::Failed, LastState::Undone].map(Some);
            [None, states[0], states[1], states[2]].map(|state| due(wanted, state))
        };
        assert_eq!(told(&Wanted::parse("next")), [true, false, true, true]);
        assert_eq!(told(&Wanted::parse("all")), [true, false, true, true]);
        assert_eq!(told(&Wanted::Failed), [false, false, true, false]);
        assert_eq!(told(&Wanted::parse("00-02")), [true; 4]);
    }
}
