//! How each model on each host stands: the newest benchmark beside its baseline, and the way there. What a screen of
//! benchmarks shows.

use std::collections::BTreeMap;

use serde::Serialize;

use super::compare::{Comparison, compare};
use super::record::{Measured, Record, Subject};

/// One subject on one host, measured one way.
#[derive(Clone, Debug, Serialize)]
pub struct Standing<'r> {
    /// The newest record.
    pub newest: &'r Record,
    /// What it is measured against: the record that was made the baseline, else the oldest whose requests were all
    /// answered. May be the newest itself.
    pub baseline: &'r Record,
    /// What the two say together.
    pub comparison: Comparison,
    /// The mean of each record's last figure (the tokens generated a second, of kernels), the oldest first.
    pub history: Vec<f64>,
}

impl Standing<'_> {
    /// Whether there is anything to compare yet.
    pub fn is_first(&self) -> bool {
        std::ptr::eq(self.newest, self.baseline)
    }
}

/// How everything stands that was ever measured, by host and subject. Runs of another build, or set otherwise, stand apart.
pub fn standings(records: &[Record], is_baseline: impl Fn(&Record) -> bool) -> Vec<Standing<'_>> {
    let mut groups: BTreeMap<(&str, &Subject, bool), Vec<&Record>> = BTreeMap::new();
    for record in records {
        let serving = matches!(record.measured, Measured::Serving(_));
        groups.entry((&record.host, &record.subject, serving)).or_default().push(record);
    }
    groups.into_values().filter_map(|group| standing(group, &is_baseline)).collect()
}

fn standing<'r>(
    mut group: Vec<&'r Record>,
    is_baseline: &impl Fn(&Record) -> bool,
) -> Option<Standing<'r>> {
    // Moments are written so that their order is that of their texts.
    group.sort_by(|one, other| one.at.cmp(&other.at));
    let (oldest, newest) = (group.first().copied()?, group.last().copied()?);
    let chosen = group.iter().rev().copied().find(|record| is_baseline(record));
    let whole = || group.iter().copied().find(|record| record.unanswered() == 0);
    let baseline = chosen.or_else(whole).unwrap_or(oldest);
    let telling = |record: &&Record| {
        let figures = record.figures();
        let serving = matches!(record.measured, Measured::Serving(_));
        let figure = if serving { figures.first() } else { figures.last() };
        figure.map(|figure| figure.spread.mean)
    };
    let history = group.iter().filter_map(telling).collect();
    Some(Standing { newest, baseline, comparison: compare(baseline, newest), history })
}

#[cfg(test)]
mod tests {
    use super::super::conditions::Conditions;
    use super::super::record::Kernel;
    use super::*;

    fn record(host: &str, at: &str, build: &str, speed: f64) -> Record {
        let test = |test: &str, speed| Kernel { test: test.to_owned(), samples: vec![speed; 3] };
        Record {
            host: host.to_owned(),
            at: at.to_owned(),
            subject: Subject { build: build.to_owned(), ..Subject::default() },
            measured: Measured::Kernels(vec![test("pp512", 900.0), test("tg128", speed)]),
            conditions: Conditions::default(),
        }
    }

    #[test]
    fn the_newest_stands_against_the_baseline_of_its_own_host_and_build() {
        let records = [
            record("shadow", "2026-11-21T09", "b1", 80.0),
            record("shadow", "2026-11-21T07", "b1", 100.0),
            record("shadow", "2026-11-21T08", "b1", 60.0),
            record("shadow", "2026-11-21T10", "b2", 10.0),
            record("phantom", "2026-11-21T07", "b1", 50.0),
        ];
        let told = |is_baseline: &dyn Fn(&Record) -> bool| -> Vec<(String, f64, usize)> {
            let of = |s: &Standing<'_>| {
                let worse = s.comparison.worse().count();
                (s.newest.host.clone(), s.baseline.figures()[1].spread.mean, worse)
            };
            standings(&records, is_baseline).iter().map(of).collect()
        };
        let host = |name: &str| name.to_owned();
        let by_age =
            [(host("phantom"), 50.0, 0), (host("shadow"), 100.0, 1), (host("shadow"), 10.0, 0)];
        assert_eq!(told(&|_| false), by_age);
        let marked = told(&|record| record.at.ends_with("08"));
        assert_eq!(marked[1], (host("shadow"), 60.0, 0));
        assert_eq!(standings(&records, |_| false)[1].history, [100.0, 60.0, 80.0]);
        assert!(standings(&records, |_| false)[0].is_first());
    }
}
