//! One program on one host: started, fed, and listened to until it ends or the link breaks. Understands no event. Where
//! more is to come, its shell stays and waits for the next.

use crate::fleet::{Failure, FailureKind, HostName};
use crate::playbook::frame::{Decoder, Framed};
use crate::playbook::{Program, Start, SudoAsks, SudoFailure, SudoWatch};
use crate::reach::{Chunk, Command, Exit, Link, Running, Secret, Stdin};
use crate::text::inert_line;

use super::sudo::Passwords;
use super::waiting::Waiting;

/// What came of an exchange.
pub(super) enum Heard {
    /// The program was read to its end.
    All,
    /// The link broke while it ran.
    LinkBroke(Failure),
    /// The program did not start.
    NotStarted(Failure),
    /// The program did not start, for root is not reached there as it was to be: asking for no password.
    Unrooted(Failure),
    /// The shell that had waited for it was no more: another one has to be started.
    Overslept,
}

/// A program to be started on a host.
pub(super) struct Exchange<'a> {
    pub host: &'a HostName,
    pub start: &'a Start,
    pub program: &'a Program,
    pub passwords: &'a Passwords,
    pub waiting: &'a Waiting,
    /// Whether the shell is to wait for another program afterwards.
    pub stays: bool,
}

/// A program under way: its events, as they come.
pub(super) struct Conversation<'a> {
    with: Exchange<'a>,
    running: Running,
    stdin: Option<Stdin>,
    /// What the shell's next program is to be written to.
    later: Option<Stdin>,
    decoder: Decoder,
    sudo: SudoWatch,
    /// Whether its shell had been started ahead of time.
    had_waited: bool,
    /// Whether sudo asked and nobody gave a password.
    unanswered: bool,
    /// The password that was given last.
    given: Option<Secret>,
}

impl<'a> Exchange<'a> {
    /// Starts the program over a link, in the shell that waits there, if one does.
    pub async fn begin(self, link: &Link) -> Result<Conversation<'a>, Failure> {
        let command = Command::sh(self.start.command.clone());
        let waited = self.waiting.take(self.host, &command).await;
        let had_waited = waited.is_some();
        let mut running = match waited {
            Some(running) => running,
            None => link.run(&command).await.map_err(|error| error.failure())?,
        };
        let stdin = running.stdin();
        if let Some(stdin) = &stdin {
            stdin.write(self.start.wake(self.is_veiled(), self.stays)).await;
        }
        let later = stdin.clone().filter(|_| self.stays);
        let decoder = Decoder::new(&self.start.greeting, &self.start.resting);
        let sudo = SudoWatch::new(self.start.prompt.as_deref().unwrap_or("\0"));
        let (at_once, unanswered, given) = (self.start.prompt.is_none(), false, None);
        let at_once = at_once && !self.is_veiled();
        let with = self;
        let mut conversation = Conversation {
            with,
            running,
            stdin,
            later,
            decoder,
            sudo,
            had_waited,
            unanswered,
            given,
        };
        if at_once {
            // Nobody between us and the program asks for a password: it need not wait for a greeting.
            conversation.send_program();
        }
        Ok(conversation)
    }
}

impl Exchange<'_> {
    /// Whether secrets travel with the program to where somebody may write them down.
    fn is_veiled(&self) -> bool {
        !self.program.slots.is_empty() && self.start.root_program() == Some("sudo")
    }
}

impl Conversation<'_> {
    /// The events that came next, maybe none yet. `None` after the last.
    pub async fn next(&mut self) -> Option<Vec<Framed>> {
        if self.decoder.rests() {
            return None;
        }
        match self.running.next().await? {
            Chunk::Stderr(bytes) => {
                match self.sudo.feed(&bytes) {
                    Some(SudoAsks::Password | SudoAsks::Again) => self.give_password().await,
                    None => {}
                }
                Some(Vec::new())
            }
            Chunk::Stdout(bytes) => {
                let events = self.decoder.feed(&bytes);
                if self.decoder.greeted() {
                    self.send_program();
                }
                Some(events)
            }
        }
    }

    /// Sends the program, once, beside the reading: a long one must not wait for its own answer.
    fn send_program(&mut self) {
        if let Some(stdin) = self.stdin.take() {
            let pieces = self.with.start.stdin(self.with.program);
            tokio::spawn(async move {
                for piece in pieces {
                    if !stdin.write(piece).await {
                        return;
                    }
                }
            });
        }
    }

    async fn give_password(&mut self) {
        let given = self.with.passwords.of(self.with.host, self.given.as_ref()).await;
        match (given, &self.stdin) {
            (Some(password), Some(stdin)) => {
                stdin.write(format!("{}\n", password.reveal()).into_bytes()).await;
                self.given = Some(password);
            }
            // Without another one sudo gives up, and we tell why.
            _ => {
                self.unanswered = self.given.is_none();
                (self.stdin, self.later) = (None, None);
            }
        }
    }

    /// What came of it, once there are no more events.
    pub async fn end(mut self) -> Heard {
        if let Some(stdin) = self.later.take_if(|_| self.decoder.rests()) {
            self.running.rest(stdin);
            let command = Command::sh(self.with.start.command.clone());
            self.with.waiting.put_back(self.with.host, command, self.running);
            return Heard::All;
        }
        // A shell that was to stay and did not wait would wait for its stdin to be closed.
        self.later = None;
        let exit = self.running.exit().await;
        let status = match &exit {
            Ok(Exit::Status(status)) => Some(*status),
            _ => None,
        };
        if !self.decoder.greeted() {
            return match exit {
                _ if self.had_waited && self.sudo.said().is_empty() => Heard::Overslept,
                Err(error) => Heard::NotStarted(error.failure()),
                Ok(_) => self.refusal(status),
            };
        }
        match exit {
            Err(error) => Heard::LinkBroke(error.failure()),
            Ok(_) => Heard::All,
        }
    }

    /// Why no program could be started: root was refused, or there is no shell.
    fn refusal(&self, status: Option<u32>) -> Heard {
        let why = self.sudo.failure(status);
        let sudo = self.with.start.root_program().unwrap_or("sudo");
        let (text, hint) = match why {
            _ if self.unanswered => self.unanswered(),
            SudoFailure::Other => ("the program did not start".to_owned(), way_out(why)),
            why => (format!("{sudo} {}", words(why)), way_out(why)),
        };
        let said = match self.unanswered || why == SudoFailure::Logs {
            // It complains of what it was not given, or it is our own word.
            true => String::new(),
            false => inert_line(self.sudo.last_words()),
        };
        let text = if said.is_empty() { text } else { format!("{text}: {said}") };
        let failure = Failure { kind: FailureKind::Shell, text, hint: Some(hint.to_owned()) };
        let asked_for_none =
            self.with.start.root_program().is_some() && self.with.start.prompt.is_none();
        match why {
            SudoFailure::NeedsPassword | SudoFailure::Missing if asked_for_none => {
                Heard::Unrooted(failure)
            }
            _ => Heard::NotStarted(failure),
        }
    }

    /// A password was asked for, and none was given.
    fn unanswered(&self) -> (String, &'static str) {
        match self.with.passwords.somebody_is_there() {
            true => (
                "sudo asks for a password, and none was given".to_owned(),
                "run it again and give it, or allow sudo without a password there",
            ),
            false => (
                "sudo asks for a password, and nobody is there to give one".to_owned(),
                "run it on a terminal, or allow sudo without a password there",
            ),
        }
    }
}

/// What the program that makes root did, in words that follow its name.
fn words(why: SudoFailure) -> &'static str {
    match why {
        SudoFailure::WrongPassword => "refused the password",
        SudoFailure::NeedsPassword => "asks for a password",
        SudoFailure::NotAllowed => "is not allowed to this user",
        SudoFailure::NeedsTerminal => "insists on a terminal there",
        SudoFailure::Missing => "is not there",
        SudoFailure::Logs => "writes down what is given to it, and a secret would be in its log",
        SudoFailure::Other => "said something else",
    }
}

fn way_out(why: SudoFailure) -> &'static str {
    match why {
        SudoFailure::WrongPassword => "run it again; it is that user's own password there",
        SudoFailure::NeedsPassword => {
            "allow this user root without a password there, or take `nopassword` out of `shelter.yaml`"
        }
        SudoFailure::NotAllowed => "name another `user`, or add a rule for this one there",
        SudoFailure::NeedsTerminal => {
            "write `Defaults:USER !requiretty` into sudoers there (`visudo`), or name `user: root`"
        }
        SudoFailure::Logs => {
            "write `Defaults:USER !log_input` into sudoers there (`visudo`), or name `user: root`"
        }
        SudoFailure::Missing => "install sudo there, or name `user: root`",
        SudoFailure::Other => "log in there by hand and see why",
    }
}
