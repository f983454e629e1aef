//! Host patterns of known hosts files: wildcards, negation, hashed names. Pure.

use hmac::{Hmac, KeyInit, Mac};
use russh::keys::ssh_key::known_hosts::HostPatterns;
use sha1::Sha1;

/// Whether a server, by its name in lower case (`name` or `[name]:port`), is meant.
pub(super) fn matches(patterns: &HostPatterns, server: &str) -> bool {
    match patterns {
        HostPatterns::HashedName { salt, hash } => hashed(salt, server) == *hash,
        HostPatterns::Patterns(patterns) => {
            let mut meant = false;
            for pattern in patterns {
                let pattern = pattern.to_ascii_lowercase();
                match pattern.strip_prefix('!') {
                    Some(pattern) if glob(pattern.as_bytes(), server.as_bytes()) => return false,
                    Some(_) => {}
                    None => meant |= glob(pattern.as_bytes(), server.as_bytes()),
                }
            }
            meant
        }
    }
}

/// The hash under which a server's name is listed.
pub(super) fn hashed(salt: &[u8], server: &str) -> [u8; 20] {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(salt) else { return [0; 20] };
    mac.update(server.as_bytes());
    mac.finalize().into_bytes().into()
}

/// `*` stands for anything, `?` for one character; linear but for the last star, so a hostile
/// pattern costs no more than its length times the name's.
fn glob(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t, mut star) = (0, 0, None);
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == b'?' || *c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((at, from)) = star else { return false };
                star = Some((at, from + 1));
                p = at + 1;
                t = from + 1;
            }
        }
    }
    pattern[p..].iter().all(|c| *c == b'*')
}

#[cfg(test)]
mod tests {
    use super::glob;

    #[test]
    fn stars_and_question_marks_match_as_in_a_shell() {
        let check = |pattern: &str, text: &str| glob(pattern.as_bytes(), text.as_bytes());
        assert!(check("*", "") && check("a*c", "abbc") && check("a?c", "abc") && check("**a", "a"));
        assert!(!check("a?c", "ac") && !check("a*d", "abc") && !check("", "a") && !check("?", ""));
    }
}
