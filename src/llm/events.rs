//! Server-sent events: from bytes, however they are cut, to the data of each event. Knows nothing of what it means.

use super::error::LlmError;

/// The longest event that is taken.
const MOST: usize = 1024 * 1024;

/// A stream of events of which the rest is still to come.
#[derive(Debug, Default)]
pub(super) struct Events {
    rest: Vec<u8>,
    data: String,
}

impl Events {
    /// The data of every event that these bytes complete.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<String>, LlmError> {
        let mut whole = Vec::new();
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            if self.rest.len() + self.data.len() + piece.len() > MOST {
                return Err(LlmError::TooLong(MOST));
            }
            self.rest.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                whole.extend(self.line());
            }
        }
        Ok(whole)
    }

    /// Takes the line that is whole. An empty one ends an event; what is not `data` is a comment to us.
    fn line(&mut self) -> Option<String> {
        let line = String::from_utf8_lossy(&self.rest).trim_end_matches(['\n', '\r']).to_owned();
        self.rest.clear();
        if line.is_empty() {
            return Some(std::mem::take(&mut self.data)).filter(|data| !data.is_empty());
        }
        if let Some(data) = line.strip_prefix("data:") {
            if !self.data.is_empty() {
                self.data.push('\n');
            }
            self.data.push_str(data.strip_prefix(' ').unwrap_or(data));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str =
        ": hello\n\ndata: {\"a\":1}\r\n\r\nevent: odd\ndata: one\ndata:two\n\ndata: [DONE]\n\n";

    #[test]
    fn events_are_the_same_however_they_are_cut() {
        for piece in [1, 3, 1000] {
            let mut events = Events::default();
            let told: Vec<String> = STREAM
                .as_bytes()
                .chunks(piece)
                .flat_map(|bytes| events.push(bytes).unwrap())
                .collect();
            assert_eq!(told, ["{\"a\":1}", "one\ntwo", "[DONE]"], "by {piece}");
        }
    }

    #[test]
    fn an_event_without_an_end_is_given_up() {
        let mut events = Events::default();
        let piece = vec![b'x'; 64 * 1024];
        let fault = (0..100).find_map(|_| events.push(&piece).err());
        assert_eq!(fault, Some(LlmError::TooLong(MOST)));
    }
}
