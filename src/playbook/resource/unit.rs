//! `unit`: a systemd unit file is there and systemd has read it. Starts nothing.

use super::file::whole;
use super::service::{SYSTEMD, USER, need_systemd};
use super::shell::{CONTENT, FATE, LOOK, WRITE};
use super::{Args, Field, Kind, Legs, Prelude, Refusal, Resource, Reversal, Sh, Target};
use crate::playbook::plan::{Payload, Undo, UndoLegs};

/// The resource.
pub const RESOURCE: Resource = Resource {
    name: "unit",
    doc: "A unit file is there, the system's or the user's, and systemd has read it. A `service` starts it.",
    short: None,
    fields: &[
        Field::required("name", Kind::Name, "The unit with its kind, such as `llama.service`."),
        Field::optional("content", Kind::Content, "What it holds."),
        Field::optional(
            "from",
            Kind::ConsoleFile,
            "A template of the console, in place of `content`.",
        ),
        USER,
    ],
    rules: &[],
    undo: (Reversal::Exact, "the unit file before comes back, and systemd reads it again"),
    example: "unit: { name: llama.service, from: llama.service.j2, user: true }",
    preludes: &[FATE, LOOK, WRITE, CONTENT, super::file::SHELL, SYSTEMD, SHELL],
    legs,
};

const SHELL: Prelude = Prelude {
    name: "unit",
    text: r#"
unit_folder() { [ -d "$1" ] || mkdir -p -- "$1"; }
"#,
};

/// The kinds of unit files.
const KINDS: [&str; 6] = [".service", ".timer", ".socket", ".path", ".target", ".mount"];

fn legs(args: &Args, target: &Target<'_>) -> Result<Legs, Refusal> {
    need_systemd(target)?;
    let name = args.need("name")?;
    if name.contains('/') || !KINDS.iter().any(|kind| name.ends_with(kind)) {
        let refusal = Refusal::new(format!("`{name}` cannot name a unit")).in_field("name");
        return Err(refusal.help(format!("it ends with one of {}", KINDS.join(", "))));
    }
    let (folder, reload) = if args.flag("user") {
        (target.path("~/.config/systemd/user")?, Sh::text("r_systemctl --user daemon-reload"))
    } else {
        ("/etc/systemd/system".to_owned(), Sh::text("r_systemctl --system daemon-reload"))
    };
    let path = format!("{folder}/{name}");
    let file = whole(args, target, &path, content(args, target)?, false)?;
    let lacking = Sh::of(
        "[ -d {{folder}} ] || { r_will {{unit}}; return 10; }\nr_will {{unit}}",
        &[("folder", &folder), ("unit", &format!("unit {name}"))],
    )?;
    let before = Sh::of("unit_folder {{folder}} || return", &[("folder", &folder)])?;
    let checked = |leg: &Sh| Sh::text("{").then(leg).then(&Sh::text("} || return")).then(&reload);
    let undo = match file.undo {
        Undo::Exact(legs) => Undo::Exact(UndoLegs { restore: checked(&legs.restore), ..legs }),
        Undo::BestEffort(legs, how) => {
            Undo::BestEffort(UndoLegs { restore: checked(&legs.restore), ..legs }, how)
        }
        none => none,
    };
    let check = file.check.map(|check| lacking.then(&check));
    Ok(Legs { check, apply: before.then(&checked(&file.apply)), undo, apply_inline: false, ..file })
}

fn content(args: &Args, target: &Target<'_>) -> Result<Payload, Refusal> {
    match (args.content("content"), args.text("from")) {
        (Some(content), None) => Ok(content.clone()),
        (None, Some(from)) => {
            let bytes = target.files.read(from).map_err(|refusal| refusal.in_field("from"))?;
            let text = std::str::from_utf8(&bytes)
                .map_err(|_| Refusal::new(format!("`{from}` is not UTF-8")).in_field("from"))?;
            (target.render)(from, text)
        }
        _ => Err(Refusal::new("a `unit` has `content` or `from`")),
    }
}
