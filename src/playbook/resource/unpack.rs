//! `unpack`: a folder holds what is in an archive, and nothing of the archive lands anywhere else.

use super::shell::{Calls, FATE, LOOK, WRITE};
use super::{Args, Field, Kind, Legs, Prelude, Refusal, Resource, Reversal, Target};

/// The resource.
pub const RESOURCE: Resource = Resource {
    name: "unpack",
    doc: "A folder holds what is in an archive (tar, with any compression that tar knows, or zip). The folder is the archive's own: it is replaced whole when the archive changes. An archive with a path or a link that leads out of the folder is refused.",
    short: None,
    fields: &[
        Field::required("archive", Kind::Path, "The archive, on the host."),
        Field::required("dest", Kind::Path, "The folder."),
        Field::default(
            "strip",
            Kind::Flag,
            "false",
            "Whether the one folder that holds everything in the archive is left out.",
        ),
    ],
    rules: &[],
    undo: (Reversal::Exact, "the folder before comes back; one that was made is removed"),
    example: "unpack: { archive: ~/node.tar.xz, dest: ~/.mountain_shelter/runtime/node, strip: true }",
    preludes: &[FATE, LOOK, WRITE, SHELL],
    legs,
};

const SHELL: Prelude = Prelude {
    name: "unpack",
    text: r#"
# unpack_sum FILE: what tells it from another, in r_sum.
unpack_sum() {
  for r_with in sha256sum shasum cksum md5sum; do
    command -v "$r_with" >/dev/null || continue
    r_sum=$("$r_with" <"$1") && return
  done
  r_say 'nothing is here to tell archives apart with'
  return 2
}
# unpack_*: archive, folder, strip, flag of tar.
unpack_check() { r_filling "$2" unpack_look "$@"; }
unpack_look() {
  [ ! -L "$2" ] || { r_say "$2 is a symbolic link"; return 2; }
  if [ ! -f "$2/.shelter-unpacked" ]; then
    if [ -e "$2" ] && { [ ! -d "$2" ] || [ -n "$(ls -A -- "$2")" ]; }; then
      r_say "$2 is there and was not unpacked by us"
      return 2
    fi
    [ -f "$1" ] || r_comes "$1" || { r_say "$1 is missing"; return 2; }
    return 10
  fi
  ! r_comes "$1" || return 11
  [ -e "$1" ] || return 0
  [ "$2/.shelter-unpacked" -nt "$1" ] && return 0
  unpack_sum "$1" || return 2
  read -r r_was <"$2/.shelter-unpacked"
  [ "$r_was" = "$r_sum" ] || return 10
}
# unpack_list NAME FLAG: refuses names and links that lead out, and files put through a link of the archive. It lies here
# as `archive`, for tar reads more than a name into an odd one.
unpack_list() {
  case $1 in
    *.zip) unzip -Z1 archive | awk '/^\// || /(^|\/)\.\.(\/|$)/ { print "leads out: " $0; bad = 1 } END { exit bad }' >&2 ;;
    *)
      tar "-t${2}vf" archive 2>&1 | awk '
        /^tar: [Rr]emoving leading/ { print "a path that begins with /"; bad = 1 }
        /^tar: / { print; next }
        { kind = substr($0, 1, 1); name = $0
          for (i = 0; i < 5; i++) sub(/^[^ ]+ +/, "", name)
          to = ""
          if (kind ~ /[-l]/ && (at = index(name, " -> "))) { to = substr(name, at + 4); name = substr(name, 1, at - 1) }
          if (kind == "h" && (at = index(name, " link to "))) { to = substr(name, at + 9); name = substr(name, 1, at - 1) }
          sub(/^(\.\/)+/, "", name); sub(/\/+$/, "", name) }
        kind !~ /[-dlh]/ { print "neither file, folder nor link: " $0; bad = 1 }
        name ~ /^\// || name ~ /(^|\/)\.\.(\/|$)/ { print "leads out: " name; bad = 1 }
        kind == "-" && to != "" { kind = "h" } # as busybox lists hard links
        to ~ /^\// { print "a link that leads out: " name " -> " to; bad = 1 }
        kind == "h" && to ~ /(^|\/)\.\.(\/|$)/ { print "a link that leads out: " name " -> " to; bad = 1 }
        { n = split(name, part, "/"); up = ""
          for (i = 1; i < n; i++) { up = up (i > 1 ? "/" : "") part[i]; if (up in link) { print "goes through a link: " name; bad = 1 } } }
        kind == "l" { link[name] = 1
          depth = n - 1; m = split(to, step, "/")
          for (i = 1; i <= m; i++) { if (step[i] == "..") depth--; else if (step[i] != "" && step[i] != ".") depth++
            if (depth < 0) { print "a link that leads out: " name " -> " to; bad = 1; break } } }
        END { exit bad }
      ' >&2
      ;;
  esac
}
unpack_apply() {
  [ -f "$1" ] || { r_say "$1 is missing"; return 1; }
  [ -d "${2%/*}" ] || mkdir -p -- "${2%/*}" || return
  r_new=$(mktemp -d "${2%/*}/.shelter.XXXXXX") || return
  mkdir -- "$r_new/all" && ln -s -- "$1" "$r_new/archive" || return
  (
    cd -- "$r_new" && unpack_list "$1" "$4" || { r_say "$1 is refused"; exit 1; }
    cd all || exit
    case $1 in
      *.zip) unzip -q ../archive ;;
      *) tar "-x${4}of" ../archive ;;
    esac
  ) || { unpack_drop "$r_new"; return 1; }
  r_out=$(cd -P -- "$r_new/all" && r_root=$(pwd -P) && find . -type l -exec sh -c '
    for f do t=$(readlink -f -- "$f") || t=$(readlink -- "$f"); case $t in "$0"/* | "$0") ;; /*) printf "%s\n" "$f" ;; esac; done' "$r_root" {} +)
  [ -z "$r_out" ] || { r_say "a link that leads out: $r_out"; unpack_drop "$r_new"; return 1; }
  r_from=$r_new/all
  if [ "$3" = true ]; then
    r_only=$(ls -A -- "$r_from")
    [ -d "$r_from/$r_only" ] && [ ! -L "$r_from/$r_only" ] || {
      r_say "$1 does not hold everything in one folder"; unpack_drop "$r_new"; return 1
    }
    r_from=$r_from/$r_only
  fi
  unpack_sum "$1" && rm -f -- "$r_from/.shelter-unpacked" && printf '%s\n' "$r_sum" >"$r_from/.shelter-unpacked" || return
  if r_stat "$2"; then r_octal "${r_mode#?}"; else r_octal=00755; fi
  chmod -- "$r_octal" "$r_from"
  unpack_away "$2" "$SHELTER_SAVE/was" && mv -- "$r_from" "$2"
  r_status=$?
  unpack_drop "$r_new"
  return "$r_status"
}
unpack_drop() { chmod -R -- u+rwX "$1" 2>/dev/null; rm -rf -- "$1"; }
# unpack_away FOLDER TO: out of the way.
unpack_away() { [ ! -e "$1" ] || mv -- "$1" "$2"; }
unpack_save() {
  unpack_drop "$SHELTER_SAVE/was"
  if [ -e "$2" ]; then printf 'old\n'; else printf 'none\n'; fi >"$SHELTER_SAVE/is"
}
unpack_restore() {
  read -r r_is <"$SHELTER_SAVE/is" || return
  if [ "$r_is" = none ]; then unpack_drop "$2"
  elif [ -e "$SHELTER_SAVE/was" ]; then unpack_drop "$2" && mv -- "$SHELTER_SAVE/was" "$2"; fi
}
"#,
};

fn legs(args: &Args, target: &Target<'_>) -> Result<Legs, Refusal> {
    let archive = target.path(args.need("archive")?)?;
    let dest = target.path(args.need("dest")?)?;
    if dest.matches('/').count() < 2 {
        return Err(
            Refusal::new(format!("`{dest}` cannot be an archive's own folder")).in_field("dest")
        );
    }
    let strip = args.flag_word("strip");
    let flag = match archive.rsplit('.').next() {
        Some("gz" | "tgz") => "z",
        Some("xz" | "txz") => "J",
        Some("bz2" | "tbz" | "tbz2") => "j",
        _ => "",
    };
    Calls::with([archive.as_str(), &dest, strip, flag]).exact("unpack")
}
