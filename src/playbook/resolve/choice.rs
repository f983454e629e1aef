//! Which steps of a playbook are chosen: by tags and by where to start. Decides nothing else.

use super::super::model::{Playbook, Step};

/// Which steps are chosen on the command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Only steps with one of these tags; none: all.
    pub tags: Vec<String>,
    /// No step with one of these.
    pub skip_tags: Vec<String>,
    /// Nothing before the step of this name.
    pub start_at: Option<String>,
}

impl Choice {
    /// For each step, whether it is chosen.
    pub fn of(&self, playbook: &Playbook) -> Vec<bool> {
        let named = |step: &Step, name: &String| step.name.value == *name;
        let start = self
            .start_at
            .as_ref()
            .and_then(|name| playbook.steps.iter().position(|step| named(step, name)));
        let steps = playbook.steps.iter().enumerate();
        steps
            .map(|(at, step)| {
                at >= start.unwrap_or(0) && self.has(playbook.tags.iter().chain(&step.tags))
            })
            .collect()
    }

    fn has<'t>(&self, tags: impl Iterator<Item = &'t String> + Clone) -> bool {
        let any = |wanted: &[String]| tags.clone().any(|tag| wanted.contains(tag));
        let is = |word: &str| tags.clone().any(|tag| tag == word);
        if any(&self.skip_tags) {
            return false;
        }
        let named = any(&self.tags);
        if is("never") {
            return named;
        }
        named || is("always") || self.tags.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn always_and_never_are_what_hands_expect() {
        let has = |tags: &[&str], wanted: &[&str], skipped: &[&str]| {
            let own = |list: &[&str]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
            let choice = Choice { tags: own(wanted), skip_tags: own(skipped), start_at: None };
            choice.has(own(tags).iter())
        };
        assert!(has(&[], &[], &[]));
        assert!(!has(&[], &["a"], &[]));
        assert!(has(&["a"], &["a", "b"], &[]));
        assert!(has(&["always"], &["a"], &[]));
        assert!(!has(&["always"], &[], &["always"]));
        assert!(!has(&["never", "a"], &[], &[]));
        assert!(has(&["never", "a"], &["a"], &[]));
        assert!(!has(&["a"], &["a"], &["a"]));
    }
}
