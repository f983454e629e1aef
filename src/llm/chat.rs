//! One chat over the OpenAI API that every engine speaks: the request, and the answer piece by piece. A stream that
//! dies is told as such, never as an end.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::text::inert_line;

use super::client::Client;
use super::error::LlmError;
use super::events::Events;
use super::session::{Answer, piece, post};

/// What an engine is asked to say.
#[derive(Clone, Debug, PartialEq)]
pub struct ChatRequest {
    /// The model's name, as the engine lists it.
    pub model: String,
    /// What was said so far.
    pub messages: Vec<Message>,
    /// The most tokens to answer with.
    pub max_tokens: u32,
    /// Fields that only some engines know, as `ignore_eos`; the others pass over them.
    pub extra: Map<String, Value>,
}

/// Something that was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Message {
    /// By whom.
    pub role: Role,
    /// What.
    pub content: String,
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Whoever sets the rules.
    System,
    /// Whoever asks.
    User,
}

/// A piece of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text, thoughts included. Not to be shown before it is made inert, and not the same as one token.
    Text(String),
    /// Why the model has ended: `stop`, `length`…
    Finished(String),
    /// The tokens as the engine counts them.
    Usage(Usage),
}

/// Tokens as an engine counts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Of the request.
    pub prompt: u64,
    /// … of which it still knew from before. `None` where it does not tell.
    pub cached: Option<u64>,
    /// Of the answer.
    pub completion: u64,
}

/// An answer under way. Dropping it hangs up, upon which engines stop.
pub struct Chat {
    client: Client,
    answer: Answer,
    events: Events,
    ready: VecDeque<Piece>,
    fault: Option<LlmError>,
    over: bool,
}

#[derive(Deserialize)]
struct Chunk {
    #[serde(default)]
    choices: Vec<Choice>,
    usage: Option<Counted>,
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default)]
    delta: Delta,
    finish_reason: Option<String>,
}

#[derive(Default, Deserialize)]
struct Delta {
    content: Option<String>,
    #[serde(alias = "reasoning")]
    reasoning_content: Option<String>,
}

#[derive(Deserialize)]
struct Counted {
    prompt_tokens: u64,
    completion_tokens: u64,
    prompt_tokens_details: Option<Details>,
}

#[derive(Deserialize)]
struct Details {
    cached_tokens: Option<u64>,
}

impl ChatRequest {
    /// One question to a model.
    pub fn new(model: impl Into<String>, question: impl Into<String>, max_tokens: u32) -> Self {
        let messages = vec![Message { role: Role::User, content: question.into() }];
        Self { model: model.into(), messages, max_tokens, extra: Map::new() }
    }

    /// With a field that only some engines know.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.extra.insert(field.to_owned(), value.into());
        self
    }

    fn body(&self) -> Value {
        let mut body = json!({
            "model": self.model,
            "messages": self.messages,
            "max_tokens": self.max_tokens,
            "stream": true,
            "stream_options": {"include_usage": true},
        });
        if let Some(fields) = body.as_object_mut() {
            fields.extend(self.extra.clone());
        }
        body
    }
}

impl Client {
    /// Begins a chat on a connection of its own. Dropping what is returned ends it, there as well.
    pub async fn chat(&self, request: &ChatRequest) -> Result<Chat, LlmError> {
        Chat::begin(self, request).await
    }
}

impl Chat {
    pub(super) async fn begin(client: &Client, request: &ChatRequest) -> Result<Self, LlmError> {
        let body = request.body().to_string().into();
        let answer = post(client, "/v1/chat/completions", body).await?;
        let (events, ready) = (Events::default(), VecDeque::new());
        Ok(Self { client: client.clone(), answer, events, ready, fault: None, over: false })
    }

    /// The next piece. `None` once the engine has said that it is done; after an error nothing more comes.
    pub async fn next(&mut self) -> Option<Result<Piece, LlmError>> {
        loop {
            if let Some(piece) = self.ready.pop_front() {
                return Some(Ok(piece));
            }
            if self.over {
                return self.fault.take().map(Err);
            }
            if let Err(error) = self.more().await {
                (self.over, self.fault) = (true, Some(error));
            }
        }
    }

    async fn more(&mut self) -> Result<(), LlmError> {
        let body = self.answer.response.body_mut();
        let Some(bytes) = piece(body, &self.client).await? else {
            // However orderly the connection was closed, without that word it is not the end.
            return Err(LlmError::Broken("it ended before `[DONE]`".to_owned()));
        };
        for data in self.events.push(&bytes)? {
            if data == "[DONE]" {
                self.over = true;
                return Ok(());
            }
            let chunk: Chunk = serde_json::from_str(&data).map_err(|e| LlmError::malformed(&e))?;
            self.take(chunk)?;
        }
        Ok(())
    }

    fn take(&mut self, chunk: Chunk) -> Result<(), LlmError> {
        if let Some(error) = chunk.error {
            let said = error["message"].as_str().map_or_else(|| error.to_string(), str::to_owned);
            return Err(LlmError::Broken(format!("it says {}", inert_line(&said))));
        }
        for choice in chunk.choices {
            let Delta { content, reasoning_content } = choice.delta;
            let texts = [reasoning_content, content].into_iter().flatten();
            self.ready.extend(texts.filter(|text| !text.is_empty()).map(Piece::Text));
            self.ready.extend(choice.finish_reason.map(Piece::Finished));
        }
        self.ready.extend(chunk.usage.map(|counted| {
            let cached = counted.prompt_tokens_details.and_then(|details| details.cached_tokens);
            let Counted { prompt_tokens, completion_tokens, .. } = counted;
            Piece::Usage(Usage { prompt: prompt_tokens, cached, completion: completion_tokens })
        }));
        Ok(())
    }
}
