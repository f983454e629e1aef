//! `file`: a file is there with this content, written in one move so that nobody ever reads half of it.

use super::field::{FOLLOW, GROUP, MODE, OWNER};
use super::shell::{CONTENT, Calls, Content, FATE, LOOK, WRITE, Wished};
use super::{Args, Field, Kind, Legs, Prelude, Refusal, Resource, Reversal, Rule, Target, word_of};
use crate::playbook::plan::{Payload, Undo, UndoLegs};

/// The resource.
pub const RESOURCE: Resource = Resource {
    name: "file",
    doc: "A file is there, with this content if one is given. It is replaced in one move, never written in place.",
    short: None,
    fields: &[
        Field::required("path", Kind::Path, "The file."),
        Field::optional("content", Kind::Content, "What it holds."),
        Field::optional(
            "from",
            Kind::ConsoleFile,
            "A file of the console whose bytes it holds, in place of `content`.",
        ),
        Field::default(
            "keep",
            Kind::Flag,
            "false",
            "Whether a file that is already there may hold something else.",
        ),
        MODE,
        OWNER,
        GROUP,
        FOLLOW,
    ],
    rules: &[Rule::AtMostOne(&["content", "from"])],
    undo: (
        Reversal::Exact,
        "the file before comes back with content, permissions, owner and time; one that was made is removed",
    ),
    example: "file: { path: /etc/motd, content: \"This host is managed.\\n\", mode: \"0644\" }",
    preludes: FILE,
    legs,
};

/// The shell functions that write a file whole.
pub const FILE: &[Prelude] = &[FATE, LOOK, WRITE, CONTENT, SHELL];

/// The shell of a file written whole.
pub const SHELL: Prelude = Prelude {
    name: "file",
    text: r#"
# file_*: path, follow, permissions listed, user, group, octal, size, kind, keep.
file_check() {
  r_at "$1" "$2" && r_known "$4" "$5" || return
  r_now "$r_path"
  case $? in
    0) ;;
    1) r_room "$r_path" || return; r_will "$r_path"; return 10 ;;
    *) return 11 ;;
  esac
  case $r_mode in -*) ;; *) r_say "$1 is not a file"; return 2 ;; esac
  r_fits "$3" "$4" "$5" || return 10
  [ "$9" = true ] || r_same 0 "$r_path" "$7" "$8" || { r_will "$r_path"; return 10; }
}
file_apply() {
  r_at "$1" "$2" || return
  if r_stat "$r_path" && { [ "$9" = true ] || r_same 0 "$r_path" "$7" "$8"; }; then
    r_own "$r_path" "$4" "$5" "$6"
    return
  fi
  r_temp "$r_path" || return
  payload 0 >"$r_temp" || { rm -f -- "$r_temp"; return 1; }
  r_put "$r_path" "$4" "$5" "$6"
}
file_save() { r_at "$1" "$2" && r_keep "$r_path" was; }
file_restore() { r_at "$1" "$2" && r_back "$r_path" was; }
file_diff() { r_at "$1" "$2" && { [ "$9" = true ] && [ -e "$r_path" ] || r_diff 0 "$r_path"; }; }
# secret_*: the same for content that nobody may see. What was there before is not kept: 11 says so.
secret_check() { file_check "$@"; }
secret_apply() {
  file_apply "$@" || return
  secret_looks "$r_path" >"$SHELTER_SAVE/left" && touch -r "$r_path" "$SHELTER_SAVE/left"
}
secret_looks() { ls -lidn -- "$1"; }
secret_save() {
  r_at "$1" "$2" || return
  if [ -e "$r_path" ]; then return 11; else r_keep "$r_path" was; fi
}
secret_restore() { file_restore "$@"; }
secret_ours() {
  r_at "$1" "$2" && [ "$(secret_looks "$r_path")" = "$(cat "$SHELTER_SAVE/left")" ] || return 10
  ! [ "$r_path" -nt "$SHELTER_SAVE/left" ] && ! [ "$SHELTER_SAVE/left" -nt "$r_path" ] || return 10
}
secret_diff() {
  r_at "$1" "$2" || return
  [ -e "$r_path" ] && { [ "$9" = true ] || r_same 0 "$r_path" "$7" "$8"; } || { r_label "$1"; printf '%s: (secret)\n' "$r_label"; }
}
"#,
};

fn legs(args: &Args, target: &Target<'_>) -> Result<Legs, Refusal> {
    let content = match (args.content("content"), args.text("from")) {
        (Some(_), Some(_)) => {
            return Err(Refusal::new("`content` and `from` exclude each other").in_field("from"));
        }
        (Some(content), None) => Some(content.clone()),
        (None, Some(from)) => {
            let bytes = target.files.read(from).map_err(|refusal| refusal.in_field("from"))?;
            Some(Payload::Plain(bytes))
        }
        (None, None) => None,
    };
    let keep = args.flag("keep") || content.is_none();
    let content = content.unwrap_or(Payload::Plain(Vec::new().into()));
    whole(args, target, &target.path(args.need("path")?)?, content, keep)
}

/// The legs that make a file hold this.
pub fn whole(
    args: &Args,
    target: &Target<'_>,
    path: &str,
    content: Payload,
    keep: bool,
) -> Result<Legs, Refusal> {
    let content = Content::of(content)?;
    let wished = Wished::of(args, target);
    let (follow, keep) = (args.flag_word("follow"), word_of(keep));
    let Wished { listed, octal, user, group } = &wished;
    let calls =
        Calls::with([path, follow, listed, user, group, octal, &content.size, content.kind, keep]);
    let legs = match content.kind {
        "secret" => secret(calls.light("secret")?, &calls)?,
        _ => Legs { preview: Some(calls.call("file_diff")?), ..calls.light("file")? },
    };
    Ok(Legs { payloads: vec![content.payload], looks_at: Some(path.to_owned()), ..legs })
}

/// The same for content that nobody may see. What the run left is known again by its looks: an undo has no secrets.
fn secret(legs: Legs, calls: &Calls<'_>) -> Result<Legs, Refusal> {
    let ours = Some(calls.call("secret_ours")?);
    let undo = match legs.undo {
        Undo::Exact(legs) => Undo::BestEffort(
            UndoLegs { ours, ..legs },
            "a file that was there before is not kept, for it may hold a secret",
        ),
        other => other,
    };
    Ok(Legs { preview: Some(calls.call("secret_diff")?), undo, ..legs })
}
