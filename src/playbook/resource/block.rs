//! `block`: lines of ours stand in a file of somebody else's, between two marks.

use super::field::FOLLOW;
use super::shell::{Calls, FATE, LOOK, WRITE};
use super::{Args, Field, Kind, Legs, Prelude, Refusal, Resource, Reversal, Target};
use crate::playbook::plan::Payload;

/// The resource.
pub const RESOURCE: Resource = Resource {
    name: "block",
    doc: "Lines stand in a file between two marks; all else in the file is left alone.",
    short: None,
    fields: &[
        Field::required("path", Kind::Path, "The file."),
        Field::required(
            "name",
            Kind::Name,
            "What the marks call it: another name is another block.",
        ),
        Field::optional("content", Kind::Text, "The lines."),
        Field::default("comment", Kind::Text, "#", "How a comment begins in that file."),
        Field::default("absent", Kind::Flag, "false", "Whether the block must not be there."),
        Field::default("create", Kind::Flag, "false", "Whether the file is made if it is missing."),
        FOLLOW,
    ],
    rules: &[],
    undo: (Reversal::Exact, "the file before comes back"),
    example: "block: { path: /etc/hosts, name: fleet, content: \"10.0.0.2 shadow\\n\" }",
    preludes: &[FATE, LOOK, WRITE, SHELL],
    legs,
};

const SHELL: Prelude = Prelude {
    name: "block",
    text: r#"
# block_*: path, follow, first mark, last mark, absent, create. Payload 0: the block with its marks.
block_found() {
  R_FIRST=$3 R_LAST=$4 awk '
    $0 == ENVIRON["R_FIRST"] { open = 1; blocks++ }
    open { print }
    $0 == ENVIRON["R_LAST"] { open = 0 }
    END { if (open || blocks > 1) print "broken" }
  ' <"$r_path"
}
block_check() {
  r_at "$1" "$2" || return
  ! r_comes "$r_path" || return 11
  r_stands "$r_path" || { [ "$5" = true ] && return 0; r_lacks "$r_path" "$6"; return; }
  [ -f "$r_path" ] && [ -r "$r_path" ] || { r_say "$1 cannot be read as a file"; return 2; }
  if [ "$5" = true ]; then
    ! grep -qxF -e "$3" -- "$r_path" || return 10
  else
    [ "$(block_found "$@")" = "$(payload 0)" ] || return 10
  fi
}
block_made() {
  r_block=''
  [ "$5" = true ] || r_block=$(payload 0)
  R_FIRST=$3 R_LAST=$4 R_BLOCK=$r_block awk '
    function put() { if (!done && ENVIRON["R_BLOCK"] != "") print ENVIRON["R_BLOCK"]; done = 1 }
    $0 == ENVIRON["R_FIRST"] { put(); open = 1 }
    !open { print }
    $0 == ENVIRON["R_LAST"] { open = 0 }
    END { put() }
  ' <"$r_path"
}
block_apply() {
  r_at "$1" "$2" || return
  if [ ! -e "$r_path" ]; then
    [ "$6" = true ] || { r_say "$1 is missing, and is only made with \`create: true\`"; return 1; }
    r_temp "$r_path" && payload 0 >"$r_temp" || return
  else
    if grep -qxF -e "$3" -- "$r_path" && ! grep -qxF -e "$4" -- "$r_path"; then
      r_say "$1 has the mark \`$3\` but not \`$4\`: nothing is changed"; return 1
    fi
    r_temp "$r_path" && block_made "$@" >"$r_temp" || { rm -f -- "$r_temp"; return 1; }
  fi
  r_put "$r_path" '' '' ''
}
block_save() { r_at "$1" "$2" && r_keep "$r_path" was; }
block_restore() { r_at "$1" "$2" && r_back "$r_path" was; }
block_diff() {
  r_at "$1" "$2" || return
  r_label "$1"
  if [ -e "$r_path" ]; then block_made "$@" | diff -u -L "$r_label" -L "$r_label" -- "$r_path" -
  else payload 0 | diff -u -L "$r_label" -L "$r_label" /dev/null -; fi
}
"#,
};

fn legs(args: &Args, target: &Target<'_>) -> Result<Legs, Refusal> {
    let path = target.path(args.need("path")?)?;
    let (name, comment) = (args.need("name")?, args.text("comment").unwrap_or("#"));
    let content = args.text("content").unwrap_or_default();
    if content.is_empty() && !args.flag("absent") {
        return Err(Refusal::new("`content` is missing"));
    }
    let first = format!("{comment} begin {name} (Mountain Shelter)");
    let last = format!("{comment} end {name} (Mountain Shelter)");
    if content.lines().any(|line| line == first || line == last) {
        return Err(Refusal::new("`content` holds a mark of the block").in_field("content"));
    }
    let block = format!("{first}\n{}\n{last}\n", content.trim_end_matches('\n'));
    let calls = Calls::with([
        path.as_str(),
        args.flag_word("follow"),
        &first,
        &last,
        args.flag_word("absent"),
        args.flag_word("create"),
    ]);
    let legs = calls.light("block")?;
    Ok(Legs {
        preview: Some(calls.call("block_diff")?),
        payloads: vec![Payload::Plain(block.into_bytes().into())],
        ..legs
    })
}
