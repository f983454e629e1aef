//! A scripted SSH server at the other end of an in-memory stream, and streams that break on the way.

use std::future::pending;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use russh::keys::ssh_key::{Algorithm, PrivateKey};
use russh::server::{Auth, ChannelOpenHandle, Config, Handle, Handler, Msg, Response, Session};
use russh::{Channel, ChannelId, MethodKind, MethodSet, Sig};
use shelter::fleet::{Endpoint, SshTarget};
use shelter::reach::{ByteStream, Dial, ReachSettings};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, DuplexStream, ReadBuf, duplex};

use super::fixture::settings;

/// What the server does with a command.
#[derive(Clone)]
pub enum Act {
    /// Prints this and ends with that status.
    Answer(Vec<u8>, u32),
    /// Prints something and closes the channel without an exit status.
    NoStatus,
    /// Prints something and ends by a signal.
    Signal,
    /// Prints without end, counting the bytes that were taken.
    Endless(Arc<AtomicU64>),
    /// Begins and says nothing more.
    Silence,
    /// Refuses to start anything.
    Refuse,
}

/// How the server lets people in.
#[derive(Clone, Copy)]
pub enum Door {
    /// Anyone.
    Open,
    /// Whoever knows `open sesame`, asked as a password.
    Password,
    /// The same, asked as a question of the server's own.
    Question,
}

/// A scripted server.
#[derive(Clone)]
pub struct Peer {
    config: Arc<Config>,
    act: Act,
    door: Door,
}

impl Peer {
    /// A server that does that with every command.
    pub fn new(act: Act, door: Door) -> Self {
        let key = PrivateKey::random(&mut rand::rng(), Algorithm::Ed25519).unwrap();
        let methods = MethodSet::from(
            &match door {
                Door::Open => [MethodKind::None],
                Door::Password => [MethodKind::Password],
                Door::Question => [MethodKind::KeyboardInteractive],
            }[..],
        );
        let config = Config { keys: vec![key], methods, ..Config::default() };
        Self { config: Arc::new(config), act, door }
    }

    /// Its host key as a line of known hosts, after that name.
    pub fn known_as(&self, name: &str) -> String {
        format!("{name} {}\n", self.config.keys[0].public_key().to_openssh().unwrap())
    }

    /// A stream with this server at its other end.
    pub fn stream(&self) -> DuplexStream {
        let (ours, theirs) = duplex(256 * 1024);
        let (config, peer) = (self.config.clone(), self.clone());
        tokio::spawn(async move {
            if let Ok(session) = russh::server::run_stream(config, theirs, peer).await {
                // How a scripted session ends is the test's own doing.
                let _ = session.await;
            }
        });
        ours
    }
}

impl Handler for Peer {
    type Error = russh::Error;

    async fn auth_none(&mut self, _: &str) -> Result<Auth, russh::Error> {
        Ok(if matches!(self.door, Door::Open) { Auth::Accept } else { Auth::reject() })
    }

    async fn auth_password(&mut self, _: &str, word: &str) -> Result<Auth, russh::Error> {
        Ok(if word == "open sesame" { Auth::Accept } else { Auth::reject() })
    }

    async fn auth_keyboard_interactive<'a>(
        &'a mut self,
        _: &str,
        _: &str,
        response: Option<Response<'a>>,
    ) -> Result<Auth, russh::Error> {
        let Some(mut answers) = response else {
            let prompts = vec![("Word: ".into(), false), ("Again: ".into(), false)].into();
            return Ok(Auth::Partial { name: "".into(), instructions: "".into(), prompts });
        };
        let good = answers.all(|answer| &answer[..] == b"open sesame");
        Ok(if good { Auth::Accept } else { Auth::reject() })
    }

    async fn channel_open_session(
        &mut self,
        _: Channel<Msg>,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), russh::Error> {
        reply.accept().await;
        Ok(())
    }

    async fn exec_request(
        &mut self,
        channel: ChannelId,
        line: &[u8],
        session: &mut Session,
    ) -> Result<(), russh::Error> {
        if let Act::Refuse = self.act {
            return session.channel_failure(channel);
        }
        session.channel_success(channel)?;
        let line = String::from_utf8_lossy(line);
        let begun = line.split(' ').find(|word| word.starts_with("shelter-"));
        let begun = format!("{} 42\n", begun.unwrap_or_default());
        tokio::spawn(perform(session.handle(), channel, begun, self.act.clone()));
        Ok(())
    }
}

async fn perform(handle: Handle, channel: ChannelId, begun: String, act: Act) {
    let _ = handle.data(channel, begun.into_bytes()).await;
    match act {
        Act::Answer(text, status) => {
            for piece in text.chunks(30_000) {
                let _ = handle.data(channel, piece.to_vec()).await;
            }
            let _ = handle.exit_status_request(channel, status).await;
        }
        Act::NoStatus => drop(handle.data(channel, "half".as_bytes()).await),
        Act::Signal => {
            let (none, lang) = (String::new(), String::new());
            let _ = handle.exit_signal_request(channel, Sig::SEGV, false, none, lang).await;
        }
        Act::Endless(count) => {
            while handle.data(channel, vec![b'x'; 16 * 1024]).await.is_ok() {
                count.fetch_add(16 * 1024, Ordering::SeqCst);
            }
        }
        Act::Silence | Act::Refuse => return,
    }
    let _ = handle.eof(channel).await;
    let _ = handle.close(channel).await;
}

/// A target of that name; scripted servers have no address.
pub fn target(name: &str, home: &Path) -> SshTarget {
    SshTarget {
        endpoint: Endpoint::Tcp { address: name.to_owned(), port: 22 },
        ..super::fixture::target(22, home)
    }
}

/// Settings whose streams come from a function, for a home that knows the peer under these names.
pub fn scripted<S, F>(home: &Path, peer: &Peer, names: &[&str], open: F) -> ReachSettings
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    F: Fn(&str) -> S + Send + Sync + 'static,
{
    let known: String = names.iter().map(|name| peer.known_as(name)).collect();
    std::fs::write(home.join("known_hosts"), known).unwrap();
    let dial = Dial::new(move |endpoint| {
        let Endpoint::Tcp { address, .. } = endpoint else { panic!("a name is expected") };
        let stream: ByteStream = Box::new(open(&address));
        async move { Ok(stream) }
    });
    ReachSettings { dial, ..settings(home) }
}

/// The other end of a stream on which bytes are written by hand.
pub fn by_hand<F>(script: impl FnOnce(DuplexStream) -> F) -> DuplexStream
where
    F: Future<Output = ()> + Send + 'static,
{
    let (ours, theirs) = duplex(64 * 1024);
    tokio::spawn(script(theirs));
    ours
}

/// A peer that sends this and then keeps still.
pub fn says(bytes: &'static [u8]) -> DuplexStream {
    by_hand(move |mut stream| async move {
        let _ = stream.write_all(bytes).await;
        pending::<()>().await;
        drop(stream);
    })
}

/// What becomes of a stream after so many bytes were read from it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It ends.
    Cut,
    /// Nothing comes any more, what is written vanishes.
    Vanish,
    /// Nothing comes any more, and nothing is taken.
    Clog,
}

/// A stream that meets its fate.
pub struct Doomed {
    stream: DuplexStream,
    left: Arc<AtomicU64>,
    fate: Fate,
}

impl Doomed {
    /// Meets it once `left` is used up; the test may set that at any time.
    pub fn new(stream: DuplexStream, left: Arc<AtomicU64>, fate: Fate) -> Self {
        Self { stream, left, fate }
    }

    fn is_met(&self) -> bool {
        self.left.load(Ordering::SeqCst) == 0
    }
}

impl AsyncRead for Doomed {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let left = usize::try_from(self.left.load(Ordering::SeqCst)).unwrap();
        if left == 0 {
            return if self.fate == Fate::Cut { Poll::Ready(Ok(())) } else { Poll::Pending };
        }
        let mut piece = vec![0; left.min(buf.remaining())];
        let mut part = ReadBuf::new(&mut piece);
        let polled = Pin::new(&mut self.stream).poll_read(cx, &mut part);
        buf.put_slice(part.filled());
        self.left.fetch_sub(part.filled().len() as u64, Ordering::SeqCst);
        polled
    }
}

impl AsyncWrite for Doomed {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.fate {
            Fate::Vanish if self.is_met() => Poll::Ready(Ok(bytes.len())),
            Fate::Clog if self.is_met() => Poll::Pending,
            _ => Pin::new(&mut self.stream).poll_write(cx, bytes),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
