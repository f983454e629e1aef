//! Invented sensors of practice hosts, marked SIMULATED. They show on the host alone; nothing here measures.

use std::io;
use std::path::Path;

use super::Profile;
use super::place::Place;

/// Values that vary while somebody is connected.
pub(super) struct Sensors {}

impl Sensors {
    /// Waits for the next moment, and then varies them.
    pub async fn vary(&mut self) {
        std::future::pending().await
    }
}

/// Prepares the files that will be shown, on the machine below.
pub(super) fn prepare(_profile: Profile, _place: &Place) -> io::Result<Sensors> {
    Ok(Sensors {})
}

/// Shows them in a fork that is being built.
pub(super) fn mount(_profile: Profile, _place: &Place, _root: &Path) -> io::Result<()> {
    Ok(())
}

/// Programs of ours in the host's PATH: name and text.
pub(super) fn programs(_profile: Profile) -> &'static [(&'static str, &'static str)] {
    &[]
}
