//! Downloads over HTTP from a server of this test: cut off, resumed, proven, refused.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use sha2::{Digest, Sha256};

use super::bench::{everywhere, everywhere_with_tools};

const PASS: &str = "hf-7c1e$(x)'\"\\%s";

/// A server of one file, which tells from where it was asked and cuts the first answer off in its middle.
struct Server {
    port: u16,
    asked: Arc<Mutex<Vec<usize>>>,
    /// What stood in `Authorization`, and whether a command line had it meanwhile.
    passes: Arc<Mutex<Vec<(String, bool)>>>,
}

fn content() -> Vec<u8> {
    (0..200_000_u32).flat_map(u32::to_le_bytes).collect()
}

fn serve(cut: bool) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let passes = Arc::new(Mutex::new(Vec::new()));
    let (seen, shown) = (Arc::clone(&asked), Arc::clone(&passes));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let first = seen.lock().unwrap().is_empty();
            // Who hangs up in the middle is a client's business.
            let _gone = answer(stream.unwrap(), &seen, &shown, cut && first);
        }
    });
    Server { port, asked, passes }
}

/// Whether any process has this word on its command line.
fn is_on_a_command_line(word: &str) -> bool {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let mut lines = processes.filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok());
    lines.any(|line| line.windows(word.len()).any(|window| window == word.as_bytes()))
}

fn answer(
    mut stream: TcpStream,
    seen: &Mutex<Vec<usize>>,
    shown: &Mutex<Vec<(String, bool)>>,
    cut: bool,
) -> std::io::Result<()> {
    let mut from = 0;
    for line in BufReader::new(stream.try_clone()?).lines() {
        let line = line?;
        if let Some(pass) = line.strip_prefix("Authorization: ") {
            shown.lock().unwrap().push((pass.to_owned(), is_on_a_command_line(PASS)));
        }
        let line = line.to_ascii_lowercase();
        if let Some(range) = line.strip_prefix("range: bytes=") {
            from = range.trim_end_matches('-').parse().unwrap();
        }
        if line.is_empty() {
            break;
        }
    }
    seen.lock().unwrap().push(from);
    let whole = content();
    let rest = &whole[from..];
    let (status, range) = match from {
        0 => ("200 OK", String::new()),
        _ => (
            "206 Partial Content",
            format!("Content-Range: bytes {from}-{}/{}\r\n", whole.len() - 1, whole.len()),
        ),
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\n{range}Content-Length: {}\r\nConnection: close\r\n\r\n",
        rest.len()
    )?;
    stream.write_all(if cut { &rest[..rest.len() / 2] } else { rest })
}

fn hash() -> String {
    shelter::text::hex(&Sha256::digest(content()))
}

fn step(port: u16, sha256: &str) -> String {
    format!(
        "fetch: {{ url: \"http://127.0.0.1:{port}/x\", path: \"{{{{ dir }}}}/-f\", sha256: \"{sha256}\" }}"
    )
}

#[test]
fn a_download_is_proven_and_taken_back() {
    let server = serve(false);
    everywhere(":", &step(server.port, &hash()), |bench| bench.there_and_back());
    everywhere("echo old >./-f; chmod 600 ./-f", &step(server.port, &hash()), |bench| {
        bench.there_and_back()
    });
}

#[test]
fn a_download_that_broke_off_is_resumed() {
    for shell in super::bench::shells() {
        let server = serve(true);
        let bench = super::bench::Bench::new(shell.clone(), ":", &step(server.port, &hash()));
        drop(bench.attempt());
        bench.apply();
        assert_eq!(std::fs::read(bench.dir.join("-f")).unwrap(), content());
        let asked = server.asked.lock().unwrap().clone();
        assert_eq!(asked[0], 0);
        assert!(asked[1] > 0, "it began anew: {asked:?}");
        bench.check(0);
    }
}

#[test]
fn what_has_another_hash_is_refused_and_removed() {
    let server = serve(false);
    everywhere(":", &step(server.port, &"0".repeat(64)), |bench| {
        assert!(bench.refused(1).contains("has the hash"));
        assert!(bench.snapshot().is_empty(), "{:?}", bench.snapshot());
    });
}

#[test]
fn an_address_is_waited_for() {
    let server = serve(false);
    everywhere(":", &format!("wait: {{ url: \"http://127.0.0.1:{}/x\" }}", server.port), |bench| {
        bench.check(0)
    });
    everywhere(":", "wait: { url: \"http://127.0.0.1:1/x\", within: 0s }", |bench| {
        assert!(bench.refused(1).contains("in time"));
    });
}

#[test]
fn a_header_reaches_the_server_and_no_command_line() {
    if !std::path::Path::new("/usr/bin/curl").exists() {
        crate::support::skipped("curl is not installed, no header was sent");
        return;
    }
    let server = serve(true);
    let header = format!("  header: |\n    Authorization: Bearer {PASS}\n    X-Other: 1");
    let step = step(server.port, &hash()).replace("{ url:", "\n  url:");
    let step = step.replace(", path:", "\n  path:").replace(", sha256:", "\n  sha256:");
    let step = format!("{}\n{header}", step.trim_end_matches(" }"));
    everywhere_with_tools(":", &step, |bench| {
        drop(bench.attempt());
        bench.apply();
        assert_eq!(std::fs::read(bench.dir.join("-f")).unwrap(), content());
    });
    let passes = server.passes.lock().unwrap();
    assert!(passes.len() > super::bench::shells().len(), "{passes:?}");
    let wanted = (format!("Bearer {PASS}"), false);
    assert!(passes.iter().all(|pass| *pass == wanted), "{passes:?}");
}
