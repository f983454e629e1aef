//! A byte stream to what listens on a host itself, on its loopback: through the SSH connection, or, where that
//! carries no streams, through a command there that hands bytes on.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};

use tokio::io::{
    AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, ReadBuf, WriteHalf,
};

use crate::fleet::{Endpoint, Outage};
use crate::text::inert;

use super::command::Command;
use super::dial::{ByteStream, Dial};
use super::error::ReachError;
use super::link::{Link, Way};
use super::running::{Chunk, Running, Stdin};

/// Bytes that wait for a slow reader.
const WAITING: usize = 64 * 1024;
/// The most of a command's complaints that is kept.
const MOST_SAID: usize = 4096;

/// Hands bytes on between its own ends and a port of the machine it runs on, with whatever is there to do so.
const RELAY: &str = r#"
LC_ALL=C
export LC_ALL
if command -v bash >/dev/null; then
	exec bash -c 'exec 3<>"/dev/tcp/$1/$2" 4<&0 || exit 1; cat <&4 >&3 & cat <&3; kill $!' bash "$1" "$2"
elif command -v python3 >/dev/null; then
	exec python3 -c 'if 1:
		import os, socket, sys, threading
		line = socket.create_connection((sys.argv[1], int(sys.argv[2])))
		def send():
			while piece := os.read(0, 65536):
				line.sendall(piece)
			line.shutdown(socket.SHUT_WR)
		threading.Thread(target=send, daemon=True).start()
		while piece := line.recv(65536):
			os.write(1, piece)
	' "$1" "$2"
elif command -v nc >/dev/null; then
	exec nc "$1" "$2"
elif command -v socat >/dev/null; then
	exec socat - "TCP:$1:$2"
fi
echo "neither bash nor python3, nc or socat is there to reach port $2 with" >&2
exit 1
"#;

/// What the system calls a machine's own address.
pub(super) const LOOPBACK: &str = "127.0.0.1";

impl Link {
    /// A byte stream to what listens on that port of the host's own loopback. Nothing has to be open to others.
    ///
    /// Where a command hands the bytes on, that nothing listens is told by the first read.
    pub async fn inside(&self, port: u16) -> Result<ByteStream, ReachError> {
        match self.way() {
            Way::Piped(way) if way.is_local() => {
                let here = Endpoint::Tcp { address: LOOPBACK.to_owned(), port };
                let opened = Dial::default().open(&here).await;
                opened.map_err(|error| match error.outage() {
                    Outage::Closed => ReachError::Nobody { port },
                    _ => error,
                })
            }
            Way::Piped(_) => self.relay(port).await,
            Way::Ssh(link) => match link.inside_if_allowed(port).await? {
                Some(stream) => Ok(stream),
                None => self.relay(port).await,
            },
        }
    }

    async fn relay(&self, port: u16) -> Result<ByteStream, ReachError> {
        let command = Command::sh(RELAY).args([LOOPBACK.to_owned(), port.to_string()]);
        let mut running = self.run(&command).await?;
        let stdin = running.stdin();
        let (ours, theirs) = tokio::io::duplex(WAITING);
        let fault = Arc::new(OnceLock::new());
        tokio::spawn(hand_on(running, stdin, theirs, fault.clone()));
        Ok(Box::new(Relayed { pipe: ours, fault }))
    }
}

/// What went wrong with a relay that never brought a byte.
type Fault = Arc<OnceLock<(io::ErrorKind, String)>>;

/// Our end of what a command there hands on. Its end is an error where the command had reached nobody.
struct Relayed {
    pipe: DuplexStream,
    fault: Fault,
}

impl AsyncRead for Relayed {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        ready!(Pin::new(&mut self.pipe).poll_read(cx, into))?;
        let ended = into.filled().len() == before && into.remaining() > 0;
        Poll::Ready(match self.fault.get().filter(|_| ended) {
            Some((kind, said)) => Err(io::Error::new(*kind, said.clone())),
            None => Ok(()),
        })
    }
}

impl AsyncWrite for Relayed {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match ready!(Pin::new(&mut self.pipe).poll_write(cx, bytes)) {
            // Who could not take it is told of by the next read.
            Err(_) if self.fault.get().is_some() => Poll::Ready(Ok(bytes.len())),
            written => Poll::Ready(written),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.pipe).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.pipe).poll_shutdown(cx)
    }
}

/// Until we have had enough or the command has ended; the command ends with it.
async fn hand_on(running: Running, stdin: Option<Stdin>, stream: DuplexStream, fault: Fault) {
    let (mut from_us, mut to_us) = tokio::io::split(stream);
    let outward = async {
        let mut piece = vec![0; 16 * 1024];
        while let Ok(count @ 1..) = from_us.read(&mut piece).await {
            let Some(stdin) = &stdin else { break };
            if !stdin.write(piece[..count].to_vec()).await {
                // The command is about to say why.
                std::future::pending::<()>().await;
            }
        }
    };
    let inward = bring(running, &mut to_us);
    tokio::select! {
        () = outward => {}
        said = inward => if let Some(said) = said {
            // It is set once.
            let _ = fault.set(said);
        },
    }
}

/// What the command prints, until its end. Why it brought nothing at all, if so.
async fn bring(
    mut running: Running,
    to_us: &mut WriteHalf<DuplexStream>,
) -> Option<(io::ErrorKind, String)> {
    let (mut came, mut words) = (false, String::new());
    while let Some(chunk) = running.next().await {
        match chunk {
            Chunk::Stdout(bytes) => {
                came = true;
                to_us.write_all(&bytes).await.ok()?;
            }
            Chunk::Stderr(said) => {
                let said = inert(&said);
                tracing::debug!(%said, "reaching into a host");
                words.push_str(&said);
                words.truncate(words.floor_char_boundary(MOST_SAID));
            }
        }
    }
    let last = words.lines().rfind(|line| !line.trim().is_empty())?;
    let refused = words.to_lowercase().contains("refused");
    let kind = if refused { io::ErrorKind::ConnectionRefused } else { io::ErrorKind::Other };
    (!came).then(|| (kind, last.trim().to_owned()))
}
