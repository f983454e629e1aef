//! Handlers that were notified and never ran: something was changed and does not take effect yet.

use super::{Advice, Known};

pub fn advise(known: &Known<'_>) -> Vec<Advice> {
    let one = |owed: &super::Owed| Advice {
        text: format!("{} owes the handler `{}` of {}", owed.host, owed.handler, owed.playbook),
        evidence: format!("run {} changed what it is for and ended without it", owed.run),
        command: format!("shelter --run {} -l {}", owed.playbook, owed.host),
    };
    known.owed.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::super::known::scene::{host, quiet};
    use super::*;
    use crate::counsel::Owed;
    use crate::fleet::{Fleet, RunId};

    #[test]
    fn an_owed_handler_is_raised_and_only_then() {
        let fleet = Fleet::default();
        let mut known = quiet(&fleet);
        assert_eq!(advise(&known), []);
        known.owed.push(Owed {
            host: host("shadow"),
            playbook: "06_motd".into(),
            handler: "restart sshd".into(),
            run: RunId::new(7),
        });
        let told = advise(&known);
        assert_eq!(told[0].command, "shelter --run 06_motd -l shadow");
        assert!(told[0].text.contains("`restart sshd`"));
    }
}
