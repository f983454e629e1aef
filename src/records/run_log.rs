//! What one run leaves in `logs/memory/`: every event, lossless, as `.jsonl`, and the same for people as `.log`.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::fleet::{
    Event, HostEvent, HostName, RunHead, RunId, Stamped, StepEnd, StepHead, Timestamp,
};
use crate::text::counted;

use super::replay::log_of;
use super::{RecordsError, make_dir};

/// The two files of one run, open for adding.
pub struct RunLog {
    events: Sheet,
    page: Sheet,
}

/// One file, with what is still to be written to it.
struct Sheet {
    path: PathBuf,
    file: File,
    waiting: Vec<u8>,
}

impl RunLog {
    /// Makes the files of a run. They are named by time, run and the number of its playbook.
    pub fn create(memory: &Path, at: Timestamp, head: &RunHead) -> Result<Self, RecordsError> {
        make_dir(memory)?;
        let number: String = head.playbook.chars().take_while(char::is_ascii_digit).collect();
        let name = format!("{}-{}-{number}", at.compact(), head.run);
        let sheet = |kind| Sheet::create(memory.join(format!("{name}.{kind}")));
        Ok(Self { events: sheet("jsonl")?, page: sheet("log")? })
    }

    /// Opens the files of a run there was, to go on with them.
    pub fn reopen(memory: &Path, run: &RunId) -> Result<Option<Self>, RecordsError> {
        let Some(events) = log_of(memory, run)? else { return Ok(None) };
        let page = events.with_extension("log");
        Ok(Some(Self { events: Sheet::open(events)?, page: Sheet::open(page)? }))
    }

    /// Takes one event of the run. It is on its way to the disk after the next [`commit`](Self::commit).
    pub fn take(&mut self, stamped: &Stamped) {
        match serde_json::to_writer(&mut self.events.waiting, stamped) {
            Ok(()) => self.events.waiting.push(b'\n'),
            Err(error) => tracing::error!(%error, "an event could not be written as JSON"),
        }
        write_page(&mut self.page.waiting, stamped);
    }

    /// Hands all that was taken to the system.
    pub fn commit(&mut self) -> Result<(), RecordsError> {
        self.events.commit()?;
        self.page.commit()
    }

    /// Waits until all that was committed is on the disk.
    pub fn sync(&self) -> Result<(), RecordsError> {
        self.events.sync()?;
        self.page.sync()
    }
}

impl Sheet {
    fn create(path: PathBuf) -> Result<Self, RecordsError> {
        let opened = OpenOptions::new().append(true).create_new(true).mode(0o640).open(&path);
        let file = opened.map_err(RecordsError::io("create", &path))?;
        Ok(Self { path, file, waiting: Vec::new() })
    }

    fn open(path: PathBuf) -> Result<Self, RecordsError> {
        let opened =
            OpenOptions::new().read(true).append(true).create(true).mode(0o640).open(&path);
        let mut file = opened.map_err(RecordsError::io("write", &path))?;
        let whole = ends_a_line(&mut file).map_err(RecordsError::io("read", &path))?;
        // What a crash cut short must not take the next line with it.
        let waiting = if whole { Vec::new() } else { vec![b'\n'] };
        Ok(Self { path, file, waiting })
    }

    fn commit(&mut self) -> Result<(), RecordsError> {
        let written = self.file.write_all(&self.waiting);
        self.waiting.clear();
        written.map_err(RecordsError::io("write", &self.path))
    }

    fn sync(&self) -> Result<(), RecordsError> {
        self.file.sync_data().map_err(RecordsError::io("write", &self.path))
    }
}

fn ends_a_line(file: &mut File) -> io::Result<bool> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(true);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

/// The event for people. Writing into memory cannot fail, so nothing is lost by not looking.
fn write_page(page: &mut Vec<u8>, stamped: &Stamped) {
    let _ = match &stamped.event {
        Event::RunBegan(head) => write_head(page, stamped.at, head),
        Event::OnHost { host, what, .. } => write_host(page, stamped.at, host, what),
        Event::RunLeft { run } => writeln!(page, "{} run {run} is left to itself", stamped.at),
        Event::RunEnded { run } => writeln!(page, "{} run {run} is over", stamped.at),
        _ => Ok(()),
    };
}

fn write_head(page: &mut Vec<u8>, at: Timestamp, head: &RunHead) -> io::Result<()> {
    let hosts: Vec<&str> = head.hosts.iter().map(HostName::as_str).collect();
    writeln!(page, "# {} · run {} · {}", head.playbook, head.run, head.purpose)?;
    writeln!(page, "# by {} on {}", head.actor, hosts.join(", "))?;
    writeln!(page, "{at} run {} begins", head.run)
}

fn write_host(
    page: &mut Vec<u8>,
    at: Timestamp,
    host: &HostName,
    what: &HostEvent,
) -> io::Result<()> {
    write!(page, "{at} {host} ")?;
    match what {
        HostEvent::Began { steps, .. } => {
            writeln!(page, "begins, {}", counted(steps.len(), "step"))
        }
        HostEvent::Detached { by } => writeln!(page, "goes on as {by}"),
        HostEvent::StepBegan { step } => writeln!(page, "{} {} …", step.number, step.name),
        HostEvent::StepEnded(end) => write_step(page, end),
        HostEvent::Note { text } => writeln!(page, "note: {text}"),
        HostEvent::Owed { handler } => writeln!(page, "owes the handler {handler}"),
        HostEvent::Waived { handler } => writeln!(page, "no longer owes the handler {handler}"),
        HostEvent::Undone { step, result, said } => {
            writeln!(page, "undo {}: {}", step.name, result.word())?;
            said.lines().try_for_each(|line| writeln!(page, "    {line}"))
        }
        HostEvent::LostTouch { failure } => writeln!(page, "lost touch: {}", failure.text),
        HostEvent::Ended { outcome, recap } => {
            writeln!(page, "ended {}: {recap}", outcome.word())
        }
    }
}

fn write_step(page: &mut Vec<u8>, end: &StepEnd) -> io::Result<()> {
    let StepEnd { step, verdict, took, .. } = end;
    let StepHead { number, name, place, .. } = step;
    write!(page, "{number} {name} ({place}): {} in {} ms", verdict.word(), took.0)?;
    if let Some(exit) = end.exit {
        write!(page, ", exit {exit}")?;
    }
    if let Some(why) = &end.why {
        write!(page, ", {why}")?;
    }
    writeln!(page)?;
    for line in end.diff.lines().chain(end.output.lines()) {
        writeln!(page, "    {line}")?;
    }
    Ok(())
}
