//! Root, and how it is reached, from what `sudo` or `doas` said without a password.

use super::answer::{Answer, exact};
use crate::fleet::{SudoFacts, SudoRight};

/// What we may do as root.
pub(super) fn read(answer: &Answer<'_>) -> SudoFacts {
    if uid(answer) == Some(0) {
        return SudoFacts { right: Some(SudoRight::Root), ..SudoFacts::default() };
    }
    // A section is whole where another follows it.
    if !answer.has("nvidia") && !answer.has("slow-end") {
        return SudoFacts::default();
    }
    let Some(program) = answer.value("root", "program") else {
        return SudoFacts { right: Some(SudoRight::None), ..SudoFacts::default() };
    };
    let (kind, version) = kind(answer, program);
    SudoFacts { right: right(answer), kind: exact(kind), version: version.and_then(exact) }
}

/// The user's number.
pub(super) fn uid(answer: &Answer<'_>) -> Option<u32> {
    let id = answer.first("id")?.strip_prefix("uid=")?;
    let digits = id.split(|c: char| !c.is_ascii_digit()).next()?;
    super::number::whole(digits).and_then(|n| u32::try_from(n).ok())
}

/// A refusal that no password would change says so; a time-out says nothing.
fn right(answer: &Answer<'_>) -> Option<SudoRight> {
    let status = answer.value("root", "status")?;
    let said = answer.lines("root").join("\n").to_lowercase();
    let says = |texts: &[&str]| texts.iter().any(|text| said.contains(text));
    if status == "0" {
        Some(SudoRight::Free)
    } else if says(&["no new privileges", "must be owned by uid 0", "setuid", "not in the sudoers"])
        || says(&["doas is not enabled"])
        || says(&["operation not permitted", "may not run sudo", "is not allowed to"])
    {
        Some(SudoRight::None)
    } else if says(&["password", "authentication"]) {
        Some(SudoRight::Password)
    } else {
        None
    }
}

/// `Sudo version 1.9.13p3` or `sudo-rs 0.2.3`; doas does not tell.
fn kind<'a>(answer: &Answer<'a>, program: &'a str) -> (&'a str, Option<&'a str>) {
    let lines = answer.lines("root");
    let after = |prefix: &str| lines.iter().find_map(|line| line.strip_prefix(prefix));
    if let Some(version) = after("sudo-rs ") {
        return ("sudo-rs", Some(version.trim()));
    }
    (program, after("Sudo version ").map(str::trim))
}
