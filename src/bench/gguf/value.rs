//! The values a header describes its model with. Long lists are counted, not kept.

use std::io::Read;

use super::GgufError;
use super::input::Input;

/// The longest text kept: chat templates reach some ten KiB.
const TEXT_MOST: u64 = 4 << 20;
/// The most elements a list may have: ten times the largest vocabulary.
const LIST_MOST: u64 = 4 << 20;
/// Numbers of a list that are kept: one a layer, not one a token.
const NUMBERS_KEPT: u64 = 1024;
/// The code of a text.
const TEXT: u32 = 8;
/// The code of a list.
const LIST: u32 = 9;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A whole number of any of the file's eight widths.
    Int(i128),
    /// A number with a fraction.
    Float(f64),
    /// True or false.
    Bool(bool),
    /// A text.
    Text(String),
    /// A list: how long it is and, where it is short and of whole numbers or truth values, what is in it.
    List {
        /// How many elements it has.
        len: u64,
        /// The elements, if they were kept.
        numbers: Vec<i128>,
    },
}

impl Value {
    pub(super) fn read<R: Read>(input: &mut Input<R>, key: &str) -> Result<Self, GgufError> {
        let code = input.u32()?;
        match code {
            LIST => list(input, key),
            _ => single(input, code, key),
        }
    }

    /// As a whole number that is not negative.
    pub fn whole(&self) -> Option<u64> {
        match self {
            Self::Int(value) => u64::try_from(*value).ok(),
            _ => None,
        }
    }

    /// As a text.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

fn single<R: Read>(input: &mut Input<R>, code: u32, key: &str) -> Result<Value, GgufError> {
    Ok(match code {
        0 => Value::Int(u8::from_le_bytes(input.bytes()?).into()),
        1 => Value::Int(i8::from_le_bytes(input.bytes()?).into()),
        2 => Value::Int(u16::from_le_bytes(input.bytes()?).into()),
        3 => Value::Int(i16::from_le_bytes(input.bytes()?).into()),
        4 => Value::Int(u32::from_le_bytes(input.bytes()?).into()),
        5 => Value::Int(i32::from_le_bytes(input.bytes()?).into()),
        6 => Value::Float(f32::from_le_bytes(input.bytes()?).into()),
        7 => Value::Bool(input.bytes::<1>()?[0] != 0),
        TEXT => Value::Text(input.text("the length of a text", TEXT_MOST)?),
        10 => Value::Int(input.u64()?.into()),
        11 => Value::Int(i64::from_le_bytes(input.bytes()?).into()),
        12 => Value::Float(f64::from_le_bytes(input.bytes()?)),
        code => return Err(unknown(key, code)),
    })
}

/// The bytes one element of a list takes.
fn width(code: u32) -> Option<u64> {
    match code {
        0 | 1 | 7 => Some(1),
        2 | 3 => Some(2),
        4..=6 => Some(4),
        10..=12 => Some(8),
        _ => None,
    }
}

fn list<R: Read>(input: &mut Input<R>, key: &str) -> Result<Value, GgufError> {
    let code = input.u32()?;
    let len = input.count("the length of a list", LIST_MOST)?;
    let mut numbers = Vec::new();
    if code == TEXT {
        for _ in 0..len {
            let bytes = input.count("the length of a text", TEXT_MOST)?;
            input.skip(bytes)?;
        }
        return Ok(Value::List { len, numbers });
    }
    let width = width(code).ok_or_else(|| unknown(key, code))?;
    if len > NUMBERS_KEPT {
        input.skip(len * width)?;
        return Ok(Value::List { len, numbers });
    }
    for _ in 0..len {
        match single(input, code, key)? {
            Value::Int(number) => numbers.push(number),
            Value::Bool(truth) => numbers.push(truth.into()),
            _ => {}
        }
    }
    Ok(Value::List { len, numbers })
}

fn unknown(key: &str, code: u32) -> GgufError {
    GgufError::UnknownType { what: format!("the value of `{key}`"), code }
}
