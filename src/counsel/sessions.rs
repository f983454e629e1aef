//! Hosts on which a run does not outlive its login session.

use crate::fleet::Linger;

use super::{Advice, Known};

pub fn advise(known: &Known<'_>) -> Vec<Advice> {
    let ends = known.facts.iter().filter(|(_, (_, facts))| facts.linger == Some(Linger::Ends));
    let one = |(host, (at, facts)): (&crate::fleet::HostName, &(String, crate::fleet::Facts))| {
        let user = facts.user.as_deref().unwrap_or("USER");
        Advice {
            text: format!("runs that need no root end with your login session on {host}"),
            evidence: format!("logind ends a session's processes there, linger is off ({at})"),
            command: format!("on {host}: sudo loginctl enable-linger {user}"),
        }
    };
    ends.map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::super::known::scene::with_facts;
    use super::*;
    use crate::fleet::{Facts, Fleet};

    #[test]
    fn only_a_host_that_ends_them_is_raised() {
        let fleet = Fleet::default();
        let told = |linger| {
            let user = Some("ops".to_owned());
            advise(&with_facts(&fleet, Facts { linger, user, ..Facts::default() }))
        };
        let ends = told(Some(Linger::Ends));
        assert_eq!(ends[0].command, "on shadow: sudo loginctl enable-linger ops");
        for linger in [Some(Linger::Survives), Some(Linger::Enabled), None] {
            assert_eq!(told(linger), []);
        }
    }
}
