//! Starting a program on a host: the command to execute and the bytes to write. Opens nothing.

use std::borrow::Cow;

use super::Program;
use super::plan::RootBy;

/// How a program is started: one short command, then its bytes on stdin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// The command for the exec channel, whatever the login shell.
    pub command: String,
    /// What stdout says, on a line of its own, when a program may be written.
    pub greeting: String,
    /// What stderr holds when sudo asks for the password. A second time: it was wrong.
    pub prompt: Option<String>,
    nonce: String,
}

const BOOT: &str = include_str!("runner/boot.sh");

impl Start {
    /// The start of a program that root or the login shall run. `nonce` is 16 random bytes or more in hex.
    pub fn new(root: Option<RootBy>, nonce: &str) -> Self {
        let boot = BOOT.lines().filter(|l| !l.starts_with('#')).collect::<Vec<_>>().join("\n");
        let boot = boot.replace('\'', r"'\''");
        let prompt = format!("sudo-{nonce}");
        let sudo: Cow<'_, str> = match root {
            Some(RootBy::Sudo) => "sudo -n ".into(),
            Some(RootBy::SudoPassword) => format!("sudo -k -S -p {prompt} ").into(),
            _ => "".into(),
        };
        Self {
            command: format!("exec env LC_ALL=C {sudo}sh -c '{boot}' sh {nonce} go"),
            greeting: format!("shelter:{nonce}"),
            prompt: (root == Some(RootBy::SudoPassword)).then_some(prompt),
            nonce: nonce.to_owned(),
        }
    }

    /// The bytes of `program`, after which stdin is to be closed.
    pub fn stdin(&self, program: &Program) -> Vec<u8> {
        let text = program.text.as_bytes();
        let mut out = format!("{} {} {}\n", self.nonce, cksum(text), text.len()).into_bytes();
        out.extend_from_slice(text);
        out
    }
}

/// The CRC of POSIX cksum, which every host has: against truncation, not against malice, for which SSH stands.
fn cksum(bytes: &[u8]) -> u32 {
    let mut length = bytes.len();
    let mut crc = bytes.iter().fold(0, |crc, &byte| step(crc, byte));
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
        assert_eq!(cksum(b"abc"), 1_219_131_554);
        assert_eq!(cksum(b""), 4_294_967_295);
    }
}
