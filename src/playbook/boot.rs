//! Starting a program on a host: the command to execute and the bytes to write. Opens nothing.

use bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::text::hex;

use super::Program;
use super::plan::{RootBy, Sh, ShError, quote};

/// How a program is started: one command, which may wait for long, then bytes on its stdin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// Text for `sh -c`: the command of the exec channel. The same for all programs that take the same key of the facts,
    /// so that a shell that was started with it ahead of time waits for any of them.
    pub command: String,
    /// What stdout says, on a line of its own, when a program may be written.
    pub greeting: String,
    /// The line of stdout by which a shell that was asked to stay tells that the program has ended well, and that it
    /// waits for another.
    pub resting: String,
    /// What stderr holds when sudo asks for the password. A second time: it was wrong.
    pub prompt: Option<String>,
    nonce: String,
    how: &'static str,
}

const DOOR: &str = include_str!("runner/door.sh");
const BOOT: &str = include_str!("runner/boot.sh");

impl Start {
    /// The start of a program as the login, or as root by way of `root`.
    ///
    /// `nonce` is 16 random bytes or more in hex. `key_fn` is the plan's: the key of the facts is taken by it before
    /// anybody becomes root, and given to the program as an argument.
    pub fn new(root: Option<RootBy>, nonce: &str, key_fn: Option<&Sh>) -> Result<Self, ShError> {
        let (key, given) = key_fn.map_or(("", "''"), |text| (text.as_str(), "key"));
        let start = Self {
            command: format!(
                "set -- {} {given}\nLC_ALL=C\nexport LC_ALL\n{key}\n{}",
                quote(&bare(BOOT))?,
                bare(DOOR)
            ),
            greeting: format!("shelter:{nonce}"),
            resting: format!("shelter-rests:{nonce}"),
            prompt: None,
            nonce: nonce.to_owned(),
            how: "login",
        };
        Ok(start.by(root))
    }

    /// The same start with root reached in another way.
    #[must_use]
    pub fn by(self, root: Option<RootBy>) -> Self {
        let how = match root {
            Some(RootBy::Sudo) => "sudo",
            Some(RootBy::SudoPassword) => "password",
            Some(RootBy::Doas) => "doas",
            Some(RootBy::Login | RootBy::Nothing) | None => "login",
        };
        let prompt = (how == "password").then(|| format!("sudo-{}", self.nonce));
        Self { how, prompt, ..self }
    }

    /// The program that makes root of the login, if one is asked.
    pub fn root_program(&self) -> Option<&'static str> {
        match self.how {
            "sudo" | "password" => Some("sudo"),
            "doas" => Some("doas"),
            _ => None,
        }
    }

    /// The line that wakes the shell: the first bytes of its stdin. Where secrets follow, root looks first whether
    /// anybody writes down what it is given. A shell that stays waits for another such line when the program has ended;
    /// for one that does not, stdin may be closed behind the program.
    pub fn wake(&self, secrets: bool, stays: bool) -> Vec<u8> {
        let veiled = if secrets { "-veiled" } else { "" };
        let stay = if stays { " stay" } else { "" };
        format!("{} {}{veiled}{stay}\n", self.nonce, self.how).into_bytes()
    }

    /// The bytes of `program`, in pieces: all that may be written before it has ended.
    pub fn stdin(&self, program: &Program) -> Vec<Bytes> {
        let Program { pieces, slots, .. } = program;
        let length: usize = pieces.iter().map(Bytes::len).sum();
        let hash = pieces.iter().fold(Sha256::new(), Sha256::chain_update).finalize();
        let (hash, cksum, slots) = (hex(&hash), cksum(pieces), slots.len());
        let head = format!("{} {length} {hash} {cksum} {slots}\n", self.nonce);
        let mut out = head.into_bytes();
        for slot in &program.slots {
            out.extend_from_slice(slot.reveal().as_bytes());
            out.push(b'\n');
        }
        std::iter::once(out.into()).chain(pieces.iter().cloned()).collect()
    }
}

/// Shell text of ours without its comments.
fn bare(text: &str) -> String {
    text.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n")
}

/// The CRC of POSIX cksum, for hosts without SHA-256: against truncation, not against malice, for which SSH stands.
fn cksum(pieces: &[Bytes]) -> u32 {
    let mut length: usize = pieces.iter().map(Bytes::len).sum();
    let mut crc = pieces.iter().flatten().fold(0, |crc, &byte| step(crc, byte));
    while length > 0 {
        crc = step(crc, (length & 0xff) as u8);
        length >>= 8;
    }
    !crc
}

fn step(crc: u32, byte: u8) -> u32 {
    let mut crc = crc ^ (u32::from(byte) << 24);
    for _ in 0..8 {
        crc = if crc & 0x8000_0000 == 0 { crc << 1 } else { (crc << 1) ^ 0x04c1_1db7 };
    }
    crc
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_posix_cksum() {
        assert_eq!(cksum(&["a".into(), "bc".into()]), 1_219_131_554);
        assert_eq!(cksum(&[]), 4_294_967_295);
    }
}
