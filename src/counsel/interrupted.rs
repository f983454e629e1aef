//! Runs whose console died: nobody has seen their end.

use super::{Advice, Known};

pub fn advise(known: &Known<'_>) -> Vec<Advice> {
    let one = |left: &super::Left| Advice {
        text: format!("run {} of {} was interrupted", left.run, left.playbook),
        evidence: format!("it began at {}, and no console has seen its end", left.began),
        command: format!("shelter resume {}", left.run),
    };
    known.interrupted.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::super::known::scene::quiet;
    use super::*;
    use crate::counsel::Left;
    use crate::fleet::{Fleet, RunId, Timestamp};

    #[test]
    fn a_run_without_an_end_is_raised_and_only_then() {
        let fleet = Fleet::default();
        let mut known = quiet(&fleet);
        assert_eq!(advise(&known), []);
        let (run, playbook) = (RunId::new(7), "03_build_llama_cpp".to_owned());
        known.interrupted.push(Left { run: run.clone(), playbook, began: Timestamp(0) });
        let told = advise(&known);
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].command, format!("shelter resume {run}"));
    }
}
