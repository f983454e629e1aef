//! POSIX sh as shellcheck reads it.

use std::io::Write;
use std::process::{Command, Stdio};

use super::skipped;

/// What is no fault in a program of many parts: set by `read`, `eval` or the bootstrap, and for `eval` (SC2154, SC2034),
/// word lists of our own numbers (SC2086, SC2046), `-nt`, which is POSIX since 2024 (SC3013), what is called by name
/// (SC2317, SC2329), text for another shell (SC2016), and `A && B || C`, which is meant (SC2015).
pub const COMPILED: &str = "SC2154,SC2034,SC2086,SC2046,SC3013,SC2317,SC2329,SC2016,SC2015";

/// Fails with what shellcheck finds in a program, but for what is allowed there.
pub fn shellchecked(what: &str, program: &[u8], allowed: &str) {
    let mut command = Command::new("shellcheck");
    command.args(["-s", "sh", "-f", "gcc", "-e", allowed, "-"]);
    let Ok(mut child) = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn() else {
        return skipped(&format!("shellcheck is not installed: {what} was not read"));
    };
    child.stdin.take().unwrap().write_all(program).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{what}: {}", String::from_utf8_lossy(&output.stdout));
}
