//! `file`: a file is there with this content, written in one move so that nobody ever reads half of it.

use super::field::{FOLLOW, GROUP, MODE, OWNER};
use super::shell::{CONTENT, Calls, Content, LOOK, WRITE, Wished};
use super::{Args, Field, Kind, Legs, Prelude, Refusal, Resource, Reversal, Rule, Target, word_of};

/// The resource.
pub const RESOURCE: Resource = Resource {
    name: "file",
    doc: "A file is there, with this content if one is given. It is replaced in one move, never written in place.",
    short: None,
    fields: &[
        Field::required("path", Kind::Path, "The file."),
        Field::optional("content", Kind::Text, "What it holds."),
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
pub const FILE: &[Prelude] = &[LOOK, WRITE, CONTENT, SHELL];

/// The shell of a file written whole.
pub const SHELL: Prelude = Prelude {
    name: "file",
    text: r#"
# file_*: path, follow, permissions listed, user, group, octal, size, kind, keep.
file_check() {
  r_at "$1" "$2" || return
  r_stat "$r_path" || return 10
  case $r_mode in -*) ;; *) r_say "$1 is not a file"; return 2 ;; esac
  r_fits "$3" "$4" "$5" || return 10
  [ "$9" = true ] || r_same 0 "$r_path" "$7" "$8" || return 10
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
"#,
};

fn legs(args: &Args, target: &Target<'_>) -> Result<Legs, Refusal> {
    let bytes = match (args.text("content"), args.text("from")) {
        (Some(_), Some(_)) => {
            return Err(Refusal::new("`content` and `from` exclude each other").in_field("from"));
        }
        (Some(content), None) => Some(content.as_bytes().to_vec()),
        (None, Some(from)) => {
            Some(target.files.read(from).map_err(|refusal| refusal.in_field("from"))?)
        }
        (None, None) => None,
    };
    let keep = args.flag("keep") || bytes.is_none();
    whole(args, target, &target.path(args.need("path")?)?, bytes.unwrap_or_default(), keep)
}

/// The legs that make a file hold these bytes.
pub fn whole(
    args: &Args,
    target: &Target<'_>,
    path: &str,
    bytes: Vec<u8>,
    keep: bool,
) -> Result<Legs, Refusal> {
    let content = Content::of(bytes)?;
    let wished = Wished::of(args, target);
    let (follow, keep) = (args.flag_word("follow"), word_of(keep));
    let Wished { listed, octal, user, group } = &wished;
    let calls =
        Calls::with([path, follow, listed, user, group, octal, &content.size, content.kind, keep]);
    let legs = calls.exact("file")?;
    let (preview, looks_at) = (Some(calls.call("file_diff")?), Some(path.to_owned()));
    Ok(Legs { preview, payloads: vec![content.payload], looks_at, ..legs })
}
