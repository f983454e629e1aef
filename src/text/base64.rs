//! Bytes as base 64, for terminals and for names. Reads none.

/// As mail and terminals have it: with `+` and `/`, filled up with `=` to whole fours.
pub fn base64(bytes: &[u8]) -> String {
    let mut text =
        encode(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", bytes);
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

/// Fit for names and addresses: with `-` and `_`, and no letter more than is needed; 32 bytes are 43 letters.
pub fn base64url(bytes: &[u8]) -> String {
    encode(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", bytes)
}

fn encode(digits: &[u8; 64], bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        let digit = |at| char::from(digits[(bits >> (18 - 6 * at) & 63) as usize]);
        text.extend((0..=three.len()).map(digit));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_agree_with_the_standard() {
        let texts = ["", "f", "fo", "foo", "foobar"].map(str::as_bytes);
        assert_eq!(texts.map(base64), ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYmFy"]);
        assert_eq!(texts.map(base64url), ["", "Zg", "Zm8", "Zm9v", "Zm9vYmFy"]);
        assert_eq!(
            (base64(&[0xfb, 0xff]).as_str(), base64url(&[0xfb, 0xff]).as_str()),
            ("+/8=", "-_8")
        );
    }
}
