//! The client of model servers: against kept replies, engines that misbehave, and a real llama-server.

mod chats;
mod looks;
mod real;
