//! Questions that only a person can answer, one at a time, on the terminal. Without a terminal nobody is asked.

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;

use tokio::sync::{Mutex, mpsc};

use crate::reach::{Asker, Question, Secret, Stranger};
use crate::text::{Report, inert_line};

use super::exit::Trouble;
use super::runtime::ask;
use super::terminal::unseen;

/// Questions that may wait in line; whoever asks more waits.
const LINE: usize = 16;

/// Whether a question stands on the screen. Whoever writes lines waits until none does.
#[derive(Clone, Default)]
pub struct Floor(Arc<Mutex<()>>);

impl Floor {
    /// Waits until no question is open.
    pub async fn free(&self) {
        drop(self.0.lock().await);
    }

    /// Whether no question is open now.
    pub fn is_free(&self) -> bool {
        self.0.try_lock().is_ok()
    }
}

/// The sudo password, asked for beforehand.
pub fn sudo_password() -> Result<Secret, Trouble> {
    let typed = ask(|| unseen("sudo password: "))?;
    typed.map(Secret::new).map_err(|error| {
        let report = Report::error("nobody is there to give the sudo password");
        let report = report.cause(format!("no terminal answers: {error}"));
        report.help("`-K` wants a terminal; or allow sudo without a password there").into()
    })
}

/// A secret of a playbook, asked for beforehand.
pub fn secret_for(name: &str, purpose: &str) -> Result<io::Result<String>, Trouble> {
    let prompt = format!("{} ({}): ", inert_line(name), inert_line(purpose));
    ask(move || unseen(&prompt))
}

/// Whoever sits at the terminal, or nobody. Needs a runtime.
pub fn asker(floor: &Floor) -> Asker {
    if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
        return Asker::Nobody;
    }
    let (asker, mut questions) = mpsc::channel(LINE);
    let floor = floor.clone();
    // A thread of its own: a prompt blocks, and must not keep the program from ending.
    std::thread::spawn(move || {
        while let Some(question) = questions.blocking_recv() {
            let _taken = floor.0.blocking_lock();
            // A line of progress may stand there.
            let put = say("\r\x1b[K").and_then(|()| put(question));
            if let Err(error) = put {
                tracing::warn!(%error, "a question could not be put");
            }
        }
    });
    Asker::Person(asker)
}

/// Puts one question. An answer nobody waits for any more is dropped, as is an empty one.
fn put(question: Question) -> io::Result<()> {
    match question {
        Question::Passphrase { file, again, reply } => {
            let file = inert_line(&file.display().to_string());
            answer(reply, secret(again, &format!("passphrase for {file}"))?);
        }
        Question::Password { who, again, reply } => {
            answer(reply, secret(again, &format!("password for {}", inert_line(&who)))?);
        }
        Question::Secret { name, purpose, reply } => {
            let what = format!("{} ({})", inert_line(&name), inert_line(&purpose));
            answer(reply, secret(false, &what)?);
        }
        Question::Challenge { who, instructions, prompts, reply } => {
            answer(reply, challenge(&who, &instructions, &prompts)?);
        }
        Question::Trust { stranger, reply } => answer(reply, Some(is_trusted(&stranger)?)),
    }
    Ok(())
}

fn answer<T>(reply: tokio::sync::oneshot::Sender<T>, value: Option<T>) {
    if let Some(value) = value {
        // The connection may have been given up meanwhile.
        let _ = reply.send(value);
    }
}

/// Other questions may have come in between, so a second try names what it is about as well.
fn secret(again: bool, what: &str) -> io::Result<Option<Secret>> {
    if again {
        say(&format!("that was not the {what}; once more, or nothing to give up\n"))?;
    }
    let typed = unseen(&format!("{what}: "))?;
    Ok((!typed.is_empty()).then(|| Secret::new(typed)))
}

fn challenge(
    who: &str,
    instructions: &str,
    prompts: &[(String, bool)],
) -> io::Result<Option<Vec<Secret>>> {
    say(&format!("{} asks: {}\n", inert_line(who), inert_line(instructions)))?;
    let mut answers = Vec::new();
    for (prompt, visible) in prompts {
        let prompt = inert_line(prompt);
        let typed = if *visible { line(&prompt)? } else { unseen(&prompt)? };
        answers.push(Secret::new(typed));
    }
    Ok(Some(answers))
}

/// Shows a stranger's key and asks whether it is to be trusted.
pub fn is_trusted(stranger: &Stranger) -> io::Result<bool> {
    let endpoint = inert_line(&stranger.target.endpoint.to_string());
    say(&format!("{}: {endpoint} shows a host key nobody here knows yet\n", stranger.host))?;
    say(&format!("  {}\n", stranger.key))?;
    is_yes("trust it from now on? [y/N] ")
}

/// Asks a question that is answered by yes or no, before any work has begun.
pub fn is_agreed(question: &str) -> Result<bool, Trouble> {
    let question = format!("{} [y/N] ", inert_line(question));
    Ok(ask(move || is_yes(&question))??)
}

/// Asks for a line, after the work or before it.
pub fn line_of(question: String) -> Result<String, Trouble> {
    Ok(ask(move || line(&question))??)
}

/// `yes` as well as `y`: it is what ssh wants to hear. Anything else is a no.
fn is_yes(prompt: &str) -> io::Result<bool> {
    let typed = line(prompt)?.trim().to_lowercase();
    Ok(typed == "y" || typed == "yes")
}

/// A line that is typed in answer, shown as it is typed.
fn line(prompt: &str) -> io::Result<String> {
    say(prompt)?;
    let mut typed = String::new();
    io::stdin().read_line(&mut typed)?;
    Ok(typed.trim_end_matches(['\r', '\n']).to_owned())
}

fn say(text: &str) -> io::Result<()> {
    io::stderr().write_all(text.as_bytes())
}
