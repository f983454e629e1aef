//! The tar stream of a folder, as every tar reads it: ustar with GNU's long names. Pure bytes, no I/O.

use std::os::unix::ffi::OsStrExt;

use super::tree::{Entry, What};

const BLOCK: usize = 512;
/// The bytes of a name that fit into a header.
const NAME: usize = 100;
/// Larger sizes do not fit into eleven octal digits.
const OCTAL: u64 = 8 << 30;

/// What precedes an entry's content.
pub(super) fn header(entry: &Entry) -> Vec<u8> {
    let path = entry.path.as_os_str().as_bytes();
    let (kind, size, link) = match &entry.what {
        What::Folder => (b'5', 0, [].as_slice()),
        What::File { size } => (b'0', *size, [].as_slice()),
        What::Link { to } => (b'2', 0, to.as_os_str().as_bytes()),
    };
    let mut out = Vec::new();
    if link.len() > NAME {
        long(&mut out, b'K', link);
    }
    if path.len() > NAME {
        long(&mut out, b'L', path);
    }
    block(&mut out, path, &Fields { kind, mode: entry.mode, size, link });
    out
}

/// What follows a content of that size.
pub(super) fn padding(size: u64) -> Vec<u8> {
    let over = usize::try_from(size % BLOCK as u64).unwrap_or(0);
    vec![0; (BLOCK - over) % BLOCK]
}

/// What ends a stream.
pub(super) fn end() -> Vec<u8> {
    vec![0; 2 * BLOCK]
}

struct Fields<'a> {
    kind: u8,
    mode: u32,
    size: u64,
    link: &'a [u8],
}

fn long(out: &mut Vec<u8>, kind: u8, name: &[u8]) {
    let size = name.len() as u64 + 1;
    block(out, b"././@LongLink", &Fields { kind, mode: 0, size, link: &[] });
    out.extend_from_slice(name);
    out.push(0);
    out.extend(padding(size));
}

fn block(out: &mut Vec<u8>, name: &[u8], fields: &Fields<'_>) {
    let mut block = [0_u8; BLOCK];
    let mut put = |at: usize, bytes: &[u8]| block[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &name[..name.len().min(NAME)]);
    put(100, format!("{:07o}", fields.mode).as_bytes());
    put(108, b"0000000");
    put(116, b"0000000");
    if fields.size < OCTAL {
        put(124, format!("{:011o}", fields.size).as_bytes());
    } else {
        put(124, &[0x80, 0, 0, 0]);
        put(128, &fields.size.to_be_bytes());
    }
    put(136, b"00000000000");
    put(148, b"        ");
    put(156, &[fields.kind]);
    put(157, &fields.link[..fields.link.len().min(NAME)]);
    put(257, b"ustar\x0000");
    let sum: u32 = block.iter().map(|b| u32::from(*b)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    out.extend_from_slice(&block);
}
