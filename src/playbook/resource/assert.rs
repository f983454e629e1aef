//! `assert`: something must hold. Changes nothing, and a failure says what to do.

use super::{Args, Field, Kind, Legs, Refusal, Resource, Reversal, Rule, Sh, Target};
use crate::playbook::plan::Undo;

/// The resource.
pub const RESOURCE: Resource = Resource {
    name: "assert",
    doc: "Something holds, or the step fails and says what to do. It is looked at under `--check` too.",
    short: Some("that"),
    fields: &[
        Field::optional("that", Kind::Condition, "An expression over facts and variables."),
        Field::optional("check", Kind::Script, "Shell that exits 0 where all is well."),
        Field::default(
            "message",
            Kind::Text,
            "this does not hold",
            "What is wrong where it does not hold.",
        ),
        Field::optional("fix", Kind::Text, "What to do about it."),
    ],
    rules: &[Rule::One(&["that", "check"])],
    undo: (Reversal::None, "it changes nothing"),
    example: "assert: { check: command -v cmake, message: cmake is missing, fix: apt-get install cmake }",
    preludes: &[],
    legs,
};

fn legs(args: &Args, _: &Target<'_>) -> Result<Legs, Refusal> {
    let fix = args.text("fix").map(|fix| format!("  fix: {fix}\n")).unwrap_or_default();
    let script = args.text("check").unwrap_or_default();
    let values = [("message", args.need("message")?), ("fix", fix.as_str()), ("script", script)];
    const SAY: &str = "{ printf '%s\\n%s' {{message}} {{fix}} >&2; return 1; }";
    let check = match (args.choice("that"), script) {
        (Some(true), "") => Sh::text(":"),
        (Some(false), "") => Sh::of(SAY, &values)?,
        (None, "") => return Err(Refusal::new("an `assert` has `that` or `check`")),
        (None, _) => Sh::of(
            "( eval {{script}} ) >/dev/null 2>&1 || { printf '%s\\n%s' {{message}} {{fix}} >&2; return 1; }",
            &values,
        )?,
        (Some(_), _) => return Err(Refusal::new("an `assert` has `that` or `check`, not both")),
    };
    let undo = Undo::None("it changes nothing");
    let asks = args.text("check").map(str::to_owned);
    let check = Some(check);
    Ok(Legs { check, asks, check_inline: true, undo, ..Legs::action(Sh::text("return 1")) })
}
