//! Vitals: the program that asks a host for its services, its clock and its boot, and the parser of what it answers.
//! Runs nothing.

use crate::fleet::{Service, Skew, Timestamp, Vitals};
use crate::text::inert_line;

use super::facts::{Exchange, Token, skew};

/// The program without its first line, which holds what it is given.
const BODY: &str = include_str!("vitals.sh");
/// A host may not fill our memory with names.
const MOST_UNITS: usize = 200;

/// The program: POSIX sh for the standard input of `sh`. It changes nothing there and needs no right.
///
/// Names of units that systemd could not have are left out.
pub fn program(token: &Token, units: &[String]) -> String {
    let fit = |unit: &&String| is_unit(unit);
    let units: Vec<&str> = units.iter().filter(fit).map(String::as_str).collect();
    let units = units.join(" ");
    format!("shelter_token={} shelter_units='{units}'\n{BODY}", token.as_str())
}

/// Whether a text can name a unit, and so stand in a shell as it is.
pub fn is_unit(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "@._:-".contains(c);
    !text.is_empty() && text.len() < 256 && !text.starts_with('-') && text.chars().all(fits)
}

/// Reads an answer. `None`: it is none, or not whole.
pub fn parse(output: &[u8], exchange: &Exchange) -> Option<Vitals> {
    let text = String::from_utf8_lossy(output);
    let mark = exchange.token.as_str();
    let said = || text.lines().filter_map(|line| line.strip_prefix(mark)?.strip_prefix(' '));
    said().find(|line| *line == "end")?;
    let first = |word: &str| {
        said().find_map(|line| line.strip_prefix(word)?.strip_prefix(' ').map(str::trim))
    };
    let skew = skew(first("clock"), first("clock-end"), exchange);
    let systemd = said().any(|line| line == "systemd");
    let failed = said().filter_map(|line| line.strip_prefix("failed "));
    let failed = failed.take(MOST_UNITS).map(|unit| inert_line(unit.trim())).collect();
    Some(Vitals {
        services: said().filter_map(service).take(MOST_UNITS).collect(),
        failed: systemd.then_some(failed),
        skew: skew.map(|(by, doubt)| Skew { by, doubt }),
        boot_id: first("boot").map(inert_line),
    })
}

/// `unit NAME LoadState=… ActiveState=… SubState=…`, in whatever order. One that is not known there is told as such.
fn service(line: &str) -> Option<Service> {
    let mut words = line.strip_prefix("unit ")?.split_whitespace();
    let name = inert_line(words.next()?);
    let (mut load, mut state, mut detail) = (None, None, None);
    for word in words {
        match word.split_once('=')? {
            ("LoadState", value) => load = Some(value),
            ("ActiveState", value) => state = Some(value),
            ("SubState", value) => detail = Some(value),
            _ => {}
        }
    }
    let detail = match load? {
        "loaded" => detail?,
        other => other,
    };
    Some(Service { name, state: inert_line(state?), detail: inert_line(detail) })
}

/// The exchange of an answer that was asked for then and came then.
pub fn exchange(token: Token, sent: Timestamp, received: Timestamp) -> Exchange {
    Exchange { token, sent, received }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fleet::Millis;

    fn read(body: &str) -> Option<Vitals> {
        let token = Token::new(1);
        let text: String =
            body.lines().map(|line| format!("{} {line}\n", token.as_str())).collect();
        let exchange = exchange(token, Timestamp(1_700_000_000_000), Timestamp(1_700_000_000_200));
        parse(text.as_bytes(), &exchange)
    }

    #[test]
    fn services_failed_units_clock_and_boot_are_read() {
        let vitals = read(
            "clock 1700000060050000000\nboot 3d1f\nunit ssh LoadState=loaded ActiveState=active SubState=running\n\
             unit gone LoadState=not-found ActiveState=inactive SubState=dead\nsystemd\n\
             failed llama.service\nclock-end 1700000060150000000\nend",
        );
        let vitals = vitals.unwrap();
        let told: Vec<(&str, bool)> =
            vitals.services.iter().map(|s| (s.name.as_str(), s.is_up())).collect();
        assert_eq!(told, [("ssh", true), ("gone", false)]);
        assert_eq!(vitals.services[1].detail, "not-found");
        assert_eq!(vitals.failed, Some(vec!["llama.service".to_owned()]));
        let skew = vitals.skew.unwrap();
        assert_eq!((skew.by, vitals.boot_id.as_deref()), (Millis(60_000), Some("3d1f")));
        assert!(skew.doubt.0 <= 51, "{skew:?}");
    }

    #[test]
    fn what_is_not_whole_is_nothing_and_no_systemd_is_not_none_failed() {
        assert_eq!(read("clock 1700000060050000000\nboot 3d1f"), None);
        assert_eq!(read("boot 3d1f\nend").unwrap().failed, None);
    }

    #[test]
    fn a_name_that_a_shell_could_misread_is_not_asked_for() {
        for odd in ["", "-a", "a b", "a'b", "$(id)", "a;b", "a/b"] {
            assert!(!is_unit(odd), "{odd}");
        }
        let program = program(&Token::new(1), &["llama@0.service".into(), "x'; id".into()]);
        assert!(program.contains("shelter_units='llama@0.service'\n"), "{program}");
    }
}
