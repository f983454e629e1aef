//! How well a few letters fit a text: they must all be there, in order. Knows no list.

/// The better the higher; `None` where they do not fit. Letters that follow each other and begins of words count most.
pub fn fits(wanted: &str, text: &str) -> Option<i32> {
    let text: Vec<char> = text.to_lowercase().chars().collect();
    let (mut from, mut score, mut before) = (0, 0, None);
    for letter in wanted.to_lowercase().chars().filter(|letter| !letter.is_whitespace()) {
        let found = place(&text, from, letter, before)?;
        score += match before {
            Some(before) if found == before + 1 => 8,
            _ if begins_word(&text, found) => 6,
            _ => 1,
        };
        (from, before) = (found + 1, Some(found));
    }
    let length = i32::try_from(text.len()).unwrap_or(i32::MAX);
    Some(score * 100 - length)
}

/// Where the letter is best taken from: right here, else where a word begins, else wherever it comes first.
fn place(text: &[char], from: usize, letter: char, before: Option<usize>) -> Option<usize> {
    let is = |at: &usize| text[*at] == letter;
    if before.is_some() && text.get(from) == Some(&letter) {
        return Some(from);
    }
    (from..text.len())
        .filter(is)
        .find(|at| begins_word(text, *at))
        .or_else(|| (from..text.len()).find(is))
}

fn begins_word(text: &[char], at: usize) -> bool {
    at == 0 || !text[at - 1].is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn begins_of_words_and_letters_in_a_row_fit_best() {
        let best = |wanted: &str, texts: &[&'static str]| {
            let scored = texts.iter().filter_map(|text| Some((fits(wanted, text)?, *text)));
            scored.max_by_key(|(score, _)| *score).map(|(_, text)| text)
        };
        let texts = ["run 02_bootstrap_venv", "run 01_bios_check", "go to host phantom", "repaint"];
        assert_eq!(best("venv", &texts), Some("run 02_bootstrap_venv"));
        assert_eq!(best("rbc", &texts), Some("run 01_bios_check"));
        assert_eq!(best("pha", &texts), Some("go to host phantom"));
        assert_eq!(best("", &texts), Some("repaint"));
        assert_eq!(best("xyz", &texts), None);
    }
}
