//! Questions that only a person can answer, one at a time, on the terminal. Without a terminal nobody is asked.

use std::io::{IsTerminal, Write};

use tokio::sync::mpsc;

use crate::reach::{Asker, Question, Secret, Stranger};
use crate::text::inert_line;

/// Questions that may wait in line; whoever asks more waits.
const LINE: usize = 16;

/// Whoever sits at the terminal, or nobody. Needs a runtime.
pub fn asker() -> Asker {
    if !(std::io::stdin().is_terminal() && std::io::stderr().is_terminal()) {
        return Asker::Nobody;
    }
    let (asker, mut questions) = mpsc::channel(LINE);
    // A thread of its own: a prompt blocks, and must not keep the program from ending.
    std::thread::spawn(move || {
        while let Some(question) = questions.blocking_recv() {
            if let Err(error) = put(question) {
                tracing::warn!(%error, "a question could not be put");
            }
        }
    });
    Asker::Person(asker)
}

/// Puts one question. An answer nobody waits for any more is dropped, as is an empty one.
fn put(question: Question) -> std::io::Result<()> {
    match question {
        Question::Passphrase { file, again, reply } => {
            let prompt = format!("passphrase for {}: ", inert_line(&file.display().to_string()));
            answer(reply, secret(again, &prompt)?);
        }
        Question::Password { who, again, reply } => {
            answer(reply, secret(again, &format!("password for {}: ", inert_line(&who)))?);
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

fn secret(again: bool, prompt: &str) -> std::io::Result<Option<Secret>> {
    if again {
        say("that was not it\n")?;
    }
    let typed = rpassword::prompt_password(prompt)?;
    Ok((!typed.is_empty()).then(|| Secret::new(typed)))
}

fn challenge(
    who: &str,
    instructions: &str,
    prompts: &[(String, bool)],
) -> std::io::Result<Option<Vec<Secret>>> {
    say(&format!("{} asks: {}\n", inert_line(who), inert_line(instructions)))?;
    let mut answers = Vec::new();
    for (prompt, visible) in prompts {
        let prompt = inert_line(prompt);
        let typed = if *visible { line(&prompt)? } else { rpassword::prompt_password(&prompt)? };
        answers.push(Secret::new(typed));
    }
    Ok(Some(answers))
}

/// Shows a stranger's key and asks whether it is to be trusted.
pub fn is_trusted(stranger: &Stranger) -> std::io::Result<bool> {
    let endpoint = inert_line(&stranger.target.endpoint.to_string());
    say(&format!("{}: {endpoint} shows a host key nobody here knows yet\n", stranger.host))?;
    say(&format!("  {}\n", stranger.key))?;
    Ok(line("trust it from now on? [y/N] ")?.trim().eq_ignore_ascii_case("y"))
}

/// Asks a question that is answered by yes or no.
pub fn is_agreed(question: &str) -> std::io::Result<bool> {
    Ok(line(&format!("{} [y/N] ", inert_line(question)))?.trim().eq_ignore_ascii_case("y"))
}

fn line(prompt: &str) -> std::io::Result<String> {
    say(prompt)?;
    let mut typed = String::new();
    std::io::stdin().read_line(&mut typed)?;
    Ok(typed.trim_end_matches(['\r', '\n']).to_owned())
}

fn say(text: &str) -> std::io::Result<()> {
    std::io::stderr().write_all(text.as_bytes())
}
