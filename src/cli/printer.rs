//! Runs on the command line: one line per step and host as it ends, the recap, then the failures by cause.

mod failures;
mod live;
mod progress;
mod quiet;
mod undone;

use std::collections::{BTreeSet, HashMap};
use std::io::{self, IsTerminal, Write};

use crate::fleet::{
    Event, HostEvent, HostName, HostOutcome, Millis, Output, Purpose, RunHead, Stamped, StepEnd,
    UndoResult, Verdict,
};

use super::paint::{Paint, Tone};
use super::spelling::Spelling;
use failures::Failures;
use live::Live;
use progress::Progress;
use quiet::Quiet;

/// What a run's reader wants to see.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// One JSON event per line and nothing else.
    pub json: bool,
    /// File differences.
    pub diff: bool,
    /// The output of steps that went well, too.
    pub verbose: bool,
    /// How commands are spelled that do it again.
    pub spelling: Spelling,
    /// What variables were set, as they were typed.
    pub extra_vars: Vec<String>,
}

/// Prints a run as it happens.
pub struct Printer<W> {
    out: W,
    paint: Paint,
    wishes: Wishes,
    progress: Option<Progress>,
    live: HashMap<HostName, Live>,
    /// Where the run goes on by itself.
    detached: BTreeSet<HostName>,
    recaps: Vec<(HostName, HostEvent)>,
    /// Handlers that were notified and have not run yet.
    owed: HashMap<HostName, BTreeSet<String>>,
    /// Whether nothing is changed, and so nothing is owed.
    only_looks: bool,
    failures: Failures,
}

impl Printer<Quiet<io::Stdout>> {
    /// A printer to stdout: with a line of progress where that is a terminal.
    pub fn to_stdout(wishes: Wishes) -> Self {
        let progress = (io::stdout().is_terminal() && !wishes.json).then(Progress::default);
        Self::new(Quiet::new(io::stdout()), Paint::of_stdout(), wishes, progress)
    }
}

impl<W: Write> Printer<W> {
    fn new(out: W, paint: Paint, wishes: Wishes, progress: Option<Progress>) -> Self {
        let failures = Failures::new(wishes.spelling.clone(), &wishes.extra_vars);
        let (live, recaps, detached) = (HashMap::new(), Vec::new(), BTreeSet::new());
        let owed = HashMap::new();
        let only_looks = false;
        Self { out, paint, wishes, progress, live, detached, recaps, owed, only_looks, failures }
    }

    /// Shows one event.
    pub fn show(&mut self, stamped: &Stamped) -> io::Result<()> {
        if self.wishes.json {
            serde_json::to_writer(&mut self.out, stamped)?;
            return writeln!(self.out);
        }
        self.clear_progress()?;
        match &stamped.event {
            Event::RunBegan(head) => self.head(head)?,
            Event::OnHost { host, what, .. } => self.on_host(host, what)?,
            Event::RunEnded { .. } => self.recap()?,
            _ => {}
        }
        if let Some(progress) = &mut self.progress {
            progress.fold(stamped);
        }
        self.out.flush()
    }

    /// Shows what a step prints, once it has been at it for a while.
    pub fn show_output(&mut self, output: &Output) -> io::Result<()> {
        if self.wishes.json {
            return Ok(());
        }
        if let Some(progress) = &mut self.progress {
            progress.heard(output);
        }
        let lines = self.live.entry(output.host.clone()).or_default().push(output);
        if lines.is_empty() {
            return Ok(());
        }
        self.clear_progress()?;
        for line in lines {
            let host = self.paint.tone(Tone::Muted, &format!("{} |", output.host));
            writeln!(self.out, "{host} {line}")?;
        }
        self.out.flush()
    }

    /// Time has passed: long steps begin to show what they print, the line of progress is drawn anew.
    pub fn tick(&mut self) -> io::Result<()> {
        if let Some(progress) = &mut self.progress {
            let line = progress.line(terminal_width());
            write!(self.out, "\r\x1b[K{}", self.paint.tone(Tone::Muted, &line))?;
            self.out.flush()?;
        }
        Ok(())
    }

    /// Shows a text as it is.
    pub fn say(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }

    /// The end: what went wrong, by cause.
    pub fn finish(&mut self) -> io::Result<()> {
        if self.wishes.json {
            return self.out.flush();
        }
        self.clear_progress()?;
        let told = self.failures.render(self.paint);
        self.out.write_all(told.as_bytes())?;
        self.out.flush()
    }

    /// One line per host: what became of its steps.
    fn recap(&mut self) -> io::Result<()> {
        writeln!(self.out)?;
        self.recaps.sort_by(|(a, _), (b, _)| a.cmp(b));
        for (host, end) in std::mem::take(&mut self.recaps) {
            let HostEvent::Ended { outcome, recap } = &end else { continue };
            let counts = recap_line(recap);
            let tone = tone_of(outcome);
            // Padded before it is painted: escape codes have no width.
            let name = self.paint.tone(tone, &format!("{host:<26}"));
            writeln!(self.out, "{name} : {counts}{}", note_of(outcome))?;
        }
        Ok(())
    }

    fn clear_progress(&mut self) -> io::Result<()> {
        match self.progress {
            Some(_) => write!(self.out, "\r\x1b[K"),
            _ => Ok(()),
        }
    }

    fn head(&mut self, head: &RunHead) -> io::Result<()> {
        let hosts: Vec<&str> = head.hosts.iter().map(HostName::as_str).collect();
        let title = self.paint.tone(Tone::Strong, &head.playbook);
        let kind = match head.purpose {
            Purpose::Apply => String::new(),
            ref other => format!(" · {other}"),
        };
        self.failures.begin(head);
        self.detached.clear();
        self.only_looks = head.purpose == Purpose::Check;
        writeln!(self.out, "{title} · run {}{kind} · {}", head.run, hosts.join(", "))
    }

    fn on_host(&mut self, host: &HostName, what: &HostEvent) -> io::Result<()> {
        match what {
            HostEvent::Began { .. } => Ok(()),
            HostEvent::Detached { by } => {
                self.detached.insert(host.clone());
                if !self.wishes.verbose {
                    return Ok(());
                }
                self.aside(host, &format!("goes on as {by}"))
            }
            HostEvent::StepBegan { step } => {
                self.live.insert(host.clone(), Live::of(step.number));
                Ok(())
            }
            HostEvent::StepEnded(end) => self.step(host, end),
            HostEvent::Note { text } => self.aside(host, text),
            HostEvent::Owed { handler } => {
                let owed = self.owed.entry(host.clone()).or_default();
                owed.insert(handler.clone());
                Ok(())
            }
            HostEvent::Waived { handler } => {
                if let Some(owed) = self.owed.get_mut(host) {
                    owed.remove(handler);
                }
                Ok(())
            }
            HostEvent::Undone { step, result, said } => {
                self.failures.undone(host, step, *result, said);
                let (word, tone, why) = undo_word(*result);
                let word = self.paint.tone(tone, word);
                writeln!(self.out, "{word}: [{host}] {}{why}", step.name)
            }
            HostEvent::LostTouch { failure } => {
                let goes_on =
                    if self.detached.contains(host) { ", the run goes on there" } else { "" };
                self.aside(host, &format!("lost touch{goes_on}: {}", failure.text))
            }
            HostEvent::Ended { outcome, .. } => {
                let owed = self.owed.remove(host).unwrap_or_default();
                let only_looks = self.only_looks;
                for handler in owed.into_iter().filter(|_| !only_looks) {
                    self.aside(host, &format!("handler owed to the next run: {handler}"))?;
                }
                let word = match outcome {
                    HostOutcome::Unreachable(failure) => Some(("unreachable", failure)),
                    HostOutcome::Refused(failure) => Some(("refused", failure)),
                    HostOutcome::LeftOut(failure) => Some(("skipping", failure)),
                    _ => None,
                };
                if let Some((word, failure)) = word {
                    let word = self.paint.tone(tone_of(outcome), word);
                    let first = failure.text.lines().next().unwrap_or_default();
                    writeln!(self.out, "{word}: [{host}] {first}")?;
                }
                self.failures.ended(host, outcome);
                self.recaps.push((host.clone(), what.clone()));
                Ok(())
            }
        }
    }

    fn step(&mut self, host: &HostName, end: &StepEnd) -> io::Result<()> {
        if let Some(owed) = self.owed.get_mut(host).filter(|_| end.verdict.is_settled()) {
            owed.remove(&end.step.name);
        }
        let (word, tone) = verdict_word(end.verdict);
        let word = self.paint.tone(tone, word);
        let took = match end.took {
            Millis(0..1000) => String::new(),
            took => format!("  {}", took.clock()),
        };
        let why = match (&end.why, end.verdict) {
            (Some(why), verdict) if verdict != Verdict::Ok => format!("  ({why})"),
            _ => String::new(),
        };
        writeln!(self.out, "{word}: [{host}] {} {}{why}{took}", end.step.number, end.step.name)?;
        if self.wishes.diff {
            self.diff(&end.diff)?;
        }
        let was_live = self.live.remove(host).is_some_and(|live| live.is_showing());
        let failed = end.verdict == Verdict::Failed;
        if self.wishes.verbose && !failed && !was_live {
            for line in end.output.lines() {
                writeln!(self.out, "    {line}")?;
            }
        }
        if failed {
            self.failures.step(host, end);
        }
        Ok(())
    }

    fn diff(&mut self, diff: &str) -> io::Result<()> {
        for line in diff.lines() {
            let tone = match line.as_bytes().first() {
                Some(b'+') => Tone::Good,
                Some(b'-') => Tone::Bad,
                _ => Tone::Muted,
            };
            writeln!(self.out, "{}", self.paint.tone(tone, line))?;
        }
        Ok(())
    }

    fn aside(&mut self, host: &HostName, text: &str) -> io::Result<()> {
        let word = self.paint.tone(Tone::Warn, "note");
        writeln!(self.out, "{word}: [{host}] {text}")
    }
}

/// The counts in the columns that Ansible gives them.
fn recap_line(recap: &crate::fleet::Recap) -> String {
    let mut line = format!(
        "ok={:<4} changed={:<4} unreachable={:<4} failed={:<4} skipped={:<4} rescued={:<4} ignored={}",
        recap.ok,
        recap.changed,
        recap.unreachable,
        recap.failed,
        recap.skipped,
        recap.rescued,
        recap.ignored
    );
    if recap.unknown > 0 {
        line.push_str(&format!("    unknown={}", recap.unknown));
    }
    line
}

fn verdict_word(verdict: Verdict) -> (&'static str, Tone) {
    match verdict {
        Verdict::Ok => ("ok", Tone::Good),
        Verdict::Changed => ("changed", Tone::Warn),
        Verdict::Skipped => ("skipping", Tone::Cool),
        Verdict::Failed => ("failed", Tone::Bad),
        Verdict::Ignored => ("ignored", Tone::Cool),
        Verdict::Unknown => ("unknown", Tone::Muted),
    }
}

/// What became of taking a step back: a word, its tone, and why where the word does not say.
fn undo_word(result: UndoResult) -> (&'static str, Tone, &'static str) {
    match result {
        UndoResult::Restored => ("undone", Tone::Warn, ""),
        UndoResult::NotPossible => ("kept", Tone::Muted, "  (nothing tells how: it has no `undo`)"),
        UndoResult::Left => ("kept", Tone::Muted, "  (changed since, and left as it is)"),
        UndoResult::Conflict => ("conflict", Tone::Bad, "  (changed since)"),
        UndoResult::Failed => ("undo failed", Tone::Bad, ""),
    }
}

fn tone_of(outcome: &HostOutcome) -> Tone {
    match outcome {
        HostOutcome::Well => Tone::Good,
        HostOutcome::Cancelled | HostOutcome::RolledBack => Tone::Warn,
        HostOutcome::LeftOut(_) => Tone::Cool,
        _ => Tone::Bad,
    }
}

fn note_of(outcome: &HostOutcome) -> &'static str {
    match outcome {
        HostOutcome::RolledBack => "    rolled back",
        HostOutcome::Cancelled => "    cancelled",
        HostOutcome::LeftOut(_) => "    left out",
        HostOutcome::Refused(_) => "    refused",
        HostOutcome::Lost => "    lost: nobody can tell how it ended",
        _ => "",
    }
}

/// The width of the terminal, as it is now.
fn terminal_width() -> usize {
    rustix::termios::tcgetwinsize(io::stdout()).map_or(80, |size| usize::from(size.ws_col).max(20))
}
