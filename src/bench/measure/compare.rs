//! Two records beside each other: whether the comparison is fair, and what is beyond noise. Unlike conditions are named, never
//! averaged away.

use std::collections::BTreeSet;

use serde::Serialize;

use super::conditions::{CardConditions, Conditions};
use super::record::{Figure, Measured, Record};
use super::spread::Spread;

/// A shift below this share of what was before is not told from noise, however steady the samples are.
const LEAST: f64 = 5.0;
/// Standard errors that a shift must exceed. Three of them come by chance once in 370 comparisons.
const ERRORS: f64 = 3.0;
/// Runnable processes more or less that count as other work.
const LOAD: f64 = 1.0;
/// Degrees at the start that make a run another one: a laptop begins to hold back some 20 above this.
const HEAT: f64 = 15.0;

/// What two records say together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// What was not the same. With anything in here no verdict is fair.
    pub unlike: Vec<Difference>,
    /// What shifted, figure by figure.
    pub shifts: Vec<Shift>,
}

/// Something that was not the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What.
    pub what: &'static str,
    /// How it was before.
    pub before: String,
    /// How it is now.
    pub now: String,
}

/// How a figure has shifted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Shift {
    /// Which figure.
    pub name: String,
    /// Its mean before.
    pub before: f64,
    /// Its mean now.
    pub now: f64,
    /// By how many percent it is better; negative where it is worse.
    pub better_by: f64,
    /// How many percent are noise.
    pub noise: f64,
    /// What that comes to.
    pub verdict: Verdict,
}

/// What a shift comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Worse, beyond noise.
    Worse,
    /// Within noise.
    Same,
    /// Better, beyond noise.
    Better,
}

impl Comparison {
    /// Whether like is compared with like.
    pub fn is_fair(&self) -> bool {
        self.unlike.is_empty()
    }

    /// What got worse, where the comparison is fair.
    pub fn worse(&self) -> impl Iterator<Item = &Shift> {
        let fair = self.is_fair();
        self.shifts.iter().filter(move |shift| fair && shift.verdict == Verdict::Worse)
    }
}

/// Compares a record with one from before.
pub fn compare(before: &Record, now: &Record) -> Comparison {
    let (then, today) = (before.figures(), now.figures());
    let pair = |new: &Figure| Some(shift(then.iter().find(|old| old.name == new.name)?, new));
    Comparison { unlike: differences(before, now), shifts: today.iter().filter_map(pair).collect() }
}

fn shift(before: &Figure, now: &Figure) -> Shift {
    let (old, new) = (before.spread, now.spread);
    let whole = old.mean.abs().max(f64::MIN_POSITIVE);
    let grown = (new.mean - old.mean) * 100.0 / whole;
    let better_by = if now.more_is_better { grown } else { -grown };
    let noise = (ERRORS * error(&old).hypot(error(&new)) * 100.0 / whole).max(LEAST);
    let verdict = match better_by {
        by if by < -noise => Verdict::Worse,
        by if by > noise => Verdict::Better,
        _ => Verdict::Same,
    };
    Shift { name: now.name.clone(), before: old.mean, now: new.mean, better_by, noise, verdict }
}

/// The standard error of a mean.
fn error(spread: &Spread) -> f64 {
    spread.deviation / (spread.count.max(1) as f64).sqrt()
}

fn differences(before: &Record, now: &Record) -> Vec<Difference> {
    let (old, new) = (&before.subject, &now.subject);
    let mut unlike = Vec::new();
    let mut same = |what, before: &str, now: &str| {
        if before != now {
            unlike.push(Difference { what, before: before.to_owned(), now: now.to_owned() });
        }
    };
    same("host", &before.host, &now.host);
    same("model", &old.model, &new.model);
    same("quantisation", &old.quantisation, &new.quantisation);
    same("engine", &old.engine, &new.engine);
    same("build", &old.build, &new.build);
    same("backend", &old.backend, &new.backend);
    same("setting", &old.setting, &new.setting);
    same("way of measuring", way(&before.measured), way(&now.measured));
    same("unanswered", &before.unanswered().to_string(), &now.unanswered().to_string());
    conditions(&before.conditions, &now.conditions, &mut same);
    unlike
}

fn way(measured: &Measured) -> &'static str {
    match measured {
        Measured::Kernels(_) => "kernels",
        Measured::Serving(_) => "serving",
    }
}

/// What only one of both has told is no difference: nobody knows.
fn conditions(old: &Conditions, new: &Conditions, same: &mut impl FnMut(&'static str, &str, &str)) {
    if !old.governors.is_empty() && !new.governors.is_empty() {
        same("governor", &words(&old.governors), &words(&new.governors));
    }
    if let (Some(old), Some(new)) = (old.on_battery, new.on_battery) {
        let power = |battery: bool| if battery { "battery" } else { "mains" };
        same("power", power(old), power(new));
    }
    apart("other load", LOAD, old.load_before, new.load_before, same);
    apart("heat at the start, °C", HEAT, old.heat_first, new.heat_first, same);
    same("number of cards", &old.cards.len().to_string(), &new.cards.len().to_string());
    old.cards.iter().zip(&new.cards).for_each(|(old, new)| card(old, new, same));
}

fn card(
    old: &CardConditions,
    new: &CardConditions,
    same: &mut impl FnMut(&'static str, &str, &str),
) {
    same("card", &old.name, &new.name);
    if let (Some(old), Some(new)) = (&old.held_back_by, &new.held_back_by) {
        same("what held the card back", &words(old), &words(new));
    }
    if let (Some(old), Some(new)) = (old.link, new.link) {
        let link = |generation: u8, width: u8| format!("gen {generation} ×{width}");
        let (before, now) =
            (link(old.generation.0, old.width.0), link(new.generation.0, new.width.0));
        same("PCIe link under load", &before, &now);
    }
}

fn words(words: &BTreeSet<String>) -> String {
    if words.is_empty() {
        return "nothing".to_owned();
    }
    words.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

fn apart(
    what: &'static str,
    by: f64,
    old: Option<f64>,
    new: Option<f64>,
    same: &mut impl FnMut(&'static str, &str, &str),
) {
    if let (Some(old), Some(new)) = (old, new)
        && (old - new).abs() > by
    {
        same(what, &format!("{old:.1}"), &format!("{new:.1}"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::conditions::LinkSeen;
    use super::super::record::{Kernel, Level, Subject};
    use super::*;

    fn record(samples: &[f64]) -> Record {
        let tests = vec![Kernel { test: "tg128".to_owned(), samples: samples.to_vec() }];
        let link = LinkSeen { generation: (3, Some(3)), width: (16, Some(16)) };
        let card = CardConditions {
            name: "GTX 1050 Ti".to_owned(),
            held_back_by: Some(BTreeSet::new()),
            link: Some(link),
            ..CardConditions::default()
        };
        Record {
            host: "shadow".to_owned(),
            at: "2026-11-21T07:50:12.345Z".to_owned(),
            subject: Subject {
                model: "m".to_owned(),
                build: "b1".to_owned(),
                ..Subject::default()
            },
            measured: Measured::Kernels(tests),
            conditions: Conditions {
                looks: 9,
                governors: ["performance".to_owned()].into(),
                load_before: Some(0.2),
                heat_first: Some(45.0),
                on_battery: Some(false),
                cards: vec![card],
                ..Conditions::default()
            },
        }
    }

    const STEADY: [f64; 5] = [100.0, 101.0, 99.0, 100.0, 100.0];

    #[test]
    fn a_drop_beyond_noise_is_told_and_one_within_is_not() {
        let verdict = |now: &[f64]| compare(&record(&STEADY), &record(now)).shifts[0].verdict;
        assert_eq!(verdict(&[90.0, 91.0, 89.0, 90.0, 90.0]), Verdict::Worse);
        assert_eq!(verdict(&[97.0, 96.0, 96.0, 97.0, 96.0]), Verdict::Same);
        assert_eq!(verdict(&[120.0, 121.0, 119.0, 120.0, 120.0]), Verdict::Better);
        // The same drop of ten percent is nothing where samples stray by thirty.
        assert_eq!(verdict(&[60.0, 120.0, 90.0, 120.0, 60.0]), Verdict::Same);
        assert_eq!(compare(&record(&STEADY), &record(&[50.0])).worse().count(), 1);
    }

    #[test]
    fn every_unlike_condition_is_named_and_takes_the_verdict_away() {
        let old = record(&STEADY);
        let unlike = |change: &dyn Fn(&mut Record)| {
            let mut new = record(&[50.0]);
            change(&mut new);
            let compared = compare(&old, &new);
            assert_eq!(compared.worse().count(), 0);
            let told: Vec<String> = compared
                .unlike
                .iter()
                .map(|d| format!("{}: {} → {}", d.what, d.before, d.now))
                .collect();
            told.join("; ")
        };
        assert_eq!(unlike(&|r| r.subject.build = "b2".to_owned()), "build: b1 → b2");
        let governor = ["powersave".to_owned()];
        assert_eq!(
            unlike(&|r| r.conditions.governors = governor.clone().into()),
            "governor: performance → powersave"
        );
        assert_eq!(unlike(&|r| r.conditions.on_battery = Some(true)), "power: mains → battery");
        assert_eq!(unlike(&|r| r.conditions.load_before = Some(3.0)), "other load: 0.2 → 3.0");
        assert_eq!(
            unlike(&|r| r.conditions.cards[0].link.as_mut().unwrap().generation.0 = 1),
            "PCIe link under load: gen 3 ×16 → gen 1 ×16"
        );
        let heat = || Some(["heat".to_owned()].into());
        assert_eq!(
            unlike(&|r| r.conditions.cards[0].held_back_by = heat()),
            "what held the card back: nothing → heat"
        );
        assert_eq!(
            unlike(&|r| (r.host, r.conditions.heat_first) = ("x".to_owned(), Some(70.0))),
            "host: shadow → x; heat at the start, °C: 45.0 → 70.0"
        );
    }

    #[test]
    fn a_load_that_was_not_answered_whole_is_not_measured_against_one_that_was() {
        let served = |failures: &[&str]| {
            let failures = failures.iter().map(|&why| why.to_owned()).collect();
            let level = Level { concurrency: 1, wall_ms: 1000.0, requests: Vec::new(), failures };
            Record { measured: Measured::Serving(vec![level]), ..record(&STEADY) }
        };
        let compared = compare(&served(&[]), &served(&["503"]));
        assert_eq!(compared.unlike.len(), 1);
        assert_eq!(compared.unlike[0].what, "unanswered");
        assert!(compare(&served(&[]), &served(&[])).is_fair());
    }

    #[test]
    fn what_nobody_knows_is_no_difference() {
        let mut new = record(&STEADY);
        new.conditions.governors.clear();
        (new.conditions.on_battery, new.conditions.load_before) = (None, None);
        (new.conditions.cards[0].link, new.conditions.cards[0].held_back_by) = (None, None);
        assert!(compare(&record(&STEADY), &new).is_fair());
    }
}
