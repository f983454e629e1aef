//! One line of an ssh configuration: keyword and arguments, with ssh's quoting.

use super::Setting;
use crate::text::{Report, Span, Spanned};

/// What a line says, or nothing if it is empty or a comment.
pub(super) fn parse(line: &Span) -> Result<Option<Setting>, Box<Report>> {
    let text = line.text();
    let begin = text.len() - text.trim_start().len();
    let rest = &text[begin..];
    if rest.is_empty() || rest.starts_with('#') {
        return Ok(None);
    }
    let end = rest.find(|c: char| c.is_whitespace() || c == '=' || c == '"').unwrap_or(rest.len());
    let keyword_span = line.part(begin..begin + end);
    let keyword = keyword_span.text().to_ascii_lowercase();
    let mut at = begin + end + blank(&text[begin + end..]);
    if text[at..].starts_with('=') {
        at += 1 + blank(&text[at + 1..]);
    }
    let arguments =
        if super::keyword::takes_the_line(&keyword) { whole(line, at) } else { split(line, at)? };
    Ok(Some(Setting { keyword, keyword_span, arguments }))
}

fn blank(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// The rest of the line as one argument, for keywords that hold a command.
fn whole(line: &Span, at: usize) -> Vec<Spanned<String>> {
    let value = line.text()[at..].trim_end().to_owned();
    let span = line.part(at..at + value.len());
    if value.is_empty() { Vec::new() } else { vec![Spanned { value, span }] }
}

fn split(line: &Span, mut at: usize) -> Result<Vec<Spanned<String>>, Box<Report>> {
    let text = line.text();
    let mut arguments = Vec::new();
    loop {
        at += blank(&text[at..]);
        if at >= text.len() || text[at..].starts_with('#') {
            return Ok(arguments);
        }
        let (value, end) = argument(line, at)?;
        arguments.push(Spanned { value, span: line.part(at..end) });
        at = end;
    }
}

/// The argument that begins at `start`, and where it ends.
fn argument(line: &Span, start: usize) -> Result<(String, usize), Box<Report>> {
    let mut value = String::new();
    let mut quote: Option<char> = None;
    let mut chars = line.text()[start..].char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match (c, quote) {
            (_, Some(open)) if c == open => quote = None,
            ('"' | '\'', None) => quote = Some(c),
            ('\\', _) => match chars.next_if(|(_, c)| matches!(c, '"' | '\'' | '\\' | ' ')) {
                Some((_, escaped)) => value.push(escaped),
                None => value.push('\\'),
            },
            (_, None) if c.is_whitespace() => return Ok((value, start + at)),
            _ => value.push(c),
        }
    }
    if quote.is_some() {
        let place = line.part(start..line.text().len());
        return Err(Box::new(Report::error("a quote is opened and never closed").at(&place)));
    }
    Ok((value, line.text().len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Source;

    fn parts(line: &str) -> String {
        match parse(&Source::new("f", line).whole()) {
            Ok(None) => "nothing".into(),
            Ok(Some(setting)) => {
                let values: Vec<&str> =
                    setting.arguments.iter().map(|a| a.value.as_str()).collect();
                format!("{}: {}", setting.keyword, values.join("|"))
            }
            Err(report) => report.message,
        }
    }

    #[test]
    fn lines_are_taken_apart_as_ssh_does() {
        let cases = [
            ("", "nothing"),
            ("  # x", "nothing"),
            ("Port 22", "port: 22"),
            ("  HostName=a", "hostname: a"),
            ("Port = 22 # x", "port: 22"),
            ("Host a !b c*", "host: a|!b|c*"),
            (r#"IdentityFile "~/my key" '~/b'"#, "identityfile: ~/my key|~/b"),
            (r#"IdentityFile ~/my\ key\"#, r"identityfile: ~/my key\"),
            (r#"User "a b"#, "a quote is opened and never closed"),
            ("ProxyCommand nc \"%h\" 22 # x", "proxycommand: nc \"%h\" 22 # x"),
            ("User", "user: "),
        ];
        for (line, expected) in cases {
            assert_eq!(parts(line), expected, "{line}");
        }
    }
}
