//! The header of a model file, read with bounds: what the model is, and how large each of its tensors is.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufReader, Read};

use super::input::Input;
use super::{Element, GgufError, Value};

/// Tensors of the largest models number some thousands.
const TENSORS_MOST: u64 = 1 << 17;
/// Values of the most talkative headers number some hundreds.
const VALUES_MOST: u64 = 1 << 14;
/// Names longer than this are nobody's.
const NAME_MOST: u64 = 1024;
/// As the format allows.
const DIMENSIONS_MOST: u64 = 4;
/// Where `general.alignment` says nothing.
const ALIGNMENT: u64 = 32;

/// What a model file says of itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// The format's version.
    pub version: u32,
    /// The values by name.
    pub values: BTreeMap<String, Value>,
    /// The tensors, in the order of the file.
    pub tensors: Vec<Tensor>,
    /// Where the tensors' data begins.
    pub data_at: u64,
}

/// A tensor, without its data.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// Its name, such as `blk.0.attn_q.weight`.
    pub name: String,
    /// Its extents, the fastest running first.
    pub dimensions: Vec<u64>,
    /// The type of its elements.
    pub element: Element,
    /// Where its data begins, counted from where all data begins.
    pub offset: u64,
    /// How many bytes its data takes.
    pub size: u64,
}

impl Header {
    /// Reads a header from the beginning of a file, and nothing beyond it but what buffering takes along.
    pub fn read(from: impl Read) -> Result<Self, GgufError> {
        let mut input = Input::new(BufReader::new(from));
        let version = opening(&mut input)?;
        let tensors = input.count("the number of tensors", TENSORS_MOST)?;
        let values = input.count("the number of values", VALUES_MOST)?;
        let values = read_values(&mut input, values)?;
        let tensors = read_tensors(&mut input, tensors)?;
        let alignment = match values.get("general.alignment") {
            Some(value) => value.whole().unwrap_or(0),
            None => ALIGNMENT,
        };
        if !alignment.is_power_of_two() || alignment > 1 << 20 {
            return Err(GgufError::Alignment(alignment));
        }
        let data_at = input.at().next_multiple_of(alignment);
        let header = Self { version, values, tensors, data_at };
        header.needs()?;
        Ok(header)
    }

    /// Whether a file of that length holds all tensors.
    pub fn check_length(&self, has: u64) -> Result<(), GgufError> {
        match self.needs()? {
            needs if needs > has => Err(GgufError::NotWhole { has, needs }),
            _ => Ok(()),
        }
    }

    /// The architecture, such as `llama`.
    pub fn architecture(&self) -> Option<&str> {
        self.values.get("general.architecture")?.text()
    }

    /// The value of that name below the architecture's own, such as `block_count`.
    pub fn own(&self, name: &str) -> Option<&Value> {
        self.values.get(&format!("{}.{name}", self.architecture()?))
    }

    /// The bytes of all tensors.
    pub fn weights(&self) -> u64 {
        self.tensors.iter().map(|tensor| tensor.size).fold(0, u64::saturating_add)
    }

    /// How long the file must be.
    fn needs(&self) -> Result<u64, GgufError> {
        let mut needs = self.data_at;
        for tensor in &self.tensors {
            let end = self.data_at.checked_add(tensor.offset);
            let end = end.and_then(|begin| begin.checked_add(tensor.size));
            needs = needs.max(end.ok_or_else(|| odd(&tensor.name, "it ends beyond any file"))?);
        }
        Ok(needs)
    }
}

/// The magic and the version.
fn opening<R: Read>(input: &mut Input<R>) -> Result<u32, GgufError> {
    let magic = input.bytes()?;
    if magic != *b"GGUF" {
        return Err(GgufError::NotGguf(magic));
    }
    match input.u32()? {
        version @ (2 | 3) => Ok(version),
        version if matches!(version.swap_bytes(), 1..=3) => Err(GgufError::BigEndian),
        version => Err(GgufError::Version(version)),
    }
}

fn read_values<R: Read>(
    input: &mut Input<R>,
    count: u64,
) -> Result<BTreeMap<String, Value>, GgufError> {
    let mut values = BTreeMap::new();
    for _ in 0..count {
        let key = input.text("the length of a name", NAME_MOST)?;
        let value = Value::read(input, &key)?;
        if values.contains_key(&key) {
            return Err(GgufError::Twice(key));
        }
        values.insert(key, value);
    }
    Ok(values)
}

fn read_tensors<R: Read>(input: &mut Input<R>, count: u64) -> Result<Vec<Tensor>, GgufError> {
    let mut tensors = Vec::new();
    let mut names = BTreeSet::new();
    for _ in 0..count {
        let tensor = read_tensor(input)?;
        if !names.insert(tensor.name.clone()) {
            return Err(GgufError::Twice(tensor.name));
        }
        tensors.push(tensor);
    }
    Ok(tensors)
}

fn read_tensor<R: Read>(input: &mut Input<R>) -> Result<Tensor, GgufError> {
    let name = input.text("the length of a name", NAME_MOST)?;
    let rank = u64::from(input.u32()?);
    if rank > DIMENSIONS_MOST {
        let what = "the number of a tensor's dimensions";
        return Err(GgufError::Absurd { what, value: rank, most: DIMENSIONS_MOST });
    }
    let dimensions = (0..rank).map(|_| input.u64()).collect::<Result<Vec<u64>, _>>()?;
    let code = input.u32()?;
    let element = Element::of_code(code)
        .ok_or_else(|| GgufError::UnknownType { what: format!("tensor `{name}`"), code })?;
    let offset = input.u64()?;
    let count = dimensions.iter().try_fold(1_u64, |all, &extent| all.checked_mul(extent));
    let count = count.ok_or_else(|| odd(&name, "it has more elements than can be counted"))?;
    let size = element.size_of(count);
    let size = size.ok_or_else(|| odd(&name, "its elements do not fill whole blocks"))?;
    Ok(Tensor { name, dimensions, element, offset, size })
}

fn odd(name: &str, why: &'static str) -> GgufError {
    GgufError::Tensor { name: name.to_owned(), why }
}
