//! `shelter report` as its users read it.

use crate::support::Shelter;

#[test]
fn the_page_has_every_section_in_order_and_ends_with_what_nobody_asked() {
    let shelter = Shelter::new().inventory(
        "hosts:\n  here:\n    via: local\n  gone:\n    via:\n      shell: /nowhere/sh\n",
    );
    let outcome = shelter.run(&["report"]);
    assert_eq!(outcome.code, 4, "{}", outcome.stderr);
    let heads: Vec<&str> = outcome.stdout.lines().filter(|line| line.starts_with('#')).collect();
    let expected = [
        "# Mountain Shelter: the state of the fleet",
        "## Topology",
        "## Hosts",
        "### here",
        "### gone",
        "## What runs where",
        "## Capacity",
        "## Advice",
        "## What didn't I ask you?",
    ];
    assert_eq!(heads, expected);
    // A dead host takes nothing from the others, and is advised about.
    let (hosts, rest) = outcome.stdout.split_once("### gone").unwrap();
    assert!(hosts.contains("| ram | "), "{hosts}");
    assert!(rest.contains("**down**: "), "{rest}");
    let (_, end) = rest.split_once("## What didn't I ask you?\n\n").unwrap();
    assert!(end.contains("gone") && end.contains("\\\n  `shelter "), "{end}");
    assert!(end.contains("the action plan goes on with 00_check"), "{end}");
}

#[test]
fn every_row_of_a_table_has_as_many_cells_as_its_head() {
    let shelter = Shelter::new();
    let outcome = shelter.run(&["--lab", "report"]);
    shelter.run(&["lab", "stop"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let cells = |line: &str| line.replace("\\|", "").matches('|').count();
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    let rows = lines.windows(2).filter(|two| two.iter().all(|line| line.starts_with('|')));
    let mut seen = 0;
    for two in rows {
        assert_eq!(cells(two[0]), cells(two[1]), "{two:?}");
        seen += 1;
    }
    assert!(seen > 30, "{}", outcome.stdout);
    assert!(outcome.stdout.contains("GTX 1050 Ti (SIMULATED)"), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("| shadow SIMULATED | "), "{}", outcome.stdout);
    assert!(outcome.stdout.contains("needs CUDA 12"), "{}", outcome.stdout);
    assert!(
        outcome.stdout.contains("`shelter --lab --run 00_check_structure"),
        "{}",
        outcome.stdout
    );
}

#[test]
fn programs_get_the_same_facts_as_one_object() {
    let shelter = Shelter::new().inventory("hosts:\n  here:\n    via: local\n");
    let outcome = shelter.run(&["report", "--json"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let told: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    let here = &told["hosts"][0];
    assert_eq!((&here["host"], &here["state"]), (&"here".into(), &"up".into()));
    assert!(here["facts"]["memory"]["total"].as_u64().unwrap() > 0, "{here}");
    assert_eq!(here["sample"]["memory"]["total"]["quality"], "ok");
    assert!(here["capacity"]["fits"][1].as_u64().unwrap() > 5, "{here}");
}
