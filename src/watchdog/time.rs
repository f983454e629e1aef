//! Time as the watchdog is told it, in ticks: how much has passed, and whether it passed oddly, because this machine
//! slept, was stopped, or had its clock set. Reads no clock.

use crate::fleet::{Millis, Timestamp};

/// The time, by three clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Tick {
    /// The clock on the wall, which anybody may set.
    pub wall: Timestamp,
    /// Since this machine booted, with the time asleep.
    pub boot: Millis,
    /// The same without the time asleep.
    pub awake: Millis,
    /// Which boot it was: two ticks of one boot have the same.
    pub epoch: u64,
}

/// Something odd about how time passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Odd {
    /// This machine slept.
    Slept(Millis),
    /// This program did not run for so long.
    Stalled(Millis),
    /// The clock on the wall was set by so much.
    Stepped(Millis),
}

/// More than this between two ticks is no round of ours.
const LONGEST_ROUND: Millis = Millis(30_000);
/// Clocks are read one after the other, and are slewed: less than this is not odd.
const SLACK: Millis = Millis(2_000);

/// The watchdog's own time: it only ever grows, over restarts too.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct Clockwork {
    pub now: Millis,
    last: Option<Tick>,
}

impl Clockwork {
    /// Takes one tick in.
    pub fn tick(&mut self, tick: Tick) -> Vec<Odd> {
        let Some(last) = self.last.replace(tick) else { return Vec::new() };
        let wall = tick.wall.0 - last.wall.0;
        if tick.epoch != last.epoch {
            // Another boot: only the wall knows how long it took, and never backwards.
            self.now.0 += wall.max(0);
            return vec![Odd::Stalled(Millis(wall.max(0)))];
        }
        let (boot, awake) = ((tick.boot.0 - last.boot.0).max(0), tick.awake.0 - last.awake.0);
        self.now.0 += boot;
        let mut odd = Vec::new();
        if boot - awake > SLACK.0 {
            odd.push(Odd::Slept(Millis(boot - awake)));
        }
        if awake > LONGEST_ROUND.0 {
            odd.push(Odd::Stalled(Millis(awake)));
        }
        if (wall - boot).abs() > SLACK.0 {
            odd.push(Odd::Stepped(Millis(wall - boot)));
        }
        odd
    }

    /// What the wall showed last.
    pub fn wall(&self) -> Timestamp {
        self.last.map_or(Timestamp(0), |tick| tick.wall)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tick(wall: i64, boot: i64, awake: i64, epoch: u64) -> Tick {
        Tick { wall: Timestamp(wall), boot: Millis(boot), awake: Millis(awake), epoch }
    }

    #[test]
    fn a_sleep_a_stall_and_a_step_are_told_apart() {
        let after = |second: Tick| {
            let mut clockwork = Clockwork::default();
            assert_eq!(clockwork.tick(tick(1_000_000, 50_000, 40_000, 1)), []);
            (clockwork.tick(second), clockwork.now.0)
        };
        assert_eq!(after(tick(1_005_000, 55_000, 45_000, 1)), (vec![], 5_000));
        let slept = after(tick(1_605_000, 655_000, 45_000, 1));
        assert_eq!(slept, (vec![Odd::Slept(Millis(600_000))], 605_000));
        let stalled = after(tick(1_065_000, 115_000, 105_000, 1));
        assert_eq!(stalled, (vec![Odd::Stalled(Millis(65_000))], 65_000));
        for step in [86_400_000, -86_400_000] {
            let stepped = after(tick(1_005_000 + step, 55_000, 45_000, 1));
            assert_eq!(stepped, (vec![Odd::Stepped(Millis(step))], 5_000));
        }
    }

    #[test]
    fn over_a_reboot_the_watchdogs_time_goes_on_and_never_back() {
        for (wall, passed) in [(1_090_000, 90_000), (500_000, 0)] {
            let mut clockwork = Clockwork::default();
            clockwork.tick(tick(1_000_000, 50_000, 40_000, 1));
            clockwork.tick(tick(wall, 3_000, 3_000, 2));
            assert_eq!(clockwork.now.0, passed);
        }
    }
}
