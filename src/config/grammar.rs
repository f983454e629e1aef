//! What may stand for a user, an address, a jump. Narrow on purpose: these words reach command lines
//! and logs, and one that begins with `-` has been taken for an option before (CVE-2023-51385).

use std::net::{Ipv4Addr, Ipv6Addr};

/// A machine to go through, as written: `[user@]address[:port]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Jump {
    pub user: Option<String>,
    pub address: String,
    pub port: Option<u16>,
}

/// A user of a remote machine. The error says what was expected.
pub(super) fn user(text: &str) -> Result<String, String> {
    let odd = |c: &char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '@'));
    let expected = if text.is_empty() {
        "a name".to_owned()
    } else if text.starts_with('-') {
        "a name that does not begin with `-`".to_owned()
    } else if !text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') {
        "a name that begins with a letter, a digit or `_`".to_owned()
    } else if let Some(c) = text.chars().find(odd) {
        format!("only letters, digits and `._-+@`, not `{c}`")
    } else if text.len() > 64 {
        "at most 64 characters".to_owned()
    } else {
        return Ok(text.to_owned());
    };
    Err(expected)
}

/// A host name or an IP address; IPv6 may stand in brackets and carry a zone.
pub(super) fn address(text: &str) -> Result<String, String> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    if bare.contains(':') && !text.contains('@') {
        return ipv6(bare).ok_or_else(|| match text.rsplit_once(':') {
            Some((_, port)) if text.matches(':').count() == 1 && number(port) => {
                format!("an address alone; write `port: {port}` beside it")
            }
            _ => "a host name or an IP address".to_owned(),
        });
    }
    if let Some((user, _)) = text.split_once('@') {
        return Err(format!("an address alone; write `user: {user}` beside it"));
    }
    host_name(text)
}

fn ipv6(text: &str) -> Option<String> {
    let (address, zone) = match text.split_once('%') {
        Some((address, zone)) => (address, Some(zone)),
        None => (text, None),
    };
    let zone_stands = zone.is_none_or(|zone| {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        zone.starts_with(|c: char| c.is_ascii_alphanumeric())
            && zone.len() <= 15
            && zone.bytes().all(plain)
    });
    (address.parse::<Ipv6Addr>().is_ok() && zone_stands).then(|| text.to_owned())
}

fn host_name(text: &str) -> Result<String, String> {
    let odd = |c: &char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'));
    let labels: Vec<&str> = text.strip_suffix('.').unwrap_or(text).split('.').collect();
    let expected = if text.is_empty() {
        "a host name or an IP address".to_owned()
    } else if labels.iter().any(|label| label.starts_with('-')) {
        "a name of which no part begins with `-`".to_owned()
    } else if let Some(c) = text.chars().find(odd) {
        format!("only letters, digits and `.-_`, not `{c}`")
    } else if text.len() > 253 || labels.iter().any(|label| label.is_empty() || label.len() > 63) {
        "parts of 1 to 63 characters between the dots".to_owned()
    } else if labels.last().is_some_and(|last| number(last)) && text.parse::<Ipv4Addr>().is_err() {
        "four numbers from 0 to 255 in an IPv4 address".to_owned()
    } else {
        return Ok(text.to_owned());
    };
    Err(expected)
}

fn number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// A port.
pub(super) fn port(text: &str) -> Result<u16, String> {
    let port = if number(text) { text.parse().ok().filter(|port| *port > 0) } else { None };
    port.ok_or_else(|| "a port from 1 to 65535".to_owned())
}

/// A machine to go through.
pub(super) fn jump(text: &str) -> Result<Jump, String> {
    let (name, rest) = match text.rsplit_once('@') {
        Some((name, rest)) => (Some(user(name)?), rest),
        None => (None, text),
    };
    let (host, after) = match rest.find(']') {
        Some(end) if rest.starts_with('[') => rest.split_at(end + 1),
        _ if rest.matches(':').count() == 1 => rest.split_at(rest.find(':').unwrap_or(rest.len())),
        _ => (rest, ""),
    };
    let port = match after.strip_prefix(':') {
        Some(digits) => Some(port(digits)?),
        None if after.is_empty() => None,
        None => return Err("`user@address:port`".to_owned()),
    };
    Ok(Jump { user: name, address: address(host)?.trim_matches(['[', ']']).to_owned(), port })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_are_names_and_numbers_and_nothing_else() {
        for text in
            ["a", "a-b.c_d.", "10.0.0.1", "::1", "fe80::1%eth0", "3com.com", "xn--bcher-kva.de"]
        {
            assert_eq!(address(text).as_deref(), Ok(text));
        }
        assert_eq!(address("[fe80::1]").as_deref(), Ok("fe80::1"));
        for text in [
            "",
            "-oProxyCommand=x",
            "a.-b",
            "a b",
            "a;b",
            "$(a)",
            "a\n",
            "10.0.0.256",
            "1.2.3",
            "a..b",
            "fe80::1%",
            "fe80::1%-x",
            "fe80::1%$(x)",
            "ssh://a",
            "é",
            ":::",
        ] {
            assert!(address(text).is_err(), "{text:?}");
        }
        assert_eq!(address("a:22"), Err("an address alone; write `port: 22` beside it".into()));
        assert_eq!(address("u@a"), Err("an address alone; write `user: u` beside it".into()));
    }

    #[test]
    fn users_never_look_like_options_or_commands() {
        for text in ["ops", "_apt", "a.b-c+d", "u@realm", "1000"] {
            assert_eq!(user(text).as_deref(), Ok(text));
        }
        for text in ["", "-oProxyCommand", "a b", "a`b`", "@a", "ü", "a\\b"] {
            assert!(user(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn jumps_are_taken_apart() {
        let parts =
            |text| jump(text).map(|jump| (jump.user.unwrap_or_default(), jump.address, jump.port));
        let expected = |user: &str, address: &str, port| Ok((user.into(), address.into(), port));
        assert_eq!(parts("gate"), expected("", "gate", None));
        assert_eq!(parts("ops@10.0.0.1:2222"), expected("ops", "10.0.0.1", Some(2222)));
        assert_eq!(parts("[fe80::1%eth0]:22"), expected("", "fe80::1%eth0", Some(22)));
        assert_eq!(parts("u@r@fe80::1"), expected("u@r", "fe80::1", None));
        for text in ["", "@a", "a:0", "a:x", "[::1]x", "-a", "u@-a", "a:70000", "[a"] {
            assert!(jump(text).is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_that_is_accepted_can_be_an_option_or_a_command(text in "[-a-z0-9:.%@$` \\[\\]]{0,12}") {
            let plain = |word: &str| {
                !word.starts_with('-') && !word.contains(['$', '`', ' ', '[', ']'])
            };
            if let Ok(jump) = jump(&text) {
                prop_assert!(plain(&jump.address) && jump.user.is_none_or(|user| plain(&user)));
            }
        }
    }
}
