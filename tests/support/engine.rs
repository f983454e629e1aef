//! An engine that plays back kept replies over any byte stream. A sample is a list of `>>> PATH HOW` lines, each with
//! the reply below it; HOW may be `dies` (the stream ends after what is kept) or `silent`.

use std::sync::{Arc, Mutex};

use shelter::llm::{ByteStream, LlmError, Stream, Way};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Kept replies, and the requests that came for them.
#[derive(Clone, Default)]
pub struct Engine {
    replies: Arc<Vec<Kept>>,
    requests: Arc<Mutex<Vec<String>>>,
}

struct Kept {
    path: String,
    bytes: Vec<u8>,
    how: How,
}

#[derive(Clone, Copy, PartialEq)]
enum How {
    Whole,
    Dies,
    Silent,
}

impl Engine {
    /// The engine of a sample.
    pub fn of(sample: &str) -> Self {
        let sections = sample.split(">>> ").skip(1).map(kept);
        Self { replies: Arc::new(sections.collect()), requests: Arc::default() }
    }

    /// The way to it, in this process.
    pub fn way(&self) -> Way {
        let engine = self.clone();
        Way::new(move || {
            let (ours, theirs) = tokio::io::duplex(64 * 1024);
            let engine = engine.clone();
            tokio::spawn(async move { engine.serve(theirs).await });
            async move { Ok::<ByteStream, LlmError>(Box::new(ours)) }
        })
    }

    /// Listens on a port of this machine's loopback, for as long as the runtime lasts.
    pub async fn listen(&self) -> u16 {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let engine = self.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let engine = engine.clone();
                tokio::spawn(async move { engine.serve(stream).await });
            }
        });
        port
    }

    /// The requests so far, each from its first line to the end of its body.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// Answers until the other side hangs up, or a kept reply dies.
    pub async fn serve(&self, mut stream: impl Stream) {
        while let Some(request) = request(&mut stream).await {
            let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
            self.requests.lock().unwrap().push(request);
            let reply = self.replies.iter().find(|kept| kept.path == path);
            let (bytes, how) = match reply {
                Some(kept) => (kept.bytes.as_slice(), kept.how),
                None => {
                    (b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".as_slice(), How::Whole)
                }
            };
            if how == How::Silent {
                let mut rest = Vec::new();
                // Until the other side has had enough.
                let _ = stream.read_to_end(&mut rest).await;
                return;
            }
            if stream.write_all(bytes).await.is_err() || how == How::Dies {
                return;
            }
        }
    }
}

fn kept(section: &str) -> Kept {
    let (first, text) = section.split_once('\n').unwrap();
    let (path, how) = first.split_once(' ').unwrap_or((first, ""));
    let how = match how {
        "" => How::Whole,
        "dies" => How::Dies,
        "silent" => How::Silent,
        other => panic!("`{other}` is no way to answer"),
    };
    Kept { path: path.to_owned(), bytes: raw(text, how), how }
}

/// The reply as it goes over the wire: a length is told unless the sample says how it ends.
fn raw(text: &str, how: How) -> Vec<u8> {
    let (head, body) = text.split_once("\n\n").unwrap_or((text.trim_end(), ""));
    let lower = head.to_ascii_lowercase();
    let told = lower.contains("\ncontent-length") || lower.contains("\ntransfer-encoding");
    let mut raw = head.replace('\n', "\r\n");
    if !told && how != How::Dies {
        raw.push_str(&format!("\r\ncontent-length: {}", body.len()));
    }
    raw.push_str("\r\n\r\n");
    let mut raw = raw.into_bytes();
    if lower.contains("transfer-encoding: chunked") {
        raw.extend_from_slice(format!("{:x}\r\n{body}\r\n", body.len()).as_bytes());
        if how != How::Dies {
            raw.extend_from_slice(b"0\r\n\r\n");
        }
    } else {
        raw.extend_from_slice(body.as_bytes());
    }
    raw
}

async fn request(stream: &mut impl Stream) -> Option<String> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        (stream.read_buf(&mut bytes).await.ok()? > 0).then_some(())?;
    };
    let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
    let length = head.split("\r\n").find_map(|line| line.strip_prefix("content-length: "));
    let whole = end + length.map_or(0, |length| length.parse::<usize>().unwrap());
    while bytes.len() < whole {
        (stream.read_buf(&mut bytes).await.ok()? > 0).then_some(())?;
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
