//! The tests of the walls once more as a user without rights, where they run as root.

use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::process::Command;

use crate::support::skipped;

/// Nobody.
const USER: u32 = 65_534;
/// Set in the second round, so that there is no third.
const ROUND: &str = "SHELTER_TEST_UNPRIVILEGED";

#[test]
fn an_unprivileged_user_has_the_same_practice_hosts() {
    if std::env::var_os(ROUND).is_some() {
        return;
    }
    if !rustix::process::getuid().is_root() {
        return skipped(
            "only root can run the walls' tests as another user; as this one they run beside it",
        );
    }
    let this = std::env::current_exe().unwrap();
    let program = env!("CARGO_BIN_EXE_shelter");
    let reachable =
        Command::new("test").args(["-x", program]).uid(USER).gid(USER).status().unwrap();
    if !reachable.success() {
        return skipped("the build directory is not readable for other users");
    }
    let dir = tempfile::Builder::new().prefix("lab").tempdir().unwrap();
    std::fs::set_permissions(dir.path(), PermissionsExt::from_mode(0o700)).unwrap();
    chown(dir.path(), Some(USER), Some(USER)).unwrap();
    let output = Command::new(this)
        .args(["lab::hostile", "lab::plain", "lab::sensors::a_laptop", "lab::serving::what_was"])
        .envs([(ROUND, "1"), ("RUST_BACKTRACE", "0")])
        .env("TMPDIR", dir.path())
        .env("HOME", dir.path())
        .current_dir("/")
        .uid(USER)
        .gid(USER)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{complaints}");
    complaints.lines().filter_map(|line| line.strip_prefix("SKIPPED: ")).for_each(skipped);
    let ran = said.lines().find_map(|line| line.strip_prefix("running ")?.strip_suffix(" tests"));
    assert!(ran.is_some_and(|ran| ran.parse::<u32>().unwrap() > 4), "{said}");
}
