//! A writer of GGUF files: values and tensors in, bytes out. Opens no file.

use std::io::{self, Write};

use super::Element;

/// Every tensor's data begins at a multiple of this.
const ALIGNMENT: usize = 32;

/// A model file in the making.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    values: Vec<u8>,
    count: u64,
    tensors: Vec<DraftTensor>,
}

/// A tensor of it.
#[derive(Clone, Debug, PartialEq)]
pub struct DraftTensor {
    /// Its name.
    pub name: String,
    /// Its extents, the fastest running first.
    pub dimensions: Vec<u64>,
    /// The type of its elements.
    pub element: Element,
    /// Its data, as the file will hold it; empty where only the header is wanted.
    pub data: Vec<u8>,
}

impl DraftTensor {
    /// The bytes its data takes, rounded up to where the next tensor begins.
    fn room(&self) -> u64 {
        let count = self.dimensions.iter().product();
        let size = self.element.size_of(count).unwrap_or(0);
        size.next_multiple_of(ALIGNMENT as u64)
    }
}

impl Draft {
    /// One more text.
    pub fn text(&mut self, key: &str, value: &str) -> &mut Self {
        self.begin(key, 8);
        put_text(&mut self.values, value);
        self
    }

    /// One more whole number.
    pub fn number(&mut self, key: &str, value: u32) -> &mut Self {
        self.begin(key, 4);
        self.values.extend(value.to_le_bytes());
        self
    }

    /// One more number with a fraction.
    pub fn fraction(&mut self, key: &str, value: f32) -> &mut Self {
        self.begin(key, 6);
        self.values.extend(value.to_le_bytes());
        self
    }

    /// One more truth value.
    pub fn truth(&mut self, key: &str, value: bool) -> &mut Self {
        self.begin(key, 7);
        self.values.push(value.into());
        self
    }

    /// One more list of texts.
    pub fn texts(&mut self, key: &str, values: &[String]) -> &mut Self {
        self.list(key, 8, values.len());
        for value in values {
            put_text(&mut self.values, value);
        }
        self
    }

    /// One more list of whole numbers.
    pub fn numbers(&mut self, key: &str, values: &[i32]) -> &mut Self {
        self.list(key, 5, values.len());
        self.values.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        self
    }

    /// One more list of numbers with fractions.
    pub fn fractions(&mut self, key: &str, values: &[f32]) -> &mut Self {
        self.list(key, 6, values.len());
        self.values.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        self
    }

    /// One more tensor.
    pub fn tensor(&mut self, tensor: DraftTensor) -> &mut Self {
        self.tensors.push(tensor);
        self
    }

    /// The length of the whole file, of which everything behind the header may be a hole: that is
    /// all it takes to ask an engine how much memory a model needs.
    pub fn length(&self) -> u64 {
        self.header().len() as u64 + self.tensors.iter().map(DraftTensor::room).sum::<u64>()
    }

    /// The whole file.
    pub fn write(&self, to: &mut impl Write) -> io::Result<()> {
        let header = self.header();
        to.write_all(&header)?;
        for tensor in &self.tensors {
            to.write_all(&tensor.data)?;
            to.write_all(padding(tensor.data.len()))?;
        }
        Ok(())
    }

    /// Everything before the tensors' data.
    pub fn header(&self) -> Vec<u8> {
        let mut bytes = b"GGUF".to_vec();
        bytes.extend(3_u32.to_le_bytes());
        bytes.extend((self.tensors.len() as u64).to_le_bytes());
        bytes.extend(self.count.to_le_bytes());
        bytes.extend(&self.values);
        let mut offset = 0_u64;
        for tensor in &self.tensors {
            put_text(&mut bytes, &tensor.name);
            bytes.extend((tensor.dimensions.len() as u32).to_le_bytes());
            bytes.extend(tensor.dimensions.iter().flat_map(|extent| extent.to_le_bytes()));
            bytes.extend(tensor.element.code().to_le_bytes());
            bytes.extend(offset.to_le_bytes());
            offset += tensor.room();
        }
        bytes.extend(padding(bytes.len()));
        bytes
    }

    fn begin(&mut self, key: &str, code: u32) {
        self.count += 1;
        put_text(&mut self.values, key);
        self.values.extend(code.to_le_bytes());
    }

    fn list(&mut self, key: &str, code: u32, len: usize) {
        self.begin(key, 9);
        self.values.extend(code.to_le_bytes());
        self.values.extend((len as u64).to_le_bytes());
    }
}

fn put_text(into: &mut Vec<u8>, text: &str) {
    into.extend((text.len() as u64).to_le_bytes());
    into.extend(text.as_bytes());
}

fn padding(after: usize) -> &'static [u8] {
    const ZEROS: [u8; ALIGNMENT] = [0; ALIGNMENT];
    &ZEROS[..after.next_multiple_of(ALIGNMENT) - after]
}
