//! What templates see of a host: `facts`, `host`, `fleet`. Gathers nothing.

use std::collections::BTreeMap;

use minijinja::Value;
use minijinja::value::Serde;
use serde_json::{Map, json};

use crate::fleet::{Endpoint, Facts, Host, Inventory, Via};

/// The facts, tools by name; what is unknown is null.
pub fn facts(facts: &Facts) -> Value {
    Value::from(Serde(facts_tree(facts)))
}

/// The same as a tree, whose names are those a template may use.
pub fn facts_tree(facts: &Facts) -> serde_json::Value {
    let mut tree = serde_json::to_value(facts).unwrap_or_default();
    let tools: Map<_, _> = facts.tools.iter().map(|t| (t.name.clone(), json!(t.path))).collect();
    if let Some(tree) = tree.as_object_mut() {
        tree.insert("tools".into(), tools.into());
        tree.remove("key");
    }
    tree
}

/// The dotted names of all facts a template may use.
pub fn fact_names(facts: &Facts) -> Vec<String> {
    let mut names = Vec::new();
    gather("", &facts_tree(facts), &mut names);
    names
}

fn gather(path: &str, tree: &serde_json::Value, names: &mut Vec<String>) {
    match tree.as_object().filter(|map| !map.is_empty()) {
        Some(map) => {
            let dot = if path.is_empty() { "" } else { "." };
            map.iter()
                .for_each(|(name, inner)| gather(&format!("{path}{dot}{name}"), inner, names));
        }
        None => names.push(path.to_owned()),
    }
}

/// The names under `host`, with a sentence on each.
pub const HOST: [(&str, &str); 3] = [
    ("name", "its name in the inventory"),
    ("groups", "the groups it belongs to"),
    ("address", "its address, `localhost` where it is this machine"),
];

/// The host.
pub fn host(host: &Host) -> Value {
    let address = match &host.via {
        Via::Ssh(target) => match &target.endpoint {
            Endpoint::Tcp { address, .. } => address.clone(),
            Endpoint::Socket(_) => "localhost".into(),
        },
        Via::Local | Via::Shell(_) => "localhost".into(),
    };
    let groups: Value = host.groups.iter().map(|group| group.as_str()).collect();
    let parts = [
        ("name", Value::from(host.name.as_str())),
        ("groups", groups),
        ("address", Value::from(address)),
    ];
    Value::from(BTreeMap::from(parts))
}

/// All hosts, the same whichever host asks.
pub fn fleet(fleet: &Inventory) -> Value {
    let hosts: Value = fleet.hosts.iter().map(host).collect();
    Value::from(BTreeMap::from([("hosts", hosts)]))
}
