//! A byte stream to what listens on a host itself, on its loopback: through the SSH connection, or, where that
//! carries no streams, through a command there that hands bytes on.

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

use crate::fleet::Endpoint;

use super::command::Command;
use super::dial::{ByteStream, Dial};
use super::error::ReachError;
use super::link::{Link, Way};
use super::running::{Chunk, Running, Stdin};

/// Bytes that wait for a slow reader.
const WAITING: usize = 64 * 1024;

/// Hands bytes on between its own ends and a port of the machine it runs on, with whatever is there to do so.
const RELAY: &str = r#"
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

impl Link {
    /// A byte stream to what listens on that port of the host's own loopback. Nothing has to be open to others.
    pub async fn inside(&self, port: u16) -> Result<ByteStream, ReachError> {
        let address = "127.0.0.1".to_owned();
        match self.way() {
            Way::Piped(way) if way.is_local() => {
                Dial::default().open(&Endpoint::Tcp { address, port }).await
            }
            Way::Piped(_) => self.relay(&address, port).await,
            Way::Ssh(link) => {
                let to = Endpoint::Tcp { address: address.clone(), port };
                match link.forward_if_allowed(&to).await? {
                    Some(stream) => Ok(stream),
                    None => self.relay(&address, port).await,
                }
            }
        }
    }

    async fn relay(&self, address: &str, port: u16) -> Result<ByteStream, ReachError> {
        let command = Command::sh(RELAY).args([address.to_owned(), port.to_string()]);
        let mut running = self.run(&command).await?;
        let stdin = running.stdin();
        let (ours, theirs) = tokio::io::duplex(WAITING);
        tokio::spawn(hand_on(running, stdin, theirs));
        Ok(Box::new(ours))
    }
}

/// Until either side has had enough; the command ends with it.
async fn hand_on(mut running: Running, stdin: Option<Stdin>, stream: DuplexStream) {
    let (mut from_us, mut to_us) = tokio::io::split(stream);
    let outward = async {
        let mut piece = vec![0; 16 * 1024];
        while let Some(stdin) = &stdin {
            let Ok(count @ 1..) = from_us.read(&mut piece).await else { return };
            if !stdin.write(piece[..count].to_vec()).await {
                return;
            }
        }
    };
    let inward = async {
        while let Some(chunk) = running.next().await {
            match chunk {
                Chunk::Stdout(bytes) if to_us.write_all(&bytes).await.is_err() => return,
                Chunk::Stderr(said) => {
                    tracing::debug!(said = %crate::text::inert(&said), "reaching into a host");
                }
                Chunk::Stdout(_) => {}
            }
        }
    };
    tokio::select! { () = outward => {}, () = inward => {} }
}
