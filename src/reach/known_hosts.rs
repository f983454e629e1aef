//! Known hosts files: what they say of a server and its key. Reads only; `trust` writes.

use std::path::{Path, PathBuf};

use russh::keys::ssh_key::PublicKey;
use russh::keys::ssh_key::known_hosts::{Entry, HostPatterns, Marker};

use super::dial::plain;
use super::host_key::{HostKey, HostKeyError, KeyLine};
use super::patterns;
use super::policy::{Pins, same_kind};

/// All that known hosts files say of one server.
#[derive(Clone, Debug)]
pub struct Acquaintance {
    /// The name the server was looked up by.
    pub server: String,
    known: Vec<(KeyLine, PublicKey)>,
    revoked: Vec<(KeyLine, PublicKey)>,
    authorities: Vec<(KeyLine, PublicKey)>,
}

/// What the files say of a key that a server showed. Refusals are `HostKeyError`s.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is the server's.
    Known,
    /// Nothing is known of this server.
    Unknown,
}

impl Acquaintance {
    /// Reads the files and keeps what concerns that server. A file that does not exist says nothing.
    pub fn read(files: &[PathBuf], server: &str) -> Result<Self, HostKeyError> {
        let server = server.to_ascii_lowercase();
        let mut found =
            Self { server, known: Vec::new(), revoked: Vec::new(), authorities: Vec::new() };
        for file in files {
            let text = match std::fs::read_to_string(file) {
                Ok(text) => text,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                Err(error) => {
                    return Err(HostKeyError::File { file: file.clone(), why: plain(&error) });
                }
            };
            found.take(file, &text)?;
        }
        Ok(found)
    }

    /// What the server is to be asked for, so that it shows the key we know.
    pub(super) fn pins(&self) -> Pins {
        let kinds = if self.authorities.is_empty() {
            self.known.iter().map(|(_, key)| key.algorithm()).collect()
        } else {
            Vec::new()
        };
        Pins { kinds, certificates: !self.authorities.is_empty() }
    }

    /// Judges the key the server showed.
    pub fn judge(&self, shown: &PublicKey) -> Result<Verdict, HostKeyError> {
        self.check_revoked(shown)?;
        if self.known.iter().any(|(_, key)| key.key_data() == shown.key_data()) {
            return Ok(Verdict::Known);
        }
        let kind =
            |(_, key): &&(KeyLine, PublicKey)| same_kind(&key.algorithm(), &shown.algorithm());
        let Some((at, known)) = self.known.iter().find(kind).or(self.known.first()) else {
            return Ok(Verdict::Unknown);
        };
        let (server, at, known) = (self.server.clone(), at.clone(), HostKey::new(known.clone()));
        let shown = HostKey::new(shown.clone());
        if same_kind(&known.public().algorithm(), &shown.public().algorithm()) {
            return Err(HostKeyError::Changed { server, shown, known, at });
        }
        Err(HostKeyError::OtherKind { server, shown: shown.to_string(), known, at })
    }

    /// Refuses a key that is declared lost, whatever else is known of it.
    pub(super) fn check_revoked(&self, shown: &PublicKey) -> Result<(), HostKeyError> {
        let same = |(_, key): &&(KeyLine, PublicKey)| key.key_data() == shown.key_data();
        self.revoked.iter().find(same).map_or(Ok(()), |(at, _)| {
            Err(HostKeyError::Revoked {
                server: self.server.clone(),
                shown: HostKey::new(shown.clone()),
                at: at.clone(),
            })
        })
    }

    /// The refusal for a server that has only keys of kinds we do not know it by.
    pub(super) fn other_kind(&self, theirs: &[String]) -> Option<HostKeyError> {
        let (at, known) = self.known.first()?;
        Some(HostKeyError::OtherKind {
            server: self.server.clone(),
            shown: theirs.join(", "),
            known: HostKey::new(known.clone()),
            at: at.clone(),
        })
    }

    /// The authorities that may vouch for this server.
    pub(super) fn authorities(&self) -> impl Iterator<Item = &PublicKey> {
        self.authorities.iter().map(|(_, key)| key)
    }

    fn take(&mut self, file: &Path, text: &str) -> Result<(), HostKeyError> {
        for (index, raw) in text.lines().enumerate() {
            let line = fields(raw);
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let at = KeyLine { file: file.to_owned(), number: index + 1 };
            match line.parse::<Entry>() {
                Ok(entry) => self.add(at, &entry),
                Err(error) if self.may_concern(&line) => {
                    return Err(HostKeyError::BadLine { at, why: error.to_string() });
                }
                Err(_) => {}
            }
        }
        Ok(())
    }

    fn add(&mut self, at: KeyLine, entry: &Entry) {
        if !patterns::matches(entry.host_patterns(), &self.server) {
            return;
        }
        let list = match entry.marker() {
            None => &mut self.known,
            Some(Marker::Revoked) => &mut self.revoked,
            Some(Marker::CertAuthority) => &mut self.authorities,
        };
        list.push((at, entry.public_key().clone()));
    }

    /// Whether a line that cannot be parsed could have been about this server. Kinds of key that
    /// nobody accepts any more are not missed.
    fn may_concern(&self, line: &str) -> bool {
        let mut words = line.split(' ');
        let mut hosts = words.next().unwrap_or_default();
        if hosts.starts_with('@') {
            hosts = words.next().unwrap_or_default();
        }
        let kind = words.next().unwrap_or_default();
        let obsolete = kind == "ssh-dss" || kind.bytes().all(|b| b.is_ascii_digit());
        let foreign =
            hosts.parse::<HostPatterns>().is_ok_and(|p| !patterns::matches(&p, &self.server));
        !foreign && (!obsolete || kind.is_empty())
    }
}

/// The line with single blanks between its fields, for editors and people also use tabs.
fn fields(raw: &str) -> String {
    raw.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ";
    const B: &str =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB9dG4kjRhQTtWTVzd2t27+t0DEHBPW7iOD23TUiYLio";
    const P256: &str = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBHwf2HMM5TRXvo2SQJjsNkiDD5KqiiNjrGVv3UUh+mMT5RHxiRtOnlqvjhQtBq0VpmpCV/PwUdhOig4vkbqAcEc=";

    fn check(text: &str, server: &str, shown: &str) -> Result<Verdict, HostKeyError> {
        let mut found = Acquaintance::read(&[], server)?;
        found.take(Path::new("kh"), text)?;
        found.judge(&PublicKey::from_openssh(shown).expect("a key"))
    }

    #[test]
    fn a_key_is_known_by_name_pattern_port_and_hash() {
        let hashed = "|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg=";
        let cases = [
            ("alder", "alder"),
            ("birch,alder", "alder"),
            ("Alder", "ALDER"),
            ("*.lan", "alder.lan"),
            ("al?er", "alder"),
            ("[alder]:2222", "[alder]:2222"),
            ("[*]:2222", "[alder]:2222"),
            (hashed, "192.168.1.61"),
        ];
        for (hosts, server) in cases {
            assert_eq!(check(&format!("{hosts} {A}"), server, A), Ok(Verdict::Known), "{hosts}");
            assert_eq!(check(&format!("{hosts}\t {A}  c"), server, A), Ok(Verdict::Known));
            assert_eq!(check(&format!("{hosts} {A}"), "elsewhere", A), Ok(Verdict::Unknown));
        }
    }

    #[test]
    fn a_negated_pattern_takes_a_server_out() {
        assert_eq!(check(&format!("*.lan,!alder.lan {A}"), "alder.lan", A), Ok(Verdict::Unknown));
        assert_eq!(check(&format!("!alder {A}"), "birch", A), Ok(Verdict::Unknown));
    }

    #[test]
    fn another_port_is_another_server() {
        assert_eq!(check(&format!("alder {A}"), "[alder]:2222", A), Ok(Verdict::Unknown));
        assert_eq!(check(&format!("[alder]:2222 {A}"), "alder", A), Ok(Verdict::Unknown));
    }

    #[test]
    fn a_changed_key_names_the_line_that_knows_better() {
        let error = check(&format!("# mine\n\nalder {B}\n"), "alder", A).unwrap_err();
        assert!(matches!(&error, HostKeyError::Changed { at, .. } if at.number == 3), "{error}");
    }

    #[test]
    fn a_key_of_another_kind_is_not_taken_for_an_unknown_server() {
        let error = check(&format!("alder {A}"), "alder", P256).unwrap_err();
        assert!(matches!(error, HostKeyError::OtherKind { .. }), "{error}");
        let both = format!("alder {A}\nalder {P256}");
        assert_eq!(check(&both, "alder", P256), Ok(Verdict::Known));
    }

    #[test]
    fn a_revoked_key_is_refused_even_where_it_is_also_listed_plainly() {
        for text in
            [format!("alder {A}\n@revoked * {A}"), format!("@revoked\talder {A}\nalder {A}")]
        {
            let error = check(&text, "alder", A).unwrap_err();
            assert!(matches!(error, HostKeyError::Revoked { .. }), "{error}");
        }
        assert_eq!(check(&format!("@revoked * {B}\nalder {A}"), "alder", A), Ok(Verdict::Known));
    }

    #[test]
    fn a_broken_line_about_the_server_is_an_error_with_its_place() {
        let error = check("alder ssh-ed25519 AAAA\n", "alder", A).unwrap_err();
        assert!(matches!(&error, HostKeyError::BadLine { at, .. } if at.number == 1), "{error}");
        let error = check("@revked alder ssh-ed25519 AAAA\n", "alder", A).unwrap_err();
        assert!(matches!(error, HostKeyError::BadLine { .. }), "{error}");
        let others = format!("birch ssh-ed25519 AAAA\nalder ssh-dss AAAA\nalder {A}");
        assert_eq!(check(&others, "alder", A), Ok(Verdict::Known));
    }

    #[test]
    fn a_missing_file_says_nothing_and_an_unreadable_one_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        let missing = folder.path().join("none");
        assert!(Acquaintance::read(&[missing], "alder").is_ok());
        let error = Acquaintance::read(&[folder.path().to_owned()], "alder").unwrap_err();
        assert!(matches!(error, HostKeyError::File { .. }), "{error}");
    }

    #[test]
    fn a_known_server_is_asked_only_for_the_kinds_we_know_it_by() {
        let mut found = Acquaintance::read(&[], "alder").expect("nothing to read");
        found.take(Path::new("kh"), &format!("alder {P256}\n@cert-authority *.x {A}")).expect("ok");
        let pins = found.pins();
        assert_eq!(pins.kinds.len(), 1);
        assert!(pins.kinds[0].clone().is_ecdsa() && !pins.certificates);
    }
}
