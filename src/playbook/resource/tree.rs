//! `tree`: a folder holds the files of a folder of the console.

use super::field::{GROUP, OWNER};
use super::shell::{CONTENT, Calls, FATE, LARGEST, LOOK, WRITE, Wished};
use super::{Args, Field, Kind, Legs, Prelude, Refusal, Resource, Reversal, Target};
use crate::playbook::plan::Payload;

/// The resource.
pub const RESOURCE: Resource = Resource {
    name: "tree",
    doc: "A folder holds the files of a folder of the console, byte for byte, with their right to be executed.",
    short: None,
    fields: &[
        Field::required("path", Kind::Path, "The folder on the host."),
        Field::required("from", Kind::ConsoleFolder, "The folder of the console."),
        Field::default(
            "delete",
            Kind::Flag,
            "false",
            "Whether files that are only on the host are removed.",
        ),
        OWNER,
        GROUP,
    ],
    rules: &[],
    undo: (
        Reversal::Exact,
        "the files before come back; files and folders that were made are removed",
    ),
    example: "tree: { path: ~/.mountain_shelter/scripts, from: scripts, delete: true }",
    preludes: &[FATE, LOOK, WRITE, CONTENT, SHELL],
    legs,
};

const SHELL: Prelude = Prelude {
    name: "tree",
    text: r#"
# tree_*: folder, delete, user, group, then for each file: name, size, permissions listed, octal. Payload N: file N, from 0.
tree_each() {
  r_do=$1 r_root=$2 r_user_w=$4 r_group_w=$5 r_at_n=-1
  shift 5
  while [ $# -gt 0 ]; do
    r_at_n=$((r_at_n + 1)) r_file=$r_root/$1
    "$r_do" "$1" "$2" "$3" "$4" || return
    shift 4
  done
}
tree_one() {
  r_stat "$r_file" || return 10
  case $r_mode in -*) ;; *) r_say "$r_file is not a file"; return 2 ;; esac
  [ "$r_size" = "$2" ] && r_fits "$3" "$r_user_w" "$r_group_w" || return 10
  r_same "$r_at_n" "$r_file" "$2" binary || return 10
}
# tree_extra NAME...: files that are only here, one a line.
tree_extra() {
  r_list="
" r_root_x=$1
  shift 4
  while [ $# -gt 0 ]; do
    r_list="$r_list./$1
"
    shift 4
  done
  (cd -- "$r_root_x" && find . ! -type d) | while IFS= read -r r_name; do
    case $r_list in *"
$r_name
"*) ;; *) printf '%s\n' "$r_name" ;; esac
  done
}
tree_check() { r_filling "$1" tree_look "$@"; }
tree_look() {
  [ ! -L "$1" ] || { r_say "$1 is a symbolic link"; return 2; }
  r_known "$3" "$4" || return
  [ -d "$1" ] || return 10
  tree_each tree_one "$@" || return
  [ "$2" != true ] || [ -z "$(tree_extra "$@")" ] || return 10
}
# tree_tell: how one file differs, or that only its permissions or its owner do.
tree_tell() {
  tree_one "$@" 2>/dev/null && return
  r_diff "$r_at_n" "$r_file" 2>/dev/null && { r_label "$r_file"; printf '%s: permissions or owner\n' "$r_label"; }
  return 0
}
tree_diff() {
  tree_each tree_tell "$@"
  [ "$2" = true ] && [ -d "$1" ] || return 0
  r_label "$1"
  tree_extra "$@" | while IFS= read -r r_name; do printf '%s/%s: goes\n' "$r_label" "${r_name#./}"; done
}
tree_put() {
  tree_one "$@" && return
  [ -d "${r_file%/*}" ] || mkdir -p -- "${r_file%/*}" || return
  r_temp "$r_file" && payload "$r_at_n" >"$r_temp" && r_put "$r_file" "$r_user_w" "$r_group_w" "$4"
}
tree_apply() {
  mkdir -p -- "$1" && tree_each tree_put "$@" || return
  [ "$2" = true ] || return 0
  tree_extra "$@" | while IFS= read -r r_name; do
    rm -f -- "$1/$r_name" || return
  done
}
tree_save() {
  [ -d "$1" ] || { printf 'none\n' >"$SHELTER_SAVE/is"; return; }
  printf 'dir\n' >"$SHELTER_SAVE/is" && (cd -- "$1" && tar -cf - .) >"$SHELTER_SAVE/was.tar"
}
tree_restore() {
  read -r r_is <"$SHELTER_SAVE/is" || return
  if [ "$r_is" = none ]; then
    [ ! -d "$1" ] || rm -rf -- "$1"
    return
  fi
  r_new=$(mktemp -d "${1%/*}/.shelter.XXXXXX") || return
  mkdir -- "$r_new/was" && (umask 0 && cd -- "$r_new/was" && tar -xpf -) <"$SHELTER_SAVE/was.tar" && mv -- "$1" "$r_new/now" && mv -- "$r_new/was" "$1" && rm -rf -- "$r_new"
}
"#,
};

fn legs(args: &Args, target: &Target<'_>) -> Result<Legs, Refusal> {
    let path = target.path(args.need("path")?)?;
    let from = args.need("from")?;
    let delete = args.flag_word("delete");
    let Wished { user, group, .. } = &Wished::of(args, target);
    let mut words: Vec<String> = [path.as_str(), delete, user, group].map(str::to_owned).to_vec();
    let (mut payloads, mut size) = (Vec::new(), 0);
    for file in target.files.list(from).map_err(|refusal| refusal.in_field("from"))? {
        let bytes =
            target.files.read(&format!("{from}/{}", file.path)).map_err(|r| r.in_field("from"))?;
        let (listed, octal) =
            if file.executable { ("rwxr-xr-x", "0755") } else { ("rw-r--r--", "0644") };
        words.extend([file.path, bytes.len().to_string(), listed.into(), octal.into()]);
        size += bytes.len();
        payloads.push(Payload::Plain(bytes));
    }
    if size > LARGEST {
        let refusal = Refusal::new(format!("`{from}` is too large to travel in the program"))
            .in_field("from");
        return Err(refusal.help("send an archive by `fetch` and `unpack` it, or use `git`"));
    }
    let calls = Calls::with(words.iter().map(String::as_str));
    let legs = calls.exact("tree")?;
    Ok(Legs { payloads, preview: Some(calls.call("tree_diff")?), ..legs })
}
