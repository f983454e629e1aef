//! GGUF, the format of model files: a bounded reader of headers and a writer of tiny models. Reads no weights.

mod element;
mod error;
mod header;
mod input;
mod tiny;
mod value;
mod write;

pub use element::Element;
pub use error::GgufError;
pub use header::{Header, Tensor};
pub use tiny::tiny_model;
pub use value::Value;
pub use write::{Draft, DraftTensor};
