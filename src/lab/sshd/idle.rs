//! Tells when a server has been of no use for long: nobody connected, and nothing running inside.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

/// Counts visitors.
pub(super) struct Idle {
    limit: Duration,
    visitors: Arc<watch::Sender<usize>>,
}

/// Somebody who is connected, until dropped.
pub(super) struct Visitor(Arc<watch::Sender<usize>>);

impl Idle {
    /// Nobody is there yet.
    pub fn new(limit: Duration) -> Self {
        Self { limit, visitors: Arc::new(watch::Sender::new(0)) }
    }

    /// Somebody comes.
    pub fn enter(&self) -> Visitor {
        self.visitors.send_modify(|count| *count += 1);
        Visitor(self.visitors.clone())
    }

    /// Whether somebody is there.
    pub fn is_visited(&self) -> bool {
        *self.visitors.borrow() > 0
    }

    /// Returns when nobody has been there, and nothing has run, for the limit.
    pub async fn expired(&self) {
        let mut visitors = self.visitors.subscribe();
        loop {
            if visitors.wait_for(|count| *count == 0).await.is_err() {
                return;
            }
            let came = timeout(self.limit, visitors.wait_for(|count| *count > 0)).await;
            if came.is_err() && !super::reaper::has_children() {
                return;
            }
        }
    }
}

impl Drop for Visitor {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_server_ends_only_after_everybody_has_been_gone_for_the_limit() {
        let idle = Idle::new(Duration::from_secs(60));
        let visitor = idle.enter();
        assert!(timeout(Duration::from_secs(600), idle.expired()).await.is_err());
        drop(visitor);
        assert!(!idle.is_visited());
        assert!(timeout(Duration::from_secs(59), idle.expired()).await.is_err());
        assert!(timeout(Duration::from_secs(61), idle.expired()).await.is_ok());
    }
}
