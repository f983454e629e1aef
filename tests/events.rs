//! The schema of `--json`: each kind of event is in `docs/events.md`, with a line that this program reads as that event.

use std::collections::BTreeSet;

use serde_json::Value;
use shelter::fleet::{Event, HostEvent, Stamped};

const PAGE: &str = include_str!("../docs/events.md");

/// The names of a tagged enum's variants, by its own word: what it says to a name it does not know.
fn variants<T: serde::de::DeserializeOwned>(tag: &str) -> BTreeSet<String> {
    let odd = serde_json::json!({ tag: "no such thing" });
    let Err(error) = serde_json::from_value::<T>(odd) else { panic!("an odd name was taken") };
    let told = error.to_string();
    let (_, names) = told.split_once("expected one of").unwrap();
    names.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The examples of the page, one line each.
fn examples() -> Vec<Value> {
    let blocks = PAGE.split("```json\n").skip(1);
    let blocks = blocks.map(|rest| rest.split("\n```").next().unwrap());
    blocks.flat_map(str::lines).map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Whether all that is in `part` is in `whole`, at its place.
fn holds(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            part.iter().all(|(key, value)| whole.get(key).is_some_and(|own| holds(own, value)))
        }
        _ => whole == part,
    }
}

#[test]
fn every_kind_of_event_is_documented_with_a_line_that_is_one() {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for example in examples().iter().filter(|example| example["event"] != "counsel") {
        let stamped: Stamped = serde_json::from_value(example.clone()).unwrap();
        let again = serde_json::to_value(&stamped).unwrap();
        assert!(
            holds(&again, example),
            "the example says more than the event:\n{example}\n{again}"
        );
        seen.extend(
            ["event", "what"].iter().filter_map(|tag| example[*tag].as_str().map(str::to_owned)),
        );
    }
    let mut due = variants::<Event>("event");
    due.extend(variants::<HostEvent>("what"));
    let missing: Vec<&String> = due.difference(&seen).collect();
    assert!(missing.is_empty(), "docs/events.md has no example of {missing:?}");
    for kind in &due {
        assert!(PAGE.contains(&format!("`{kind}`")), "docs/events.md does not speak of `{kind}`");
    }
}
