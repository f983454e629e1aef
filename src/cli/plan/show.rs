//! Plans for people and for programs. Hosts on which a playbook comes to the same stand together.

use std::io::Write;

use super::{Part, Row};
use crate::cli::paint::{Paint, Tone};
use crate::cli::table::Table;
use crate::ops::Order;
use crate::text::{counted, inert_line};

/// Shows them all.
pub fn all(orders: &[Order], parts: &[Part], json: bool) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    if json {
        for part in parts {
            serde_json::to_writer(&mut out, part)?;
            writeln!(out)?;
        }
        return Ok(());
    }
    let paint = Paint::of_stdout();
    for order in orders {
        let of_it = parts.iter().filter(|part| part.playbook == order.head.playbook);
        out.write_all(playbook(order, of_it, paint).as_bytes())?;
    }
    Ok(())
}

fn playbook<'p>(order: &Order, parts: impl Iterator<Item = &'p Part>, paint: Paint) -> String {
    let title = paint.tone(Tone::Strong, &order.head.playbook);
    let mut text = format!("{title} · {}\n{}\n", order.playbook.name, order.playbook.purpose);
    for (label, flags) in [("needs", &order.playbook.needs), ("provides", &order.playbook.provides)]
    {
        if !flags.is_empty() {
            let names: Vec<&str> = flags.iter().map(|flag| flag.value.as_str()).collect();
            text.push_str(&format!("{label} {}\n", names.join(", ")));
        }
    }
    let given = |name: &str| order.secrets.contains_key(name);
    let named = |name: &str| match given(name) {
        true => name.to_owned(),
        false => format!("{name} (not given: it can do without)"),
    };
    let secrets: Vec<String> = order.playbook.secret_names().map(named).collect();
    if !secrets.is_empty() {
        text.push_str(&format!("secrets {}\n", secrets.join(", ")));
    }
    for (hosts, one) in alike(parts) {
        text.push('\n');
        text.push_str(&head(&hosts, one, paint));
        text.push_str(&rows(&one.steps, paint));
    }
    text.push('\n');
    text
}

/// Parts that come to the same, with their hosts.
fn alike<'p>(parts: impl Iterator<Item = &'p Part>) -> Vec<(Vec<&'p str>, &'p Part)> {
    let mut groups: Vec<(Vec<&str>, &Part)> = Vec::new();
    for part in parts {
        let same = |known: &&mut (Vec<&str>, &Part)| {
            known.1.steps == part.steps
                && known.1.unknown == part.unknown
                && known.1.runs_as == part.runs_as
                && known.1.survival == part.survival
        };
        match groups.iter_mut().find(same) {
            Some((hosts, _)) => hosts.push(&part.host),
            None => groups.push((vec![&part.host], part)),
        }
    }
    groups
}

fn head(hosts: &[&str], part: &Part, paint: Paint) -> String {
    let names = paint.tone(Tone::Strong, &hosts.join(", "));
    let handlers = part.steps.iter().filter(|row| row.handler).count();
    let mut words = vec![counted(part.steps.len() - handlers, "step")];
    if handlers > 0 {
        words.push(counted(handlers, "handler"));
    }
    if part.left_out > 0 {
        words.push(format!("{} left out", part.left_out));
    }
    words.extend(part.runs_as.iter().map(|user| format!("as {user}")));
    words.extend(part.survival.clone());
    let mut text = format!("{names} · {}\n", words.join(" · "));
    if let Some(why) = &part.unknown {
        let note = paint.tone(Tone::Warn, "note");
        text.push_str(&format!("{note}: shown as written, nothing is resolved: {why}\n"));
    }
    text
}

fn rows(steps: &[Row], paint: Paint) -> String {
    let mut table = Table::new(&["#", "STEP", "RESOURCE", "UNDO", "AS", "WHERE", "SKIPPED"]);
    for row in steps {
        let name = inert_line(&row.name);
        let name = if row.handler { format!("{name} (handler)") } else { name };
        let skipped = row.skipped.as_deref().map(inert_line).unwrap_or_default();
        table.row(vec![
            row.number.to_string(),
            name,
            row.resource.clone(),
            row.undo.clone(),
            row.user.clone(),
            row.place.clone(),
            skipped,
        ]);
    }
    table.render(paint)
}
