//! The runs that were, read back from `logs/memory/`: which there are and how each went.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use crate::fleet::{
    Care, Event, HostEvent, HostName, HostOutcome, Millis, Purpose, Recap, RunHead, RunId, Stamped,
    Timestamp,
};

use super::replay::log_of;
use super::{Home, OpenRuns, RecordsError};

/// What runs left in a home.
#[derive(Clone, Debug)]
pub struct Memory {
    folder: PathBuf,
    open: OpenRuns,
}

/// A run that was, in short.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct PastRun {
    /// What it was.
    #[serde(flatten)]
    pub head: RunHead,
    /// When it began.
    pub began: Timestamp,
    /// When it ended. `None`: its console has not seen the end.
    pub ended: Option<Timestamp>,
    /// How it ended on each host on which it has.
    pub outcomes: Vec<(HostName, HostOutcome, Recap)>,
    /// Who looks after it, where it has not ended.
    #[serde(skip)]
    pub care: Care,
}

impl PastRun {
    /// How long it took, where its end was seen.
    pub fn took(&self) -> Option<Millis> {
        self.ended.map(|ended| ended.since(self.began))
    }
}

impl Memory {
    /// That of a home.
    pub fn of(home: &Home) -> Self {
        Self { folder: home.memory(), open: OpenRuns::of(home) }
    }

    /// The newest runs, newest first. A file that holds no run is passed over.
    pub fn newest(&self, most: usize) -> Result<Vec<PastRun>, RecordsError> {
        let mut runs: Vec<PastRun> = Vec::new();
        for path in self.files()? {
            let minute = |run: &PastRun| name_of(&path).starts_with(&run.began.compact());
            // Names tell the minute: those of the same one are put in order by what they hold.
            if runs.len() >= most && !runs.last().is_some_and(minute) {
                break;
            }
            runs.extend(self.short(&path)?);
        }
        runs.sort_by_key(|run| std::cmp::Reverse(run.began));
        runs.truncate(most);
        Ok(runs)
    }

    /// One run.
    pub fn of_run(&self, run: &RunId) -> Result<Option<PastRun>, RecordsError> {
        let file = log_of(&self.folder, run)?;
        file.map_or(Ok(None), |file| self.short(&file))
    }

    /// The runs that began after this one.
    pub fn since(&self, run: &RunId) -> Result<Vec<PastRun>, RecordsError> {
        let Some(own) = log_of(&self.folder, run)? else { return Ok(Vec::new()) };
        let Some(began) = self.short(&own)?.map(|past| past.began) else { return Ok(Vec::new()) };
        // Names begin with the minute.
        let (minute, _) = name_of(&own).split_at_checked(13).unwrap_or_default();
        let mut later = Vec::new();
        for path in self.files()?.into_iter().take_while(|path| name_of(path) >= minute) {
            let past = self.short(&path)?;
            later.extend(past.filter(|past| past.began >= began && past.head.run != *run));
        }
        Ok(later)
    }

    /// The hosts on which a run was taken back, wholly or as far as it went, each with the run that did.
    pub fn undone(&self, run: &RunId) -> Result<BTreeMap<HostName, RunId>, RecordsError> {
        self.undone_where(run, HostOutcome::has_acted)
    }

    /// The hosts on which a run was taken back to its beginning, each with the run that did.
    pub fn taken_back(&self, run: &RunId) -> Result<BTreeMap<HostName, RunId>, RecordsError> {
        self.undone_where(run, |outcome| *outcome == HostOutcome::Well)
    }

    fn undone_where(
        &self,
        run: &RunId,
        counts: impl Fn(&HostOutcome) -> bool,
    ) -> Result<BTreeMap<HostName, RunId>, RecordsError> {
        let mut undone = BTreeMap::new();
        for past in self.since(run)? {
            if past.head.purpose != Purpose::Undo(run.clone()) {
                continue;
            }
            let ended = past.outcomes.into_iter().filter(|(_, outcome, _)| counts(outcome));
            undone.extend(ended.map(|(host, ..)| (host, past.head.run.clone())));
        }
        Ok(undone)
    }

    /// The files of all runs, newest first: their names begin with the time.
    fn files(&self) -> Result<Vec<PathBuf>, RecordsError> {
        let entries = match self.folder.read_dir() {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(RecordsError::io("read", &self.folder)(error)),
        };
        let mut files = Vec::new();
        for entry in entries {
            let path = entry.map_err(RecordsError::io("read", &self.folder))?.path();
            if path.extension().is_some_and(|kind| kind == "jsonl") {
                files.push(path);
            }
        }
        files.sort();
        files.reverse();
        Ok(files)
    }

    fn short(&self, path: &Path) -> Result<Option<PastRun>, RecordsError> {
        let mut short: Option<PastRun> = None;
        read_lines(path, |line| {
            // Only what the short form is made of: a step's output would make the list slow. Quotes in
            // an output stand escaped, so that it cannot pass for one of these.
            let of_note =
                [r#""event":"run_"#, r#""what":"ended""#].iter().any(|mark| line.contains(mark));
            if let Some(stamped) = of_note.then(|| serde_json::from_str(line).ok()).flatten() {
                take(&mut short, stamped);
            }
        })?;
        if let Some(run) = short.as_mut().filter(|run| run.ended.is_none()) {
            run.care = self.open.care_of(&run.head.run, run.care == Care::Left)?;
        }
        Ok(short)
    }
}

fn take(short: &mut Option<PastRun>, stamped: Stamped) {
    let Stamped { at, event, .. } = stamped;
    match (event, short) {
        // A run that is resumed begins a second time; what is known of it stays.
        (Event::RunBegan(_), Some(run)) => (run.ended, run.care) = (None, Care::Ours),
        (Event::RunBegan(head), short @ None) => {
            let (ended, outcomes, care) = (None, Vec::new(), Care::Ours);
            *short = Some(PastRun { head, began: at, ended, outcomes, care });
        }
        (Event::OnHost { host, what: HostEvent::Ended { outcome, recap }, .. }, Some(run)) => {
            run.outcomes.retain(|(known, ..)| *known != host);
            run.outcomes.push((host, outcome, recap));
        }
        (Event::RunLeft { .. }, Some(run)) => run.care = Care::Left,
        (Event::RunEnded { .. }, Some(run)) => run.ended = Some(at),
        _ => {}
    }
}

/// Reads the whole lines of a file; what a crash left of one is no line.
fn read_lines(path: &Path, mut each: impl FnMut(&str)) -> Result<(), RecordsError> {
    let failed = || RecordsError::io("read", path);
    let mut file = BufReader::new(File::open(path).map_err(failed())?);
    let mut line = Vec::new();
    loop {
        line.clear();
        if file.read_until(b'\n', &mut line).map_err(failed())? == 0 {
            return Ok(());
        }
        if let Ok(text) = std::str::from_utf8(&line) {
            each(text.trim_end());
        }
    }
}

fn name_of(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::Ledger;
    use std::io::Write;

    fn home() -> (tempfile::TempDir, Home) {
        let dir = tempfile::tempdir().unwrap();
        let home = Home::at(dir.path());
        (dir, home)
    }

    fn story(random: u32, at: i64, whole: bool) -> Vec<Stamped> {
        let host = HostName::new("phantom").unwrap();
        let run = RunId::new(random);
        let head = RunHead {
            run: run.clone(),
            playbook: "00_check_structure".into(),
            hosts: vec![host.clone()],
            purpose: Purpose::Apply,
            provides: Vec::new(),
            actor: "rc@console".into(),
        };
        let (outcome, recap) = (HostOutcome::Well, Recap::default());
        let mut events = vec![Event::RunBegan(head)];
        if whole {
            let what = HostEvent::Ended { outcome, recap };
            events.push(Event::OnHost { run: run.clone(), host, what });
            events.push(Event::RunEnded { run });
        }
        let stamp = |(seq, event)| Stamped { seq: seq as u64 + 1, at: Timestamp(at), event };
        events.into_iter().enumerate().map(stamp).collect()
    }

    #[test]
    fn runs_come_back_newest_first_and_one_without_an_end_says_so() {
        let (_dir, home) = home();
        let mut ledger = Ledger::open(&home);
        ledger.record(&story(1, 0, true)).unwrap();
        ledger.record(&story(3, 600_001, true)).unwrap();
        ledger.record(&story(2, 600_002, false)).unwrap();
        let memory = Memory::of(&home);
        let runs = memory.newest(9).unwrap();
        let told: Vec<_> = runs.iter().map(|r| (r.head.run.clone(), r.ended.is_some())).collect();
        assert_eq!(told, [(RunId::new(2), false), (RunId::new(3), true), (RunId::new(1), true)]);
        assert_eq!(runs[1].outcomes.len(), 1);
        assert_eq!(memory.newest(1).unwrap(), runs[..1]);
    }

    #[test]
    fn a_torn_line_and_a_strange_file_do_no_harm() {
        let (_dir, home) = home();
        Ledger::open(&home).record(&story(1, 0, true)).unwrap();
        let memory = Memory::of(&home);
        let torn = memory.files().unwrap().remove(0);
        let mut file = std::fs::OpenOptions::new().append(true).open(torn).unwrap();
        file.write_all(b"{\"seq\":9,\"event\":\"run_").unwrap();
        let strange = home.memory().join("99990101-0000-notes.jsonl");
        File::create(strange).unwrap().write_all(b"hello\n\xff\n").unwrap();
        assert_eq!(memory.newest(9).unwrap().len(), 1);
    }

    #[test]
    fn without_any_run_there_is_nothing() {
        let (_dir, home) = home();
        assert_eq!(Memory::of(&home).newest(9).unwrap(), []);
    }
}
