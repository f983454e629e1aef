//! Splits a runner's bytes into frames, however they arrive. Skips what a login shell says before the greeting, and
//! whatever comes after the line by which the shell tells that the program has ended.

use super::event::{Framed, RunnerEvent};
use super::parse;
use crate::fleet::Millis;

/// A data frame is at most this long; the runner sends 256 KiB at a time.
const LONGEST_DATA: usize = 1 << 20;
/// The head of a frame is a line, and never as long as this.
const LONGEST_LINE: usize = 1024;

/// Takes a runner's stdout in pieces and gives its events.
#[derive(Debug)]
pub struct Decoder {
    greeting: Option<Vec<u8>>,
    resting: Vec<u8>,
    rests: bool,
    pending: Vec<u8>,
}

/// What the front of the pending bytes is.
enum Front {
    /// Not enough to tell.
    Wait,
    /// A frame and its length.
    Frame(Framed, usize),
    /// So many bytes that are none.
    Noise(usize),
}

impl Decoder {
    /// A decoder that waits for `greeting` on a line of its own, and reads until the line `resting`.
    pub fn new(greeting: &str, resting: &str) -> Self {
        let greeting = Some(format!("\n{greeting}\n").into_bytes());
        let resting = format!("{resting}\n").into_bytes();
        Self { greeting, resting, rests: false, pending: Vec::new() }
    }

    /// Whether the greeting has come: the program may be written.
    pub fn greeted(&self) -> bool {
        self.greeting.is_none()
    }

    /// Whether the program has ended well, and its shell waits for another one.
    pub fn rests(&self) -> bool {
        self.rests
    }

    /// Takes the next bytes and gives the events they complete.
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Framed> {
        self.pending.extend_from_slice(bytes);
        let mut events = Vec::new();
        if !self.take_greeting() {
            return events;
        }
        let mut at = 0;
        loop {
            self.rests = self.rests || self.pending[at..].starts_with(&self.resting);
            if self.rests {
                at = self.pending.len();
                break;
            }
            match front(&self.pending[at..]) {
                Front::Wait => break,
                Front::Frame(framed, length) => {
                    events.push(framed);
                    at += length;
                }
                Front::Noise(bytes) => {
                    let event = RunnerEvent::Damaged { bytes };
                    events.push(Framed { seq: 0, at: Millis(0), event });
                    at += bytes;
                }
            }
        }
        self.pending.drain(..at);
        events
    }

    /// How many bytes are left that make no whole frame: at the end of a stream, what was cut off.
    pub fn unfinished(&self) -> usize {
        self.pending.len()
    }

    fn take_greeting(&mut self) -> bool {
        let Some(greeting) = &self.greeting else { return true };
        let found = self.pending.windows(greeting.len()).position(|w| w == greeting.as_slice());
        match found {
            Some(place) => {
                self.pending.drain(..place + greeting.len());
                self.greeting = None;
                true
            }
            None => {
                let keep = self.pending.len().min(greeting.len());
                self.pending.drain(..self.pending.len() - keep);
                false
            }
        }
    }
}

fn front(bytes: &[u8]) -> Front {
    let Some(end) = bytes.iter().take(LONGEST_LINE).position(|&b| b == b'\n') else {
        return if bytes.len() < LONGEST_LINE { Front::Wait } else { Front::Noise(LONGEST_LINE) };
    };
    let frame = std::str::from_utf8(&bytes[..end]).ok().and_then(|line| {
        if let Some(rest) = line.strip_prefix("e ") {
            let (length, payload) = rest.split_once(' ')?;
            let whole = length.parse() == Ok(payload.len());
            let framed = whole.then(|| parse::event(payload))??;
            return Some(with_holder(framed, &bytes[end + 1..], end + 1));
        }
        data(line.strip_prefix("d ")?, &bytes[end + 1..], end + 1)
    });
    frame.unwrap_or(Front::Noise(end + 1))
}

/// The bytes of a data frame behind its head of `before` bytes.
fn data(head: &str, bytes: &[u8], before: usize) -> Option<Front> {
    let head = parse::data_head(head)?;
    if head.length > LONGEST_DATA {
        return None;
    }
    let Some(body) = bytes.get(..=head.length) else { return Some(Front::Wait) };
    let (body, newline) = body.split_at(head.length);
    if newline != b"\n" {
        return None;
    }
    let (step, offset, bytes) = (head.step, head.offset, body.to_vec());
    let event = match head.stream {
        Some(stream) => RunnerEvent::Output { step, stream, offset, bytes },
        None => RunnerEvent::Locked(parse::holder(body)),
    };
    Some(Front::Frame(Framed { seq: 0, at: Millis(0), event }, before + head.length + 1))
}

/// `locked` is followed by who holds the lock, in a data frame: one event of the two.
fn with_holder(framed: Framed, after: &[u8], before: usize) -> Front {
    if !matches!(framed.event, RunnerEvent::Locked(_)) {
        return Front::Frame(framed, before);
    }
    match front(after) {
        Front::Wait => Front::Wait,
        Front::Frame(Framed { event: event @ RunnerEvent::Locked(_), .. }, length) => {
            Front::Frame(Framed { event, ..framed }, before + length)
        }
        _ => Front::Frame(framed, before),
    }
}

#[cfg(test)]
mod tests {
    use super::super::event::{Holder, Outcome, Stream, Verdict};
    use super::*;

    fn stream() -> Vec<u8> {
        let mut bytes = b"Welcome!\nnoise shelter:ab\n\nshelter:ab\n".to_vec();
        bytes.extend(frame("1 268818 hello b-0-7"));
        bytes.extend(b"d 3 o 10 5\ne 4 \n\nd 3 e 0 2\n\0\xff\n");
        bytes.extend(frame("2 268829 end 3 c - 0 12 4"));
        bytes.extend(frame("beat"));
        bytes
    }

    fn decoder() -> Decoder {
        Decoder::new("shelter:ab", "shelter-rests:ab")
    }

    fn frame(payload: &str) -> Vec<u8> {
        format!("e {} {payload}\n", payload.len()).into_bytes()
    }

    fn decode(pieces: &[&[u8]]) -> Vec<RunnerEvent> {
        let mut decoder = decoder();
        let events: Vec<_> = pieces.iter().flat_map(|p| decoder.feed(p)).collect();
        assert_eq!(decoder.unfinished(), 0);
        events.into_iter().map(|f| f.event).collect()
    }

    #[test]
    fn frames_are_found_after_noise_and_wherever_the_bytes_are_cut() {
        let stream = stream();
        let whole = decode(&[&stream]);
        for cut in 0..stream.len() {
            assert_eq!(decode(&[&stream[..cut], &stream[cut..]]), whole, "cut at {cut}");
        }
        let changed = Outcome { verdict: Verdict::Changed, reason: None, exit: Some(0) };
        assert_eq!(
            whole,
            [
                RunnerEvent::Hello { boot_id: "b-0-7".into() },
                output(Stream::Out, 10, b"e 4 \n"),
                output(Stream::Err, 0, b"\0\xff"),
                RunnerEvent::Ended { step: 3, outcome: changed, took: Millis(120) },
                RunnerEvent::Beat,
            ]
        );
    }

    fn output(stream: Stream, offset: u64, bytes: &[u8]) -> RunnerEvent {
        RunnerEvent::Output { step: 3, stream, offset, bytes: bytes.to_vec() }
    }

    proptest::proptest! {
        #[test]
        fn whatever_comes_is_decoded_the_same_however_it_is_cut(
            bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400),
            head in "(e [0-9]{1,3} |d [0-9] [oedl] [0-9]{1,3} [0-9]{1,4}\n){0,3}",
            cut in 0usize..400,
        ) {
            let stream = [b"\nshelter:ab\n", head.as_bytes(), &bytes, b"\n"].concat();
            let cut = cut.min(stream.len());
            let (mut whole, mut parts) = (decoder(), decoder());
            let all = whole.feed(&stream);
            let mut cut_up = parts.feed(&stream[..cut]);
            cut_up.extend(parts.feed(&stream[cut..]));
            proptest::prop_assert_eq!(all, cut_up);
            proptest::prop_assert_eq!(whole.unfinished(), parts.unfinished());
        }
    }

    #[test]
    fn what_comes_after_the_program_has_ended_is_not_its_own() {
        let stream = b"\nshelter:ab\ne 4 beat\nshelter-rests:ab\ne 4 beat\n";
        for cut in 0..stream.len() {
            let mut decoder = decoder();
            let beats = decoder.feed(&stream[..cut]).len() + decoder.feed(&stream[cut..]).len();
            assert_eq!((beats, decoder.rests()), (1, true), "cut at {cut}");
        }
        let inside = b"\nshelter:ab\nd 0 o 0 17\nshelter-rests:ab\n\n";
        let mut decoder = decoder();
        assert_eq!(decoder.feed(inside).len(), 1);
        assert!(!decoder.rests(), "a command printed it");
    }

    #[test]
    fn a_frame_inside_output_is_output() {
        let events = decode(&[b"\nshelter:ab\nd 0 o 0 26\ne 23 9 9 over 0 1 0 0 0 0\n\n"]);
        assert!(matches!(events.as_slice(), [RunnerEvent::Output { .. }]), "{events:?}");
    }

    #[test]
    fn what_is_no_frame_is_told_and_the_next_one_found() {
        let events = decode(&[b"\nshelter:ab\ne 9 torn e 4 beat\ne 4 beat\n"]);
        assert_eq!(events, [RunnerEvent::Damaged { bytes: 18 }, RunnerEvent::Beat]);
    }

    #[test]
    fn a_locked_host_tells_who_holds_it() {
        let lock =
            b"\nshelter:ab\ne 12 2 400 locked\nd 0 l 0 35\n/tmp/x\nboot 41 7 1000 r-9 rc at box\n";
        let holder = Holder {
            lock: "/tmp/x".into(),
            pid: Some(41),
            uid: Some(1000),
            run: "r-9".into(),
            console: "rc at box".into(),
        };
        assert_eq!(decode(&[lock]), [RunnerEvent::Locked(holder)]);
    }
}
