//! What fits where: against what llama.cpp itself says, and as users see it.

mod command;
mod engine;
mod estimates;
mod headers;
mod hollow;
mod hosts;
mod now;
