//! `line`: a line is in a file, or is not.

use super::field::FOLLOW;
use super::shell::{Calls, FATE, LOOK, WRITE};
use super::{Args, Field, Kind, Legs, Prelude, Refusal, Resource, Reversal, Target};

/// The resource.
pub const RESOURCE: Resource = Resource {
    name: "line",
    doc: "A line is in a file. With `match`, it takes the place of the first line that matches, and the others that match go.",
    short: None,
    fields: &[
        Field::required("path", Kind::Path, "The file."),
        Field::optional("line", Kind::Text, "The line."),
        Field::optional(
            "match",
            Kind::Text,
            "An extended regular expression for the lines it stands for.",
        ),
        Field::optional(
            "after",
            Kind::Text,
            "An extended regular expression for the line it is put after if it is new; the end if there is none.",
        ),
        Field::default(
            "absent",
            Kind::Flag,
            "false",
            "Whether `line`, or what `match` matches, must not be there.",
        ),
        Field::default("create", Kind::Flag, "false", "Whether the file is made if it is missing."),
        FOLLOW,
    ],
    rules: &[],
    undo: (Reversal::Exact, "the file before comes back"),
    example: "line: { path: /etc/environment, match: \"^APP_ENV=\", line: APP_ENV=production }",
    preludes: &[FATE, LOOK, WRITE, SHELL],
    legs,
};

const SHELL: Prelude = Prelude {
    name: "line",
    text: r#"
# line_*: path, follow, line, match, after, absent, create.
line_check() {
  r_at "$1" "$2" || return
  ! r_comes "$r_path" || return 11
  r_stands "$r_path" || { [ "$6" = true ] && return 0; r_lacks "$r_path" "$7"; return; }
  [ -f "$r_path" ] && [ -r "$r_path" ] || { r_say "$1 cannot be read as a file"; return 2; }
  if [ -n "$4" ]; then
    r_found=$(grep -E -e "$4" -- "$r_path")
    case $? in 0 | 1) ;; *) return 2 ;; esac
    if [ "$6" = true ]; then
      [ -z "$r_found" ] || return 10
      return 0
    fi
    [ "$r_found" = "$3" ] && [ -n "$3" ] && return 0
    [ -z "$r_found" ] || return 10
  fi
  if [ "$6" = true ]; then
    ! grep -qxF -e "$3" -- "$r_path" || return 10
  else
    grep -qxF -e "$3" -- "$r_path" || return 10
  fi
}
# line_made: the file as it shall be, to stdout.
line_made() {
  if [ -n "$4" ]; then r_at_lines=$(grep -nE -e "$4" -- "$r_path" | cut -d: -f1)
  else r_at_lines=$(grep -nxF -e "$3" -- "$r_path" | cut -d: -f1); fi
  r_after=''
  [ -z "$5" ] || r_after=$(grep -nE -e "$5" -- "$r_path" | cut -d: -f1 | tail -n 1)
  R_LINE=$3 R_AT=$r_at_lines R_AFTER=$r_after R_ABSENT=$6 awk '
    BEGIN {
      n = split(ENVIRON["R_AT"], list, /[^0-9]+/)
      for (i = 1; i <= n; i++) if (list[i] != "") { hit[list[i]] = 1; any = 1 }
      absent = ENVIRON["R_ABSENT"] == "true"; after = ENVIRON["R_AFTER"]
    }
    hit[NR] { if (!absent && !done) { print ENVIRON["R_LINE"]; done = 1 } next }
    { print }
    !absent && !any && NR == after { print ENVIRON["R_LINE"]; done = 1 }
    END { if (!absent && !done) print ENVIRON["R_LINE"] }
  ' <"$r_path"
}
line_apply() {
  r_at "$1" "$2" || return
  if [ ! -e "$r_path" ]; then
    [ "$7" = true ] || { r_say "$1 is missing, and is only made with \`create: true\`"; return 1; }
    r_temp "$r_path" && printf '%s\n' "$3" >"$r_temp" || return
  else
    r_temp "$r_path" && line_made "$@" >"$r_temp" || { rm -f -- "$r_temp"; return 1; }
  fi
  r_put "$r_path" '' '' ''
}
line_save() { r_at "$1" "$2" && r_keep "$r_path" was; }
line_restore() { r_at "$1" "$2" && r_back "$r_path" was; }
line_diff() {
  r_at "$1" "$2" || return
  r_label "$1"
  if [ -e "$r_path" ]; then line_made "$@" | diff -u -L "$r_label" -L "$r_label" -- "$r_path" -
  else printf '%s\n' "$3" | diff -u -L "$r_label" -L "$r_label" /dev/null -; fi
}
"#,
};

fn legs(args: &Args, target: &Target<'_>) -> Result<Legs, Refusal> {
    let path = target.path(args.need("path")?)?;
    let word = |name| args.text(name).unwrap_or_default();
    if word("line").contains('\n') {
        return Err(Refusal::new("`line` is more than one line")
            .in_field("line")
            .help("use `block`"));
    }
    if word("line").is_empty() && (!args.flag("absent") || word("match").is_empty()) {
        return Err(Refusal::new("`line` is missing"));
    }
    let words = [
        path.as_str(),
        args.flag_word("follow"),
        word("line"),
        word("match"),
        word("after"),
        args.flag_word("absent"),
        args.flag_word("create"),
    ];
    let calls = Calls::with(words);
    let legs = calls.light("line")?;
    Ok(Legs { preview: Some(calls.call("line_diff")?), ..legs })
}
