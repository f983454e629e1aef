//! `run`: a command, with something that tells whether it is needed. A bare one always runs and counts as changed.

use super::shell::FATE;
use super::{Args, Field, Kind, Legs, Prelude, Refusal, Resource, Reversal, Rule, Sh, Target};
use crate::playbook::plan::{Payload, Undo, UndoLegs, is_look};

/// The resource.
pub const RESOURCE: Resource = Resource {
    name: "run",
    doc: "A command is run. `creates`, `unless` or `check` tells whether it is needed; a bare one always runs, counts as changed, and is skipped under `--check`.",
    short: Some("sh"),
    fields: &[
        Field::optional("sh", Kind::Script, "A shell script."),
        Field::optional("argv", Kind::Texts, "A program and its arguments, in place of `sh`."),
        Field::optional(
            "script",
            Kind::ConsoleFile,
            "A script of the console, in place of `sh`; its first line may name what runs it. `argv` holds its arguments.",
        ),
        Field::optional(
            "stdin",
            Kind::Content,
            "What it reads from its standard input; nothing, if not given.",
        ),
        Field::optional("creates", Kind::Path, "Not needed where this exists."),
        Field::optional("unless", Kind::Script, "Not needed where this exits 0."),
        Field::optional(
            "check",
            Kind::Script,
            "Exits 0 when not needed, 1 when needed, anything else on error.",
        ),
        Field::optional("undo", Kind::Script, "Takes it back."),
    ],
    rules: &[
        Rule::AnyOf(&["sh", "argv", "script"]),
        Rule::AtMostOne(&["creates", "unless", "check"]),
    ],
    undo: (Reversal::BestEffort, "only what `undo` does and `keeps` brings back"),
    example: "run: { sh: \"cmake --build build\", creates: ~/llama.cpp/build/bin/llama-server }",
    preludes: &[FATE, SHELL],
    legs,
};

const SHELL: Prelude = Prelude {
    name: "run",
    text: r#"
# run_made PATH: whether what it creates is there.
run_made() {
  r_stands "$1"
  case $? in
    0) ;;
    1) r_will "$1"; r_fill "$1"; return 10 ;;
    *) return 11 ;;
  esac
}
run_exec() { "$@"; }
# run_script INTERPRETER... -- ARGUMENT...: payload 0, run as a file.
run_script() {
  r_file=$(mktemp "${TMPDIR:-/tmp}/shelter.XXXXXX") && payload 0 >"$r_file" || return
  "$r_with" ${r_arg:+"$r_arg"} "$r_file" "$@"
  r_status=$?
  rm -f -- "$r_file"
  return "$r_status"
}
"#,
};

fn legs(args: &Args, target: &Target<'_>) -> Result<Legs, Refusal> {
    let (mut apply, mut payloads) = apply(args, target)?;
    if let Some(stdin) = args.content("stdin") {
        apply = fed(&apply, payloads.len());
        payloads.push(stdin.clone());
    }
    let check = check(args, target)?;
    let undo = match args.text("undo") {
        Some(undo) => {
            let restore = Sh::script(undo)?;
            Undo::BestEffort(
                UndoLegs { save: Sh::text(":"), restore, ours: Some(Sh::text(":")) },
                "as the playbook's own undo does",
            )
        }
        None => Undo::None("what a command did is not known"),
    };
    let check_inline = args.text("creates").is_some();
    let apply_inline = args.text("sh").is_some_and(is_look) && args.content("stdin").is_none();
    let asks = args.text("unless").or(args.text("check")).map(str::to_owned);
    Ok(Legs { check, asks, check_inline, apply_inline, undo, payloads, ..Legs::action(apply) })
}

fn apply(args: &Args, target: &Target<'_>) -> Result<(Sh, Vec<Payload>), Refusal> {
    let argv = args.texts("argv").iter().map(String::as_str);
    match (args.text("sh"), args.text("script"), args.texts("argv")) {
        (Some(sh), None, []) => Ok((Sh::script(sh)?, Vec::new())),
        (None, None, [_, ..]) => Ok((Sh::call("run_exec", argv)?, Vec::new())),
        (None, Some(path), _) => {
            let bytes = target.files.read(path).map_err(|refusal| refusal.in_field("script"))?;
            let (with, argument) = interpreter(&bytes);
            let values = [("with", with.as_str()), ("argument", argument.as_str())];
            let call = Sh::of("r_with={{with}} r_arg={{argument}}", &values)?;
            Ok((call.then(&Sh::call("run_script", argv)?), vec![Payload::Plain(bytes)]))
        }
        _ => Err(Refusal::new("a `run` has one of `sh`, `argv` and `script`")),
    }
}

/// The command with payload `n` as what it reads.
fn fed(command: &Sh, n: usize) -> Sh {
    let payload = if n == 0 { "payload 0 | {" } else { "payload 1 | {" };
    Sh::text(payload).then(command).then(&Sh::text("}"))
}

fn check(args: &Args, target: &Target<'_>) -> Result<Option<Sh>, Refusal> {
    Ok(match (args.text("creates"), args.text("unless"), args.text("check")) {
        (None, None, None) => None,
        (Some(path), None, None) => Some(Sh::call("run_made", [target.path(path)?.as_str()])?),
        (None, Some(unless), None) => {
            Some(Sh::of("( eval {{script}} ) >/dev/null 2>&1 || return 10", &[("script", unless)])?)
        }
        (None, None, Some(check)) => Some(Sh::check_script(check)?),
        _ => {
            return Err(Refusal::new("a `run` has at most one of `creates`, `unless` and `check`"));
        }
    })
}

/// What the first line of a script says it is run with, and the one argument it may give.
fn interpreter(script: &[u8]) -> (String, String) {
    let first = script.split(|b| *b == b'\n').next().unwrap_or_default();
    let line = String::from_utf8_lossy(first);
    let Some(named) = line.strip_prefix("#!").map(str::trim).filter(|named| !named.is_empty())
    else {
        return ("/bin/sh".into(), String::new());
    };
    let (with, argument) = named.split_once(char::is_whitespace).unwrap_or((named, ""));
    (with.to_owned(), argument.trim().to_owned())
}
