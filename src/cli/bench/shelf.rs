//! The benchmarks of a home, with which of them are baselines.

use std::collections::BTreeSet;

use crate::bench::{Record, Standing, standings};
use crate::cli::compose::Console;
use crate::cli::exit::Trouble;
use crate::records::Benches;
use crate::text::{Report, nearest};

/// Everything that was measured.
pub struct Shelf {
    benches: Benches,
    names: Vec<String>,
    records: Vec<Record>,
    baselines: BTreeSet<String>,
}

impl Shelf {
    /// Reads them all.
    pub fn open(console: &Console) -> Result<Self, Trouble> {
        let benches = Benches::of(console.home());
        let (names, records) = benches.all()?.into_iter().unzip();
        let baselines = benches.baselines()?;
        Ok(Self { benches, names, records, baselines })
    }

    /// How everything stands on those hosts.
    pub fn standings(&self, hosts: impl Fn(&str) -> bool) -> Vec<Standing<'_>> {
        let all = standings(&self.records, |record| {
            self.name(record).is_some_and(|name| self.baselines.contains(name))
        });
        all.into_iter().filter(|standing| hosts(&standing.newest.host)).collect()
    }

    /// As the console shows them.
    pub fn shown(self) -> crate::ui::scene::Benches {
        let known = self.names.iter().enumerate();
        let baselines = known.filter(|(_, name)| self.baselines.contains(*name));
        let baselines = baselines.map(|(at, _)| at).collect();
        crate::ui::scene::Benches { records: self.records, baselines }
    }

    /// All records.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// What a record of this shelf is called.
    pub fn name(&self, record: &Record) -> Option<&str> {
        let at = self.records.iter().position(|known| std::ptr::eq(known, record))?;
        self.names.get(at).map(String::as_str)
    }

    /// The record of that name.
    pub fn record(&self, name: &str) -> Result<&Record, Trouble> {
        let at = self.names.iter().position(|known| known == name);
        at.and_then(|at| self.records.get(at)).ok_or_else(|| {
            let report = Report::error(format!("there is no benchmark `{name}`"));
            match nearest(name, self.names.iter().map(String::as_str)) {
                Some(near) => report.help(format!("did you mean `{near}`?")),
                None => report.help("`shelter bench --json` names those there are"),
            }
            .into()
        })
    }

    /// Makes a record the one that others of its host and subject are measured against.
    /// Tells that host.
    pub fn make_baseline(mut self, name: &str) -> Result<String, Trouble> {
        let chosen = self.record(name)?.clone();
        if chosen.unanswered() > 0 {
            let report = Report::error(format!("`{name}` is no baseline"));
            let report =
                report.cause(format!("{} of its requests were not answered", chosen.unanswered()));
            return Err(report.help("measure again: `shelter bench serve`").into());
        }
        let alike =
            |record: &Record| record.host == chosen.host && record.subject == chosen.subject;
        let others = self.names.iter().zip(&self.records).filter(|(_, record)| alike(record));
        let others: Vec<String> = others.map(|(name, _)| name.clone()).collect();
        self.baselines.retain(|known| !others.contains(known));
        self.baselines.insert(name.to_owned());
        self.benches.set_baselines(&self.baselines)?;
        Ok(chosen.host)
    }
}
