//! A typed client of model servers: asks and chats over HTTP on whatever carries bytes. Knows no hosts and no
//! playbooks, keeps nothing.

mod chat;
mod client;
mod counters;
mod engines;
mod error;
mod events;
mod figure;
mod inquiry;
mod look;
mod meter;
mod session;
mod way;
mod wire;

pub use chat::{Chat, ChatRequest, Message, Piece, Role, Usage};
pub use client::{Client, Patience};
pub use error::LlmError;
pub use figure::parameters;
pub use inquiry::Inquiry;
pub use session::{Reply, Session};
pub use way::{ByteStream, Stream, Way};
