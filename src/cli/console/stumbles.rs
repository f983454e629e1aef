//! Faults of ours while the console is open: the terminal is given back before anything is told of them.

use std::panic::{set_hook, take_hook};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// Minds faults until it is asked what there were.
pub struct Stumbles(Arc<Mutex<String>>);

impl Stumbles {
    /// From here on a fault of the thread that shows the console gives the terminal back; one of another thread
    /// stays with whatever it was about, and is told in the diagnostics.
    pub fn mind() -> Self {
        let told = Arc::new(Mutex::new(String::new()));
        let (kept, shown_by) = (told.clone(), thread::current().id());
        set_hook(Box::new(move |fault| {
            tracing::error!("{fault}");
            if thread::current().id() == shown_by {
                crate::ui::restore();
                *kept.lock().unwrap_or_else(PoisonError::into_inner) = format!("{fault}\n");
            }
        }));
        Self(told)
    }

    /// What there was to tell.
    pub fn told(self) -> String {
        drop(take_hook());
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
