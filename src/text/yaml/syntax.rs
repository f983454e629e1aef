//! What is wrong with a text that is no YAML, in words of ours. Looks only at characters and places.

use crate::text::{Report, Reports, Source};
use granit_parser::{ErrorKind, ScanError};

/// The largest file that is read.
pub(super) const MAX_BYTES: usize = 4 << 20;

/// Reports what may not stand in a YAML file at all; whether parsing may go on.
pub(super) fn admit(source: &Source, reports: &mut Reports) -> bool {
    let bytes = source.text().len();
    if bytes > MAX_BYTES {
        reports.push(
            Report::error(format!("`{}` is too large: {bytes} bytes", source.name()))
                .expected(format!("at most {} MiB", MAX_BYTES >> 20)),
        );
        return false;
    }
    let odd = source.text().char_indices().filter(|(_, c)| forbidden(*c));
    let mut admitted = true;
    for (at, c) in odd {
        admitted = false;
        let kind = if c.is_control() { "control" } else { "invisible" };
        reports.push(
            Report::error(format!("{kind} character U+{:04X}", u32::from(c)))
                .at(&source.span(at..at + c.len_utf8()))
                .help("remove it, or write it as an escape in double quotes, such as \"\\u001B\""),
        );
    }
    admitted
}

/// Characters YAML does not allow, and those that make a line read otherwise than it is.
fn forbidden(c: char) -> bool {
    matches!(c,
        '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\x7f'
        | '\u{80}'..='\u{84}' | '\u{86}'..='\u{9f}'
        | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        | '\u{fffe}' | '\u{ffff}')
}

/// The report of an error of the parser.
pub(super) fn report(source: &Source, error: &ScanError) -> Report {
    let text = source.text();
    let mark = text.floor_char_boundary(error.marker().byte_offset().unwrap_or(text.len()));
    let at = if about_tabs(error.kind()) { last_tab(&text[..mark]).unwrap_or(mark) } else { mark };
    let width = text[at..].chars().next().map_or(0, char::len_utf8);
    let (message, help) = words(error.kind());
    let message =
        message.map_or_else(|| format!("malformed YAML: {}", error.info()), str::to_owned);
    let report = Report::error(message).at(&source.span(at..at + width));
    match help {
        Some(help) => report.help(help),
        None => report,
    }
}

/// The parser marks what follows the tabs; the tab itself is what is wrong.
fn last_tab(before: &str) -> Option<usize> {
    let line = before.rfind('\n').map_or(0, |end| end + 1);
    before[line..].rfind('\t').map(|at| line + at)
}

fn about_tabs(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabAtBlockScalarStart
    )
}

fn words(kind: &ErrorKind) -> (Option<&'static str>, Option<&'static str>) {
    match kind {
        kind if about_tabs(kind) => (Some("a tab in the indentation"), Some("indent with spaces")),
        ErrorKind::MappingValueNotAllowed => (
            Some("a `:` where no name can stand"),
            Some("put a value that holds `: ` in quotes, or in braces if it is a map of its own"),
        ),
        ErrorKind::UnclosedQuotedScalar => {
            (Some("a quote is opened and never closed"), Some("close it"))
        }
        ErrorKind::InvalidQuotedScalarIndent => {
            (Some("a quoted text runs on into this line"), Some("close the quote above"))
        }
        ErrorKind::InvalidColonPlacement => {
            (Some("a `:` where no name can stand"), Some("close the `[` or `{` above"))
        }
        ErrorKind::InvalidIndentation | ErrorKind::ExpectedBlockMappingKey => (
            Some("the indentation fits no level above"),
            Some("names of one level begin in one column"),
        ),
        ErrorKind::SimpleKeyExpected => (Some("a name without `:`"), Some("write `name: value`")),
        ErrorKind::RecursionLimitExceeded => {
            (Some("nested too deeply"), Some("nest at most 64 levels"))
        }
        _ => (None, None),
    }
}
