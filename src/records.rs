//! What a home remembers on disk. The only room that writes there; knows no screens.

mod atomic;
mod error;
mod facts_cache;
mod history;
mod home;

pub use atomic::{create_new, make_dir, write_atomic, write_cache};
pub use error::RecordsError;
pub use facts_cache::{CachedFacts, FactsCache};
pub use history::{Broken, Entry, Flaw, History, Level, Seal, Verified, verify};
pub use home::{Home, HomeOrigin, Surroundings};
