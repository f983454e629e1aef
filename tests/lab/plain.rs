//! Practice hosts where no fork can be had.

use shelter::fleet::SudoPolicy;
use shelter::lab::{Confinement, Profile};

use super::visitor::{TestLab, Visitor};

#[tokio::test]
async fn a_plain_directory_has_a_home_and_no_way_to_root() {
    let lab = TestLab::no_better_than(Confinement::PlainDirectory);
    let host = lab.lab.up(Profile::Shadow).unwrap().host;
    assert_eq!(host.sudo, SudoPolicy::Never);
    let visitor = Visitor::enter(&host, None).await.unwrap();
    assert_eq!(lab.confinement(Profile::Shadow), Confinement::PlainDirectory);
    assert_ne!(visitor.ask("id -u").await, "0");
    assert_eq!(visitor.ask("cd; echo note >f; cat ~/f").await, "note");
    assert!(visitor.ask("grep NoNewPrivs /proc/self/status").await.ends_with('1'));
    assert!(visitor.ask("nvidia-smi -L").await.contains("SIMULATED"));
    let denied = visitor.run("touch /etc/mountain_shelter_escape").await;
    assert!(denied.stderr.contains("ermission denied"), "{denied:?}");
}

#[tokio::test]
async fn what_runs_in_a_plain_directory_ends_with_a_stop() {
    let lab = TestLab::no_better_than(Confinement::PlainDirectory);
    let visitor = lab.visit(Profile::Phantom).await;
    let start = "setsid sh -c 'echo $$ >~/pid; exec sleep 1000' </dev/null >/dev/null 2>&1 & \
                 until [ -s ~/pid ]; do sleep 0.05; done; cat ~/pid";
    let pid: i32 = visitor.ask(start).await.parse().unwrap();
    let there = || std::path::Path::new(&format!("/proc/{pid}")).exists();
    assert!(there());
    lab.lab.stop().unwrap();
    assert!(!there());
}
