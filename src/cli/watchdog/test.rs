//! `shelter watch test`: rules tried on recorded samples, under the clock they were recorded by.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use super::{line, rules};
use crate::cli::args::Test;
use crate::cli::exit::{Exit, Trouble};
use crate::cli::files::unreadable;
use crate::cli::paint::Paint;
use crate::cli::spelling::Spelling;
use crate::fleet::{Event, HostName, Stamped, Timestamp};
use crate::text::{Report, Span, counted as in_words};
use crate::watchdog::{Replay, Rules, Told};

/// Plays them.
pub fn run(test: &Test) -> Result<Exit, Trouble> {
    let sources = match test.rules.as_str() {
        "built-in" => Vec::new(),
        path => vec![rules::source(Path::new(path))?],
    };
    let mut rules = Rules::read(&sources)?;
    for rule in rules.rules.iter_mut() {
        let named = rule.hosts.as_ref().map(meant);
        rule.on = named.filter(|hosts| !hosts.is_empty()).map(|hosts| hosts.into_iter().collect());
    }
    let mut replay = Replay::new(rules);
    let mut counted = Counted::default();
    let mut out = std::io::stdout().lock();
    for (number, text) in lines(&test.samples)?.enumerate() {
        let text = text.map_err(|error| unreadable(&test.samples, &error))?;
        if text.trim().is_empty() {
            continue;
        }
        let told = replay.play(&text).map_err(|error| {
            Report::error(format!("{}:{}: {error}", test.samples.display(), number + 1))
        })?;
        counted.show(told, &mut out)?;
    }
    let (played, hosts) = (replay.lines, replay.hosts());
    let (told, watchdog) = replay.finish();
    counted.show(told, &mut out)?;
    let Counted { raised, cleared, heals, .. } = counted;
    let stand = watchdog.standing().len();
    let ends = format!("{raised} raised, {cleared} cleared, {stand} stand at the end");
    let of = format!("{} of {}", in_words(played, "line"), in_words(hosts, "host"));
    writeln!(out, "{of}: {ends}, {} wanted", in_words(heals, "heal"))?;
    Ok(Exit::Well)
}

/// What was told, counted.
#[derive(Default)]
struct Counted {
    raised: u64,
    cleared: u64,
    heals: u64,
    seq: u64,
}

impl Counted {
    fn show(&mut self, told: Vec<(Timestamp, Told)>, out: &mut impl Write) -> Result<(), Trouble> {
        for (at, told) in told {
            let event = match told {
                Told::Alert { notice, alert, .. } => {
                    self.cleared += u64::from(notice.is_over());
                    self.raised += u64::from(!notice.is_over());
                    Event::Alerted { notice, alert }
                }
                Told::Heal(order) => {
                    self.heals += 1;
                    let text = format!("{} would be run to heal {}", order.playbook, order.alert);
                    Event::Remarked { text }
                }
                Told::Halted(halt) => Event::Halted(halt),
                Told::Remark(text) => Event::Remarked { text },
                Told::Healed { .. } | Told::Resumed { .. } | Told::Spent(_) => continue,
            };
            self.seq += 1;
            let stamped = Stamped { seq: self.seq, at, event };
            let text =
                line::text(&stamped, &Spelling::default(), Paint::of_stdout()).unwrap_or_default();
            out.write_all(text.as_bytes())?;
        }
        Ok(())
    }
}

/// The hosts that a pattern names: a recording knows no groups, and what names none is taken for all.
fn meant(pattern: &Span) -> Vec<HostName> {
    let words = pattern.text().split([':', ',']).map(str::trim);
    words.filter(|word| *word != "all").filter_map(|word| HostName::new(word).ok()).collect()
}

type Lines = Box<dyn Iterator<Item = io::Result<String>>>;

fn lines(path: &Path) -> Result<Lines, Trouble> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin().lines()));
    }
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    Ok(Box::new(BufReader::new(file).lines()))
}
