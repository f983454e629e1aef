//! `shelter doctor`: whether this console has what it needs to work. Mends nothing, reaches no host.

mod home;
mod keys;
mod terminal;

use std::io::Write;

use crate::text::{Kind, Reports, Style, counted};

use super::args::Global;
use super::compose::warn;
use super::exit::{Exit, Trouble};
use super::paint::{Paint, Tone};
use super::surroundings::find_home;

/// The width of the longest subject.
const SUBJECT: usize = 10;

/// How a part of the console is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
enum Health {
    /// As it should be.
    Well,
    /// Worth a look; work goes on.
    Look,
    /// Nothing that needs it will work.
    Bad,
}

/// What was found about one part.
#[derive(Debug, serde::Serialize)]
struct Finding {
    subject: &'static str,
    health: Health,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    /// What was found in files, with its places.
    #[serde(skip_serializing_if = "Reports::is_empty", serialize_with = "as_texts")]
    reports: Reports,
}

impl Finding {
    fn new(subject: &'static str, health: Health, text: impl Into<String>) -> Self {
        Self { subject, health, text: text.into(), hint: None, reports: Reports::new() }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Well, but for what the reports say.
    fn warned(subject: &'static str, text: String, reports: Reports) -> Self {
        let health = if reports.is_empty() { Health::Well } else { Health::Look };
        Self { reports, ..Self::new(subject, health, text) }
    }

    /// What could not even be looked at. One finding without a place says it all here.
    fn trouble(subject: &'static str, trouble: Trouble) -> Self {
        let reports = match trouble {
            Trouble::Told(reports) | Trouble::Unreachable(reports) => reports,
            Trouble::Silent(_) => Reports::new(),
        };
        let errors = reports.iter().filter(|report| report.kind == Kind::Error);
        match errors.collect::<Vec<_>>().as_slice() {
            [one] if one.place.is_none() => Self {
                hint: one.help.clone(),
                ..Self::new(subject, Health::Bad, one.message.clone())
            },
            several => {
                let text = format!("{}, told below", counted(several.len(), "error"));
                Self { reports, ..Self::new(subject, Health::Bad, text) }
            }
        }
    }

    fn line(&self, paint: Paint) -> String {
        let (tone, word) = match self.health {
            Health::Well => (Tone::Good, "● well"),
            Health::Look => (Tone::Warn, "▲ look"),
            Health::Bad => (Tone::Bad, "✕ bad "),
        };
        let mut text =
            format!("{:SUBJECT$}  {}  {}\n", self.subject, paint.tone(tone, word), self.text);
        if let Some(hint) = &self.hint {
            let hint = paint.tone(Tone::Muted, &format!("→ {hint}"));
            text.push_str(&format!("{:SUBJECT$}          {hint}\n", ""));
        }
        text
    }
}

fn as_texts<S: serde::Serializer>(reports: &Reports, to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(reports.iter().map(|report| report.render(Style::Plain)))
}

/// Looks at every part, tells of each, and exits with 1 where one is bad.
pub async fn run(json: bool, global: &Global) -> Result<Exit, Trouble> {
    let home = find_home(global)?;
    let mut findings = home::look(&home, global.lab);
    findings.push(keys::agent().await);
    findings.push(keys::files());
    findings.push(terminal::look());
    tell(&findings, json)?;
    let worst = findings.iter().map(|finding| finding.health).max();
    Ok(if worst == Some(Health::Bad) { Exit::Given } else { Exit::Well })
}

fn tell(findings: &[Finding], json: bool) -> Result<(), Trouble> {
    let mut out = std::io::stdout().lock();
    let paint = Paint::of_stdout();
    for finding in findings {
        if json {
            serde_json::to_writer(&mut out, finding).map_err(std::io::Error::from)?;
            writeln!(out)?;
        } else {
            out.write_all(finding.line(paint).as_bytes())?;
        }
    }
    if !json {
        findings.iter().for_each(|finding| warn(&finding.reports));
    }
    Ok(())
}
