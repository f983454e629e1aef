//! A command line taken apart into words, with the quoting of a POSIX shell. Expands nothing.

/// The words of `line`. What only a shell could carry out is refused, with what to do instead.
pub(super) fn split(line: &str) -> Result<Vec<String>, &'static str> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            ' ' | '\t' | '\n' => words.extend(word.take()),
            '\'' => single(&mut chars, word.get_or_insert_default())?,
            '"' => double(&mut chars, word.get_or_insert_default())?,
            '\\' => {
                let next = chars.next().ok_or("a character after the last `\\`")?;
                word.get_or_insert_default().push(next);
            }
            '|' | '&' | ';' | '<' | '>' | '(' | ')' | '$' | '`' => {
                return Err("one command; wrap what needs a shell: `sh -c '…'`");
            }
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Ok(words)
}

fn single(chars: &mut std::str::Chars<'_>, word: &mut String) -> Result<(), &'static str> {
    for c in chars {
        match c {
            '\'' => return Ok(()),
            _ => word.push(c),
        }
    }
    Err("a closing `'`")
}

fn double(chars: &mut std::str::Chars<'_>, word: &mut String) -> Result<(), &'static str> {
    while let Some(c) = chars.next() {
        match c {
            '"' => return Ok(()),
            '$' | '`' => return Err("no `$` or backtick outside of single quotes"),
            '\\' => match chars.next() {
                Some(next @ ('"' | '\\' | '$' | '`')) => word.push(next),
                Some(next) => word.extend(['\\', next]),
                None => break,
            },
            _ => word.push(c),
        }
    }
    Err("a closing `\"`")
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn words_are_taken_apart_as_a_shell_does() {
        let words = |line| split(line).map(|words| words.join("|"));
        assert_eq!(words("docker exec  -i x sh"), Ok("docker|exec|-i|x|sh".into()));
        assert_eq!(words(r#"a 'b c'"d \" e"\ f ''"#), Ok(r#"a|b cd " e f|"#.into()));
        assert_eq!(words("sh -c 'a | b $c'"), Ok("sh|-c|a | b $c".into()));
        assert_eq!(words(""), Ok(String::new()));
        for line in ["a | b", "a $(b)", "'a", "\"a", "a\\", "\"`b`\""] {
            assert!(split(line).is_err(), "{line}");
        }
    }
}
