//! Names as the kernel lists them, a blank and its like written as a backslash and three octal digits.

/// The bytes that are meant: `\040` is a blank.
pub fn from_octal(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let digits = tail.get(..3).and_then(|digits| std::str::from_utf8(digits).ok());
        let code = digits.and_then(|digits| u8::from_str_radix(digits, 8).ok());
        let code = code.filter(|_| *first == b'\\');
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &tail[3..] } else { tail };
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_escaped_comes_back_and_nothing_else_changes() {
        for (text, meant) in [
            ("/mnt/a\\040b", "/mnt/a b"),
            ("\\134040", "\\040"),
            ("a\\04", "a\\04"),
            ("\\999", "\\999"),
            ("", ""),
        ] {
            assert_eq!(from_octal(text), meant.as_bytes(), "{text}");
        }
    }
}
