//! `%h` and its kin, and `~`, in the values of an ssh configuration. Asks no environment.

use super::Local;
use crate::text::{Report, Reports, Spanned};
use std::path::PathBuf;

/// What the tokens of one host stand for.
#[derive(Clone, Copy, Debug)]
pub(in crate::config) struct Tokens<'a> {
    /// `%h`: the address.
    pub address: &'a str,
    /// `%n`: the name that was looked up.
    pub name: &'a str,
    /// `%p`
    pub port: u16,
    /// `%r`: the remote user.
    pub user: &'a str,
    /// `%d` and `%u`.
    pub local: &'a Local,
}

/// The text with its tokens replaced, those in `allowed` only.
pub(in crate::config) fn text(
    value: &Spanned<String>,
    allowed: &str,
    tokens: &Tokens<'_>,
    reports: &mut Reports,
) -> Option<String> {
    let mut out = String::new();
    let mut chars = value.value.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('%') => out.push('%'),
            Some(token) if allowed.contains(token) => out.push_str(&tokens.value(token)),
            token => {
                let token = token.map(String::from).unwrap_or_default();
                let known: Vec<String> = allowed.chars().map(|c| format!("`%{c}`")).collect();
                let report = Report::error(format!("`%{token}` is not supported here"));
                let expected = format!("`%%`, {}", known.join(", "));
                reports.push(report.at(&value.span).expected(expected));
                return None;
            }
        }
    }
    Some(out)
}

/// A path: tokens replaced, `~` being the home folder. A relative one would depend on where one
/// stands, and is refused.
pub(in crate::config) fn path(
    value: &Spanned<String>,
    tokens: &Tokens<'_>,
    reports: &mut Reports,
) -> Option<PathBuf> {
    let path = text(value, "dhnpru", tokens, reports)?;
    if path.contains("${") || !(path.starts_with('/') || path.starts_with("~/")) {
        let report = Report::error(format!("`{}` cannot be resolved here", value.value));
        reports.push(report.at(&value.span).expected("a path that begins with `/` or `~/`"));
        return None;
    }
    Some(tokens.local.home.join(path.strip_prefix("~/").unwrap_or(&path)))
}

impl Tokens<'_> {
    fn value(&self, token: char) -> String {
        match token {
            'd' => self.local.home.display().to_string(),
            'h' => self.address.to_owned(),
            'n' => self.name.to_owned(),
            'p' => self.port.to_string(),
            'r' => self.user.to_owned(),
            _ => self.local.user.clone(),
        }
    }
}
