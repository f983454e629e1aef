//! Putting program text together: the frame of every program, and the runner's own shell files. Knows no steps.

use bytes::Bytes;

use super::{CompileError, one_line};
use crate::fleet::Secret;
use crate::playbook::plan::Blob;
use crate::text;

/// A program as it travels: whole or not at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Program {
    /// Its text, ending without a newline. A large blob is a piece of its own, the same in all programs that carry it.
    pub pieces: Vec<Bytes>,
    /// Whether root is to run it.
    pub as_root: bool,
    /// What its slots hold, which is not in its text: assignments, a line each.
    pub slots: Vec<Secret>,
}

impl Program {
    /// Its text in one, for who reads it.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.pieces.concat()).into_owned()
    }
}

/// Shorter ones travel faster in one piece with the text around them.
const LARGE: usize = 64 * 1024;

/// The runner's files. Later ones use what earlier ones define.
const CORE: &str = include_str!("../runner/core.sh");
const LEG: &str = include_str!("../runner/leg.sh");
const PREY: &str = include_str!("../runner/prey.sh");
const LOCK: &str = include_str!("../runner/lock.sh");
const FORETELL: &str = include_str!("../runner/foretell.sh");
const VERDICT: &str = include_str!("../runner/verdict.sh");
const LOOK: &str = include_str!("../runner/look.sh");
const DETACH: &str = include_str!("../runner/detach.sh");
const ROOM: &str = include_str!("../runner/room.sh");
const ATTACH: &str = include_str!("../runner/attach.sh");
const MONITOR: &str = include_str!("../runner/monitor.sh");
const HANDLERS: &str = include_str!("../runner/handlers.sh");
const APPLY: &str = include_str!("../runner/apply.sh");
const BARE: &str = include_str!("../runner/bare.sh");
const SLOTS: &str = include_str!("../runner/slots.sh");
const VEIL: &str = include_str!("../runner/veil.sh");
const OUTPUT: &str = include_str!("../runner/output.sh");
const UNDO: &str = include_str!("../runner/undo.sh");
const UNDO_START: &str = include_str!("../runner/undo_start.sh");
const CANCEL: &str = include_str!("../runner/cancel.sh");
const PRUNE: &str = include_str!("../runner/prune.sh");
const MAIN: &str = include_str!("../runner/main.sh");

/// What a plan's program is made of.
/// after what reading a run needs.
pub(super) const RUN: &[&str] =
    &[LEG, PREY, LOCK, VERDICT, LOOK, DETACH, MONITOR, HANDLERS, APPLY, UNDO, MAIN];
/// What it is made of besides if there is no secret in it.
pub(super) const OPEN: &[&str] = &[BARE];
/// What it is made of besides if there is one.
pub(super) const SECRET: &[&str] = &[SLOTS, VEIL];
/// What it is made of besides if a step asks for what another printed.
pub(super) const PRINT: &[&str] = &[OUTPUT];
/// What it is made of besides if it changes nothing: after the preludes, which know only what is.
pub(super) const CHECK: &[&str] = &[FORETELL];
/// What reading a run needs.
pub(super) const READ: &[&str] = &[CORE, ROOM, ATTACH];
/// What asking a run to end needs.
pub(super) const STOP: &[&str] = &[CORE, ATTACH, CANCEL];
/// What starting an undo needs.
pub(super) const TAKE_BACK: &[&str] = &[CORE, ROOM, LOCK, DETACH, ATTACH, UNDO_START];
/// What removing old runs needs.
pub(super) const REMOVE: &[&str] = &[CORE, ATTACH, PRUNE];

pub(super) struct Builder {
    pieces: Vec<Bytes>,
    /// The last piece, as far as it is written.
    text: Vec<u8>,
    as_root: bool,
    slots: Vec<Secret>,
}

impl Builder {
    /// Everything stands in one brace group: a shell that has not read the closing brace has run nothing.
    pub fn new(as_root: bool) -> Self {
        Self { pieces: Vec::new(), text: b"{\n".to_vec(), as_root, slots: Vec::new() }
    }

    pub fn comment(&mut self, text: &str) {
        self.line(&format!("# {}", one_line(text)));
    }

    /// A slot for a secret; its number. A line: the ends of those in it are written as `_nl`.
    pub fn slot(&mut self, secret: &Secret) -> Result<usize, CompileError> {
        let lines: Option<Vec<String>> = secret.reveal().split('\n').map(text::quote).collect();
        let value = lines.ok_or(CompileError::Secret)?.join("\"$_nl\"");
        let number = self.slots.len();
        self.slots.push(Secret::new(format!("_slot{number}={value}")));
        Ok(number)
    }

    /// How many slots there are.
    pub fn slots(&self) -> usize {
        self.slots.len()
    }

    /// Assigns text that is a word of shell already.
    pub fn set(&mut self, name: &str, word: &str) {
        self.line(&format!("{name}={word}"));
    }

    pub fn line(&mut self, line: &str) {
        self.text.extend_from_slice(line.as_bytes());
        self.text.push(b'\n');
    }

    /// How many lines there are so far.
    pub fn lines(&self) -> usize {
        let bytes = self.pieces.iter().flatten().chain(&self.text);
        bytes.filter(|byte| **byte == b'\n').count()
    }

    /// A function of one line of our own.
    pub fn function(&mut self, name: &str, body: &str) {
        self.line(&format!("{name}() {{ {body}; }}"));
    }

    /// A function whose body may end in a comment or be of several lines.
    pub fn block(&mut self, name: &str, body: &str) {
        let body = if body.trim().is_empty() { ":" } else { body };
        self.line(&format!("{name}() {{\n{body}\n}}"));
    }

    /// A function that writes out a blob.
    pub fn blob(&mut self, name: &str, blob: &Blob) {
        self.line(&format!("{name}() {{"));
        let body = blob.shell();
        if body.len() < LARGE {
            self.text.extend_from_slice(&body);
        } else {
            self.cut();
            self.pieces.push(body);
        }
        self.line("\n}");
    }

    /// What comes next begins another piece.
    fn cut(&mut self) {
        self.pieces.push(std::mem::take(&mut self.text).into());
    }

    pub fn prelude(&mut self, text: &str) {
        self.line(text.trim_end());
    }

    /// Files of the runner, without their comments.
    pub fn runner(&mut self, files: &[&str]) {
        for line in files.iter().flat_map(|file| file.lines()) {
            let bare = line.trim_start();
            if !bare.starts_with('#') && !bare.is_empty() {
                self.line(line);
            }
        }
    }

    /// Ends the program by starting it.
    pub fn finish(mut self, start: &str) -> Program {
        self.line(start);
        self.text.push(b'}');
        self.cut();
        Program { pieces: self.pieces, as_root: self.as_root, slots: self.slots }
    }
}
