//! A login shell on a terminal of its own, for a person to sit at. The only place that asks for a PTY.

use std::sync::Arc;

use bytes::Bytes;
use russh::client::Msg;
use russh::{ChannelMsg, ChannelReadHalf, ChannelWriteHalf};

use super::error::ReachError;
use super::ssh::SshLink;

/// How large a terminal is, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Columns.
    pub columns: u32,
    /// Rows.
    pub rows: u32,
}

/// What the host draws.
pub struct Screen(ChannelReadHalf);

/// What a person types, and how large their window is.
pub struct Keys(ChannelWriteHalf<Msg>);

/// Opens a login shell on a terminal of that kind and size.
pub(super) async fn open(
    link: &Arc<SshLink>,
    kind: &str,
    size: Size,
) -> Result<(Keys, Screen), ReachError> {
    let (read, write) = link.channel().await?.split();
    let lost = |_| link.lost();
    write.request_pty(false, kind, size.columns, size.rows, 0, 0, &[]).await.map_err(lost)?;
    write.request_shell(false).await.map_err(lost)?;
    Ok((Keys(write), Screen(read)))
}

impl Screen {
    /// What is drawn next, as it is. `None` once the shell has ended.
    pub async fn next(&mut self) -> Option<Bytes> {
        loop {
            match self.0.wait().await? {
                ChannelMsg::Data { data } | ChannelMsg::ExtendedData { data, .. } => {
                    return Some(data);
                }
                ChannelMsg::Close => return None,
                _ => {}
            }
        }
    }
}

impl Keys {
    /// Sends what was typed. `false`: the shell takes no more.
    pub async fn press(&self, bytes: &[u8]) -> bool {
        self.0.data(bytes).await.is_ok()
    }

    /// Tells that the window has another size now. A host that does not hear it draws on as before.
    pub async fn resize(&self, size: Size) {
        let told = self.0.window_change(size.columns, size.rows, 0, 0).await;
        if let Err(error) = told {
            tracing::debug!(%error, "the terminal's new size was not sent");
        }
    }
}
