//! The JSON Schema of a playbook, from the tables that parse it: for completion in editors. Checks nothing itself.

mod reference;

use serde_json::{Map, Value, json};

use super::parse::keys::{PLAYBOOK, PREFLIGHT, SECRET, STEP};
use super::resource::{ALL, Field, Kind, Need, Resource};

pub use reference::{SECTIONS, section};

/// What stands in for a value until it is rendered.
const TEMPLATE: &str = r"\{\{";

/// The JSON Schema of a playbook.
pub fn schema() -> Value {
    let mut playbook = object(PLAYBOOK, false);
    for (key, of) in [("steps", "step"), ("handlers", "step"), ("preflight", "check")] {
        playbook["properties"][key]["type"] = json!("array");
        playbook["properties"][key]["items"] = json!({ "$ref": format!("#/$defs/{of}") });
    }
    let secret = json!({ "anyOf": [{ "type": "string" }, object(SECRET, false)] });
    playbook["properties"]["secrets"]["additionalProperties"] = secret;
    playbook["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    playbook["title"] = json!("A playbook of Mountain Shelter");
    playbook["$defs"] = json!({ "step": step(), "check": object(PREFLIGHT, false) });
    playbook
}

fn step() -> Value {
    let mut step = object(STEP, false);
    for resource in ALL {
        step["properties"][resource.name] = whole(resource);
    }
    let resources = ALL.iter().map(|resource| json!({ "required": [resource.name] }));
    let legs = json!({ "anyOf": [{ "required": ["apply"] }, { "required": ["check"] }] });
    step["oneOf"] = resources.chain([legs]).collect();
    step
}

/// A resource with its fields, or the one value of its short form.
fn whole(resource: &Resource) -> Value {
    let fields = object(resource.fields, true);
    let Some(short) = resource.fields.iter().find(|field| Some(field.name) == resource.short)
    else {
        return described(fields, resource.doc);
    };
    let short = value(short.kind, true);
    described(json!({ "anyOf": [short, fields] }), resource.doc)
}

fn object(fields: &[Field], templates: bool) -> Value {
    let property = |field: &Field| {
        let mut property = described(value(field.kind, templates), field.doc);
        if let Need::Default(text) = field.need {
            property["default"] = json!(text);
        }
        (field.name.to_owned(), property)
    };
    let properties: Map<String, Value> = fields.iter().map(property).collect();
    let required = fields.iter().filter(|field| field.need == Need::Required);
    json!({
        "type": "object",
        "properties": properties,
        "required": required.map(|field| field.name).collect::<Vec<_>>(),
        "additionalProperties": false,
    })
}

fn value(kind: Kind, templates: bool) -> Value {
    let plain = match kind {
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Number(least, most) if most == i64::MAX => {
            json!({ "type": "integer", "minimum": least })
        }
        Kind::Number(least, most) => {
            json!({ "type": "integer", "minimum": least, "maximum": most })
        }
        Kind::Word(words) => json!({ "enum": words }),
        Kind::Mode => json!({ "type": "string", "pattern": "^[0-7]{3,4}$" }),
        Kind::Path | Kind::Removable => json!({ "type": "string", "pattern": "^(/|~)" }),
        Kind::Sha256 => json!({ "type": "string", "pattern": "^[0-9A-Fa-f]{64}$" }),
        Kind::Url => json!({ "type": "string", "pattern": "^https?://" }),
        Kind::Duration => json!({ "type": ["string", "integer"] }),
        Kind::Texts | Kind::Names => {
            let one = json!({ "type": ["string", "number", "boolean"] });
            return json!({ "anyOf": [one, { "type": "array", "items": one }] });
        }
        Kind::Items => return json!({ "type": ["array", "string"] }),
        Kind::Map => return json!({ "type": "object" }),
        Kind::Nested(_) => return json!({}),
        Kind::Condition => return json!({ "type": ["string", "boolean"] }),
        _ => return json!({ "type": ["string", "number", "boolean"] }),
    };
    if templates {
        json!({ "anyOf": [plain, { "type": "string", "pattern": TEMPLATE }] })
    } else {
        plain
    }
}

fn described(mut schema: Value, doc: &str) -> Value {
    schema["description"] = json!(doc);
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_and_resource_is_in_the_schema_with_its_sentence() {
        let schema = schema();
        let step = &schema["$defs"]["step"]["properties"];
        for name in
            STEP.iter().map(|field| field.name).chain(ALL.iter().map(|resource| resource.name))
        {
            assert!(
                step[name]["description"].as_str().is_some_and(|doc| doc.ends_with('.')),
                "{name}"
            );
        }
        assert_eq!(schema["properties"]["steps"]["items"]["$ref"], "#/$defs/step");
        assert_eq!(step["dir"]["anyOf"][1]["required"], json!(["path"]));
    }

    #[test]
    fn every_sentence_of_a_table_is_a_sentence() {
        for resource in ALL {
            for field in resource.fields {
                let doc = field.doc;
                assert!(
                    doc.starts_with(|c: char| c.is_uppercase() || c == '`') && doc.ends_with('.'),
                    "{}.{}: {doc}",
                    resource.name,
                    field.name
                );
            }
        }
    }
}
