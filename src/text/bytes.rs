//! Bytes of a file taken for a text, or the reason why they are none. Reads no file.

use super::{Report, Source};

impl Source {
    /// A source made of a file's bytes, which must be UTF-8 without NUL.
    pub fn from_bytes(name: impl Into<String>, bytes: &[u8]) -> Result<Self, Box<Report>> {
        let name = name.into();
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            return Err(Box::new(
                Report::error(format!("`{name}` is written in UTF-16"))
                    .expected("UTF-8")
                    .help(format!("convert it: iconv -f UTF-16 -t UTF-8 {name}")),
            ));
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::new(name, text).without_nul(),
            Err(error) => Err(Box::new(not_utf8(name, bytes, error.valid_up_to()))),
        }
    }

    fn without_nul(self) -> Result<Self, Box<Report>> {
        match self.text().find('\0') {
            None => Ok(self),
            Some(at) => Err(Box::new(
                Report::error(format!("`{}` holds a NUL byte", self.name()))
                    .at(&self.span(at..at + 1))
                    .expected("a text file"),
            )),
        }
    }
}

fn not_utf8(name: String, bytes: &[u8], valid_up_to: usize) -> Report {
    let message = format!("`{name}` is not UTF-8: byte 0x{:02x}", bytes[valid_up_to]);
    let shown = Source::new(name, String::from_utf8_lossy(bytes));
    let before = bytes.starts_with("\u{feff}".as_bytes());
    let at = valid_up_to - if before { '\u{feff}'.len_utf8() } else { 0 };
    let end = at + char::REPLACEMENT_CHARACTER.len_utf8();
    Report::error(message).at(&shown.span(at..end)).expected("UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_are_refused_with_their_place() {
        let refusal = |bytes: &[u8]| Source::from_bytes("f", bytes).unwrap_err().to_string();
        assert!(refusal(b"\xff\xfea\0").contains("UTF-16"));
        assert!(refusal(b"ab\n c\0").contains("f:2:3"));
        assert!(refusal("\u{feff}ü\u{e9}".as_bytes()[..6].as_ref()).contains("f:1:2"));
        assert!(refusal(b"a\nb\xe9c").contains("byte 0xe9"));
    }
}
