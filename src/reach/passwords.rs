//! Passwords and a server's own questions: asked of a person, remembered for reconnects in wiped memory.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use russh::MethodKind;
use russh::client::{KeyboardInteractiveAuthResponse as Answer, Prompt};
use tokio::time::timeout;

use super::asker::Question;
use super::auth::{Login, Step, flatten};
use super::error::ReachError;
use crate::fleet::Secret;

/// How often a wrong password may be given.
const TRIES: usize = 3;

/// Rounds of questions a server may ask in one login.
const ROUNDS: usize = 8;

/// Passwords that worked, by user and endpoint.
#[derive(Default)]
pub(super) struct Passwords(Mutex<HashMap<String, Secret>>);

impl Passwords {
    fn get(&self, who: &str) -> Option<Secret> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(who).cloned()
    }

    fn keep(&self, who: String, secret: Secret) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(who, secret);
    }

    fn forget(&self, who: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(who);
    }
}

/// Tries what the server takes of these.
pub(super) async fn ask(login: &mut Login<'_>) -> Result<Step, ReachError> {
    if login.takes(MethodKind::Password)
        && let Step::In = password(login).await?
    {
        return Ok(Step::In);
    }
    if login.takes(MethodKind::KeyboardInteractive) {
        return questions(login).await;
    }
    Ok(Step::Refused)
}

async fn password(login: &mut Login<'_>) -> Result<Step, ReachError> {
    for again in 0..TRIES {
        if !login.takes(MethodKind::Password) {
            break;
        }
        let who = login.who();
        let Some(secret) = obtain(login, &who, again > 0).await else {
            if !login.settings.asker.is_there() {
                nobody(login, "password");
            }
            break;
        };
        login.refusal.offered.push("a password".to_owned());
        let user = login.target.user.clone();
        let sent = login.session.authenticate_password(user, secret.reveal());
        let asked = timeout(login.settings.patience.auth, sent).await;
        if let Step::In = login.judge(flatten(asked))? {
            login.wallet.passwords.keep(who, secret);
            return Ok(Step::In);
        }
        login.wallet.passwords.forget(&who);
    }
    Ok(Step::Refused)
}

async fn obtain(login: &Login<'_>, who: &str, again: bool) -> Option<Secret> {
    if let Some(kept) = login.wallet.passwords.get(who) {
        return Some(kept);
    }
    let who = who.to_owned();
    login.settings.asker.ask(|reply| Question::Password { who, again, reply }).await
}

async fn questions(login: &mut Login<'_>) -> Result<Step, ReachError> {
    let patience = login.settings.patience.auth;
    if !login.settings.asker.is_there() {
        nobody(login, "answers to its questions");
        return Ok(Step::Refused);
    }
    let user = login.target.user.clone();
    let start = login.session.authenticate_keyboard_interactive_start(user, None::<String>);
    let mut answer = flatten(timeout(patience, start).await);
    for _ in 0..ROUNDS {
        let replies = match answer {
            Ok(Answer::InfoRequest { instructions, prompts, .. }) => {
                match replies(login, instructions, prompts).await {
                    Some(replies) => replies,
                    None => return Ok(Step::Refused),
                }
            }
            other => return settle(login, other),
        };
        let send = login.session.authenticate_keyboard_interactive_respond(replies);
        answer = flatten(timeout(patience, send).await);
    }
    settle(login, answer)
}

/// The answers to one round. A round without questions needs none.
async fn replies(
    login: &mut Login<'_>,
    instructions: String,
    prompts: Vec<Prompt>,
) -> Option<Vec<String>> {
    if prompts.is_empty() {
        return Some(Vec::new());
    }
    login.refusal.offered.push("answers to its questions".to_owned());
    let (who, wanted) = (login.who(), prompts.len());
    let prompts = prompts.into_iter().map(|p| (p.prompt, p.echo)).collect();
    let asker = &login.settings.asker;
    let question = |reply| Question::Challenge { who, instructions, prompts, reply };
    let answers: Vec<Secret> = asker.ask(question).await?;
    (answers.len() == wanted).then(|| answers.iter().map(|a| a.reveal().to_owned()).collect())
}

fn settle(login: &mut Login<'_>, answer: Result<Answer, String>) -> Result<Step, ReachError> {
    use russh::client::AuthResult;
    login.judge(match answer {
        Ok(Answer::Success) => Ok(AuthResult::Success),
        Ok(Answer::Failure { remaining_methods, partial_success }) => {
            Ok(AuthResult::Failure { remaining_methods, partial_success })
        }
        Ok(Answer::InfoRequest { .. }) => Err("it asks without end".to_owned()),
        Err(why) => Err(why),
    })
}

fn nobody(login: &mut Login<'_>, what: &str) {
    login.refusal.notes.push(format!("there is nobody to ask for the {what}"));
    login.refusal.hint.get_or_insert_with(|| {
        "set up a key for this user (`ssh-copy-id`), or run where a person can answer".to_owned()
    });
}
