//! A server of files on the loopback that can be told to break off, to change its mind, and to lie.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What the server does with one request, in order; honest once the list is empty.
#[derive(Clone, Debug)]
pub enum Deed {
    /// Announces everything and hangs up in the middle.
    BreakOff,
    /// Sends these bytes, whatever part was asked for.
    Send(Vec<u8>),
    /// Answers so, with nothing in it.
    Refuse(&'static str),
}

/// A server that runs until the test ends.
pub struct Server {
    pub port: u16,
    shelf: Arc<Mutex<Shelf>>,
}

#[derive(Default)]
struct Shelf {
    files: BTreeMap<String, Vec<u8>>,
    deeds: Vec<Deed>,
    asked: Vec<(String, usize)>,
}

impl Server {
    pub fn new(files: &[(&str, &[u8])]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let files = files.iter().map(|(name, bytes)| (format!("/{name}"), bytes.to_vec()));
        let shelf = Shelf { files: files.collect(), ..Shelf::default() };
        let shelf = Arc::new(Mutex::new(shelf));
        let held = Arc::clone(&shelf);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let held = Arc::clone(&held);
                // Who hangs up in the middle is a client's business.
                std::thread::spawn(move || drop(answer(stream.unwrap(), &held)));
            }
        });
        Self { port, shelf }
    }

    /// What it does next, one request each.
    pub fn will(&self, deeds: &[Deed]) {
        self.shelf.lock().unwrap().deeds = deeds.iter().rev().cloned().collect();
    }

    /// From where each file was asked for since the last time.
    pub fn asked(&self) -> Vec<(String, usize)> {
        std::mem::take(&mut self.shelf.lock().unwrap().asked)
    }

    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

fn answer(mut stream: TcpStream, shelf: &Mutex<Shelf>) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().unwrap_or_else(|| Ok(String::new()))?;
    let path = first.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut from = 0;
    for line in lines {
        let line = line?.to_ascii_lowercase();
        if let Some(range) = line.strip_prefix("range: bytes=") {
            from = range.trim_end_matches('-').parse().unwrap_or(0);
        }
        if line.is_empty() {
            break;
        }
    }
    let (deed, whole) = {
        let mut shelf = shelf.lock().unwrap();
        // Tests beside this one look for engines on every port of this machine: that uses up no deed.
        let Some(whole) = shelf.files.get(&path).cloned() else {
            return head(&mut stream, "404 Not Found", "", 0);
        };
        shelf.asked.push((path, from));
        (shelf.deeds.pop(), whole)
    };
    let (whole, cut) = match deed {
        Some(Deed::Refuse(status)) => return head(&mut stream, status, "", 0),
        Some(Deed::Send(bytes)) => (bytes, false),
        deed => (whole, matches!(deed, Some(Deed::BreakOff))),
    };
    let rest = whole.get(from..).unwrap_or_default();
    let range = format!("Content-Range: bytes {from}-{}/{}\r\n", whole.len() - 1, whole.len());
    let (status, range) = if from == 0 { ("200 OK", "") } else { ("206 Partial Content", &*range) };
    head(&mut stream, status, range, rest.len())?;
    stream.write_all(if cut { &rest[..rest.len() / 2] } else { rest })
}

fn head(stream: &mut TcpStream, status: &str, more: &str, length: usize) -> std::io::Result<()> {
    write!(
        stream,
        "HTTP/1.1 {status}\r\n{more}Content-Length: {length}\r\nConnection: close\r\n\r\n"
    )
}
