//! How a byte stream to a server is had: TCP, a Unix socket, or whatever a test puts in its place.

use std::io;
use std::sync::Arc;

use futures::future::BoxFuture;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, UnixStream, lookup_host};

use crate::fleet::Endpoint;

use super::error::ReachError;

/// Bytes both ways.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// Bytes both ways, whatever carries them.
pub type ByteStream = Box<dyn Stream>;

type Open = dyn Fn(Endpoint) -> BoxFuture<'static, Result<ByteStream, ReachError>> + Send + Sync;

/// The way to a server's byte stream.
#[derive(Clone)]
pub struct Dial(Arc<Open>);

impl Default for Dial {
    fn default() -> Self {
        Self::new(open)
    }
}

impl Dial {
    /// A way of one's own: the seam at which tests put a scripted server.
    pub fn new<F, R>(open: F) -> Self
    where
        F: Fn(Endpoint) -> R + Send + Sync + 'static,
        R: Future<Output = Result<ByteStream, ReachError>> + Send + 'static,
    {
        Self(Arc::new(move |endpoint| Box::pin(open(endpoint))))
    }

    pub(super) async fn open(&self, endpoint: &Endpoint) -> Result<ByteStream, ReachError> {
        (self.0)(endpoint.clone()).await
    }
}

#[expect(clippy::disallowed_methods, reason = "the door through which reach opens connections")]
async fn open(endpoint: Endpoint) -> Result<ByteStream, ReachError> {
    let failed = |e: io::Error| ReachError::Dial { to: endpoint.to_string(), why: plain(&e) };
    match &endpoint {
        Endpoint::Tcp { address, port } => {
            let stream = tcp(address, *port).await?.map_err(failed)?;
            // One small packet per exchange: waiting to fill a bigger one only costs time.
            stream.set_nodelay(true).map_err(failed)?;
            Ok(Box::new(stream))
        }
        Endpoint::Socket(path) => Ok(Box::new(UnixStream::connect(path).await.map_err(failed)?)),
    }
}

#[expect(clippy::disallowed_methods, reason = "the door through which reach opens connections")]
async fn tcp(address: &str, port: u16) -> Result<io::Result<TcpStream>, ReachError> {
    let unresolved = |why: String| ReachError::Unresolved { address: address.to_owned(), why };
    let found = lookup_host((address, port)).await.map_err(|e| unresolved(plain(&e)))?;
    let mut last = None;
    for candidate in found {
        match TcpStream::connect(candidate).await {
            Ok(stream) => return Ok(Ok(stream)),
            Err(error) => last = Some(error),
        }
    }
    Ok(Err(last.ok_or_else(|| unresolved("it has no address".to_owned()))?))
}

/// A system error in words, without its number.
pub(super) fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.strip_prefix("failed to lookup address information: ").unwrap_or(&text);
    let text = text.split(" (os error").next().unwrap_or(text);
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
