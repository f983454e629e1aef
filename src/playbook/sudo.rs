//! What sudo says on stderr while a program is started as root: when to give the password, and why it failed.

/// Reads sudo's stderr in pieces.
#[derive(Debug)]
pub struct SudoWatch {
    prompt: String,
    said: String,
    asked: usize,
}

/// What sudo wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SudoAsks {
    /// The password and a newline, now. It was sent to nobody before.
    Password,
    /// Another one: the one before was wrong. Close stdin where there is none.
    Again,
}

/// Why root was not reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SudoFailure {
    /// The password was wrong.
    WrongPassword,
    /// A password is needed and none was sent.
    NeedsPassword,
    /// This user may not.
    NotAllowed,
    /// The host's sudo insists on a terminal: `Defaults requiretty`.
    NeedsTerminal,
    /// There is no sudo.
    Missing,
    /// It logs what it is given: `Defaults log_input`.
    Logs,
    /// Something else: what it said is all there is.
    Other,
}

/// More than sudo ever says; a login shell's noise may come before it.
const KEPT: usize = 8192;

impl SudoWatch {
    /// A watch for the prompt of a start.
    pub fn new(prompt: &str) -> Self {
        Self { prompt: prompt.to_owned(), said: String::new(), asked: 0 }
    }

    /// Takes the next bytes of stderr. sudo-rs puts words around the prompt: it is looked for anywhere.
    pub fn feed(&mut self, bytes: &[u8]) -> Option<SudoAsks> {
        self.said.push_str(&String::from_utf8_lossy(bytes));
        let asked = self.said.matches(&self.prompt).count();
        let asks = match (self.asked, asked) {
            (before, now) if now <= before => None,
            (0, _) => Some(SudoAsks::Password),
            _ => Some(SudoAsks::Again),
        };
        self.asked = asked;
        if self.said.len() > KEPT && asked == 0 {
            let keep = self.said.len() - self.prompt.len();
            let keep = (keep..=self.said.len()).find(|&at| self.said.is_char_boundary(at));
            self.said.drain(..keep.unwrap_or(0));
        }
        asks
    }

    /// Why root was not reached, when sudo has ended without a greeting.
    pub fn failure(&self, status: Option<u32>) -> SudoFailure {
        let said = self.said.to_ascii_lowercase();
        let says = |words: &[&str]| words.iter().any(|w| said.contains(w));
        if says(&["must have a tty", "a terminal is required to run", "tty is required"]) {
            SudoFailure::NeedsTerminal
        } else if says(&["sudo: shelter: input is logged"]) {
            SudoFailure::Logs
        } else if says(&["incorrect password", "no password was provided", "authentication fail"])
            || self.asked > 1
        {
            SudoFailure::WrongPassword
        } else if says(&[
            "password is required",
            "interactive authentication is required",
            "authentication required",
        ]) {
            SudoFailure::NeedsPassword
        } else if says(&["not in the sudoers", "may not run", "is not allowed", "i'm sorry"])
            || says(&["doas: operation not permitted"])
        {
            SudoFailure::NotAllowed
        } else if status == Some(127)
            || says(&["sudo: not found", "doas: not found", "no such file"])
        {
            SudoFailure::Missing
        } else {
            SudoFailure::Other
        }
    }

    /// What was said, for people: remote text, to be sanitised. It never holds a password, for sudo does not echo.
    pub fn said(&self) -> &str {
        &self.said
    }

    /// The last line of it, without the prompt, behind which sudo goes on in the same line.
    pub fn last_words(&self) -> &str {
        let last = self.said.lines().rev().find(|line| !line.trim().is_empty());
        let last = last.unwrap_or_default();
        last.rsplit(&self.prompt).next().unwrap_or(last).trim()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(said: &str) -> SudoFailure {
        let mut watch = SudoWatch::new("sudo-ab");
        watch.feed(said.as_bytes());
        watch.failure(Some(1))
    }

    #[test]
    fn the_password_is_asked_for_once_wherever_the_prompt_is_cut() {
        let mut watch = SudoWatch::new("sudo-ab");
        assert_eq!(watch.feed(b"motd\n[sudo: sudo-a"), None);
        assert_eq!(watch.feed(b"b] Password: "), Some(SudoAsks::Password));
        assert_eq!(watch.feed(b"\nSorry, try again.\n"), None);
        assert_eq!(watch.feed(b"sudo-ab"), Some(SudoAsks::Again));
        assert_eq!(watch.failure(Some(1)), SudoFailure::WrongPassword);
    }

    #[test]
    fn every_way_to_fail_has_a_name() {
        let tty = "sudo: sorry, you must have a tty to run sudo";
        assert_eq!(failure(tty), SudoFailure::NeedsTerminal);
        assert_eq!(failure("sudo: a password is required"), SudoFailure::NeedsPassword);
        let rs = "sudo-rs: interactive authentication is required";
        assert_eq!(failure(rs), SudoFailure::NeedsPassword);
        assert_eq!(failure("eve is not in the sudoers file."), SudoFailure::NotAllowed);
        assert_eq!(failure("I'm sorry eve. I'm afraid I can't do that"), SudoFailure::NotAllowed);
        assert_eq!(failure("env: 'sudo': No such file or directory"), SudoFailure::Missing);
        assert_eq!(failure("sudo: unable to resolve host"), SudoFailure::Other);
        assert_eq!(failure("doas: Authentication required"), SudoFailure::NeedsPassword);
        assert_eq!(failure("doas: Operation not permitted"), SudoFailure::NotAllowed);
    }

    #[test]
    fn the_last_words_are_told_without_the_prompt() {
        let mut watch = SudoWatch::new("sudo-ab");
        watch.feed(b"motd\nSorry, try again.\nsudo-absudo: 3 incorrect password attempts\n\n");
        assert_eq!(watch.last_words(), "sudo: 3 incorrect password attempts");
    }
}
