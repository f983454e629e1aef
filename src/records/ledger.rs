//! Everything durable that follows from events: facts, run logs, the history, status files. In this order,
//! so that a status never says what the history does not know.

use std::collections::HashMap;

use crate::fleet::{
    Event, Fleet, HostEvent, HostName, HostOutcome, HostRun, Purpose, RunHead, RunId, Stamped,
    Timestamp,
};

use super::debts::Debts;
use super::history::{Entry, History, Level};
use super::status::End;
use super::unkept::Unkept;
use super::watched;
use super::{
    FactsCache, Home, Mark, Memory, OpenRuns, RecordsError, RunLog, Seal, StatusFiles, missed,
    replay,
};

/// The records of a home, open for adding.
pub struct Ledger {
    home: Home,
    facts: FactsCache,
    status: StatusFiles,
    history: Option<History>,
    open: HashMap<RunId, OpenRun>,
    unkept: Unkept,
}

struct OpenRun {
    head: RunHead,
    log: RunLog,
    mark: Option<Mark>,
    /// Whether it is gone on with after its console had died.
    resumed: bool,
    debts: Debts,
}

impl Ledger {
    /// The records of a home. Nothing is made before there is something to write.
    pub fn open(home: &Home) -> Self {
        let (facts, status) = (FactsCache::of(home), StatusFiles::of(home));
        let (open, unkept) = (HashMap::new(), Unkept::default());
        Self { home: home.clone(), facts, status, history: None, open, unkept }
    }

    /// What could not be kept, while it goes on without.
    pub fn unkept(&self) -> Unkept {
        self.unkept.clone()
    }

    /// Records a batch of events. When this returns, what the history tells is on the disk.
    pub fn record(&mut self, batch: &[Stamped]) -> Result<(), RecordsError> {
        let mut entries = Vec::new();
        for stamped in batch {
            let missed = self.take(stamped)?;
            for event in std::iter::once(stamped.clone()).chain(missed) {
                if let Some(entry) = self.entry(&event) {
                    entries.push((event, (stamped.at, entry)));
                }
            }
        }
        for run in self.open.values_mut() {
            run.log.commit()?;
        }
        let (sources, lines): (Vec<Stamped>, Vec<_>) = entries.into_iter().unzip();
        let seals = self.put_on_disk(&sources, &lines)?;
        for (stamped, seal) in sources.into_iter().zip(&seals) {
            self.settle(&stamped, seal)?;
        }
        Ok(())
    }

    /// Takes an event in. What it brings to light is to be settled as well.
    fn take(&mut self, stamped: &Stamped) -> Result<Vec<Stamped>, RecordsError> {
        match &stamped.event {
            Event::Gathered { host, facts } => {
                if let Err(error) = self.facts.store(host, stamped.at, facts) {
                    self.unkept.note(error);
                }
            }
            Event::RunBegan(head) => {
                let (open, missed) = self.begin(stamped, head)?;
                self.open.insert(head.run.clone(), open);
                return Ok(missed);
            }
            _ => {}
        }
        if let Some(open) = stamped.event.run().and_then(|run| self.open.get_mut(run)) {
            open.log.take(stamped);
            open.debts.take(&stamped.event);
        }
        Ok(Vec::new())
    }

    /// A run that begins, or is gone on with: then also the ends on its hosts that were recorded nowhere but in its log.
    /// Its mark comes after its log: what is marked can be found.
    fn begin(
        &self,
        stamped: &Stamped,
        head: &RunHead,
    ) -> Result<(OpenRun, Vec<Stamped>), RecordsError> {
        let marks = OpenRuns::of(&self.home);
        if marks.is_held(&head.run)? {
            return Err(RecordsError::Followed { run: head.run.clone() });
        }
        let memory = self.home.memory();
        let (mut log, resumed) = match RunLog::reopen(&memory, &head.run)? {
            Some(log) => (log, true),
            None => (RunLog::create(&memory, stamped.at, head)?, false),
        };
        let (mut debts, mut unsettled) = (Debts::default(), Vec::new());
        if resumed {
            let before = replay(&self.home, &head.run)?.unwrap_or_default();
            before.iter().for_each(|stamped| debts.take(&stamped.event));
            unsettled = missed(&self.home, &before)?;
        }
        log.take(stamped);
        log.commit()?;
        let mark = match head.purpose {
            // It ends with its console, and nothing is left to go on with.
            Purpose::Check => None,
            Purpose::Apply | Purpose::Part | Purpose::Undo(_) => {
                let followed = || RecordsError::Followed { run: head.run.clone() };
                Some(marks.mark(&head.run)?.ok_or_else(followed)?)
            }
        };
        Ok((OpenRun { head: head.clone(), log, mark, resumed, debts }, unsettled))
    }

    /// The lines of the history, and beside them the logs of the runs that end here: the disk takes its time for each.
    fn put_on_disk(
        &mut self,
        sources: &[Stamped],
        lines: &[(Timestamp, Entry)],
    ) -> Result<Vec<Seal>, RecordsError> {
        let Self { home, history, open, .. } = self;
        let ended = sources.iter().filter_map(|stamped| match &stamped.event {
            Event::RunLeft { run } | Event::RunEnded { run } => open.get(run),
            _ => None,
        });
        let logs: Vec<&RunLog> = ended.map(|open| &open.log).collect();
        std::thread::scope(|scope| {
            let syncing =
                logs.into_iter().map(|log| scope.spawn(|| log.sync())).collect::<Vec<_>>();
            let seals = append(home, history, lines)?;
            for log in syncing {
                log.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
            }
            Ok(seals)
        })
    }

    /// What the history says about an event, if it is one of note.
    fn entry(&self, stamped: &Stamped) -> Option<Entry> {
        if let Some(entry) = watched::entry(&stamped.event) {
            return Some(entry);
        }
        let open = self.open.get(stamped.event.run()?)?;
        let (level, host, text) = match &stamped.event {
            Event::RunBegan(head) if open.resumed => (Level::Warn, None, resumed(head)),
            Event::RunBegan(head) => (Level::Info, None, began(head)),
            Event::OnHost { host, what: HostEvent::Ended { outcome, recap }, .. } => {
                let text = format!("{} ended {}: {recap}", open.head.playbook, outcome.word());
                (level_of(outcome), Some(host.clone()), text)
            }
            Event::OnHost { host, what: HostEvent::LostTouch { failure }, .. } => {
                (Level::Warn, Some(host.clone()), format!("lost touch: {}", failure.text))
            }
            Event::RunLeft { .. } => {
                (Level::Warn, None, format!("{} is left to itself", open.head.playbook))
            }
            Event::RunEnded { .. } => {
                (Level::Info, None, format!("{} is over", open.head.playbook))
            }
            _ => return None,
        };
        let run = Some(open.head.run.to_string());
        Some(Entry { level, host, run, actor: open.head.actor.clone(), text })
    }

    /// What follows once the history has the event.
    fn settle(&mut self, stamped: &Stamped, seal: &Seal) -> Result<(), RecordsError> {
        match &stamped.event {
            Event::OnHost { run, host, what: HostEvent::Ended { outcome, recap } } => {
                let Some(open) = self.open.get(run) else { return Ok(()) };
                let (recap, owed) = (*recap, open.debts.of(host));
                let let_go = open.debts.has_let_go(host);
                let end = End { at: stamped.at, outcome, recap, owed, let_go };
                self.status.ended(&open.head, host, end, seal)
            }
            // Its mark stays, without our lock: that is how whoever resumes it finds it.
            Event::RunLeft { run } => {
                self.open.remove(run);
                Ok(())
            }
            Event::RunEnded { run } => match self.open.remove(run) {
                Some(open) => {
                    open.mark.map_or(Ok(()), Mark::clear)?;
                    self.close_undone(&open.head)
                }
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// A run that was taken back wherever its end was not seen is not gone on with any more.
    fn close_undone(&self, head: &RunHead) -> Result<(), RecordsError> {
        let Purpose::Undo(of) = &head.purpose else { return Ok(()) };
        let marks = OpenRuns::of(&self.home);
        let known = replay(&self.home, of)?.unwrap_or_default();
        let mut fleet = Fleet::default();
        known.iter().for_each(|stamped| fleet.fold(stamped));
        let Some(run) = fleet.runs.get(of) else { return Ok(()) };
        let undone = Memory::of(&self.home).undone(of)?;
        let is_over = |(host, part): (&HostName, &HostRun)| {
            part.steps.is_empty() || part.outcome.is_some() || undone.contains_key(host)
        };
        if run.hosts.iter().all(is_over) && !marks.is_held(of)? {
            marks.forget(of)?;
        }
        Ok(())
    }
}

fn append(
    home: &Home,
    history: &mut Option<History>,
    lines: &[(Timestamp, Entry)],
) -> Result<Vec<Seal>, RecordsError> {
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let history = match history {
        Some(history) => history,
        none => none.insert(History::open(&home.history())?),
    };
    history.append(lines)
}

fn began(head: &RunHead) -> String {
    let hosts: Vec<&str> = head.hosts.iter().map(HostName::as_str).collect();
    let purpose = match &head.purpose {
        Purpose::Apply => String::new(),
        other => format!(" ({other})"),
    };
    format!("{} begins{purpose} on {}", head.playbook, hosts.join(", "))
}

fn resumed(head: &RunHead) -> String {
    format!("{} was interrupted and is gone on with", head.playbook)
}

fn level_of(outcome: &HostOutcome) -> Level {
    match outcome {
        HostOutcome::Well => Level::Info,
        HostOutcome::Cancelled | HostOutcome::RolledBack | HostOutcome::LeftOut(_) => Level::Warn,
        HostOutcome::Failed
        | HostOutcome::Unreachable(_)
        | HostOutcome::Refused(_)
        | HostOutcome::Lost => Level::Error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::{Failure, FailureKind, LastState, Recap, StepEnd, StepHead, Verdict};
    use crate::records::{Flaw, Witnesses, verify};
    use std::fs;

    fn home() -> (tempfile::TempDir, Home) {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::at(dir.path());
        (dir, home)
    }

    fn head(purpose: Purpose) -> RunHead {
        RunHead {
            run: RunId::new(7),
            playbook: "02_bootstrap_venv".into(),
            hosts: vec![HostName::new("phantom").unwrap()],
            purpose,
            provides: vec!["venv_ok".into()],
            actor: "rc@console".into(),
        }
    }

    fn story(head: &RunHead, outcome: HostOutcome) -> Vec<Stamped> {
        let step = StepHead {
            number: 1,
            name: "venv".into(),
            place: "02.yaml:9:5".into(),
            touches: Vec::new(),
        };
        let end = StepEnd {
            step: step.clone(),
            verdict: Verdict::Changed,
            why: None,
            exit: None,
            took: crate::fleet::Millis(12),
            output: "created\n".into(),
            diff: String::new(),
        };
        let recap = Recap { ok: 1, changed: 1, ..Recap::default() };
        let on_host =
            |what| Event::OnHost { run: head.run.clone(), host: head.hosts[0].clone(), what };
        let events = vec![
            Event::RunBegan(head.clone()),
            on_host(HostEvent::Began { steps: vec![step], as_root: false }),
            on_host(HostEvent::StepEnded(Box::new(end))),
            on_host(HostEvent::Ended { outcome, recap }),
            Event::RunEnded { run: head.run.clone() },
        ];
        let stamp = |(i, event)| Stamped { seq: i as u64 + 1, at: Timestamp(1000), event };
        events.into_iter().enumerate().map(stamp).collect()
    }

    #[test]
    fn a_run_that_went_well_leaves_history_status_flag_and_logs() {
        let (_dir, home) = home();
        let head = head(Purpose::Apply);
        let batch = story(&head, HostOutcome::Well);
        Ledger::open(&home).record(&batch).unwrap();

        let history = fs::read_to_string(home.history()).unwrap();
        let witnesses = Witnesses::of(&home).unwrap();
        assert_eq!(verify(history.as_bytes(), &witnesses).unwrap().unwrap().lines, 3);
        let cut = history.split_inclusive('\n').take(1).collect::<String>();
        let cut = verify(cut.as_bytes(), &witnesses).unwrap().unwrap_err();
        assert!(matches!(cut.flaw, Flaw::CutOff { last: 2, .. }), "{cut}");
        let status = StatusFiles::of(&home);
        let told = status.playbook(&head.hosts[0], "02_bootstrap_venv").unwrap().unwrap();
        assert_eq!((told.state, told.n), (LastState::Well, 2));
        assert!(history.lines().nth(1).unwrap().ends_with(&told.h));
        assert!(status.flag(&head.hosts[0], "venv_ok").unwrap());

        let events =
            fs::read_to_string(home.memory().join(format!("19700101-0000-{}-02.jsonl", head.run)));
        let events = events.unwrap();
        let replayed: Vec<Stamped> =
            events.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        assert_eq!(replayed, batch);
    }

    #[test]
    fn a_run_that_is_left_to_itself_can_be_resumed_by_another_process() {
        let (_dir, home) = home();
        let head = head(Purpose::Apply);
        let mut events = story(&head, HostOutcome::Well);
        events.truncate(3);
        let mut ledger = Ledger::open(&home);
        ledger.record(&events).unwrap();
        let open = OpenRuns::of(&home);
        assert_eq!(open.interrupted().unwrap(), []);
        let event = Event::RunLeft { run: head.run.clone() };
        ledger.record(&[Stamped { seq: 4, at: Timestamp(1000), event }]).unwrap();
        assert_eq!(open.interrupted().unwrap(), std::slice::from_ref(&head.run));
        assert!(open.mark(&head.run).unwrap().is_some());
    }

    #[test]
    fn a_handler_that_has_not_run_is_owed_and_one_that_has_is_not() {
        let (_dir, home) = home();
        let head = head(Purpose::Apply);
        let owed = |handler: &str| Event::OnHost {
            run: head.run.clone(),
            host: head.hosts[0].clone(),
            what: HostEvent::Owed { handler: handler.into() },
        };
        let mut events = story(&head, HostOutcome::Failed);
        // The step of the story is called `venv`, as a handler of that name would be.
        for handler in ["venv", "restart sshd"] {
            events.insert(2, Stamped { seq: 2, at: Timestamp(1000), event: owed(handler) });
        }
        Ledger::open(&home).record(&events).unwrap();
        let status = StatusFiles::of(&home).playbook(&head.hosts[0], "02_bootstrap_venv");
        assert_eq!(status.unwrap().unwrap().owed, ["restart sshd"]);
    }

    fn another(head: &RunHead, number: u32) -> RunHead {
        RunHead { run: RunId::new(number), ..head.clone() }
    }

    #[test]
    fn a_refusal_leaves_state_and_debts_and_a_host_out_of_touch_does_not() {
        let (_dir, home) = home();
        let first = head(Purpose::Apply);
        let on_host = |head: &RunHead, what| {
            let event = Event::OnHost { run: head.run.clone(), host: first.hosts[0].clone(), what };
            Stamped { seq: 2, at: Timestamp(1000), event }
        };
        let mut events = story(&first, HostOutcome::Failed);
        events.insert(2, on_host(&first, HostEvent::Owed { handler: "restart sshd".into() }));
        Ledger::open(&home).record(&events).unwrap();
        let known = || {
            let status = StatusFiles::of(&home).playbook(&first.hosts[0], "02_bootstrap_venv");
            status.unwrap().unwrap()
        };
        let why = Failure { kind: FailureKind::Shell, text: "locked".into(), hint: None };
        let second = another(&first, 8);
        let refused = story(&second, HostOutcome::Refused(why.clone()));
        Ledger::open(&home).record(&refused).unwrap();
        assert_eq!((known().state, known().run), (LastState::Failed, first.run.clone()));
        assert_eq!(known().owed, ["restart sshd"]);
        assert_eq!(known().tried.unwrap().state, LastState::Refused);

        let third = another(&first, 9);
        let mut events = story(&third, HostOutcome::Unreachable(why));
        events.insert(1, on_host(&third, HostEvent::Detached { by: "a session".into() }));
        Ledger::open(&home).record(&events).unwrap();
        assert_eq!((known().state, known().run), (LastState::Unreachable, third.run.clone()));
    }

    #[test]
    fn a_flag_is_withdrawn_by_a_failure_and_a_check_leaves_it_alone() {
        let (_dir, home) = home();
        let (apply, check) = (head(Purpose::Apply), head(Purpose::Check));
        let flag = || StatusFiles::of(&home).flag(&apply.hosts[0], "venv_ok").unwrap();
        Ledger::open(&home).record(&story(&apply, HostOutcome::Well)).unwrap();
        fs::remove_dir_all(home.memory()).unwrap();
        Ledger::open(&home).record(&story(&check, HostOutcome::Failed)).unwrap();
        assert!(flag());
        fs::remove_dir_all(home.memory()).unwrap();
        Ledger::open(&home).record(&story(&apply, HostOutcome::Failed)).unwrap();
        assert!(!flag());
    }
}
