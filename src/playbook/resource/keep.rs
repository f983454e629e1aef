//! Files that shell of the playbook's own may change, kept before and brought back by undo. Runs nothing.

use super::super::plan::{Legs, Prelude, Sh, Undo, UndoLegs};
use super::Refusal;
use super::shell::{FATE, LOOK, WRITE};

/// The shell functions this takes.
pub const KEEPING: [Prelude; 3] = [FATE, LOOK, WRITE];

/// The same legs, with these files kept and brought back.
pub fn keeping(mut legs: Legs, paths: &[String]) -> Result<Legs, Refusal> {
    let (mut save, mut restore) = (Sh::text("r_failed=0"), Sh::text("r_failed=0"));
    for (at, path) in paths.iter().enumerate() {
        let slot = format!("kept-{at}");
        let values = [("path", path.as_str()), ("slot", slot.as_str())];
        save = save.then(&Sh::of("r_keep {{path}} {{slot}} copy || r_failed=1", &values)?);
        restore = restore.then(&Sh::of("r_back {{path}} {{slot}} || r_failed=1", &values)?);
    }
    let end = Sh::text("return \"$r_failed\"");
    let (save, restore) = (save.then(&end), restore.then(&end));
    legs.undo = match legs.undo {
        Undo::Exact(own) => Undo::Exact(both(own, &save, &restore)),
        Undo::BestEffort(own, what) => Undo::BestEffort(both(own, &save, &restore), what),
        Undo::None(_) => Undo::BestEffort(
            UndoLegs { save, restore, ours: None },
            "the files it keeps, nothing else",
        ),
    };
    Ok(legs)
}

/// The step's own undo first, then the files.
fn both(own: UndoLegs, save: &Sh, restore: &Sh) -> UndoLegs {
    let guard = |leg: Sh| Sh::text("{").then(&leg).then(&Sh::text("} || return"));
    UndoLegs {
        save: guard(own.save).then(save),
        restore: guard(own.restore).then(restore),
        ours: own.ours,
    }
}
