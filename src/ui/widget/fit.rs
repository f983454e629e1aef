//! Texts made to fit by the cells they take, not by their characters.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::theme::Glyphs;

/// The cells a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// A text no wider than that, with a sign in place of an end that was cut.
pub fn fit(text: &str, most: usize, glyphs: Glyphs) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let Some(room) = most.checked_sub(width(glyphs.more())) else { return String::new() };
    head(text, room).to_owned() + glyphs.more()
}

/// A text no wider than that, with a sign in place of a middle that was cut: names and paths are told
/// apart by both ends.
pub fn fit_middle(text: &str, most: usize, glyphs: Glyphs) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let Some(room) = most.checked_sub(width(glyphs.more())) else { return String::new() };
    let before = room.div_ceil(2);
    format!("{}{}{}", head(text, before), glyphs.more(), tail(text, room - before))
}

/// A text as lines no wider than that, broken between words where there are any. At most so many lines:
/// the last one is cut.
pub fn wrapped(text: &str, most: usize, lines: usize, glyphs: Glyphs) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let full = out.len() == lines;
        match out.last_mut() {
            Some(line) if full || width(line) + 1 + width(word) <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => out.push(word.to_owned()),
        }
    }
    out.truncate(lines);
    out.iter().map(|line| fit(line, most, glyphs)).collect()
}

fn head(text: &str, room: usize) -> &str {
    let mut taken = 0;
    let end = text.char_indices().find(|(_, c)| {
        taken += c.width().unwrap_or(0);
        taken > room
    });
    &text[..end.map_or(text.len(), |(at, _)| at)]
}

fn tail(text: &str, room: usize) -> &str {
    let mut taken = 0;
    let start = text.char_indices().rev().find(|(_, c)| {
        taken += c.width().unwrap_or(0);
        taken > room
    });
    &text[start.map_or(0, |(at, c)| at + c.len_utf8())..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_by_the_cells_they_take() {
        let cut = |text, most| fit(text, most, Glyphs::Fine);
        assert_eq!(cut("phantom", 7), "phantom");
        assert_eq!(cut("phantom", 5), "phan…");
        assert_eq!(cut("phantom", 1), "…");
        assert_eq!(cut("phantom", 0), "");
        assert_eq!(cut("山小屋の夜", 6), "山小…");
        assert_eq!(fit("phantom", 5, Glyphs::Ascii), "phan~");
    }

    #[test]
    fn a_middle_is_cut_out_where_both_ends_tell() {
        assert_eq!(fit_middle("alder-01.rack-7.example.org", 13, Glyphs::Fine), "alder-…le.org");
        assert_eq!(fit_middle("山小屋の夜", 6, Glyphs::Fine), "山…夜");
        assert_eq!(fit_middle("ab", 2, Glyphs::Fine), "ab");
    }

    #[test]
    fn words_go_on_in_the_next_line_and_the_last_line_is_cut() {
        let told = |most, lines| wrapped("nobody listens there", most, lines, Glyphs::Fine);
        assert_eq!(told(20, 3), ["nobody listens there"]);
        assert_eq!(told(14, 3), ["nobody listens", "there"]);
        assert_eq!(told(8, 2), ["nobody", "listens…"]);
        assert_eq!(told(3, 1), ["no…"]);
        assert_eq!(wrapped("", 9, 2, Glyphs::Fine), Vec::<String>::new());
    }
}
