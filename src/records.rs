//! What a home remembers on disk. The only room that writes there; knows no screens.

mod atomic;
mod benches;
mod debts;
mod error;
mod facts_cache;
mod history;
mod home;
mod json;
mod ledger;
mod lock;
mod memory;
mod open_runs;
mod replay;
mod run_log;
mod spaces;
mod status;
mod watch_files;
mod watch_lock;
mod watched;
mod witness;

pub use atomic::{Created, create_new, make_dir, write_atomic, write_cache};
pub use benches::Benches;
pub use error::RecordsError;
pub use facts_cache::{CachedFacts, FactsCache};
pub use history::{Broken, Entry, Flaw, History, Level, Noted, Seal, Verified, recent, verify};
pub use home::{Home, HomeOrigin, Surroundings};
pub use ledger::Ledger;
pub use memory::{Memory, PastRun};
pub use open_runs::{Mark, OpenRuns};
pub use replay::replay;
pub use run_log::RunLog;
pub use spaces::Spaces;
pub use status::{Last, Status, StatusFiles};
pub use watch_files::WatchFiles;
pub use watch_lock::WatchLock;
pub use witness::Witnesses;
