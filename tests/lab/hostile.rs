//! Attempts to get out of a practice host, each of which must run, be refused, and leave the machine below as it was.

mod attempts;
mod bait;

use shelter::lab::Profile;

use super::visitor::{Outcome, TestLab, Visitor};
use crate::support::skipped;
use attempts::{Attempt, attempts};
use bait::Bait;

/// What refusals say. An attempt that says none of these has not been refused: it got through, or it never ran.
const REFUSALS: [&str; 7] = [
    "Operation not permitted",
    "Read-only file system",
    "Permission denied",
    "No such file or directory",
    "No such process",
    "Protocol not supported",
    "nothing there",
];

#[tokio::test]
async fn nobody_gets_out_of_a_practice_host() {
    let lab = TestLab::new();
    let visitor = lab.visit(Profile::Phantom).await;
    if visitor.run("command -v perl").await.status != Some(0) {
        return skipped("the attempts are written in Perl, which this machine has not");
    }
    let bait = Bait::lay(lab.outside(), &lab.dir(Profile::Phantom));
    let mut through = Vec::new();
    for attempt in attempts(&bait) {
        let outcome = visitor.run(&attempt.script).await;
        if !is_refused(&attempt, &outcome) {
            through.push(format!("{}: {outcome:?}", attempt.what));
        }
    }
    assert!(through.is_empty(), "{}", through.join("\n"));
    bait.assert_untouched();
}

fn is_refused(attempt: &Attempt, outcome: &Outcome) -> bool {
    let said = format!("{}{}", outcome.stdout, outcome.stderr);
    outcome.status.is_some_and(|status| status != 0 && status != 127)
        && REFUSALS.iter().any(|refusal| said.contains(refusal))
        && !said.contains("ESCAPED")
        && !(attempt.must_be_there && said.contains("No such file"))
}

#[tokio::test]
async fn a_massacre_inside_kills_only_what_is_inside() {
    let lab = TestLab::new();
    let visitor = lab.visit(Profile::Phantom).await;
    let mut bystander = std::process::Command::new("sleep").arg("1000").spawn().unwrap();
    let victim = "setsid sh -c 'echo $$ >~/pid; exec sleep 1000' </dev/null >/dev/null 2>&1 & \
                  until [ -s ~/pid ]; do sleep 0.05; done";
    visitor.ask(victim).await;
    visitor.run("kill -KILL -1; kill -KILL 1").await;
    let gone = lab.visit(Profile::Phantom).await.run("kill -0 $(cat ~/pid)").await;
    assert_ne!(gone.status, Some(0), "{gone:?}");
    assert_eq!(visitor.ask("echo served").await, "served");
    assert!(bystander.try_wait().unwrap().is_none());
    bystander.kill().unwrap();
    bystander.wait().unwrap();
}

#[tokio::test]
async fn no_capability_beyond_the_listed_ones_is_left_or_can_be_had() {
    let lab = TestLab::new();
    let visitor = lab.visit(Profile::Phantom).await;
    let sets = visitor.ask("grep ^Cap /proc/self/status | cut -f2").await;
    let sets: Vec<u64> = sets.lines().map(|set| u64::from_str_radix(set, 16).unwrap()).collect();
    // CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, SETGID, SETUID, SETPCAP, NET_BIND_SERVICE, SYS_CHROOT, SETFCAP.
    let kept = [0, 1, 3, 4, 5, 6, 7, 8, 10, 18, 31].iter().fold(0, |set, bit| set | 1 << bit);
    assert_eq!(
        sets,
        [0, kept, kept, kept, 0],
        "inheritable, permitted, effective, bounding, ambient"
    );
}

#[tokio::test]
async fn whoever_crashes_starts_no_program_of_the_machine_below() {
    let lab = TestLab::new();
    let visitor: Visitor = lab.visit(Profile::Phantom).await;
    assert_eq!(visitor.ask("ulimit -c -H").await, "0");
    let limits = visitor.ask("grep 'core file' /proc/self/limits").await;
    assert_eq!(limits.split_whitespace().nth(4), Some("1"), "{limits}");
}
