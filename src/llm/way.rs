//! How a byte stream to an engine is had: given from outside, so that it may lead through an SSH connection.

use std::sync::Arc;

use futures::future::BoxFuture;
use tokio::io::{AsyncRead, AsyncWrite};

use super::error::LlmError;

/// Bytes both ways.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// Bytes both ways, whatever carries them.
pub type ByteStream = Box<dyn Stream>;

type Open = dyn Fn() -> BoxFuture<'static, Result<ByteStream, LlmError>> + Send + Sync;

/// The way to one engine: yields a new byte stream whenever it is asked. Cheap to clone.
#[derive(Clone)]
pub struct Way(Arc<Open>);

impl Way {
    /// A way that opens streams like this.
    pub fn new<F, R>(open: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<ByteStream, LlmError>> + Send + 'static,
    {
        Self(Arc::new(move || Box::pin(open())))
    }

    pub(super) async fn open(&self) -> Result<ByteStream, LlmError> {
        (self.0)().await
    }
}
