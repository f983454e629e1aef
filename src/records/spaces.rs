//! What was free on each host's disks over the last weeks: `status/<host>/space.json`. Never grows beyond that.

use std::path::PathBuf;

use crate::fleet::{Bytes, HostName, Space, Timestamp};

use super::json::{read_json, write_json};
use super::{Home, RecordsError};

/// The least time between two points that are kept.
const APART: i64 = 6 * 3_600_000;
/// Points kept of a disk: a month.
const KEPT: usize = 120;
/// Disks kept of a host.
const DISKS: usize = 64;

/// What was free on every host, as files.
#[derive(Clone, Debug)]
pub struct Spaces {
    status: PathBuf,
}

impl Spaces {
    /// Those of a home.
    pub fn of(home: &Home) -> Self {
        Self { status: home.status() }
    }

    /// Takes in what is free now, and tells what was free before as well.
    pub fn note(
        &self,
        host: &HostName,
        at: Timestamp,
        free: &[(String, Bytes)],
    ) -> Result<Vec<Space>, RecordsError> {
        let mut spaces = self.of_host(host)?;
        let mut kept = spaces.clone();
        for (mount, free) in free.iter().take(DISKS) {
            let all = at_mount(&mut spaces, mount);
            all.retain(|(then, _)| *then < at);
            // What is kept has room between its points; what is told ends with now.
            let worth = all.last().is_none_or(|(then, _)| at.0 - then.0 >= APART);
            all.push((at, *free));
            if worth {
                let kept = at_mount(&mut kept, mount);
                kept.retain(|(then, _)| *then < at);
                kept.push((at, *free));
                kept.drain(..kept.len().saturating_sub(KEPT));
            }
        }
        kept.retain(|space| free.iter().any(|(mount, _)| *mount == space.mount));
        write_json(&self.path(host), &kept)?;
        Ok(spaces)
    }

    /// What was free on a host.
    pub fn of_host(&self, host: &HostName) -> Result<Vec<Space>, RecordsError> {
        Ok(read_json(&self.path(host))?.unwrap_or_default())
    }

    fn path(&self, host: &HostName) -> PathBuf {
        self.status.join(host.as_str()).join("space.json")
    }
}

fn at_mount<'a>(spaces: &'a mut Vec<Space>, mount: &str) -> &'a mut Vec<(Timestamp, Bytes)> {
    let at = spaces.iter().position(|space| space.mount == mount).unwrap_or_else(|| {
        spaces.push(Space { mount: mount.to_owned(), points: Vec::new() });
        spaces.len() - 1
    });
    &mut spaces[at].points
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spaces() -> (tempfile::TempDir, Spaces, HostName) {
        let dir = tempfile::tempdir().unwrap();
        let spaces = Spaces { status: dir.path().join("status") };
        (dir, spaces, HostName::new("shadow").unwrap())
    }

    fn now(spaces: &Spaces, host: &HostName, hour: i64) -> Vec<Space> {
        let free = Bytes(10_000 - u64::try_from(hour).unwrap());
        spaces.note(host, Timestamp(hour * 3_600_000), &[("/".to_owned(), free)]).unwrap()
    }

    #[test]
    fn what_is_told_ends_with_now_and_what_is_kept_has_room_between() {
        let (_dir, spaces, host) = spaces();
        for hour in 0..9 {
            assert_eq!(now(&spaces, &host, hour)[0].points.last().unwrap().0.0, hour * 3_600_000);
        }
        let hours: Vec<i64> = spaces.of_host(&host).unwrap()[0]
            .points
            .iter()
            .map(|(at, _)| at.0 / 3_600_000)
            .collect();
        assert_eq!(hours, [0, 6]);
    }

    #[test]
    fn a_month_is_kept_and_no_more_and_a_clock_that_went_back_begins_there() {
        let (_dir, spaces, host) = spaces();
        for day in 0..60 {
            now(&spaces, &host, day * 24);
            now(&spaces, &host, day * 24 + 12);
        }
        for more in 60..70 {
            now(&spaces, &host, more * 24);
        }
        assert_eq!(spaces.of_host(&host).unwrap()[0].points.len(), KEPT);
        assert_eq!(now(&spaces, &host, 1)[0].points.len(), 1);
    }
}
