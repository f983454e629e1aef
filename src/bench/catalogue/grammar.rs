//! What may stand in a catalogue. Narrow on purpose: these words reach command lines of other machines.

/// A word that may stand for a file, and on a command line.
pub(super) fn plain(text: &str) -> Result<String, String> {
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
    let begins = text.starts_with(|c: char| c.is_ascii_alphanumeric());
    if begins && text.len() <= 128 && text.chars().all(good) {
        return Ok(text.to_owned());
    }
    Err("letters, digits, `.`, `_`, `-` and `+`, beginning with a letter or a digit".to_owned())
}

/// A SHA-256 in hex, or nothing known.
pub(super) fn digest(text: &str) -> Result<Option<String>, String> {
    match text {
        "unknown" => Ok(None),
        hex if hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit()) => {
            Ok(Some(hex.to_ascii_lowercase()))
        }
        _ => Err("64 hexadecimal digits, or `unknown`".to_owned()),
    }
}

/// An address that may stand on a command line.
pub(super) fn address(text: &str) -> Result<String, String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let plain_text = text.bytes().all(|b| b.is_ascii_graphic() && !b"'\"\\`$".contains(&b));
    let named = plain(last_segment(text)).is_ok();
    if rest.is_some_and(|rest| rest.contains('/')) && plain_text && named {
        return Ok(text.to_owned());
    }
    Err("an address that begins with `https://` and ends with the file's name".to_owned())
}

/// The name of the file an address leads to.
pub(super) fn last_segment(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    path.rsplit('/').next().unwrap_or(path)
}
