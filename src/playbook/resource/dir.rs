//! `dir`: a folder is there, with the permissions and the owner that are wished.

use super::field::{FOLLOW, GROUP, MODE, OWNER};
use super::shell::{Calls, FATE, LOOK, WRITE, Wished};
use super::{Args, Field, Kind, Legs, Prelude, Refusal, Resource, Reversal, Target};

/// The resource.
pub const RESOURCE: Resource = Resource {
    name: "dir",
    doc: "A folder is there, its parents too. What lies in it is left alone.",
    short: Some("path"),
    fields: &[Field::required("path", Kind::Path, "The folder."), MODE, OWNER, GROUP, FOLLOW],
    rules: &[],
    undo: (
        Reversal::Exact,
        "removes the folders it made, as far as they are empty; puts permissions and owner back",
    ),
    example: "dir: { path: ~/.mountain_shelter/logs, mode: \"0750\" }",
    preludes: &[FATE, LOOK, WRITE, SHELL],
    legs,
};

const SHELL: Prelude = Prelude {
    name: "dir",
    text: r#"
dir_check() {
  r_at "$1" "$2" && r_known "$4" "$5" || return
  r_fate "$r_path"
  case $r_fate in
    [+?]) return 11 ;;
    /) [ -z "$3$4$5" ] || return 11; return 0 ;;
    -) r_will "$r_path/"; return 10 ;;
  esac
  [ -d "$r_path" ] || {
    [ ! -e "$r_path" ] && { r_will "$r_path/"; return 10; }
    r_say "$1 is not a folder"; return 2
  }
  [ -z "$3$4$5" ] || { r_stat "$r_path" && r_fits "$3" "$4" "$5"; } || return 10
}
dir_apply() {
  r_at "$1" "$2" || return
  if [ ! -d "$r_path" ]; then
    r_parent=${r_path%/*}
    [ -d "${r_parent:-/}" ] || mkdir -p -- "$r_parent" || return
    if [ -n "$6" ]; then mkdir -m 0700 -- "$r_path"; else mkdir -- "$r_path"; fi || return
  fi
  r_own "$r_path" "$4" "$5" "$6"
}
dir_save() {
  r_at "$1" "$2" || return
  r_new=0 r_top=$r_path
  while [ -n "$r_top" ] && [ ! -d "$r_top" ]; do
    r_new=$((r_new + 1)) r_top=${r_top%/*}
  done
  printf '%s\n' "$r_new" >"$SHELTER_SAVE/new" && r_keep "$r_path" was
}
dir_restore() {
  r_at "$1" "$2" || return
  read -r r_new <"$SHELTER_SAVE/new" || return
  [ "$r_new" -gt 0 ] || { r_back "$r_path" was; return; }
  while [ "$r_new" -gt 0 ]; do
    [ ! -d "$r_path" ] || rmdir -- "$r_path" || return
    r_new=$((r_new - 1)) r_path=${r_path%/*}
  done
}
"#,
};

fn legs(args: &Args, target: &Target<'_>) -> Result<Legs, Refusal> {
    let path = target.path(args.need("path")?)?;
    let wished = Wished::of(args, target);
    let follow = args.flag_word("follow");
    let Wished { listed, octal, user, group } = &wished;
    let legs = Calls::with([&path, follow, listed, user, group, octal]).light("dir")?;
    let plain = listed.is_empty() && user.is_empty() && group.is_empty();
    Ok(Legs { looks_at: (!plain).then_some(path), ..legs })
}
