//! What a check written by somebody else asks about: which earlier steps it names the doing of. Pure, and only for `--check`.

use crate::playbook::plan::{HostPlan, Mode, PlannedItem, PlannedStep, RunAs};

/// The earlier steps whose outcome decides what the check of this item, of step `index`, will find.
pub(super) fn on(
    plan: &HostPlan,
    index: usize,
    step: &PlannedStep,
    item: &PlannedItem,
) -> Vec<usize> {
    let Some(script) = item.legs.asks.as_deref().filter(|_| plan.mode == Mode::Check) else {
        return Vec::new();
    };
    let around = item.around.as_ref().unwrap_or(&step.around);
    let values = around.env.values().map(String::as_str);
    let text = std::iter::once(script).chain(values).collect::<Vec<_>>().join("\n");
    let home = home(plan, &step.run_as);
    let question = Question { text: &text, home: &home, cwd: around.cwd.as_deref() };
    let earlier = plan.steps.iter().enumerate().take(index);
    let named = earlier.filter(|(_, step)| {
        let mut touched = step.items.iter().flat_map(|item| &item.legs.touches);
        touched.any(|thing| question.is_about(thing, step.kind == "dir"))
    });
    named.map(|(at, _)| at).collect()
}

/// Where shell of that user begins; what ends like it will do where it is not known.
fn home(plan: &HostPlan, run_as: &RunAs) -> String {
    match run_as {
        RunAs::Login => plan.login.home.clone(),
        RunAs::Root => "/root".to_owned(),
        RunAs::User(name) => format!("/{name}"),
    }
}

/// A check as it is written, and where it begins.
struct Question<'a> {
    /// The script, and the values of the variables it is given.
    text: &'a str,
    home: &'a str,
    cwd: Option<&'a str>,
}

impl Question<'_> {
    /// Whether it names a path, however it spells the folders above, or another thing by its name. What is in a folder
    /// that was only made is not the folder's doing.
    fn is_about(&self, thing: &str, is_dir: bool) -> bool {
        let is_path = thing.starts_with('/');
        let (folder, name) =
            thing.rsplit_once(if is_path { '/' } else { ' ' }).unwrap_or(("", thing));
        if name.is_empty() {
            return false;
        }
        if !is_path {
            return has(self.text, name, false);
        }
        let below = format!("/{name}");
        self.text.match_indices(&below).any(|(at, _)| ends(&self.text[at + below.len()..], is_dir))
            || has(self.text, name, is_dir) && self.reaches(folder)
    }

    /// Whether a name alone may mean something in that folder: it begins there, goes elsewhere, or names the folder.
    fn reaches(&self, folder: &str) -> bool {
        let at_home = folder.ends_with(self.home) && !self.home.is_empty();
        let spells_home = || self.text.contains('~') || self.text.contains("HOME");
        let begins_there = self.cwd.map_or(at_home, |cwd| cwd.trim_end_matches('/') == folder);
        let goes = ["cd", "pushd", "-C", "find"].iter().any(|word| has(self.text, word, false));
        begins_there || goes || at_home && spells_home() || self.text.contains(folder)
    }
}

/// Whether a word stands in a text by itself.
fn has(text: &str, word: &str, is_dir: bool) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        !before.is_some_and(|c| in_word(c) || "/$".contains(c))
            && ends(&text[at + word.len()..], is_dir)
    })
}

/// Whether a name is over where this follows it.
fn ends(rest: &str, is_dir: bool) -> bool {
    !rest.chars().next().is_some_and(|c| in_word(c) || is_dir && c == '/')
}

fn in_word(c: char) -> bool {
    c.is_alphanumeric() || "_.-+@".contains(c)
}

#[cfg(test)]
mod tests {
    use super::Question;

    fn about(text: &str, cwd: Option<&str>, thing: &str, is_dir: bool) -> bool {
        Question { text, home: "/root", cwd }.is_about(thing, is_dir)
    }

    #[test]
    fn a_script_names_what_it_spells_in_its_own_way_and_nothing_else() {
        let names = |script: &str, thing: &str, is_dir| about(script, Some("/srv"), thing, is_dir);
        for script in ["test -e ~/e", "test -e '/root/e'", "grep -q x $HOME/e && true", "cat ~/e/f"]
        {
            assert!(names(script, "/root/e", false), "{script}");
        }
        for script in ["test -e /etc", "test -e ~/e.conf", "echo e", "echo $e"] {
            assert!(!names(script, "/root/e", false), "{script}");
        }
        assert!(names("test -d ~/d", "/root/d", true));
        assert!(!names("test -d ~/d/f", "/root/d", true), "an empty folder does not bring a file");
        assert!(names("command -v cmake", "package cmake", false));
        assert!(!names("command -v cmake3", "package cmake", false));
    }

    #[test]
    fn a_name_alone_is_a_path_where_the_script_may_be_in_its_folder() {
        for (script, cwd, thing) in [
            ("cd ~; test -e e", None, "/root/e"),
            ("cd /srv/x && test -e e", None, "/srv/x/e"),
            ("test -e e", None, "/root/e"),
            ("test -e e", Some("/srv/"), "/srv/e"),
            ("ls /srv | grep -qx e", None, "/srv/e"),
            ("ls ~ | grep -qx e", Some("/srv"), "/root/e"),
            ("find . -name e", Some("/"), "/srv/e"),
            ("git -C $repo diff --quiet e", None, "/srv/e"),
        ] {
            assert!(about(script, cwd, thing, false), "{script}");
        }
        assert!(!about("test -e e", None, "/srv/e", false), "it begins at home");
        assert!(!about("test -e e", Some("/srv"), "/root/e", false));
        assert!(!about("cd /srv; test -e e/f", None, "/srv/e", true));
    }
}
