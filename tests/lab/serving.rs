//! Starting, reaching, stopping and resetting practice hosts.

use shelter::lab::Profile;

use super::visitor::TestLab;

#[tokio::test]
async fn a_practice_host_runs_commands_over_ssh() {
    let lab = TestLab::new();
    let visitor = lab.visit(Profile::Phantom).await;
    assert_eq!(visitor.ask("hostname; id -u; pwd").await, "phantom\n0\n/root");
    let outcome = visitor.run_with("cat; echo oops >&2; exit 7", b"in and out").await;
    assert_eq!((outcome.stdout.as_str(), outcome.stderr.as_str()), ("in and out", "oops\n"));
    assert_eq!(outcome.status, Some(7));
}
