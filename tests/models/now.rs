//! `shelter models --now`: graded against what is free at this moment.

use serde_json::Value;

use crate::support::Shelter;

#[test]
fn a_card_that_is_in_use_has_less_room_now() {
    let shelter = Shelter::new();
    let told = |more: &[&str]| -> Value {
        let mut args = vec!["--lab", "models", "shadow", "--json"];
        args.extend(more);
        let outcome = shelter.run(&args);
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        serde_json::from_str(&outcome.stdout).unwrap()
    };
    let (whole, now) = (told(&[]), told(&["--now"]));
    let page = shelter.run(&["--lab", "models", "shadow", "--now"]);
    shelter.run(&["lab", "stop"]);
    assert_eq!((&whole["free_now"], &now["free_now"]), (&false.into(), &true.into()));
    let memory = |told: &Value| told["places"]["cards"][0]["memory"].as_u64().unwrap();
    assert_eq!(memory(&whole), 4 << 30);
    // The practice card works for somebody.
    assert!(memory(&now) < memory(&whole) && memory(&now) > 0, "{}", now["places"]);
    let model = &now["models"][0];
    assert!(model["disk_full"].as_u64().is_some_and(|percent| percent > 0), "{model}");
    assert!(page.stdout.contains("(SIMULATED) ("), "{}", page.stdout);
}
