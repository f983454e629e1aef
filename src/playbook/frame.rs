//! What comes back from a host's runner: bytes in, typed events out. Trusts nothing that a command may have printed.

mod decoder;
mod event;
mod parse;

pub use decoder::Decoder;
pub use event::{
    Counts, Framed, Holder, Obstacle, Outcome, Reason, Room, RunnerEvent, Stream, UndoOutcome,
    Verdict,
};
