//! What a check written by somebody else asks about: which earlier steps it names the doing of. Pure, and only for `--check`.

use crate::playbook::plan::{HostPlan, Legs, Mode};

/// The earlier steps whose outcome decides what the check of these legs, of step `index`, will find.
pub(super) fn on(plan: &HostPlan, index: usize, legs: &Legs) -> Vec<usize> {
    let Some(script) = legs.asks.as_deref().filter(|_| plan.mode == Mode::Check) else {
        return Vec::new();
    };
    let earlier = plan.steps.iter().enumerate().take(index);
    let named = earlier.filter(|(_, step)| {
        let mut touched = step.items.iter().flat_map(|item| &item.legs.touches);
        touched.any(|thing| names(script, thing, step.kind == "dir"))
    });
    named.map(|(at, _)| at).collect()
}

/// Whether a script names a path, however it spells the folders above, or another thing by its name. What is in a folder
/// that was only made is not the folder's doing.
fn names(script: &str, thing: &str, is_dir: bool) -> bool {
    let is_path = thing.starts_with('/');
    let name = thing.rsplit(if is_path { '/' } else { ' ' }).next().unwrap_or_default();
    let found = if is_path { format!("/{name}") } else { name.to_owned() };
    let in_word = |c: char| c.is_alphanumeric() || "_.-+@".contains(c);
    !name.is_empty()
        && script.match_indices(&found).any(|(at, _)| {
            let before = script[..at].chars().next_back();
            let after = script[at + found.len()..].chars().next();
            (is_path || !before.is_some_and(in_word))
                && !after.is_some_and(|c| in_word(c) || is_dir && c == '/')
        })
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_script_names_what_it_spells_in_its_own_way_and_nothing_else() {
        for script in ["test -e ~/e", "test -e '/root/e'", "grep -q x $HOME/e && true", "cat ~/e/f"]
        {
            assert!(names(script, "/root/e", false), "{script}");
        }
        for script in ["test -e /etc", "test -e ~/e.conf", "echo e"] {
            assert!(!names(script, "/root/e", false), "{script}");
        }
        assert!(names("test -d ~/d", "/root/d", true));
        assert!(!names("test -d ~/d/f", "/root/d", true), "an empty folder does not bring a file");
        assert!(names("command -v cmake", "package cmake", false));
        assert!(!names("command -v cmake3", "package cmake", false));
    }
}
