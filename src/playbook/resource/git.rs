//! `git`: a repository is checked out at a revision. Local changes are never thrown away.

use super::shell::{Calls, FATE};
use super::{Args, Field, Kind, Legs, Prelude, Refusal, Resource, Reversal, Target};
use crate::playbook::plan::Undo;

/// The resource.
pub const RESOURCE: Resource = Resource {
    name: "git",
    doc: "A repository is checked out at a branch, tag or commit. A tag or commit that is already there is not asked for over the network.",
    short: None,
    fields: &[
        Field::required("repo", Kind::Text, "Where the repository is: an address or a path."),
        Field::required("dest", Kind::Path, "The folder it is checked out to."),
        Field::default("ref", Kind::Name, "HEAD", "A branch, a tag or a full commit."),
        Field::optional(
            "depth",
            Kind::Number(1, i64::MAX),
            "How much history is fetched; all of it, if not given.",
        ),
        Field::default(
            "submodules",
            Kind::Flag,
            "false",
            "Whether submodules are checked out too.",
        ),
    ],
    rules: &[],
    undo: (
        Reversal::BestEffort,
        "the revision before is checked out again, a clone that was made is removed; fetched objects stay",
    ),
    example: "git: { repo: https://github.com/ggml-org/llama.cpp, dest: ~/llama.cpp, ref: b7110, depth: 1 }",
    preludes: &[FATE, SHELL],
    legs,
};

const SHELL: Prelude = Prelude {
    name: "git",
    text: r#"
r_git() { GIT_TERMINAL_PROMPT=0 git -c protocol.ext.allow=never -c advice.detachedHead=false "$@"; }
# git_*: repository, folder, ref, depth, submodules.
git_here() { [ -d "$1/.git" ]; }
git_check() { r_filling "$2" git_look "$@"; }
git_look() {
  command -v git >/dev/null || { [ -e "$2" ] || return 10; printf 'git is missing\n' >&2; return 2; }
  if ! git_here "$2"; then
    [ ! -e "$2" ] || [ -z "$(ls -A -- "$2" 2>/dev/null)" ] && return 10
    printf '%s is there and is no clone\n' "$2" >&2
    return 2
  fi
  [ "$(r_git -C "$2" config --get remote.origin.url)" = "$1" ] || return 10
  r_head=$(r_git -C "$2" rev-parse -q --verify HEAD) || return 10
  r_want=$(r_git -C "$2" rev-parse -q --verify "refs/tags/$3^{commit}")
  case $3 in *[!0-9a-f]*) ;; ????????????????????????????????????????) r_want=$3 ;; esac
  if [ -z "$r_want" ]; then
    r_refs=$(r_git -C "$2" ls-remote -q -- "$1" "$3" "$3^{}") || return 2
    r_want=$(printf '%s\n' "$r_refs" | awk '{ if ($2 ~ /\^\{\}$/) tag = $1; else if (!any) any = $1 } END { print tag ? tag : any }')
    [ -n "$r_want" ] || { printf 'there is no `%s` in %s\n' "$3" "$1" >&2; return 2; }
  fi
  [ "$r_head" = "$r_want" ] || return 10
}
git_apply() {
  command -v git >/dev/null || { printf 'git is missing\n' >&2; return 1; }
  if git_here "$2"; then
    [ -z "$(r_git -C "$2" status --porcelain -uno)" ] || {
      printf '%s has changes of its own, which are not thrown away:\n' "$2" >&2
      r_git -C "$2" status --short -uno >&2
      return 1
    }
    r_git -C "$2" remote set-url origin "$1" || return
  else
    r_git init -q -- "$2" && r_git -C "$2" remote add origin "$1" || return
  fi
  if r_git -C "$2" fetch --progress ${4:+--depth "$4"} origin "$3"; then
    r_git -C "$2" checkout -q --detach FETCH_HEAD || return
  else
    r_git -C "$2" fetch --progress --tags origin && r_git -C "$2" checkout -q --detach "$3" || return
  fi
  case $3 in
    HEAD) ;;
    *) r_git -C "$2" fetch -q ${4:+--depth "$4"} origin "refs/tags/$3:refs/tags/$3" 2>/dev/null ;;
  esac
  [ "$5" != true ] || r_git -C "$2" submodule update --init --recursive ${4:+--depth "$4"}
}
git_save() {
  if git_here "$2"; then
    r_was=$(r_git -C "$2" symbolic-ref -q --short HEAD || r_git -C "$2" rev-parse -q --verify HEAD)
    printf '%s\n%s\n' "$(r_git -C "$2" config --get remote.origin.url)" "$r_was"
  elif [ -e "$2" ]; then printf 'empty\n'
  else printf 'none\n'; fi >"$SHELTER_SAVE/was"
}
git_restore() {
  r_was=''
  { IFS= read -r r_url && read -r r_was; } <"$SHELTER_SAVE/was"
  case $r_url.$r_was in
    none. | empty.)
      [ ! -e "$2" ] || rm -rf -- "$2" || return
      [ "$r_url" = none ] || mkdir -- "$2"
      ;;
    *.) ;;
    *)
      r_git -C "$2" remote set-url origin "$r_url" && r_git -C "$2" checkout -q "$r_was" || return
      [ "$5" != true ] || r_git -C "$2" submodule update --init --recursive
      ;;
  esac
}
"#,
};

fn legs(args: &Args, target: &Target<'_>) -> Result<Legs, Refusal> {
    let dest = target.path(args.need("dest")?)?;
    let depth = args.number("depth").map(|depth| depth.to_string()).unwrap_or_default();
    let submodules = args.flag_word("submodules");
    let repo = args.need("repo")?;
    if repo.starts_with('-') || repo.is_empty() {
        return Err(Refusal::new(format!("`{repo}` is no repository")).in_field("repo"));
    }
    let calls = Calls::with([repo, &dest, args.need("ref")?, &depth, submodules]);
    let legs = calls.exact("git")?;
    let undo = match legs.undo {
        Undo::Exact(undo) => Undo::BestEffort(undo, RESOURCE.undo.1),
        other => other,
    };
    Ok(Legs { undo, ..legs })
}
