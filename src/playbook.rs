//! Playbooks: what is wished, resolved for one host into a plan and compiled to one POSIX sh program. Executes nothing.

mod boot;
pub mod builtin;
mod compile;
pub mod frame;
pub mod model;
pub mod parse;
pub mod plan;
pub mod resolve;
pub mod resource;
pub mod schema;
mod sudo;
pub mod vars;

pub use boot::Start;
pub use compile::{
    Aside, CompileError, OnConflict, Program, SHORTEST, attach, cancel, compile, prune, undo,
};
pub use model::{Playbook, SecretUse};
pub use resolve::Choice;
pub use resource::Files;
pub use sudo::{SudoAsks, SudoFailure, SudoWatch};
pub use vars::ROOTS;
