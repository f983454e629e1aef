//! Text in and out: YAML with places, reports that point at them, and remote text made harmless.
//! Decides nothing and knows no other room.

mod base64;
mod bytes;
mod counted;
mod digits;
mod duration;
mod excerpt;
mod fields;
mod hex;
mod inert;
mod nearest;
mod octal;
mod quote;
mod render;
mod report;
mod reports;
mod source;
pub mod yaml;

pub use base64::{base64, base64url};
pub use counted::counted;
pub use digits::three_digits;
pub use duration::seconds;
pub use fields::{Fields, Spanned};
pub use hex::hex;
pub use inert::{Inert, Limits, inert, inert_line};
pub use nearest::nearest;
pub use octal::from_octal;
pub use quote::quote;
pub use render::{Line, Piece, Role, Style};
pub use report::{Kind, Label, Report};
pub use reports::Reports;
pub use source::{Place, Source, Span};
