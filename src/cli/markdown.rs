//! Text and tables in Markdown. What a machine named itself cannot become markup.

use crate::text::inert_line;

/// Any text as plain words of a line. A `_` inside a word marks nothing and is left alone.
pub fn text(raw: &str) -> String {
    let (line, mut out) = (inert_line(raw), String::new());
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        let inside = out.ends_with(char::is_alphanumeric)
            && chars.peek().is_some_and(|next| next.is_alphanumeric());
        let marks = matches!(c, '\\' | '`' | '*' | '|' | '<' | '>' | '[' | ']' | '#');
        if marks || (c == '_' && !inside) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A command, as it is to be typed.
pub fn code(raw: &str) -> String {
    let line = inert_line(raw);
    let fence = if line.contains('`') { "``" } else { "`" };
    let gap = if line.starts_with('`') || line.ends_with('`') { " " } else { "" };
    format!("{fence}{gap}{line}{gap}{fence}")
}

/// A table: its heads, and rows of texts that are not markup yet.
pub fn table(heads: &[&str], rows: &[Vec<String>]) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let mut out = line(heads.iter().map(|head| (*head).to_owned()).collect());
    out.push_str(&line(vec!["---".to_owned(); heads.len()]));
    for row in rows {
        out.push_str(&line(row.iter().map(|cell| text(cell)).collect()));
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_machine_says_stays_words() {
        assert_eq!(text("a|b *c* <d>\n# e"), "a\\|b \\*c\\* \\<d\\>␊\\# e");
        assert_eq!(text("00_check _it_"), "00_check \\_it\\_");
        assert_eq!(code("on x: `id`"), "`` on x: `id` ``");
        let page = table(&["A", "B"], &[vec!["1|2".into(), "x".into()]]);
        assert_eq!(page, "| A | B |\n| --- | --- |\n| 1\\|2 | x |\n\n");
    }
}
