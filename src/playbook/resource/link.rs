//! `link`: a symbolic link is there and leads where it shall.

use super::shell::{Calls, FATE, LOOK, WRITE};
use super::{Args, Field, Kind, Legs, Prelude, Refusal, Resource, Reversal, Target};

/// The resource.
pub const RESOURCE: Resource = Resource {
    name: "link",
    doc: "A symbolic link is there and leads where it shall. Only with `force` does it take the place of a file.",
    short: None,
    fields: &[
        Field::required("path", Kind::Path, "The link."),
        Field::required("to", Kind::Goal, "Where it leads, as it is to be written in the link."),
        Field::default(
            "force",
            Kind::Flag,
            "false",
            "Whether a file that stands at `path` may be replaced. A folder never is.",
        ),
    ],
    rules: &[],
    undo: (Reversal::Exact, "the link or file before comes back; a link that was made is removed"),
    example: "link: { path: ~/models, to: .mountain_shelter/models }",
    preludes: &[FATE, LOOK, WRITE, SHELL],
    legs,
};

const SHELL: Prelude = Prelude {
    name: "link",
    text: r#"
# link_*: path, to, force.
link_check() {
  r_fate "$1"
  case $r_fate in [+/?]) return 11 ;; esac
  if [ "$r_fate" = - ]; then
    r_room "$1" || return
  elif [ -L "$1" ]; then
    [ "$(readlink -- "$1")" != "$2" ] || return 0
  else
    [ ! -d "$1" ] || { r_say "$1 is a folder"; return 2; }
    [ ! -e "$1" ] || [ "$3" = true ] || { r_say "$1 is a file, which is only replaced with \`force: true\`"; return 2; }
    r_room "$1" || return
  fi
  r_will "$1"
  r_fill "$1"
  return 10
}
link_apply() {
  r_temp=${1%/*}/.shelter.$$
  rm -f -- "$r_temp" && ln -s -- "$2" "$r_temp" || return
  if [ -L "$1" ] && [ -d "$1" ]; then
    mv -fT -- "$r_temp" "$1" 2>/dev/null || { rm -f -- "$1" && mv -f -- "$r_temp" "$1"; }
  else
    mv -f -- "$r_temp" "$1"
  fi
}
link_save() { r_keep "$1" was; }
link_restore() { r_back "$1" was; }
"#,
};

fn legs(args: &Args, target: &Target<'_>) -> Result<Legs, Refusal> {
    let path = target.path(args.need("path")?)?;
    let to = args.need("to")?;
    let force = args.flag_word("force");
    Calls::with([path.as_str(), to, force]).light("link")
}
