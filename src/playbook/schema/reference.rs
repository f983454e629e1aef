//! The reference tables of `docs/playbooks.md`, from the tables that parse playbooks. Writes no file.

use crate::fleet::Facts;

use super::super::parse::keys::{PLAYBOOK, PREFLIGHT, SECRET, STEP};
use super::super::resolve::fact_names;
use super::super::resource::{ALL, Field, Need, Resource, Reversal};
use super::super::vars::BUILT_IN;

/// The generated parts of the reference, by the name of their marks.
pub const SECTIONS: [&str; 7] =
    ["playbook", "preflight", "step", "secret", "resources", "variables", "facts"];

/// One generated part, in Markdown.
pub fn section(name: &str) -> Option<String> {
    Some(match name {
        "playbook" => table(PLAYBOOK),
        "preflight" => table(PREFLIGHT),
        "step" => table(STEP),
        "secret" => table(SECRET),
        "resources" => ALL.iter().map(|resource| whole(resource)).collect::<Vec<_>>().join("\n"),
        "variables" => variables(),
        "facts" => {
            fact_names(&Facts::default()).iter().map(|name| format!("- `facts.{name}`\n")).collect()
        }
        _ => return None,
    })
}

fn table(fields: &[Field]) -> String {
    let mut out = String::from("| key | value | default | meaning |\n|---|---|---|---|\n");
    for field in fields {
        let default = match field.need {
            Need::Required => "**required**".to_owned(),
            Need::Optional => String::new(),
            Need::Default(value) => format!("`{value}`"),
        };
        let cells = [format!("`{}`", field.name), field.kind.says(), default, field.doc.to_owned()];
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    out
}

fn whole(resource: &Resource) -> String {
    let (kind, what) = resource.undo;
    let undo = match kind {
        Reversal::Exact => "exact",
        Reversal::BestEffort => "best effort",
        Reversal::None => "none",
    };
    let short =
        resource.short.map(|short| format!(" A bare value is its `{short}`.")).unwrap_or_default();
    let rules: String =
        resource.rules.iter().map(|rule| format!("\nIt has {}.\n", rule.says())).collect();
    let example = resource.example.replace('\n', "\n  ");
    format!(
        "### `{}`\n\n{}{short}\n\n{}{rules}\nUndo: **{undo}**: {what}.\n\n```yaml\n- {example}\n```\n",
        resource.name,
        resource.doc,
        table(resource.fields),
    )
}

fn variables() -> String {
    let rows = BUILT_IN.iter().map(|(name, value, doc)| {
        let value =
            if value.contains("{{") { format!("`{value}`") } else { "that of this build".into() };
        format!("| `{name}` | {value} | {doc} |\n")
    });
    format!("| variable | value | meaning |\n|---|---|---|\n{}", rows.collect::<String>())
}
