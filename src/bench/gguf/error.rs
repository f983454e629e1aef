//! Why a file is refused as a model.

use std::io;

/// What is wrong with the header of a model file.
#[derive(Debug, thiserror::Error)]
pub enum GgufError {
    /// Something else altogether.
    #[error("not a GGUF file: it begins with `{}` instead of `GGUF`", .0.escape_ascii())]
    NotGguf([u8; 4]),
    /// A version nobody writes any more, or does not write yet.
    #[error("GGUF version {0} is not one of 2 and 3")]
    Version(u32),
    /// Written for a machine of the other byte order.
    #[error("the file is written for big-endian machines")]
    BigEndian,
    /// The end came early.
    #[error("the file ends at byte {at}, inside its header")]
    Ends {
        /// Where it ends.
        at: u64,
    },
    /// The end came early, after a good header.
    #[error("the file has {has} bytes and should have {needs}: it is not whole")]
    NotWhole {
        /// How many there are.
        has: u64,
        /// How many the header speaks of.
        needs: u64,
    },
    /// A count or a length that no model has.
    #[error("{what} is {value}, and no model has more than {most}")]
    Absurd {
        /// Of what.
        what: &'static str,
        /// The value found.
        value: u64,
        /// The most that is accepted.
        most: u64,
    },
    /// A code for a kind of value or tensor that is not known.
    #[error("{what} has the unknown type {code}")]
    UnknownType {
        /// What has it.
        what: String,
        /// The code found.
        code: u32,
    },
    /// A name or a text that is no UTF-8.
    #[error("{0} is not UTF-8")]
    NotText(&'static str),
    /// The same name twice.
    #[error("`{0}` is there twice")]
    Twice(String),
    /// Sizes that contradict each other.
    #[error("tensor `{name}`: {why}")]
    Tensor {
        /// Which.
        name: String,
        /// Why.
        why: &'static str,
    },
    /// An alignment that is not a power of two of a sensible size.
    #[error("an alignment of {0} is not possible")]
    Alignment(u64),
    /// The system said no.
    #[error("cannot read the file")]
    Io(#[source] io::Error),
}
