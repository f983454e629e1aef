//! Remote text made harmless: what could steer a terminal, hide or reorder text is removed or shown.
//! Happens once, where text comes in; the raw bytes are kept elsewhere.

use std::mem::take;
use unicode_width::UnicodeWidthChar;

/// How much is let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The bytes of one line.
    pub line: usize,
    /// The bytes of all lines together.
    pub total: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { line: 16 * 1024, total: usize::MAX }
    }
}

/// Marks stacked on one character beyond this are dropped: no script needs more.
const MARKS: usize = 8;
/// The longest escape sequence that is recognised, so that one without end cannot swallow the rest.
const SEQUENCE: usize = 4096;

/// A stream of remote bytes on its way to becoming harmless text, whatever the chunks it comes in.
#[derive(Debug, Default)]
pub struct Inert {
    limits: Limits,
    partial: Vec<u8>,
    escape: Escape,
    after_return: bool,
    marks: usize,
    line: usize,
    total: usize,
    cut: usize,
    dropped: usize,
}

/// Where in an escape sequence the stream stands; what was read of it is kept until it is complete.
#[derive(Debug, Default)]
enum Escape {
    #[default]
    None,
    /// After ESC and perhaps intermediate characters.
    Begun(String),
    /// In a control sequence.
    Control(String),
    /// In a string that BEL or ESC `\` ends: OSC, DCS, SOS, PM, APC.
    Text(String),
    /// In such a string, after an ESC.
    TextEnd(String),
}

/// All of `bytes` as harmless text; line breaks and tabs are kept.
pub fn inert(bytes: &[u8]) -> String {
    let mut stream = Inert::default();
    let mut out = stream.push(bytes);
    out.push_str(&stream.finish());
    out
}

/// `text` as one harmless line: line breaks are shown as `␊`, tabs become spaces.
pub fn inert_line(text: &str) -> String {
    let harmless = inert(text.as_bytes());
    harmless.trim_end_matches('\n').replace('\n', "␊").replace('\t', " ")
}

/// What is shown in place of a character that must not reach a terminal.
pub(super) fn shown_instead(c: char) -> Option<String> {
    match c {
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c)).map(String::from),
        '\x7f' => Some("␡".to_owned()),
        _ if steers(c) => Some(format!("<U+{:04X}>", u32::from(c))),
        _ => None,
    }
}

/// Whether a character beyond ASCII controls, reorders or hides text.
fn steers(c: char) -> bool {
    matches!(c,
        '\u{80}'..='\u{9f}'
        | '\u{ad}' | '\u{61c}' | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}

impl Inert {
    /// A stream with limits of its own.
    pub fn new(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// The harmless text of the next bytes. What is not yet complete comes with a later call.
    pub fn push(&mut self, bytes: &[u8]) -> String {
        let mut out = String::with_capacity(bytes.len());
        let mut pending = take(&mut self.partial);
        pending.extend_from_slice(bytes);
        let mut rest = pending.as_slice();
        loop {
            match std::str::from_utf8(rest) {
                Ok(text) => {
                    self.text(text, &mut out);
                    return out;
                }
                Err(error) => {
                    let (valid, broken) = rest.split_at(error.valid_up_to());
                    self.text(std::str::from_utf8(valid).unwrap_or_default(), &mut out);
                    let Some(length) = error.error_len() else {
                        self.partial = broken.to_vec();
                        return out;
                    };
                    self.char(char::REPLACEMENT_CHARACTER, &mut out);
                    rest = &broken[length..];
                }
            }
        }
    }

    /// What is left when the stream has ended.
    pub fn finish(mut self) -> String {
        let mut out = String::new();
        if !take(&mut self.partial).is_empty() {
            self.char(char::REPLACEMENT_CHARACTER, &mut out);
        }
        self.abandon(&mut out);
        self.end_line(&mut out);
        if self.dropped > 0 {
            out.push_str(&format!("\n… {} bytes more", self.dropped));
        }
        out
    }

    fn text(&mut self, text: &str, out: &mut String) {
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let taken = self.run(rest, out);
            if taken == 0 {
                self.char(c, out);
            }
            rest = &rest[taken.max(c.len_utf8())..];
        }
    }

    /// Most output is printable ASCII: it goes through in one piece. How many bytes did.
    fn run(&mut self, text: &str, out: &mut String) -> usize {
        if !matches!(self.escape, Escape::None) {
            return 0;
        }
        let room = (self.limits.line - self.line).min(self.limits.total - self.total);
        let plain = |byte: &u8| (b' '..=b'~').contains(byte);
        let printable = text.bytes().take(room).take_while(plain).count();
        if printable > 0 {
            (self.marks, self.after_return) = (0, false);
            self.line += printable;
            self.total += printable;
            out.push_str(&text[..printable]);
        }
        printable
    }

    fn char(&mut self, c: char, out: &mut String) {
        match take(&mut self.escape) {
            Escape::None if c == '\x1b' => self.escape = Escape::Begun(String::new()),
            Escape::None => self.plain(c, out),
            Escape::Begun(read) => self.begun(read, c, out),
            Escape::Control(read) => self.control(read, c, out),
            Escape::Text(read) => self.string(read, c, out),
            Escape::TextEnd(_) if c == '\\' => self.swallowed(out),
            Escape::TextEnd(read) => {
                self.escape = Escape::Text(read);
                self.abandon(out);
                self.escape = Escape::Begun(String::new());
                self.char(c, out);
            }
        }
    }

    fn begun(&mut self, mut read: String, c: char, out: &mut String) {
        read.push(c);
        match c {
            '[' if read.len() == 1 => self.escape = Escape::Control(read),
            ']' | 'P' | 'X' | '^' | '_' if read.len() == 1 => self.escape = Escape::Text(read),
            ' '..='/' if read.len() < SEQUENCE => self.escape = Escape::Begun(read),
            '0'..='~' => {}
            _ => self.retry(read, out),
        }
    }

    fn control(&mut self, mut read: String, c: char, out: &mut String) {
        read.push(c);
        match c {
            ' '..='?' if read.len() < SEQUENCE => self.escape = Escape::Control(read),
            '@'..='~' => {}
            _ => self.retry(read, out),
        }
    }

    fn string(&mut self, mut read: String, c: char, out: &mut String) {
        match c {
            '\x07' | '\u{9c}' => self.swallowed(out),
            '\x1b' => self.escape = Escape::TextEnd(read),
            _ => {
                read.push(c);
                if c == '\n' || c == '\r' || read.len() >= SEQUENCE {
                    self.retry(read, out);
                } else {
                    self.escape = Escape::Text(read);
                }
            }
        }
    }

    /// A string for the terminal was taken out: one mark shows that there was one.
    fn swallowed(&mut self, out: &mut String) {
        self.plain('\x1b', out);
    }

    /// What was read is no escape sequence: it is shown as text, and its last character counts anew.
    fn retry(&mut self, mut read: String, out: &mut String) {
        let last = read.pop();
        self.escape = Escape::Begun(read);
        self.abandon(out);
        if let Some(c) = last {
            self.char(c, out);
        }
    }

    fn abandon(&mut self, out: &mut String) {
        let (read, tail) = match take(&mut self.escape) {
            Escape::None => return,
            Escape::Begun(read) | Escape::Control(read) | Escape::Text(read) => (read, None),
            Escape::TextEnd(read) => (read, Some('\x1b')),
        };
        self.plain('\x1b', out);
        read.chars().chain(tail).for_each(|c| self.plain(c, out));
    }

    fn plain(&mut self, c: char, out: &mut String) {
        let after_return = std::mem::replace(&mut self.after_return, c == '\r');
        match c {
            '\n' if after_return => {}
            // A lone return would let a line overwrite itself: it begins a new one instead.
            '\n' | '\r' => {
                self.end_line(out);
                self.let_through("\n", out);
            }
            '\t' => self.let_through("\t", out),
            _ => match shown_instead(c) {
                Some(shown) => self.let_through(&shown, out),
                None => self.marked(c, out),
            },
        }
    }

    fn marked(&mut self, c: char, out: &mut String) {
        self.marks = if c.width() == Some(0) { self.marks + 1 } else { 0 };
        if self.marks <= MARKS {
            self.let_through(c.encode_utf8(&mut [0; 4]), out);
        }
    }

    fn let_through(&mut self, text: &str, out: &mut String) {
        if self.total + text.len() > self.limits.total {
            self.dropped += text.len();
        } else if text == "\n" || self.line + text.len() <= self.limits.line {
            self.line = if text == "\n" { 0 } else { self.line + text.len() };
            self.total += text.len();
            out.push_str(text);
        } else {
            self.cut += text.len();
        }
    }

    fn end_line(&mut self, out: &mut String) {
        self.marks = 0;
        let cut = take(&mut self.cut);
        if cut > 0 {
            out.push_str(&format!(" … {cut} bytes more"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn colour_vanishes_and_strings_for_the_terminal_leave_a_mark() {
        let cases: [(&[u8], &str); 14] = [
            (b"\x1b[1;31mred\x1b[0m", "red"),
            (b"\x1b(B\x1b[m\x1b7x", "x"),
            (b"a\x1b]52;c;cm0gLXJm\x07b", "a␛b"),
            (b"a\x1b]0;title\x1b\\b", "a␛b"),
            (b"a\x1bPq#0\x1b\\b", "a␛b"),
            (b"\x1b]0;open\nnext", "␛]0;open\nnext"),
            (b"\x1b[12\nnext", "␛[12\nnext"),
            (b"\x1b[1\x1b[31mx", "␛[1x"),
            (b"\x07\x08\x00\x7f", "␇␈␀␡"),
            ("\u{9b}31m".as_bytes(), "<U+009B>31m"),
            ("a\u{202e}b\u{200b}".as_bytes(), "a<U+202E>b<U+200B>"),
            (b"\x9b31m\xff", "\u{fffd}31m\u{fffd}"),
            (b"10%\r20%\r\ndone\n", "10%\n20%\ndone\n"),
            (b"end\x1b", "end␛"),
        ];
        for (bytes, shown) in cases {
            assert_eq!(inert(bytes), shown, "{bytes:?}");
        }
    }

    #[test]
    fn a_sequence_without_end_does_not_swallow_what_follows() {
        let text = format!("\x1b]0;{}", "x".repeat(3 * SEQUENCE));
        assert_eq!(inert(text.as_bytes()), format!("␛{}", &text[1..]));
    }

    #[test]
    fn lines_marks_and_all_together_are_bounded() {
        let mut stream = Inert::new(Limits { line: 4, total: 12 });
        let out = stream.push("abcdef\ngh\ni\nklmn".as_bytes()) + &stream.finish();
        assert_eq!(out, "abcd … 2 bytes more\ngh\ni\nkl\n… 2 bytes more");
        let zalgo = format!("a{}b", "\u{301}".repeat(5000));
        assert_eq!(inert(zalgo.as_bytes()).chars().count(), 2 + MARKS);
    }

    #[test]
    fn one_line_stays_one_line() {
        assert_eq!(inert_line("a\r\nb\tc\n"), "a␊b c");
    }

    fn harmless(text: &str) -> bool {
        !text.chars().any(|c| (c.is_control() && c != '\n' && c != '\t') || steers(c))
    }

    /// Bytes that are likely to form sequences, beside arbitrary ones.
    fn hostile() -> impl Strategy<Value = Vec<u8>> {
        let token = prop_oneof![
            any::<u8>().prop_map(|byte| vec![byte]),
            prop::sample::select(vec![
                "\x1b", "[", "]", "P", "\\", "\x07", "\r", "\n", "0;", "m", "ü", "\u{9b}",
                "\u{9c}", "\u{202e}", "\u{301}", "\u{200d}", "山",
            ])
            .prop_map(|text| text.as_bytes().to_vec()),
        ];
        prop::collection::vec(token, 0..60).prop_map(|tokens| tokens.concat())
    }

    proptest! {
        #[test]
        fn nothing_that_steers_a_terminal_comes_out(bytes in hostile()) {
            prop_assert!(harmless(&inert(&bytes)));
        }

        #[test]
        fn chunks_make_no_difference(bytes in hostile(), sizes in prop::collection::vec(1usize..5, 60)) {
            let mut stream = Inert::default();
            let mut out = String::new();
            let mut rest = bytes.as_slice();
            for size in sizes {
                let (chunk, later) = rest.split_at(size.min(rest.len()));
                out += &stream.push(chunk);
                rest = later;
            }
            out += &stream.push(rest);
            prop_assert_eq!(out + &stream.finish(), inert(&bytes));
        }

        #[test]
        fn what_is_harmless_stays_as_it_is(bytes in hostile()) {
            let once = inert(&bytes);
            prop_assert_eq!(inert(once.as_bytes()), once);
        }
    }
}
