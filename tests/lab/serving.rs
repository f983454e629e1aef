//! Starting, stopping and resetting practice hosts.

use std::fs;
use std::thread;

use shelter::fleet::{Endpoint, Sensors};
use shelter::lab::{Fate, Ground, Lab, LabError, Profile};

use super::visitor::{TestLab, Visitor, target};

#[tokio::test]
async fn the_inventory_is_two_hosts_that_answer() {
    let lab = TestLab::new();
    let (inventory, remarks) = lab.lab.inventory().unwrap();
    assert_eq!(remarks, []);
    let names: Vec<&str> = inventory.names().map(|name| name.as_str()).collect();
    assert_eq!(names, ["phantom", "shadow"]);
    for host in &inventory.hosts {
        assert_eq!(host.sensors, Sensors::Simulated);
        let visitor = Visitor::enter(host, None).await.unwrap();
        assert_eq!(visitor.ask("hostname").await, host.name.as_str());
    }
    assert_eq!(inventory.host("shadow").unwrap().groups[1].as_str(), "gpu");
}

#[tokio::test]
async fn what_was_changed_survives_a_stop_and_not_a_reset() {
    let lab = TestLab::new();
    let change = "echo changed >/etc/practised && echo kept >~/note";
    lab.visit(Profile::Phantom).await.ask(change).await;
    lab.lab.stop().unwrap();
    assert!(lab.lab.status().iter().all(|status| status.pid.is_none()));
    let read = "cat /etc/practised ~/note";
    let kept = lab.visit(Profile::Phantom).await.run(read).await.stdout;
    // Where only memory can hold the changes, homes are kept all the same, and `status` says so.
    let lasting = lab.lab.status()[0].lasting.unwrap();
    assert_eq!(kept, if lasting { "changed\nkept\n" } else { "kept\n" });
    lab.lab.reset().unwrap();
    let outcome = lab.visit(Profile::Phantom).await.run(read).await;
    assert_eq!(outcome.stdout, "");
    assert!(!std::path::Path::new("/etc/practised").exists());
}

/// As if the host stood on something else: what its note calls `below`, or `program`.
fn change(lab: &TestLab, what: &str) {
    let note = lab.dir(Profile::Phantom).join("running.json");
    let text = fs::read_to_string(&note).unwrap();
    let mut running: serde_json::Value = serde_json::from_str(&text).unwrap();
    running[what] = "another".into();
    fs::write(&note, running.to_string()).unwrap();
}

/// Asks for the host, and tells what became of it.
fn fate(lab: &TestLab) -> Option<(Ground, Fate)> {
    let remark = lab.lab.up(Profile::Phantom).unwrap().remark;
    remark.map(|remark| (remark.ground, remark.fate))
}

#[tokio::test]
async fn a_fork_of_a_machine_that_has_changed_since_is_made_anew_and_its_homes_are_kept() {
    let lab = TestLab::new();
    lab.visit(Profile::Phantom).await.ask("touch /etc/practised && echo kept >~/note").await;
    rests(&lab);
    change(&lab, "below");
    assert_eq!(fate(&lab), Some((Ground::Machine, Fate::Renewed)));
    let found = lab.visit(Profile::Phantom).await.run("cat ~/note; ls /etc/practised").await;
    assert_eq!(found.stdout, "kept\n");
    assert_eq!(fate(&lab), None, "it stands on this machine again");
}

#[tokio::test]
async fn a_host_on_which_something_runs_is_never_ended_by_itself() {
    let lab = TestLab::new();
    let visitor = lab.visit(Profile::Phantom).await;
    let work = visitor.ask("setsid sleep 600 >/dev/null 2>&1 </dev/null & echo $!").await;
    let pid = lab.pid(Profile::Phantom);
    for (what, ground) in [("program", Ground::Program), ("below", Ground::Machine)] {
        change(&lab, what);
        assert_eq!(fate(&lab), Some((ground, Fate::AtWork)));
        assert_eq!(lab.pid(Profile::Phantom), pid);
    }
    assert_eq!(
        lab.visit(Profile::Phantom).await.ask(&format!("kill {work} && echo ended")).await,
        "ended"
    );
    rests(&lab);
    assert_eq!(fate(&lab), Some((Ground::Machine, Fate::Renewed)));
    assert_ne!(lab.pid(Profile::Phantom), pid);
}

#[tokio::test]
async fn a_newer_program_takes_a_host_over_only_where_nothing_is_lost_by_it() {
    let lab = TestLab::new();
    lab.visit(Profile::Phantom).await.ask("touch /etc/practised").await;
    rests(&lab);
    let (pid, lasting) = (lab.pid(Profile::Phantom), lab.lab.status()[0].lasting.unwrap());
    change(&lab, "program");
    let held = (Ground::Program, Fate::InMemory);
    assert_eq!(fate(&lab), (!lasting).then_some(held));
    assert_eq!(lab.pid(Profile::Phantom) != pid, lasting);
    assert!(
        lab.visit(Profile::Phantom).await.run("test -e /etc/practised").await.status == Some(0)
    );
}

/// Waits until nothing runs on it any more.
fn rests(lab: &TestLab) {
    let children = format!("/proc/{0}/task/{0}/children", lab.pid(Profile::Phantom));
    let rests = || fs::read_to_string(&children).unwrap().trim().is_empty();
    crate::support::until("nothing runs on the practice host", rests);
}

#[tokio::test]
async fn a_host_that_runs_is_left_running_however_often_it_is_asked_for() {
    let lab = TestLab::new();
    let pids: Vec<_> = thread::scope(|scope| {
        let asking: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    lab.lab.up(Profile::Shadow).unwrap();
                    lab.pid(Profile::Shadow)
                })
            })
            .collect();
        asking.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(pids.iter().all(|pid| *pid == pids[0]), "{pids:?}");
}

#[tokio::test]
async fn a_server_that_was_killed_is_replaced() {
    let lab = TestLab::new();
    lab.visit(Profile::Phantom).await.ask("echo kept >~/note").await;
    let pid = rustix::process::Pid::from_raw(lab.pid(Profile::Phantom)).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    assert_eq!(lab.visit(Profile::Phantom).await.ask("cat ~/note").await, "kept");
    assert_ne!(lab.pid(Profile::Phantom), pid.as_raw_nonzero().get());
}

#[tokio::test]
async fn only_the_labs_key_opens() {
    let lab = TestLab::new();
    let mut host = lab.lab.up(Profile::Phantom).unwrap().host;
    assert!(Visitor::enter(&host, Some("no-such-user")).await.is_none());
    let shelter::fleet::Via::Ssh(ssh) = &mut host.via else { panic!("not over ssh") };
    ssh.keys = vec![lab.dir(Profile::Phantom).join("host_key")];
    assert!(Visitor::enter(&host, None).await.is_none());
}

#[test]
fn nobody_else_can_even_see_the_socket() {
    use std::os::unix::fs::PermissionsExt;
    let lab = TestLab::new();
    let host = lab.lab.up(Profile::Phantom).unwrap().host;
    let Endpoint::Socket(socket) = &target(&host).endpoint else { panic!("not a socket") };
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(socket), 0o600);
    assert_eq!(mode(socket.parent().unwrap()), 0o700);
    assert_eq!(mode(&target(&host).keys[0]), 0o600);
}

#[test]
fn a_home_too_deep_for_a_socket_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let deep = dir.path().join("x".repeat(120));
    let failure = Lab::at(&deep).up(Profile::Phantom).unwrap_err();
    assert!(matches!(failure, LabError::PathTooLong(_)), "{failure}");
}

#[test]
fn a_program_that_does_not_serve_is_an_error_that_says_where_to_look() {
    let dir = tempfile::tempdir().unwrap();
    let lab = Lab::with_program(dir.path(), "/bin/false".as_ref());
    let failure = lab.up(Profile::Phantom).unwrap_err().to_string();
    assert!(failure.contains("serve.log"), "{failure}");
}
