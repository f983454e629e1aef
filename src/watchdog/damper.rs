//! What of the coming and going of one cause is told: the first time, that it flaps, and how it ended. While it flaps
//! nothing is told; it flaps until it has stood still for an hour.

use crate::fleet::{Millis, Notice};

/// Well for so long before that is told: less is a flap.
const WELL: Millis = Millis(60_000);
/// Still for so long, and it no longer flaps; well for so long, and all before is forgotten.
const STILL: Millis = Millis(3_600_000);
/// Raised so often while nobody was told that it was well: it flaps.
const OFTEN: u32 = 3;
/// What is told loudly of one cause until it has been well for [`STILL`].
const LOUD: u8 = 3;

/// What was told of one cause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Damper {
    /// How often it was raised.
    pub raises: u32,
    pub flapping: bool,
    /// Whether what was told last is that it is wrong.
    pub shown: bool,
    told: u8,
    changed: Millis,
}

/// Something to tell, and whether a person is to be disturbed with it or it is for the record.
pub(super) type Word = (Notice, bool);

impl Damper {
    /// It is wrong.
    pub fn raised(&mut self, now: Millis) -> Option<Word> {
        self.changed = now;
        self.raises = self.raises.saturating_add(1);
        let first = self.told == 0;
        if self.flapping || (self.shown && self.raises < OFTEN) {
            return None;
        }
        self.shown = true;
        self.flapping = !first;
        self.word(if first { Notice::Raised } else { Notice::Flapping })
    }

    /// It is well.
    pub fn cleared(&mut self, now: Millis) {
        self.changed = now;
    }

    /// Time has passed.
    pub fn tick(&mut self, now: Millis, wrong: bool) -> Option<Word> {
        let still = now.0 - self.changed.0;
        if self.flapping {
            if still < STILL.0 {
                return None;
            }
            self.flapping = false;
            if wrong {
                // However much was told: that it stays wrong must be.
                (self.told, self.raises) = (1, 1);
                return Some((Notice::Stays, true));
            }
            return self.well();
        }
        if wrong {
            return None;
        }
        if self.shown && still >= WELL.0 {
            return self.well();
        }
        if still >= STILL.0 {
            *self = Self::default();
        }
        None
    }

    /// It is well, and nobody waits to see whether it stays so.
    pub fn well_at_once(&mut self) -> Option<Word> {
        self.flapping = false;
        self.well()
    }

    /// Whether nothing of it is worth keeping.
    pub fn is_idle(&self) -> bool {
        *self == Self::default()
    }

    fn well(&mut self) -> Option<Word> {
        self.shown = false;
        self.word(Notice::Cleared)
    }

    fn word(&mut self, notice: Notice) -> Option<Word> {
        let loud = self.told < LOUD;
        self.told = self.told.saturating_add(1);
        Some((notice, loud))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The loud words of so many flaps, each so long wrong and so long well, and of the calm after them.
    fn flaps(count: u32, wrong: i64, well: i64) -> Vec<Notice> {
        let (mut damper, mut now, mut told) = (Damper::default(), 0, Vec::new());
        let mut tell = |word: Option<Word>| {
            told.extend(word.filter(|(_, loud)| *loud).map(|(notice, _)| notice));
        };
        for _ in 0..count {
            tell(damper.raised(Millis(now)));
            for _ in 0..wrong / 5 {
                now += 5000;
                tell(damper.tick(Millis(now), true));
            }
            damper.cleared(Millis(now));
            for _ in 0..well / 5 {
                now += 5000;
                tell(damper.tick(Millis(now), false));
            }
        }
        for _ in 0..3 * 720 {
            now += 5000;
            tell(damper.tick(Millis(now), false));
        }
        assert!(damper.is_idle());
        told
    }

    #[test]
    fn a_thousand_flaps_are_three_notices_at_most_however_fast_they_come() {
        let fast = [Notice::Raised, Notice::Flapping, Notice::Cleared];
        assert_eq!(flaps(1000, 10, 10), fast);
        for (wrong, well) in [(5, 5), (30, 55), (60, 60), (300, 300), (600, 1800), (3500, 3500)] {
            let told = flaps(1000, wrong, well);
            assert!(told.len() <= 3, "{wrong} s wrong, {well} s well: {told:?}");
            assert_eq!(told[0], Notice::Raised);
        }
    }

    #[test]
    fn once_is_told_once_and_so_is_its_end() {
        assert_eq!(flaps(1, 600, 600), [Notice::Raised, Notice::Cleared]);
    }

    #[test]
    fn what_stays_wrong_after_it_flapped_is_told_however_much_was_told_before() {
        let mut damper = Damper::default();
        let mut now = 0;
        for _ in 0..10 {
            now += 30_000;
            damper.raised(Millis(now));
            now += 30_000;
            damper.cleared(Millis(now));
        }
        damper.raised(Millis(now));
        assert!(damper.flapping);
        assert_eq!(damper.tick(Millis(now + STILL.0 - 1), true), None);
        assert_eq!(damper.tick(Millis(now + STILL.0), true), Some((Notice::Stays, true)));
    }
}
