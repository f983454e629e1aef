//! `template`: a file is there that holds a rendered template.

use super::field::{FOLLOW, GROUP, MODE, OWNER};
use super::file::{FILE, whole};
use super::{Args, Field, Kind, Legs, Refusal, Resource, Reversal, Target};

/// The resource.
pub const RESOURCE: Resource = Resource {
    name: "template",
    doc: "A file is there that holds a template of the console, rendered for this host.",
    short: None,
    fields: &[
        Field::required("path", Kind::Path, "The file."),
        Field::required("from", Kind::ConsoleFile, "The template."),
        MODE,
        OWNER,
        GROUP,
        FOLLOW,
    ],
    rules: &[],
    undo: (Reversal::Exact, "as for `file`"),
    example: "template: { path: ~/.mountain_shelter/shared.cfg, from: shared.cfg.j2, mode: \"0644\" }",
    preludes: FILE,
    legs,
};

fn legs(args: &Args, target: &Target<'_>) -> Result<Legs, Refusal> {
    let from = args.need("from")?;
    let blamed = |refusal: Refusal| refusal.in_field("from");
    let bytes = target.files.read(from).map_err(blamed)?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| blamed(Refusal::new(format!("`{from}` is not UTF-8"))))?;
    let content = (target.render)(from, text).map_err(blamed)?;
    whole(args, target, &target.path(args.need("path")?)?, content, false)
}
