//! How many colours a terminal shows, told from its environment alone: asking it would mean waiting.

/// How many colours there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// All of them.
    True,
    /// The 256 of xterm.
    Indexed,
    /// Sixteen, which the user chose.
    Sixteen,
    /// None: bold, dim, underlined and reversed alone.
    Bare,
}

/// What is known of a terminal before it has said anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// `NO_COLOR`: any value but the empty one forbids colour.
    pub no_color: Option<String>,
    /// `COLORTERM`: `truecolor` or `24bit` where there are all colours.
    pub colorterm: Option<String>,
    /// `TERM`.
    pub term: Option<String>,
    /// `TERM_PROGRAM`.
    pub term_program: Option<String>,
    /// `STY`: set inside GNU screen, which passes on a `COLORTERM` it does not honour.
    pub sty: Option<String>,
    /// `SSH_CONNECTION`: set where the terminal is far away.
    pub ssh: Option<String>,
}

/// Terminals that show all colours and whose `TERM` survives a login where `COLORTERM` does not.
const ALL_COLOURS: [&str; 6] = ["kitty", "alacritty", "wezterm", "foot", "ghostty", "direct"];
/// Programs that show all colours whatever they call themselves in `TERM`.
const PROGRAMS: [&str; 4] = ["iTerm.app", "WezTerm", "vscode", "ghostty"];
/// Terminals of the time before colour.
const WITHOUT: [&str; 4] = ["dumb", "vt100", "vt220", "xterm-mono"];

impl Depth {
    /// Every depth.
    pub const ALL: [Self; 4] = [Self::True, Self::Indexed, Self::Sixteen, Self::Bare];

    /// As many as the terminal says it has.
    pub fn of(environment: &Environment) -> Self {
        let set = |value: &Option<String>| value.as_ref().is_some_and(|v| !v.is_empty());
        let term = environment.term.as_deref().unwrap_or_default();
        if set(&environment.no_color) || WITHOUT.contains(&term) {
            return Self::Bare;
        }
        if !set(&environment.sty) && shows_all(environment, term) {
            return Self::True;
        }
        if term.contains("256") { Self::Indexed } else { Self::Sixteen }
    }

    /// The depth of that name, as settings write it.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|depth| depth.name() == name)
    }

    /// Its name in settings.
    pub fn name(self) -> &'static str {
        match self {
            Self::True => "truecolor",
            Self::Indexed => "256",
            Self::Sixteen => "16",
            Self::Bare => "none",
        }
    }
}

impl Environment {
    /// What the variables say, by whatever reads them.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            no_color: variable("NO_COLOR"),
            colorterm: variable("COLORTERM"),
            term: variable("TERM"),
            term_program: variable("TERM_PROGRAM"),
            sty: variable("STY"),
            ssh: variable("SSH_CONNECTION").or_else(|| variable("SSH_TTY")),
        }
    }
}

fn shows_all(environment: &Environment, term: &str) -> bool {
    let colorterm = environment.colorterm.as_deref().unwrap_or_default();
    let program = environment.term_program.as_deref().unwrap_or_default();
    matches!(colorterm, "truecolor" | "24bit")
        || ALL_COLOURS.iter().any(|name| term.contains(name))
        || PROGRAMS.contains(&program)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depth(variables: &[(&str, &str)]) -> Depth {
        let read = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Depth::of(&Environment::read(read))
    }

    #[test]
    fn the_environment_tells_how_many_colours_there_are() {
        let cases: [(&[(&str, &str)], Depth); 12] = [
            (&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")], Depth::True),
            (&[("TERM", "tmux-256color"), ("COLORTERM", "24bit")], Depth::True),
            (&[("TERM", "xterm-256color"), ("COLORTERM", "yes")], Depth::Indexed),
            (&[("TERM", "xterm-kitty")], Depth::True),
            (&[("TERM", "xterm-direct")], Depth::True),
            (&[("TERM", "xterm-256color"), ("TERM_PROGRAM", "Apple_Terminal")], Depth::Indexed),
            (&[("TERM", "xterm-256color"), ("TERM_PROGRAM", "iTerm.app")], Depth::True),
            (&[("TERM", "screen"), ("COLORTERM", "truecolor"), ("STY", "1.pts")], Depth::Sixteen),
            (&[("TERM", "linux")], Depth::Sixteen),
            (&[], Depth::Sixteen),
            (&[("TERM", "dumb"), ("COLORTERM", "truecolor")], Depth::Bare),
            (&[("TERM", "xterm-kitty"), ("NO_COLOR", "1")], Depth::Bare),
        ];
        for (variables, expected) in cases {
            assert_eq!(depth(variables), expected, "{variables:?}");
        }
        assert_eq!(depth(&[("TERM", "xterm"), ("NO_COLOR", "")]), Depth::Sixteen);
    }

    #[test]
    fn a_depth_is_found_by_its_name() {
        for depth in Depth::ALL {
            assert_eq!(Depth::parse(depth.name()), Some(depth));
        }
        assert_eq!(Depth::parse("many"), None);
    }
}
