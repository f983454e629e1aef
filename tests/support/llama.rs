//! A real llama-server with the tiny model, on a port of this machine's loopback, for as long as a test wants it.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use shelter::bench::gguf::tiny_model;
use shelter::llm::{ByteStream, Client, LlmError, Patience, Way};
use tokio::net::TcpStream;

use super::{free_port, skipped};

/// More than the tiny model needs to load on the slowest machine.
const LONG: Duration = Duration::from_secs(120);

/// A llama-server that answers. It ends when this is dropped.
pub struct Llama {
    child: Child,
    /// Where it listens.
    pub port: u16,
    _folder: tempfile::TempDir,
}

/// The program: `SHELTER_LLAMA_SERVER`, else one in `SHELTER_LLAMA_DIR` or its usual place, else one in `PATH`.
fn program() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("SHELTER_LLAMA_SERVER") {
        return Some(named.into());
    }
    let usual =
        std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache/shelter-llama"));
    let built = std::env::var_os("SHELTER_LLAMA_DIR").map(PathBuf::from).or(usual);
    let built = built.map(|folder| folder.join("build/bin/llama-server"));
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&paths).map(|folder| folder.join("llama-server"));
    built.into_iter().chain(found).find(|path| path.is_file())
}

impl Llama {
    /// Starts one with these arguments more. `None`, loudly, where there is none.
    pub async fn start(more: &[&str]) -> Option<Self> {
        let Some(program) = program() else {
            skipped("no llama-server: set SHELTER_LLAMA_SERVER to one (docs/engines.md)");
            return None;
        };
        // Between our asking for a free port and its taking it another may take it.
        for _ in 0..5 {
            let port = free_port();
            let folder = tempfile::tempdir().unwrap();
            let model = folder.path().join("tiny.gguf");
            std::fs::write(&model, tiny_model()).unwrap();
            let child = Command::new(&program)
                .arg("-m")
                .arg(&model)
                .args(["--host", "127.0.0.1", "-t", "1", "--alias", "tiny", "--port"])
                .arg(port.to_string())
                .args(more)
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
            let mut llama = Self { child, port, _folder: folder };
            if llama.answers().await {
                return Some(llama);
            }
        }
        panic!("{} never came to answer", program.display());
    }

    /// The client of it.
    pub fn client(&self) -> Client {
        let port = self.port;
        let way = Way::new(move || async move {
            let stream = TcpStream::connect(("127.0.0.1", port)).await;
            let stream = stream.map_err(|error| LlmError::NoWay(error.to_string()))?;
            Ok(Box::new(stream) as ByteStream)
        });
        Client::new(way, Patience::WORKING)
    }

    async fn answers(&mut self) -> bool {
        let begun = Instant::now();
        let mut session = self.client().session();
        while begun.elapsed() < LONG && self.child.try_wait().unwrap().is_none() {
            if session.get("/health").await.is_ok_and(|reply| reply.status == 200) {
                return true;
            }
            tokio::task::yield_now().await;
        }
        false
    }
}

impl Llama {
    /// The process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Llama {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
