//! The history: `history_main.log`, one readable line per event of note, each sealed to the one before.
//! A changed, missing or inserted line breaks the chain; `verify` says where.

mod append;
mod line;
mod recent;
mod verify;

pub use append::History;
pub use line::{Entry, Level};
pub use recent::{Noted, recent};
pub use verify::{Broken, Flaw, Verified, verify};
