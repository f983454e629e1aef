//! The rules of a home: the built-in ones, and those of its `watch/*.yaml` over them.

use std::io::Write;
use std::path::Path;

use crate::cli::args::Global;
use crate::cli::compose::{Console, read_bounded, unreadable, yaml_files};
use crate::cli::exit::{Exit, Trouble};
use crate::cli::paint::{Paint, Tone};
use crate::text::Source;
use crate::watchdog::{Rule, Rules, Unit};

/// The rules that hold in a home. All that is wrong with them comes out here.
pub fn read(console: &Console) -> Result<Rules, Trouble> {
    let sources: Result<Vec<Source>, Trouble> =
        yaml_files(&console.base().watch())?.iter().map(|path| source(path)).collect();
    Ok(Rules::read(&sources?)?)
}

/// One file of rules.
pub fn source(path: &Path) -> Result<Source, Trouble> {
    let bytes = read_bounded(path).map_err(|error| unreadable(path, &error))?;
    Ok(Source::from_bytes(path.display().to_string(), &bytes).map_err(|report| *report)?)
}

/// Shows the rules that hold.
pub fn show(global: &Global) -> Result<Exit, Trouble> {
    let console = Console::open(global)?;
    let rules = super::for_hosts(&console, read(&console)?)?;
    let paint = Paint::of_stdout();
    let mut out = std::io::stdout().lock();
    for rule in &rules.rules {
        out.write_all(line(rule, paint).as_bytes())?;
    }
    Ok(Exit::Well)
}

fn line(rule: &Rule, paint: Paint) -> String {
    let name = paint.tone(Tone::Strong, &format!("{:<14}", rule.name.value));
    let unit = rule.watch.unit();
    let when = match unit {
        Unit::State => format!("{} for {} s", rule.watch.word(), rule.hold.0 / 1000),
        _ => {
            let words = rule.threshold.words(unit);
            format!("{} {words} for {} s", rule.watch.word(), rule.hold.0 / 1000)
        }
    };
    let heal = rule.heal.as_ref().map(|heal| format!(", healed by {}", heal.playbook.value));
    let place = paint.tone(Tone::Muted, &rule.name.span.to_string());
    format!("{name} {:<8} {when}{}  {place}\n", rule.severity.word(), heal.unwrap_or_default())
}
