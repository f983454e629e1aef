//! Small plans to run: steps that write files, fail, hang, and so on.

use std::sync::atomic::{AtomicU32, Ordering};

use shelter::fleet::{HostName, KeyFacts};
use shelter::playbook::plan::{
    HostPlan, Legs, Login, Mode, OnFail, Origin, Payload, PlannedStep, RootBy, Sh, Survival, Undo,
    UndoLegs,
};

static RUNS: AtomicU32 = AtomicU32::new(1);

pub fn plan(steps: Vec<PlannedStep>) -> HostPlan {
    HostPlan {
        run: format!("t{}-{}", std::process::id(), RUNS.fetch_add(1, Ordering::Relaxed)),
        playbook: "00_test".into(),
        host: HostName::new("alder").unwrap(),
        console: "a test".into(),
        facts: KeyFacts::default(),
        key_fn: None,
        mode: Mode::Apply,
        diff: false,
        login: Login { user: "me".into(), home: "/home/me".into(), root: RootBy::Nothing },
        on_fail: OnFail::Stop,
        survival: Survival::Session,
        output_cap: 1 << 20,
        steps,
        handlers: Vec::new(),
        secrets: Default::default(),
        without: Vec::new(),
    }
}

pub fn step(id: &str, legs: Legs) -> PlannedStep {
    let origin = Origin { file: "00_test.yaml".into(), line: 1, column: 1 };
    PlannedStep::plain(id.into(), format!("do {id}"), origin, "test", legs)
}

/// An action: a command of somebody's, always applied.
pub fn action(id: &str, script: &str) -> PlannedStep {
    let mut step = step(id, Legs::action(Sh::script(script).unwrap()));
    step.replayable = false;
    step
}

/// A file in the home directory with this content, undone exactly.
pub fn file(id: &str, name: &str, content: &str) -> PlannedStep {
    step(id, file_legs(name, content))
}

pub fn file_legs(name: &str, content: &str) -> Legs {
    let sh = |text| Sh::of(text, &[("f", name)]).unwrap();
    let save = sh("[ ! -e ./{{f}} ] || cp -p -- ./{{f}} \"$SHELTER_SAVE/was\"");
    let restore = sh(
        "rm -f -- ./{{f}} && { [ ! -e \"$SHELTER_SAVE/was\" ] || cp -p \"$SHELTER_SAVE/was\" ./{{f}}; }",
    );
    Legs {
        check: Some(sh("[ -f ./{{f}} ] && payload 0 | cmp -s - ./{{f}} || return 10")),
        check_inline: true,
        apply_inline: false,
        apply: sh("payload 0 >./{{f}}"),
        verify: None,
        undo: Undo::Exact(UndoLegs { save, restore, ours: None }),
        preview: Some(sh("payload 0 | diff -u ./{{f}} -")),
        payloads: vec![Payload::Plain(content.as_bytes().to_vec().into())],
        touches: Vec::new(),
        asks: None,
        looks_at: None,
    }
}

/// A step whose check ends with this status, and which changes nothing.
pub fn checked(id: &str, status: u8) -> PlannedStep {
    let mut legs = Legs::action(Sh::text("true"));
    let status = status.to_string();
    legs.check = Some(Sh::of("return {{s}}", &[("s", &status)]).unwrap());
    step(id, legs)
}
