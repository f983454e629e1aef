//! How fast models are beside their baselines, as the benchmarks of the home tell. Measures nothing itself.

use crate::bench::{Record, Standing, standings};
use crate::fleet::HostName;
use crate::records::{Benches, Home, RecordsError};
use crate::watchdog::{Detail, Measure, Signal};

/// Rounds between two looks: a benchmark takes minutes, and what it told must not count as forgotten.
const ROUNDS: u32 = 12;

/// The benchmarks of a home.
pub(super) struct Speeds {
    benches: Benches,
    wait: u32,
}

impl Speeds {
    /// Those of a home.
    pub fn of(home: &Home) -> Self {
        Self { benches: Benches::of(home), wait: 0 }
    }

    /// What there is to tell in this round.
    pub fn look(&mut self) -> Result<Vec<(HostName, Signal<'static>)>, RecordsError> {
        if self.wait > 0 {
            self.wait -= 1;
            return Ok(Vec::new());
        }
        self.wait = ROUNDS - 1;
        let (names, records): (Vec<String>, Vec<Record>) = self.benches.all()?.into_iter().unzip();
        let marked = self.benches.baselines()?;
        let is_baseline = |record: &Record| {
            let at = records.iter().position(|known| std::ptr::eq(known, record));
            at.and_then(|at| names.get(at)).is_some_and(|name| marked.contains(name))
        };
        Ok(standings(&records, is_baseline).iter().filter_map(signal).collect())
    }
}

/// The share of its baseline at which a model runs, where the two were measured alike.
fn signal(standing: &Standing<'_>) -> Option<(HostName, Signal<'static>)> {
    if standing.is_first() || !standing.comparison.unlike.is_empty() {
        return None;
    }
    let shifts = standing.comparison.shifts.iter();
    let speeds = shifts.filter(|shift| shift.name.contains("tokens/s") && shift.before > 0.0);
    let share = |now: f64, before: f64| now * 100.0 / before;
    let worst = speeds.min_by(|a, b| share(a.now, a.before).total_cmp(&share(b.now, b.before)))?;
    let words = format!("{}: {:.1}, and {:.1} before", worst.name, worst.now, worst.before);
    let host = HostName::new(standing.newest.host.clone()).ok()?;
    let (measure, subject) = (Measure::EngineSpeed, standing.newest.subject.model.clone().into());
    let value = Some(share(worst.now, worst.before));
    Some((host, Signal { measure, subject, value, detail: Detail::Words(words.into()) }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::{Conditions, Kernel, Measured, Subject};

    fn record(at: &str, speed: f64) -> Record {
        let kernel = |test: &str, speed| Kernel { test: test.to_owned(), samples: vec![speed; 3] };
        Record {
            host: "shadow".to_owned(),
            at: at.to_owned(),
            subject: Subject { model: "phi-3-mini".into(), ..Subject::default() },
            measured: Measured::Kernels(vec![kernel("pp512", 900.0), kernel("tg128", speed)]),
            conditions: Conditions::default(),
        }
    }

    #[test]
    fn a_model_that_has_become_slow_is_told_as_a_share_of_its_baseline() {
        let records = [record("2026-11-20", 50.0), record("2026-11-21", 20.0)];
        let told: Vec<_> = standings(&records, |_| false).iter().filter_map(signal).collect();
        let (host, signal) = &told[0];
        assert_eq!((host.as_str(), signal.subject.as_ref()), ("shadow", "phi-3-mini"));
        assert_eq!(signal.value, Some(40.0));
        assert!(standings(&records[..1], |_| false).iter().filter_map(self::signal).count() == 0);
    }
}
