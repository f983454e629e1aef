//! Which steps of a playbook are chosen: by tags and by where to start. Decides nothing else.

use std::collections::BTreeSet;

use crate::text::{Report, Reports, nearest};

use super::super::model::{Playbook, Step};

/// Words that stand for tags nobody has to write.
const MEANT: [&str; 2] = ["always", "never"];

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
    /// Whether every step is chosen.
    pub fn is_all(&self) -> bool {
        self.tags.is_empty() && self.skip_tags.is_empty() && self.start_at.is_none()
    }

    /// Finds what these playbooks do not have: a mistyped tag or step must not choose nothing, or everything.
    pub fn check(&self, playbooks: &[&Playbook]) -> Result<(), Reports> {
        let mut reports = Reports::new();
        let steps = || playbooks.iter().flat_map(|playbook| &playbook.steps);
        let of_steps = steps().flat_map(|step| &step.tags);
        let tags: BTreeSet<&str> = playbooks
            .iter()
            .flat_map(|playbook| &playbook.tags)
            .chain(of_steps)
            .map(String::as_str)
            .chain(MEANT)
            .collect();
        for tag in self.tags.iter().chain(&self.skip_tags) {
            if !tags.contains(tag.as_str()) {
                reports.push(unknown(tag, &tags));
            }
        }
        if let Some(name) = &self.start_at {
            let named: Vec<&Step> = steps().filter(|step| step.name.value == *name).collect();
            match (playbooks, named.as_slice()) {
                ([_], [_]) => {}
                ([_], []) => reports.push(
                    Report::error(format!("no step is named `{name}`"))
                        .nearest(name, steps().map(|step| step.name.value.as_str())),
                ),
                ([_], [first, second, ..]) => reports.push(
                    Report::error(format!("more than one step is named `{name}`"))
                        .at(&second.name.span)
                        .also(&first.name.span, "and here"),
                ),
                _ => reports.push(
                    Report::error("`--start-at` goes with one playbook")
                        .help("name the one that holds the step"),
                ),
            }
        }
        if reports.is_empty() { Ok(()) } else { Err(reports) }
    }

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

fn unknown(tag: &str, tags: &BTreeSet<&str>) -> Report {
    let report = Report::error(format!("no step has the tag `{tag}`"));
    let known: Vec<&str> = tags.iter().filter(|tag| !MEANT.contains(tag)).copied().collect();
    match nearest(tag, known.iter().copied()) {
        Some(near) => report.help(format!("did you mean `{near}`?")),
        None if known.is_empty() => report.help("none of these steps has a tag"),
        None => report.help(format!("there is {}", known.join(", "))),
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
