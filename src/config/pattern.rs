//! Which hosts are meant: `all`, a name, a group, `alder-*`, and `a:&b:!c` made of them.

use super::wildcard;
use crate::fleet::{Host, HostName, Inventory};
use crate::text::{Report, Reports, Source, Span};

/// A choice of hosts.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    span: Span,
    terms: Vec<Term>,
}

#[derive(Clone, Debug, PartialEq)]
struct Term {
    kind: TermKind,
    word: String,
    span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TermKind {
    /// These too.
    Add,
    /// Of those, only these (`&`).
    Keep,
    /// Of those, not these (`!`).
    Drop,
}

impl Pattern {
    /// The pattern in an argument of the command line, such as `--limit`, which reports then name.
    pub fn from_argument(argument: &str, text: &str) -> Result<Self, Reports> {
        Self::parse(&Source::new(argument, text).whole())
    }

    /// The pattern that stands at `span`.
    pub fn parse(span: &Span) -> Result<Self, Reports> {
        let mut reports = Reports::new();
        let mut terms = Vec::new();
        let text = span.text();
        let mut start = 0;
        for piece in text.split([':', ',']) {
            let lead = piece.len() - piece.trim_start().len();
            let place = span.part(start + lead..start + piece.trim_end().len().max(lead));
            match term(place) {
                Ok(term) => terms.push(term),
                Err(report) => reports.push(*report),
            }
            start += piece.len() + 1;
        }
        if reports.is_empty() { Ok(Self { span: span.clone(), terms }) } else { Err(reports) }
    }

    /// The hosts that are meant, in the order of the inventory: all that are added, of those what is
    /// to be kept, without what is dropped, whatever the order of the terms. None is an error.
    pub fn select(&self, inventory: &Inventory) -> Result<Vec<HostName>, Reports> {
        let mut reports = Reports::new();
        for term in self.terms.iter().filter(|term| !term.is_known(inventory)) {
            reports.push(term.unknown(inventory));
        }
        if !reports.is_empty() {
            return Err(reports);
        }
        let chosen: Vec<HostName> = inventory
            .hosts
            .iter()
            .filter(|host| self.means(host))
            .map(|h| h.name.clone())
            .collect();
        if chosen.is_empty() {
            let text = self.span.text();
            return Err(Report::error(format!("no host is in `{text}`")).at(&self.span).into());
        }
        Ok(chosen)
    }

    fn means(&self, host: &Host) -> bool {
        let of = |kind| self.terms.iter().filter(move |term| term.kind == kind);
        let added = of(TermKind::Add).next().is_none() || of(TermKind::Add).any(|t| t.holds(host));
        added
            && of(TermKind::Keep).all(|t| t.holds(host))
            && !of(TermKind::Drop).any(|t| t.holds(host))
    }
}

impl Term {
    fn holds(&self, host: &Host) -> bool {
        let fits = |name: &str| match wildcard::is_wildcard(&self.word) {
            true => wildcard::matches(&self.word, name),
            false => self.word == name,
        };
        self.word == "all"
            || fits(host.name.as_str())
            || host.groups.iter().any(|g| fits(g.as_str()))
    }

    fn is_known(&self, inventory: &Inventory) -> bool {
        self.word == "all"
            || inventory.hosts.iter().any(|host| self.holds(host))
            || inventory.groups.iter().any(|group| group.as_str() == self.word)
    }

    fn unknown(&self, inventory: &Inventory) -> Report {
        if wildcard::is_wildcard(&self.word) {
            let message = format!("`{}` matches no host and no group", self.word);
            return Report::error(message).at(&self.span);
        }
        let names = inventory.names().map(HostName::as_str);
        let names = names.chain(inventory.groups.iter().map(|group| group.as_str())).chain(["all"]);
        Report::error(format!("no host or group is called `{}`", self.word))
            .at(&self.span)
            .nearest(&self.word, names)
    }
}

fn term(span: Span) -> Result<Term, Box<Report>> {
    let text = span.text();
    let (kind, word) = match text.split_at_checked(1) {
        Some(("&", word)) => (TermKind::Keep, word),
        Some(("!", word)) => (TermKind::Drop, word),
        _ => (TermKind::Add, text),
    };
    let odd = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '*' | '?'));
    let report = if word.is_empty() {
        Report::error("a pattern with nothing in it")
            .expected("a host, a group, `all` or a wildcard")
    } else if word.starts_with('-') {
        Report::error(format!("`{word}` begins with `-`")).expected("a host, a group or `all`")
    } else if let Some(c) = word.chars().find(|c| odd(*c)) {
        Report::error(format!("`{c}` in a pattern"))
            .expected("names, `*`, `?`, and `&` or `!` before them")
    } else {
        return Ok(Term { kind, word: word.to_owned(), span: span.clone() });
    };
    Err(Box::new(report.at(&span)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Local, SshConfig, inventory};

    fn fleet() -> Inventory {
        let text = "hosts: {alder-1: , alder-2: {groups: gpu}, birch: {groups: [gpu, old]}}\n\
                    groups: {old: {vars: {x: 1}}, bare: }";
        let ssh = SshConfig::none(Local { home: "/home/me".into(), user: "me".into() });
        inventory(&Source::new("f", text), &ssh).unwrap().inventory
    }

    fn chosen(text: &str) -> String {
        match Pattern::from_argument("--limit", text).and_then(|p| p.select(&fleet())) {
            Ok(names) => names.iter().map(HostName::as_str).collect::<Vec<_>>().join(" "),
            Err(reports) => reports.to_string(),
        }
    }

    #[test]
    fn patterns_choose_hosts_in_the_order_of_the_inventory() {
        let cases = [
            ("all", "alder-1 alder-2 birch"),
            ("birch,alder-1", "alder-1 birch"),
            ("gpu", "alder-2 birch"),
            ("alder-*", "alder-1 alder-2"),
            ("alder-?:!gpu", "alder-1"),
            ("gpu:&alder-*", "alder-2"),
            ("!old", "alder-1 alder-2"),
            ("!old:gpu", "alder-2"),
            (" alder-1 , birch ", "alder-1 birch"),
            ("o*", "birch"),
        ];
        for (text, hosts) in cases {
            assert_eq!(chosen(text), hosts, "{text}");
        }
    }

    #[test]
    fn what_chooses_nothing_is_an_error_with_its_place() {
        insta::assert_snapshot!(chosen("gpu:alder-3,!olt"), @r"
        error: no host or group is called `alder-3`
          --> --limit:1:5
           |
         1 | gpu:alder-3,!olt
           |     ^^^^^^^
           |
           = help: did you mean `alder-1`?

        error: no host or group is called `olt`
          --> --limit:1:13
           |
         1 | gpu:alder-3,!olt
           |             ^^^^
           |
           = help: did you mean `old`?
        ");
        insta::assert_snapshot!(chosen("a::-b:$(c)"), @r"
        error: a pattern with nothing in it
          --> --limit:1:3
           |
         1 | a::-b:$(c)
           |   ^ expected a host, a group, `all` or a wildcard

        error: `-b` begins with `-`
          --> --limit:1:4
           |
         1 | a::-b:$(c)
           |    ^^ expected a host, a group or `all`

        error: `$` in a pattern
          --> --limit:1:7
           |
         1 | a::-b:$(c)
           |       ^^^^ expected names, `*`, `?`, and `&` or `!` before them
        ");
        assert!(chosen("gpu:&alder-1").starts_with("error: no host is in `gpu:&alder-1`"));
        assert!(chosen("bare").starts_with("error: no host is in `bare`"));
        assert!(chosen("oak-*").starts_with("error: `oak-*` matches no host and no group"));
    }
}
