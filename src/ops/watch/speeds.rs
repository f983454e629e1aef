//! How fast models are beside their baselines: as the benchmarks of the home tell, and as engines tell while they answer
//! their users. Measures nothing itself.

use std::collections::BTreeMap;

use crate::bench::{Measured, Record, Standing, standings};
use crate::fleet::{Engine, HostName, Timestamp};
use crate::records::{Benches, Home, RecordsError};
use crate::watchdog::Speed;

/// Rounds between two looks: a benchmark takes minutes, and what it told must not count as forgotten.
const ROUNDS: u32 = 12;
/// Looks at an engine that are further apart, in milliseconds, have one between them that was not seen.
const NEXT: i64 = 8_000;

/// The benchmarks of a home, and what engines told at the look before.
pub(super) struct Speeds {
    benches: Benches,
    wait: u32,
    /// Tokens per second of one request alone, by host and model.
    baselines: BTreeMap<(HostName, String), f64>,
    /// When an engine was looked at last, by host and port, and whether it was at work then.
    before: BTreeMap<(HostName, u16), (Timestamp, bool)>,
}

impl Speeds {
    /// Those of a home.
    pub fn of(home: &Home) -> Self {
        let (baselines, before) = (BTreeMap::new(), BTreeMap::new());
        Self { benches: Benches::of(home), wait: 0, baselines, before }
    }

    /// What benchmarks have to tell in this round.
    pub fn benched(&mut self) -> Result<Vec<(HostName, Speed)>, RecordsError> {
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
        let standings = standings(&records, is_baseline);
        self.baselines = standings.iter().filter_map(alone).collect();
        Ok(standings.iter().filter_map(benched).collect())
    }

    /// What a host's engines tell of the work they do now. Only where one was at work from look to look and read nothing
    /// in between, its count of tokens is its speed: else it waited for a user, or for a prompt.
    pub fn live(&mut self, host: &HostName, engines: &[Engine]) -> Vec<Speed> {
        self.before.retain(|(known, port), _| {
            known != host || engines.iter().any(|engine| engine.port == *port)
        });
        engines.iter().filter_map(|engine| self.of_engine(host, engine)).collect()
    }

    fn of_engine(&mut self, host: &HostName, engine: &Engine) -> Option<Speed> {
        let at_work = engine.running.fresh().is_some_and(|running| *running > 0);
        let before = self.before.insert((host.clone(), engine.port), (engine.heard, at_work));
        let (then, was_at_work) = before?;
        let span = engine.heard.0 - then.0;
        let (read, written) = (engine.reading.fresh()?.0, engine.writing.fresh()?.0);
        let steady = at_work && was_at_work && (1..=NEXT).contains(&span);
        if !steady || read > 0.0 || written <= 0.0 {
            return None;
        }
        let mut models = engine.local_models();
        let (Some(model), None) = (models.next(), models.next()) else { return None };
        let baseline = self.baselines.get(&(host.clone(), model.name.clone()))?;
        let share = written * 100.0 / baseline;
        let words = format!("it writes {written:.1} tokens/s, and {baseline:.1} in its baseline");
        Some(Speed { model: model.name.clone(), at: engine.heard, share, words })
    }
}

/// What one request alone gets in a second, as its baseline has it.
fn alone(standing: &Standing<'_>) -> Option<((HostName, String), f64)> {
    let Record { host, subject, measured: Measured::Serving(_), .. } = standing.baseline else {
        return None;
    };
    let figures = standing.baseline.figures();
    let per_token = figures.iter().find(|figure| figure.name == "c1 TPOT ms")?.spread.mean;
    let host = HostName::new(host.clone()).ok()?;
    (per_token > 0.0).then(|| ((host, subject.model.clone()), 1000.0 / per_token))
}

/// The share of its baseline at which a benchmark found a model, where the two were measured alike.
fn benched(standing: &Standing<'_>) -> Option<(HostName, Speed)> {
    if standing.is_first() || !standing.comparison.unlike.is_empty() {
        return None;
    }
    let shifts = standing.comparison.shifts.iter();
    let speeds = shifts.filter(|shift| shift.name.contains("tokens/s") && shift.before > 0.0);
    let share = |now: f64, before: f64| now * 100.0 / before;
    let worst = speeds.min_by(|a, b| share(a.now, a.before).total_cmp(&share(b.now, b.before)))?;
    let words = format!("{}: {:.1}, and {:.1} before", worst.name, worst.now, worst.before);
    let newest = standing.newest;
    let (host, at) = (HostName::new(newest.host.clone()).ok()?, Timestamp::parse(&newest.at)?);
    let (model, share) = (newest.subject.model.clone(), share(worst.now, worst.before));
    Some((host, Speed { model, at, share, words }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::{Conditions, Kernel, Level, Request, Subject};
    use crate::fleet::{EngineKind, EngineModel, Millis};
    use crate::fleet::{Quality, Reading, Source, TokenRate};

    fn record(at: &str, measured: Measured) -> Record {
        Record {
            host: "shadow".to_owned(),
            at: at.to_owned(),
            subject: Subject { model: "phi-3-mini".into(), ..Subject::default() },
            measured,
            conditions: Conditions::default(),
        }
    }

    fn kernels(speed: f64) -> Measured {
        let kernel = |test: &str, speed| Kernel { test: test.to_owned(), samples: vec![speed; 3] };
        Measured::Kernels(vec![kernel("pp512", 900.0), kernel("tg128", speed)])
    }

    #[test]
    fn a_model_that_has_become_slow_is_told_as_a_share_of_its_baseline() {
        let records = [
            record("2026-11-20T07:50:12.345Z", kernels(50.0)),
            record("2026-11-21T07:50:12.345Z", kernels(20.0)),
        ];
        let told: Vec<_> = standings(&records, |_| false).iter().filter_map(benched).collect();
        let (host, speed) = &told[0];
        assert_eq!((host.as_str(), speed.model.as_str()), ("shadow", "phi-3-mini"));
        assert_eq!(speed.share, 40.0);
        assert!(standings(&records[..1], |_| false).iter().filter_map(benched).count() == 0);
    }

    /// Ten tokens a second from the first to the last.
    fn served() -> Measured {
        let pieces_ms = vec![100.0, 200.0, 300.0];
        let (sent_ms, done_ms, prompt_tokens, cached_tokens, tokens) = (0.0, 300.0, 9, None, 3);
        let request = Request { sent_ms, pieces_ms, done_ms, prompt_tokens, cached_tokens, tokens };
        let (wall_ms, failures) = (300.0, Vec::new());
        Measured::Serving(vec![Level {
            concurrency: 1,
            wall_ms,
            requests: vec![request],
            failures,
        }])
    }

    fn told<T>(value: T) -> Reading<T> {
        let (value, quality, age) = (Some(value), Quality::Ok, Some(Millis(0)));
        Reading { value, quality, age, source: Source::Engine }
    }

    fn engine(second: i64, running: u64, read: f64, written: f64) -> Engine {
        let heard = Timestamp(second * 1000);
        Engine {
            models: vec![EngineModel::named("phi-3-mini")],
            running: told(running),
            reading: told(TokenRate(read)),
            writing: told(TokenRate(written)),
            ..Engine::new(EngineKind::LlamaCpp, 8080, heard)
        }
    }

    #[test]
    fn what_users_get_counts_only_while_an_engine_writes_from_look_to_look() {
        let shadow = HostName::new("shadow").unwrap();
        let records = [record("2026-11-20T07:50:12.345Z", served())];
        let home = tempfile::tempdir().unwrap();
        let mut speeds = Speeds::of(&Home::at(home.path()));
        speeds.baselines = standings(&records, |_| false).iter().filter_map(alone).collect();
        let looks = [
            (engine(0, 1, 0.0, 4.0), None),
            (engine(5, 1, 0.0, 4.0), Some(40.0)),
            (engine(5, 1, 0.0, 4.0), None),
            (engine(10, 1, 90.0, 4.0), None),
            (engine(15, 0, 0.0, 4.0), None),
            (engine(20, 1, 0.0, 4.0), None),
            (engine(40, 1, 0.0, 4.0), None),
            (engine(45, 1, 0.0, 0.0), None),
            (engine(50, 1, 0.0, 9.0), Some(90.0)),
        ];
        for (look, share) in looks {
            let heard = look.heard;
            let told = speeds.live(&shadow, &[look]);
            assert_eq!(told.first().map(|speed| speed.share.round()), share, "{heard}");
        }
    }
}
