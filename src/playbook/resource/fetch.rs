//! `fetch`: a file from an address or from the console, proven by its hash, resumed where it broke off.

use super::field::{FOLLOW, GROUP, MODE, OWNER};
use super::file::whole;
use super::shell::{CONTENT, Calls, FATE, LOOK, WRITE, Wished};
use super::{Args, Field, Kind, Legs, Prelude, Refusal, Resource, Reversal, Rule, Target, word_of};
use crate::playbook::plan::Payload;
use crate::text::hex;

/// The resource.
pub const RESOURCE: Resource = Resource {
    name: "fetch",
    doc: "A file comes from an address or from the console. With `sha256` it is proven, and a broken download is resumed; without, a file that is there is taken as it is.",
    short: None,
    fields: &[
        Field::required("path", Kind::Path, "The file."),
        Field::optional("url", Kind::Url, "Where it comes from."),
        Field::optional("from", Kind::ConsoleFile, "A file of the console, in place of `url`."),
        Field::optional("sha256", Kind::Sha256, "The hash it must have."),
        Field::optional(
            "header",
            Kind::Content,
            "What is sent with the request, such as `Authorization: Bearer {{ secret.token }}`: a line, or several. It takes `curl`, which reads it from a pipe; to another host that it is sent on to, `curl` gives neither `Authorization` nor `Cookie`.",
        ),
        MODE,
        OWNER,
        GROUP,
        FOLLOW,
    ],
    rules: &[Rule::One(&["url", "from"])],
    undo: (Reversal::Exact, "the file before comes back; one that was fetched is removed"),
    example: "fetch:\n  url: https://example.org/model.gguf\n  path: ~/.mountain_shelter/models/model.gguf\n  sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    preludes: &[FATE, LOOK, WRITE, CONTENT, super::file::SHELL, SHELL],
    legs,
};

/// The hash of a file, by whatever is there to reckon it.
const SHELL: Prelude = Prelude {
    name: "fetch",
    text: r#"
# r_sha256 FILE: its hash, in r_sha256.
r_sha256() {
  if command -v sha256sum >/dev/null; then r_sha256=$(sha256sum <"$1")
  elif command -v shasum >/dev/null; then r_sha256=$(shasum -a 256 <"$1")
  else r_say 'neither sha256sum nor shasum is here to prove a file with'; return 2; fi
  r_sha256=${r_sha256%% *}
}
# fetch_*: path, follow, permissions listed, user, group, octal, url, sha256, header. Payload 0: the header, if there is one.
# A proven file of more than 16 MiB has a note beside it, so that it is not read whole at every look.
fetch_note() { r_note=${r_path%/*}/.${r_path##*/}.sha256; }
fetch_proven() {
  [ -n "$8" ] || return 0
  fetch_note
  r_seen=''
  [ ! "$r_note" -nt "$r_path" ] || read -r r_seen <"$r_note"
  [ "$r_seen" != "$8 $r_size" ] || return 0
  r_sha256 "$r_path" || return 2
  [ "$r_sha256" = "$8" ] || return 10
}
fetch_check() {
  r_at "$1" "$2" && r_known "$4" "$5" || return
  r_now "$r_path"
  case $? in
    0) ;;
    1) r_room "$r_path" || return; r_will "$r_path"; return 10 ;;
    *) return 11 ;;
  esac
  case $r_mode in -*) ;; *) r_say "$1 is not a file"; return 2 ;; esac
  r_fits "$3" "$4" "$5" || return 10
  fetch_proven "$@" && return
  set -- $?
  [ "$1" != 10 ] || r_will "$r_path"
  return "$1"
}
# fetch_get URL FILE RESUME HEADER: 33 where it cannot be resumed from there. A command line is read by all users, a pipe is not.
fetch_get() {
  if command -v curl >/dev/null; then
    r_code=$(
      if [ -n "$4" ]; then payload 0; fi |
        curl -fL --progress-bar --connect-timeout 20 --speed-limit 1 --speed-time 60 -w '%{http_code}' ${3:+-C -} ${4:+-H @-} -o "$2" -- "$1"
    )
    r_got=$?
    case $r_code in
      416) r_got=33 ;;
      401) r_say "$1 asks for a key: none was sent, or not the right one" ;;
      403) r_say "$1 is closed to who asks: there may be terms to accept first, or the key is not the right one" ;;
    esac
    return "$r_got"
  elif [ -n "$4" ]; then
    r_say 'only curl can send a header without showing it to all users, and it is not here'; return 2
  elif command -v wget >/dev/null; then
    wget ${3:+-c} -O "$2" "$1"
  else
    r_say 'neither curl nor wget is here to fetch with'; return 2
  fi
}
fetch_apply() {
  r_at "$1" "$2" || return
  if r_stat "$r_path" && fetch_proven "$@"; then
    r_own "$r_path" "$4" "$5" "$6"
    return
  fi
  r_part=${r_path%/*}/.${r_path##*/}.part
  [ ! -L "$r_part" ] || rm -f -- "$r_part"
  if [ -n "$8" ] && [ -s "$r_part" ]; then
    fetch_get "$7" "$r_part" resume "$9"
    r_got=$?
    r_sha256 "$r_part" || return
    # A server that is away for a moment is no reason to throw away what has come; wget does not tell (8) what else it was.
    if [ "$r_sha256" != "$8" ]; then
      case $r_got in 0 | 8 | 33) ;; *) r_say 'what has come is kept, and gone on with'; return "$r_got" ;; esac
      r_say 'it is fetched anew'
      rm -f -- "$r_part"
    fi
  fi
  [ -n "$8" ] && [ -s "$r_part" ] || { rm -f -- "$r_part"; fetch_get "$7" "$r_part" '' "$9" || return; }
  if [ -n "$8" ]; then
    r_sha256 "$r_part" || return
    [ "$r_sha256" = "$8" ] || {
      r_say "what came from $7 has the hash $r_sha256, not $8"; rm -f -- "$r_part"; return 1
    }
  fi
  r_temp=$r_part
  r_put "$r_path" "$4" "$5" "${6:-00644}" || return
  fetch_note
  r_stat "$r_path"
  if [ -n "$8" ] && [ "$r_size" -gt 16777216 ]; then
    rm -f -- "$r_note" && touch -r "$r_path" "$r_note" && printf '%s %s\n' "$8" "$r_size" >"$r_note"
  fi
}
fetch_save() { r_at "$1" "$2" && r_keep "$r_path" was && { fetch_note; r_keep "$r_note" note; }; }
fetch_restore() { r_at "$1" "$2" && { fetch_note; r_back "$r_note" note; r_back "$r_path" was; }; }
"#,
};

fn legs(args: &Args, target: &Target<'_>) -> Result<Legs, Refusal> {
    let path = target.path(args.need("path")?)?;
    let sha256 = args.text("sha256").map(str::to_ascii_lowercase).unwrap_or_default();
    match (args.text("url"), args.text("from")) {
        (Some(url), None) => {
            let Wished { listed, octal, user, group } = &Wished::of(args, target);
            let follow = args.flag_word("follow");
            let header = args.content("header").filter(|header| !header.is_blank()).cloned();
            let with = word_of(header.is_some());
            let words = [path.as_str(), follow, listed, user, group, octal, url, &sha256, with];
            let legs = Calls::with(words).exact("fetch")?;
            Ok(Legs { payloads: header.into_iter().collect(), ..legs })
        }
        (None, Some(_)) if args.content("header").is_some() => {
            Err(Refusal::new("a file of the console takes no `header`").in_field("header"))
        }
        (None, Some(from)) => {
            let bytes = target.files.read(from).map_err(|refusal| refusal.in_field("from"))?;
            let found = digest(&bytes);
            if !sha256.is_empty() && sha256 != found {
                let refusal = Refusal::new(format!("`{from}` has the hash {found}"));
                return Err(refusal.in_field("sha256"));
            }
            whole(args, target, &path, Payload::Plain(bytes), false)
        }
        _ => Err(Refusal::new("a `fetch` has `url` or `from`")),
    }
}

fn digest(bytes: &[u8]) -> String {
    use sha2::Digest;
    hex(&sha2::Sha256::digest(bytes))
}
