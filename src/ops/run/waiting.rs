//! Shells that wait on connections that are held, for their first program or for the next one. Tells them nothing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::JoinHandle;

use crate::fleet::HostName;
use crate::playbook::Start;
use crate::playbook::plan::Sh;
use crate::reach::{Command, Link, Running};
use crate::telemetry::facts::KEY_FN;

/// One shell per host that waits for its next program. Clones share them; with the last of them the shells end.
#[derive(Clone, Default)]
pub(in crate::ops) struct Waiting(Arc<Mutex<HashMap<HostName, Shell>>>);

/// A shell and what it was started with.
struct Shell {
    command: Command,
    state: State,
}

enum State {
    /// It is on its way, or did not come.
    Coming(JoinHandle<Option<Running>>),
    /// It has carried out a program and is ready for another.
    Rests(Running),
}

impl Waiting {
    /// Has a shell started with that command wait on the host, unless one is there. Waits for nothing.
    /// Where the link has hardly room for another command, none is started.
    pub fn keep(&self, host: &HostName, link: &Link, command: Command) {
        let there = self.shells().get(host).is_some_and(|shell| shell.command == command);
        if there || link.room() < 2 {
            return;
        }
        let (link, asked) = (link.clone(), command.clone());
        let coming = tokio::spawn(async move {
            let started = link.run(&asked).await;
            started.inspect_err(|error| tracing::info!(%error, "no shell waits")).ok()
        });
        self.shells().insert(host.clone(), Shell { command, state: State::Coming(coming) });
    }

    /// The same with the start of any program that takes the key of the facts, as all playbooks do.
    pub fn keep_for_any(&self, host: &HostName, link: &Link) {
        match Start::new(None, "", Some(&Sh::text(KEY_FN))) {
            Ok(start) => self.keep(host, link, Command::sh(start.command)),
            Err(error) => tracing::error!(%error, "the text for a shell that waits"),
        }
    }

    /// Has a shell wait on the host that was started with that command and rests, in place of the one that is there.
    pub fn put_back(&self, host: &HostName, command: Command, shell: Running) {
        let rests = Shell { command, state: State::Rests(shell) };
        self.shells().insert(host.clone(), rests);
    }

    /// The shell that waits on the host, if it was started with that command and is still there.
    pub async fn take(&self, host: &HostName, command: &Command) -> Option<Running> {
        let shell = {
            let mut shells = self.shells();
            shells.get(host).filter(|shell| shell.command == *command)?;
            shells.remove(host)?
        };
        let running = match shell.state {
            State::Coming(shell) => shell.await.ok()??,
            State::Rests(shell) => shell,
        };
        (!running.is_over()).then_some(running)
    }

    fn shells(&self) -> std::sync::MutexGuard<'_, HashMap<HostName, Shell>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::{Host, Sensors, SudoPolicy, Vars, Via};
    use crate::ops::run::exchange::{Exchange, Heard};
    use crate::ops::run::sudo::Passwords;
    use crate::playbook::Program;
    use crate::playbook::frame::RunnerEvent;
    use crate::reach::{Asker, Reach, ReachSettings};

    async fn link(home: &tempfile::TempDir) -> (HostName, Link) {
        let name = HostName::new("here").unwrap();
        let (via, sudo, sensors) = (Via::Local, SudoPolicy::Never, Sensors::Real);
        let (groups, vars) = (Vec::new(), Vars::new());
        let host = Host { name: name.clone(), via, sudo, groups, vars, sensors };
        let link = Reach::new(ReachSettings::new(home.path().to_owned())).link(&host).await;
        (name, link.unwrap())
    }

    /// Sends a program that beats once, and tells what came of it.
    async fn exchanged(waiting: &Waiting, link: &Link, host: &HostName, start: &Start) -> bool {
        exchange(waiting, link, host, start, false).await
    }

    async fn exchange(
        waiting: &Waiting,
        link: &Link,
        host: &HostName,
        start: &Start,
        stays: bool,
    ) -> bool {
        let passwords = Passwords::new(Asker::Nobody, None);
        let program =
            Program { pieces: vec!["{\nprintf 'e 4 beat\\n'\n}".into()], ..Program::default() };
        let passwords = &passwords;
        let exchange = Exchange { host, start, program: &program, passwords, waiting, stays };
        let mut conversation = exchange.begin(link).await.unwrap();
        let mut beats = 0;
        while let Some(events) = conversation.next().await {
            beats += events.iter().filter(|f| f.event == RunnerEvent::Beat).count();
        }
        match conversation.end().await {
            Heard::All => assert_eq!(beats, 1),
            Heard::Overslept => return false,
            Heard::LinkBroke(failure) | Heard::NotStarted(failure) | Heard::Unrooted(failure) => {
                panic!("{failure:?}")
            }
        }
        true
    }

    #[tokio::test]
    async fn a_shell_that_waits_takes_any_program_with_the_same_key_and_only_one() {
        let home = tempfile::tempdir().unwrap();
        let (waiting, (host, link)) = (Waiting::default(), link(&home).await);
        let key = Sh::text("echo >>started\nshelter_key() { shelter_key=k; }");
        let start = |nonce| Start::new(None, nonce, Some(&key)).unwrap();
        waiting.keep(&host, &link, Command::sh(start("aa").command));
        assert!(exchanged(&waiting, &link, &host, &start("bb")).await);
        let started = || std::fs::read(home.path().join("started")).unwrap().len();
        assert_eq!(started(), 1, "it was the one that waited");
        assert!(exchanged(&waiting, &link, &host, &start("cc")).await);
        assert_eq!(started(), 2);
        waiting.keep(&host, &link, Command::sh("read -r x"));
        assert!(exchanged(&waiting, &link, &host, &start("dd")).await);
        assert_eq!(started(), 3, "one that waits for something else is of no use");
    }

    #[tokio::test]
    async fn a_shell_that_stays_carries_out_one_program_after_the_other() {
        let home = tempfile::tempdir().unwrap();
        let (waiting, (host, link)) = (Waiting::default(), link(&home).await);
        let key = Sh::text("echo >>started\nshelter_key() { :; }");
        for nonce in ["aa", "bb", "cc"] {
            let start = Start::new(None, nonce, Some(&key)).unwrap();
            assert!(exchange(&waiting, &link, &host, &start, true).await);
        }
        let started = || std::fs::read(home.path().join("started")).unwrap().len();
        assert_eq!(started(), 1);
        let last = Start::new(None, "dd", Some(&key)).unwrap();
        assert!(exchanged(&waiting, &link, &host, &last).await);
        assert_eq!(started(), 1);
        assert!(waiting.take(&host, &Command::sh(last.command.clone())).await.is_none());
    }

    #[tokio::test]
    async fn a_shell_that_died_while_it_waited_is_found_out_and_nothing_has_run() {
        let home = tempfile::tempdir().unwrap();
        let (waiting, (host, link)) = (Waiting::default(), link(&home).await);
        let key = Sh::text("[ -e died ] || { : >died; exit 0; }\nshelter_key() { :; }");
        let start = Start::new(None, "aa", Some(&key)).unwrap();
        waiting.keep(&host, &link, Command::sh(start.command.clone()));
        let first = exchanged(&waiting, &link, &host, &start).await;
        assert!(first || exchanged(&waiting, &link, &host, &start).await);
    }
}
