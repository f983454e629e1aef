//! Little-endian numbers and texts from a stream, counted, so that no header costs more than its bound.

use std::io::Read;

use super::GgufError;

/// A header is a few MiB, nearly all of it vocabulary; ten times the largest seen.
const HEADER_MOST: u64 = 256 << 20;
/// Bytes thrown away at a time.
const CHUNK: usize = 16 << 10;

/// A stream that knows how far it has been read.
pub(super) struct Input<R> {
    from: R,
    at: u64,
}

impl<R: Read> Input<R> {
    pub fn new(from: R) -> Self {
        Self { from, at: 0 }
    }

    /// How far it has been read.
    pub fn at(&self) -> u64 {
        self.at
    }

    pub fn bytes<const N: usize>(&mut self) -> Result<[u8; N], GgufError> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    pub fn u32(&mut self) -> Result<u32, GgufError> {
        self.bytes().map(u32::from_le_bytes)
    }

    pub fn u64(&mut self) -> Result<u64, GgufError> {
        self.bytes().map(u64::from_le_bytes)
    }

    /// A count that is at most `most`.
    pub fn count(&mut self, what: &'static str, most: u64) -> Result<u64, GgufError> {
        match self.u64()? {
            value if value > most => Err(GgufError::Absurd { what, value, most }),
            value => Ok(value),
        }
    }

    /// A text of at most `most` bytes. Memory is taken as bytes come, never as a length promises.
    pub fn text(&mut self, what: &'static str, most: u64) -> Result<String, GgufError> {
        let mut left = self.count(what, most)?;
        let mut bytes = Vec::new();
        while left > 0 {
            let next = left.min(CHUNK as u64) as usize;
            let begin = bytes.len();
            bytes.resize(begin + next, 0);
            self.fill(&mut bytes[begin..])?;
            left -= next as u64;
        }
        String::from_utf8(bytes).map_err(|_| GgufError::NotText(what))
    }

    /// Reads on without keeping anything.
    pub fn skip(&mut self, mut count: u64) -> Result<(), GgufError> {
        let mut chunk = [0; CHUNK];
        while count > 0 {
            let next = count.min(CHUNK as u64) as usize;
            self.fill(&mut chunk[..next])?;
            count -= next as u64;
        }
        Ok(())
    }

    fn fill(&mut self, mut into: &mut [u8]) -> Result<(), GgufError> {
        let after = self.at + into.len() as u64;
        if after > HEADER_MOST {
            let what = "the length of the header";
            return Err(GgufError::Absurd { what, value: after, most: HEADER_MOST });
        }
        while !into.is_empty() {
            match self.from.read(into) {
                Ok(0) => return Err(GgufError::Ends { at: self.at }),
                Ok(count) => {
                    self.at += count as u64;
                    into = &mut into[count..];
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(GgufError::Io(error)),
            }
        }
        Ok(())
    }
}
