//! Questions of connections become questions of the console; answers find their way back.

use std::collections::HashMap;

use tokio::sync::{mpsc, oneshot};

use crate::reach::{Question, Secret, Stranger};
use crate::text::inert_line;
use crate::ui::news::News;
use crate::ui::prompt::{Answer, Field, Prompt};

/// Questions that are open, by number.
#[derive(Default)]
pub struct Asking {
    open: HashMap<u64, oneshot::Sender<Answer>>,
    asked: u64,
}

impl Asking {
    /// Puts a question. It is withdrawn where nobody waits for the answer any more.
    pub fn put(&mut self, question: Question, news: mpsc::Sender<News>) {
        self.open.retain(|_, reply| !reply.is_closed());
        self.asked += 1;
        let (reply, answered) = oneshot::channel();
        self.open.insert(self.asked, reply);
        let prompt = prompt(self.asked, &question);
        tokio::spawn(wait(question, prompt, answered, news));
    }

    /// Gives the answer.
    pub fn answer(&mut self, question: u64, answer: Answer) {
        if let Some(reply) = self.open.remove(&question) {
            // Whoever asked may have gone.
            let _ = reply.send(answer);
        }
    }
}

async fn wait(
    question: Question,
    prompt: Prompt,
    answered: oneshot::Receiver<Answer>,
    news: mpsc::Sender<News>,
) {
    let id = prompt.id;
    if news.send(News::Asked(prompt)).await.is_err() {
        return;
    }
    let gone = match question {
        Question::Passphrase { reply, .. }
        | Question::Password { reply, .. }
        | Question::Secret { reply, .. } => hand_over(reply, answered, only).await,
        Question::Challenge { reply, .. } => hand_over(reply, answered, all).await,
        Question::Trust { reply, .. } => {
            hand_over(reply, answered, |answer| Some(answer == Answer::Yes)).await
        }
    };
    if gone {
        // The console may have gone as well.
        let _ = news.send(News::Withdrawn(id)).await;
    }
}

/// Passes the answer on. `true`: nobody waits for it any more.
async fn hand_over<T>(
    mut reply: oneshot::Sender<T>,
    answered: oneshot::Receiver<Answer>,
    take: impl FnOnce(Answer) -> Option<T>,
) -> bool {
    tokio::select! {
        answer = answered => {
            if let Some(answer) = answer.ok().and_then(take) {
                // Whoever asked may have gone.
                let _ = reply.send(answer);
            }
            false
        }
        () = reply.closed() => true,
    }
}

fn only(answer: Answer) -> Option<Secret> {
    all(answer)?.into_iter().next()
}

fn all(answer: Answer) -> Option<Vec<Secret>> {
    match answer {
        Answer::Typed(typed) => Some(typed),
        Answer::Yes | Answer::No => None,
    }
}

fn prompt(id: u64, question: &Question) -> Prompt {
    let hidden = |label: &str| vec![Field { label: label.to_owned(), visible: false }];
    let wrong = |again: bool| match again {
        true => vec!["that was not it; once more, or esc to give up".to_owned()],
        false => Vec::new(),
    };
    let (title, lines, fields) = match question {
        Question::Passphrase { file, again, .. } => {
            let mut lines = vec![format!("for {}", inert_line(&file.display().to_string()))];
            lines.extend(wrong(*again));
            ("PASSPHRASE", lines, hidden("passphrase"))
        }
        Question::Password { who, again, .. } => {
            let mut lines = vec![format!("for {}", inert_line(who))];
            lines.extend(wrong(*again));
            ("PASSWORD", lines, hidden("password"))
        }
        Question::Secret { name, purpose, .. } => {
            let lines = vec![format!("`{}`: {}", inert_line(name), inert_line(purpose))];
            ("SECRET", lines, hidden("secret"))
        }
        Question::Challenge { who, instructions, prompts, .. } => {
            let lines = vec![format!("{} asks: {}", inert_line(who), inert_line(instructions))];
            let field = |(label, visible): &(String, bool)| Field {
                label: inert_line(label),
                visible: *visible,
            };
            ("QUESTION", lines, prompts.iter().map(field).collect())
        }
        Question::Trust { stranger, .. } => ("UNKNOWN HOST KEY", about(stranger), Vec::new()),
    };
    Prompt { id, title: title.to_owned(), lines, fields }
}

fn about(stranger: &Stranger) -> Vec<String> {
    let endpoint = inert_line(&stranger.target.endpoint.to_string());
    vec![
        format!("{}: {endpoint} shows a host key nobody here knows yet", stranger.host),
        String::new(),
        stranger.key.to_string(),
        String::new(),
        "trust it from now on?".to_owned(),
    ]
}
