//! Operating system and host name, from `uname`, `os-release` and `sw_vers`.

use super::answer::{Answer, exact, name, value};
use crate::fleet::OsFacts;

/// What system it is.
pub(super) fn read(answer: &Answer<'_>) -> OsFacts {
    let uname: Vec<&str> = answer.first("uname").unwrap_or_default().split_whitespace().collect();
    let [system, _, release, arch] = uname[..] else { return OsFacts::default() };
    let mut os = OsFacts {
        family: exact(&system.to_ascii_lowercase()),
        kernel: exact(release),
        arch: exact(common_arch(arch)),
        ..OsFacts::default()
    };
    if system == "Darwin" {
        darwin(answer, &mut os)
    } else {
        release_file(answer, &mut os)
    }
    os
}

/// The name the machine gives itself.
pub(super) fn hostname(answer: &Answer<'_>) -> Option<String> {
    exact(answer.first("uname")?.split_whitespace().nth(1)?)
}

/// One name per architecture, whatever the system calls it.
fn common_arch(arch: &str) -> &str {
    match arch {
        "arm64" => "aarch64",
        "amd64" => "x86_64",
        other => other,
    }
}

fn darwin(answer: &Answer<'_>, os: &mut OsFacts) {
    os.version = answer.value("sw_vers", "ProductVersion").and_then(name);
    let product = answer.value("sw_vers", "ProductName").and_then(name);
    os.id = product.is_some().then(|| "macos".to_owned());
    os.name = match (product, &os.version) {
        (Some(product), Some(version)) => Some(format!("{product} {version}")),
        (product, _) => product,
    };
}

fn release_file(answer: &Answer<'_>, os: &mut OsFacts) {
    let own = answer.file("/etc/os-release").next().is_some();
    let path = if own { "/etc/os-release" } else { "/usr/lib/os-release" };
    let field = |key: &str| value(answer.file(path), key).map(unquote);
    os.id = field("ID").as_deref().and_then(short);
    os.like = field("ID_LIKE")
        .map_or_else(Vec::new, |like| like.split_whitespace().take(16).filter_map(short).collect());
    os.name = field("PRETTY_NAME").or_else(|| field("NAME")).as_deref().and_then(name);
    os.version = field("VERSION_ID").as_deref().and_then(name);
}

/// A distribution's short name, as `os-release` allows it.
fn short(text: &str) -> Option<String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if text.chars().all(allowed) { exact(&text.to_ascii_lowercase()) } else { None }
}

/// A value of `os-release`, which is quoted as in a shell.
fn unquote(text: &str) -> String {
    let inner = ['"', '\''].iter().find_map(|q| text.strip_prefix(*q)?.strip_suffix(*q));
    let mut out = String::new();
    let mut chars = inner.unwrap_or(text).chars();
    while let Some(c) = chars.next() {
        out.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    out
}
