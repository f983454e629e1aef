//! The remote user, and whether what they start outlives their session.

use super::answer::{Answer, exact};
use super::root::uid;
use crate::fleet::{Facts, Init, Linger};

/// Who we are there.
pub(super) fn read(answer: &Answer<'_>, facts: &mut Facts) {
    let path = |key: &str| answer.value("env", key).filter(|p| p.starts_with('/')).and_then(exact);
    facts.uid = uid(answer);
    facts.user = user(answer).and_then(exact);
    facts.home = path("HOME");
    facts.shell = path("SHELL");
}

fn user<'a>(answer: &Answer<'a>) -> Option<&'a str> {
    let (own, _groups) = answer.first("id")?.split_once(" gid=")?;
    own.split_once('(')?.1.strip_suffix(')')
}

/// logind ends what a session leaves behind only if it knows the session, is told to, and spares
/// neither everybody nor this user.
pub(super) fn linger(answer: &Answer<'_>, facts: &Facts) -> Option<Linger> {
    if !answer.has("present") || facts.os.family.as_deref() != Some("linux") {
        return None;
    }
    let present = answer.lines("present");
    if facts.init != Some(Init::Systemd) || !present.contains(&"/run/systemd/seats") {
        return Some(Linger::Survives);
    }
    if present.iter().any(|path| path.starts_with("/var/lib/systemd/linger/")) {
        return Some(Linger::Enabled);
    }
    let in_session = answer.file("/proc/self/cgroup").any(|line| line.contains("/session-"));
    if !in_session {
        return Some(Linger::Survives);
    }
    let kills = setting(answer, "KillUserProcesses")?;
    let excluded = setting(answer, "KillExcludeUsers").unwrap_or("root");
    let only = setting(answer, "KillOnlyUsers").unwrap_or_default();
    let named = |list: &str| list.split_whitespace().any(|name| Some(name) == user(answer));
    let ends = matches!(kills, "yes" | "true" | "on" | "1")
        && !named(excluded)
        && (only.is_empty() || named(only));
    Some(if ends { Linger::Ends } else { Linger::Survives })
}

/// The last word on a setting of logind: a later file overrides, and the commented lines of the
/// shipped file tell what was compiled in.
fn setting<'a>(answer: &Answer<'a>, key: &str) -> Option<&'a str> {
    let lines = answer.files().filter(|(path, _)| path.contains("logind.conf"));
    let (mut set, mut compiled_in) = (None, None);
    for (_, line) in lines {
        let plain = line.trim_start();
        let slot = if plain.starts_with('#') { &mut compiled_in } else { &mut set };
        if let Some((name, value)) = plain.trim_start_matches('#').split_once('=')
            && name.trim() == key
        {
            *slot = Some(value.trim());
        }
    }
    set.or(compiled_in)
}
