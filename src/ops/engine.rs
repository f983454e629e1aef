//! The way to an engine on a host: its own loopback, over the link that stands. Asks nothing by itself.

use crate::llm::{ByteStream, LlmError, Way};
use crate::reach::{Link, ReachError};

/// The way to what listens on a port of that host. No port of it has to be open to others.
pub fn engine_way(link: &Link, port: u16) -> Way {
    let link = link.clone();
    Way::new(move || {
        let link = link.clone();
        async move {
            let stream = link.inside(port).await;
            let stream = stream.map_err(|error| match error {
                ReachError::Nobody { .. } => LlmError::Nobody,
                error => LlmError::NoWay(error.to_string()),
            })?;
            Ok(Box::new(stream) as ByteStream)
        }
    })
}
