//! The failures of a run, told once each: hosts that fell for the same reason stand together.

use crate::cli::paint::{Paint, Tone};
use crate::cli::spelling::{Spelling, word};
use crate::fleet::{
    Failure, HostName, HostOutcome, Purpose, RunHead, StepEnd, StepHead, UndoResult,
};

use super::undone::Undone;

/// Last lines of a failed step's output that are told.
const LAST: usize = 20;

/// The failures of a run.
pub struct Failures {
    playbook: String,
    /// Whether the run only looked: what is to be done again is then a look, too.
    only_looks: bool,
    spelling: Spelling,
    /// The variables that were set, as a shell takes them.
    vars: String,
    steps: Vec<(String, StepEnd, Vec<HostName>)>,
    kept_out: Vec<(&'static str, Failure, Vec<HostName>)>,
    lost: Vec<HostName>,
    undone: Undone,
}

impl Failures {
    /// None yet.
    pub fn new(spelling: Spelling, extra_vars: &[String]) -> Self {
        let vars = extra_vars.iter().map(|given| format!(" -e {}", word(given))).collect();
        let (steps, kept_out, lost) = (Vec::new(), Vec::new(), Vec::new());
        let (playbook, only_looks, undone) = (String::new(), false, Undone::default());
        Self { playbook, only_looks, spelling, vars, steps, kept_out, lost, undone }
    }

    /// From here on they are this run's.
    pub fn begin(&mut self, head: &RunHead) {
        self.playbook.clone_from(&head.playbook);
        self.only_looks = head.purpose == Purpose::Check;
        self.undone.begin(head);
    }

    /// A step was taken back on a host, or was not.
    pub fn undone(&mut self, host: &HostName, step: &StepHead, result: UndoResult, said: &str) {
        self.undone.take(host, step, result, said);
    }

    /// A step failed on a host.
    pub fn step(&mut self, host: &HostName, end: &StepEnd) {
        let same = |(playbook, known, _): &&mut (String, StepEnd, Vec<HostName>)| {
            *playbook == self.playbook
                && known.step == end.step
                && known.exit == end.exit
                && known.why == end.why
                && known.output == end.output
        };
        match self.steps.iter_mut().find(same) {
            Some((.., hosts)) => hosts.push(host.clone()),
            None => self.steps.push((self.playbook.clone(), end.clone(), vec![host.clone()])),
        }
    }

    /// A host is done with the run.
    pub fn ended(&mut self, host: &HostName, outcome: &HostOutcome) {
        match outcome {
            HostOutcome::Unreachable(failure) => self.kept_out("unreachable", host, failure),
            HostOutcome::Refused(failure) => self.kept_out("refused", host, failure),
            HostOutcome::LeftOut(failure) => self.kept_out("left out", host, failure),
            HostOutcome::Lost => self.lost.push(host.clone()),
            _ => {}
        }
    }

    fn kept_out(&mut self, word: &'static str, host: &HostName, failure: &Failure) {
        match self.kept_out.iter_mut().find(|(_, known, _)| known == failure) {
            Some((.., hosts)) => hosts.push(host.clone()),
            None => self.kept_out.push((word, failure.clone(), vec![host.clone()])),
        }
    }

    /// The command that does it again.
    fn again(&self, playbook: &str, hosts: &[HostName]) -> String {
        let limit: Vec<&str> = hosts.iter().map(HostName::as_str).collect();
        let check = if self.only_looks { " --check" } else { "" };
        let (vars, limit) = (&self.vars, limit.join(","));
        self.spelling.spell(&format!("shelter --run {playbook}{check} -l {limit}{vars}"))
    }

    /// All of them, each with what to do next.
    pub fn render(&self, paint: Paint) -> String {
        let mut text = String::new();
        for (playbook, end, hosts) in &self.steps {
            let again = self.again(playbook, hosts);
            text.push_str(&step_text(&again, end, hosts, paint));
        }
        text.push_str(&self.undone.render(&self.spelling, paint));
        for (word, failure, hosts) in &self.kept_out {
            let word = paint.tone(Tone::Bad, word);
            text.push_str(&format!("\n{word}: {}: {}\n", names(hosts), failure.text));
            if let Some(hint) = &failure.hint {
                text.push_str(&format!("  = help: {}\n", self.spelling.spell(hint)));
            }
        }
        if !self.lost.is_empty() {
            let word = paint.tone(Tone::Bad, "lost");
            let hosts = names(&self.lost);
            text.push_str(&format!("\n{word}: {hosts}: nobody can tell how the run ended there\n"));
            text.push_str("  = help: run it again: what is done already is found done\n");
        }
        text
    }
}

fn step_text(again: &str, end: &StepEnd, hosts: &[HostName], paint: Paint) -> String {
    let word = paint.tone(Tone::Bad, "failed");
    let mut text =
        format!("\n{word}: {}: step {} {}\n", names(hosts), end.step.number, end.step.name);
    text.push_str(&format!("  --> {}\n", end.step.place));
    let exit = end.exit.map(|exit| format!("exit status {exit}"));
    let causes: Vec<String> = exit.into_iter().chain(end.why.clone()).collect();
    if !causes.is_empty() {
        text.push_str(&format!("  = cause: {}\n", causes.join(", ")));
    }
    let lines: Vec<&str> = end.output.lines().collect();
    for line in &lines[lines.len().saturating_sub(LAST)..] {
        text.push_str(&format!("  | {line}\n"));
    }
    text.push_str(&format!("  = again: {again}\n"));
    text
}

pub(super) fn names(hosts: &[HostName]) -> String {
    let mut names: Vec<&str> = hosts.iter().map(HostName::as_str).collect();
    names.sort_unstable();
    names.join(", ")
}
