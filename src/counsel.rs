//! "What didn't I ask you?": from what is known of a fleet to advice, each piece with its evidence and the command
//! that acts on it. Pure; does nothing itself and says nothing that no fact stands behind.

mod advice;
mod cards;
mod clocks;
mod disks;
mod engines;
mod filling;
mod governors;
mod hosts;
mod interrupted;
mod known;
mod owed;
mod plan;
mod proofs;
#[cfg(test)]
mod scene;
mod sessions;

pub use advice::Advice;
pub use known::{Backups, Known, Last, Left, Owed, Stage};
pub use proofs::BACKUP;

/// The title of the section that every report ends with.
pub const TITLE: &str = "What didn't I ask you?";

/// Everything there is to say, the most pressing first.
pub fn advise(known: &Known<'_>) -> Vec<Advice> {
    let rules = [
        interrupted::advise,
        hosts::away,
        owed::advise,
        cards::heat,
        disks::advise,
        filling::advise,
        plan::advise,
        engines::spilled,
        cards::link,
        governors::advise,
        cards::idle,
        engines::elsewhere,
        proofs::benchmarks,
        clocks::advise,
        sessions::advise,
        proofs::backups,
        hosts::aside,
    ];
    rules.iter().flat_map(|rule| rule(known)).collect()
}
