//! Commands that are offered to be typed: with the home and the practice hosts they are about. Runs none.

use super::args::Global;

/// What stands behind `shelter` in every command of this console.
#[derive(Clone, Debug, Default)]
pub struct Spelling(String);

impl Spelling {
    /// As this console was called.
    pub fn of(global: &Global) -> Self {
        let home =
            global.home.as_ref().map(|home| format!("--home {} ", word(&home.to_string_lossy())));
        Self(home.unwrap_or_default() + if global.lab { "--lab " } else { "" })
    }

    /// A text in which a command at its beginning, or behind a backtick, is about this console's hosts.
    pub fn spell(&self, text: &str) -> String {
        let spelled = format!("shelter {}", self.0);
        let text = text.replace("`shelter ", &format!("`{spelled}"));
        match text.strip_prefix("shelter ") {
            Some(rest) => spelled + rest,
            None => text,
        }
    }
}

/// A word as a shell takes it.
pub fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_say_which_console_they_are_about() {
        let global =
            Global { home: Some("/srv/my fleet".into()), lab: true, timeout: None, verbose: 0 };
        let spelling = Spelling::of(&global);
        let spelled = "shelter --home '/srv/my fleet' --lab resume X";
        assert_eq!(spelling.spell("shelter resume X"), spelled);
        assert_eq!(spelling.spell("say `shelter resume X`"), format!("say `{spelled}`"));
        assert_eq!(spelling.spell("the shelter stands"), "the shelter stands");
        assert_eq!(Spelling::default().spell("shelter log"), "shelter log");
    }
}
