//! Shell functions that several resources share, and the words they are called with. Runs nothing.
//!
//! Every function keeps to POSIX sh and to what GNU and busybox have in common. Names begin with `r_`.

use super::super::plan::{Legs, Payload, Prelude, Sh, Undo, UndoLegs};
use super::{Args, Refusal, Target};

/// What is going to stand at a path. A run only looks; under `--check` the runner's `foretell.sh` takes the place of the
/// first four, and knows what earlier steps would do.
pub const FATE: Prelude = Prelude {
    name: "fate",
    text: r#"
r_will() { :; }
r_gone() { :; }
r_fill() { :; }
r_fate() { r_fate=''; }
r_comes() { return 1; }
# r_stands PATH: whether something is going to stand there; 11: nobody can know.
r_stands() {
  r_fate "$1"
  case $r_fate in [+/]) return 0 ;; -) return 1 ;; '?') return 11 ;; esac
  [ -e "$1" ] || [ -L "$1" ]
}
# r_filling FOLDER LOOK...: the look; where it says that something is to be done, the folder is going to be filled.
r_filling() {
  r_into=$1
  shift
  r_fate "$r_into"
  case $r_fate in
    [+?]) return 11 ;;
    /) [ ! -e "$r_into" ] || return 11 ;;
  esac
  if [ "$r_fate" = - ]; then set -- 10; else
    "$@"
    set -- $?
  fi
  [ "$1" != 10 ] || { r_will "$r_into/"; r_fill "$r_into"; }
  return "$1"
}
"#,
};

/// What stands at a path, and what is asked of it.
pub const LOOK: Prelude = Prelude {
    name: "look",
    text: r#"
r_say() { printf '%s\n' "$*" >&2; }
# r_label PATH: as it can stand in the head of a difference, in r_label: a line of its own.
r_label() {
  r_label=$1
  case $1 in *[[:cntrl:]]*) r_label=$(printf %s "$1" | tr '\001-\037\177' '?') ;; esac
}
# r_at PATH FOLLOW: the path to work on, in r_path; a link there is followed only where told.
r_at() {
  r_path=$1
  [ -L "$1" ] || return 0
  [ "$2" = true ] || { r_say "$1 is a symbolic link, which is only followed with \`follow: true\`"; return 2; }
  r_path=$(readlink -f -- "$1") && [ -n "$r_path" ] || { r_say "$1 is a link that leads nowhere"; return 2; }
}
# r_ahead PATH...: looks at all of them at once, for the r_stat of each.
r_ahead() {
  r_seen="
$(ls -ldn -- "$@" 2>/dev/null)
"
}
# r_stat PATH: r_mode r_uid r_gid r_size of what stands there, links not followed.
r_stat() {
  r_mode='' r_uid='' r_gid='' r_size='' r_line=''
  case ${r_seen-} in *" $1
"*)
    r_line=${r_seen%%" $1
"*}
    r_line=${r_line##*"
"}
    ;;
  esac
  # A link's line ends with where it leads, which may be another's name.
  case $r_line in
    '' | l*)
      [ -e "$1" ] || [ -L "$1" ] || return 1
      r_line=$(ls -ldn -- "$1" 2>/dev/null)
      ;;
  esac
  IFS=' ' read -r r_mode r_n r_uid r_gid r_size r_n <<R_STAT
$r_line
R_STAT
  case $r_mode in '') return 1 ;; *[.+@]) r_mode=${r_mode%?} ;; esac
}
# r_id passwd|group NAME: its number, in r_id.
r_id() {
  r_id=$2
  case $2 in *[!0-9]*) ;; *) return 0 ;; esac
  while IFS=: read -r r_n r_x r_id r_x; do
    [ "$r_n" = "$2" ] && return 0
  done <"/etc/$1"
  r_id=$(getent "$1" "$2" 2>/dev/null | cut -d: -f3)
  [ -n "$r_id" ]
}
# r_known USER GROUP: whether they are there.
r_known() {
  [ -z "$1" ] || r_id passwd "$1" || { r_say "there is no user $1 here"; return 2; }
  [ -z "$2" ] || r_id group "$2" || { r_say "there is no group $2 here"; return 2; }
}
# r_now PATH: r_stat of what is going to stand there; 1: nothing, 11: nobody can know.
r_now() {
  r_fate "$1"
  case $r_fate in '') r_stat "$1" ;; -) return 1 ;; *) return 11 ;; esac
}
# r_room PATH: whether the folder it lies in is there, or going to be.
r_room() {
  r_in=${1%/*}
  r_fate "${r_in:-/}"
  case $r_fate in
    /) return 0 ;;
    [+?]) return 11 ;;
    '') [ ! -d "${r_in:-/}" ] || return 0 ;;
  esac
  r_say "the folder $r_in is missing"
  return 2
}
# r_lacks PATH CREATE: what it means to who edits a file that it is missing.
r_lacks() {
  [ "$2" = true ] || { r_say "$1 is missing, and is only made with \`create: true\`"; return 2; }
  r_room "$1" || return
  r_will "$1"
  return 10
}
# r_fits PERMISSIONS USER GROUP: whether what r_stat found is as wished; empty: as it may be.
r_fits() {
  [ -z "$1" ] || [ "${r_mode#?}" = "$1" ] || return 1
  [ -z "$2" ] || { r_id passwd "$2" && [ "$r_uid" = "$r_id" ]; } || return 1
  [ -z "$3" ] || { r_id group "$3" && [ "$r_gid" = "$r_id" ]; }
}
"#,
};

/// Metadata set, state kept and brought back, files replaced in one move.
pub const WRITE: Prelude = Prelude {
    name: "write",
    text: r#"
# r_own PATH USER GROUP MODE: as wished; empty: as it is.
r_own() {
  [ -z "$2$3" ] || chown -h -- "$2${3:+:$3}" "$1" || return
  [ -z "$4" ] || chmod -- "$4" "$1"
}
# r_octal rwxr-xr-x: as chmod takes it, in r_octal.
r_octal() {
  r_n=$1 r_octal=0 r_x=0
  for r_bit in 256 128 64 32 16 8 4 2 1; do
    case $r_n in [rwxst]*) r_octal=$((r_octal + r_bit)) ;; esac
    case $r_bit$r_n in
      64[sS]*) r_x=$((r_x + 2048)) ;; 8[sS]*) r_x=$((r_x + 1024)) ;; 1[tT]*) r_x=$((r_x + 512)) ;;
    esac
    r_n=${r_n#?}
  done
  r_octal=$(printf '0%04o' "$((r_octal + r_x))")
}
# r_temp PATH: an empty file beside it, in r_temp.
r_temp() { r_room "$1" && r_temp=$(mktemp "${1%/*}/.shelter.XXXXXX"); }
# r_put PATH USER GROUP MODE: r_temp takes its place, with its permissions where none are wished.
r_put() {
  if r_stat "$1"; then
    [ -d "$1" ] && { r_say "$1 is a folder"; rm -f -- "$r_temp"; return 2; }
    r_octal "${r_mode#?}"
    chown -- "$r_uid:$r_gid" "$r_temp" 2>/dev/null
  elif [ -z "$4" ]; then
    r_octal=$(printf '%04o' "$((0666 & ~0$(umask)))")
  fi
  r_own "$r_temp" "$2" "$3" "${4:-$r_octal}" && mv -f -- "$r_temp" "$1" && return
  rm -f -- "$r_temp"
  return 1
}
# r_keep PATH SLOT [copy]: what stands there, for r_back. Without copy, for what is only ever replaced whole.
r_keep() {
  r_slot=$SHELTER_SAVE/$2
  if [ -e "$r_slot" ] || [ -L "$r_slot" ]; then rm -rf -- "$r_slot"; fi
  r_stat "$1" || { printf 'none\n' >"$r_slot.is"; return; }
  r_octal "${r_mode#?}"
  case $r_mode in
    l*) cp -P -- "$1" "$r_slot" ;;
    -*) { [ -z "$3" ] && ln -- "$1" "$r_slot" 2>/dev/null; } || cp -p -- "$1" "$r_slot" ;;
    d*) : ;;
    *) r_say "$1 is neither a file, a folder nor a link"; return 2 ;;
  esac || return
  printf '%s %s %s %s\n' "$r_mode" "$r_octal" "$r_uid" "$r_gid" >"$r_slot.is"
}
# r_back PATH SLOT: what r_keep found there stands there again.
r_back() {
  r_slot=$SHELTER_SAVE/$2
  IFS=' ' read -r r_was r_perm r_user r_group <"$r_slot.is" || return
  case $r_was in
    none) { [ ! -e "$1" ] && [ ! -L "$1" ]; } || rm -f -- "$1" ;;
    d*) chown -- "$r_user:$r_group" "$1" 2>/dev/null; chmod -- "$r_perm" "$1" ;;
    l*) rm -f -- "$1" && cp -P -- "$r_slot" "$1" ;;
    *)
      r_temp "$1" && cp -p -- "$r_slot" "$r_temp" || return
      chown -- "$r_user:$r_group" "$r_temp" 2>/dev/null
      chmod -- "$r_perm" "$r_temp" && mv -f -- "$r_temp" "$1"
      ;;
  esac
}
"#,
};

/// Contents compared and shown.
pub const CONTENT: Prelude = Prelude {
    name: "content",
    text: r#"
# r_same N PATH SIZE KIND: whether the file holds payload N; r_stat has seen it.
r_same() {
  if [ "$4" = secret ]; then
    [ "$(payload "$1" && echo .)" = "$(cat -- "$2"; echo .)" ]
    return
  fi
  [ "$r_size" = "$3" ] || return 1
  if [ "$4" = text ]; then
    [ "$(payload "$1")" = "$(cat -- "$2")" ]
  elif command -v cmp >/dev/null; then
    payload "$1" | cmp -s - "$2"
  else
    [ "$(payload "$1" | cksum)" = "$(cksum <"$2")" ]
  fi
}
# r_diff N PATH: how the file differs from payload N.
r_diff() {
  command -v diff >/dev/null || { r_say 'diff is missing on this host'; return 1; }
  r_old=$2
  [ -e "$2" ] || r_old=/dev/null
  r_label "$2"
  payload "$1" | diff -u -L "$r_label" -L "$r_label" -- "$r_old" -
}
"#,
};

/// Permissions as `ls` writes them, `rwxr-xr-x` for `755`.
pub fn as_listed(mode: &str) -> String {
    let bits = u32::from_str_radix(mode, 8).unwrap_or(0);
    let special = [(0o4000, 's', 'S'), (0o2000, 's', 'S'), (0o1000, 't', 'T')];
    let mut out = String::new();
    for (who, (bit, with, without)) in special.into_iter().enumerate() {
        let shift = 6 - 3 * who;
        out.push(if bits >> shift & 4 != 0 { 'r' } else { '-' });
        out.push(if bits >> shift & 2 != 0 { 'w' } else { '-' });
        out.push(match (bits & bit != 0, bits >> shift & 1 != 0) {
            (true, true) => with,
            (true, false) => without,
            (false, true) => 'x',
            (false, false) => '-',
        });
    }
    out
}

/// Permissions as `chmod` takes them exactly: five digits also clear what a folder inherited.
pub fn as_octal(mode: &str) -> String {
    format!("{mode:0>5}")
}

/// Who and what a file is to belong to and allow: the words that `r_fits` and `r_own` take.
pub struct Wished {
    /// Permissions as listed, or empty.
    pub listed: String,
    /// Permissions in octal, or empty.
    pub octal: String,
    /// The user, as a number where it is known, or empty.
    pub user: String,
    /// The group, or empty.
    pub group: String,
}

impl Wished {
    /// From the fields `mode`, `owner` and `group`.
    pub fn of(args: &Args, target: &Target<'_>) -> Self {
        let mode = args.text("mode");
        let owner = args.text("owner").unwrap_or_default();
        let group = args.text("group").unwrap_or_default();
        let numbered =
            |id: Option<u32>, name: &str| id.map_or(name.to_owned(), |id| id.to_string());
        Self {
            listed: mode.map(as_listed).unwrap_or_default(),
            octal: mode.map(as_octal).unwrap_or_default(),
            user: numbered(target.uid(owner), owner),
            group: if group == "root" { "0".into() } else { group.to_owned() },
        }
    }
}

/// Legs that call one shell function each, with the same words.
pub struct Calls<'a> {
    words: Vec<&'a str>,
}

impl<'a> Calls<'a> {
    /// With these words after each function's name.
    pub fn with(words: impl IntoIterator<Item = &'a str>) -> Self {
        Self { words: words.into_iter().collect() }
    }

    /// One leg.
    pub fn call(&self, function: &'static str) -> Result<Sh, Refusal> {
        Ok(Sh::call(function, self.words.iter().copied())?)
    }

    /// The same, the others being of few and brief processes as well, which is all they wait for.
    pub fn light(&self, name: &'static str) -> Result<Legs, Refusal> {
        Ok(Legs { apply_inline: true, ..self.exact(name)? })
    }

    /// The functions `NAME_check`, of builtins and few processes, `NAME_apply`, `NAME_save` and
    /// `NAME_restore`, which together bring everything back.
    pub fn exact(&self, name: &'static str) -> Result<Legs, Refusal> {
        let leg = |leg| Sh::call_leg(name, leg, self.words.iter().copied());
        let undo = UndoLegs { save: leg("save")?, restore: leg("restore")?, ours: None };
        Ok(Legs {
            check: Some(leg("check")?),
            asks: None,
            check_inline: true,
            apply_inline: false,
            apply: leg("apply")?,
            verify: None,
            undo: Undo::Exact(undo),
            preview: None,
            payloads: Vec::new(),
            touches: Vec::new(),
            looks_at: None,
        })
    }
}

/// Content that travels in the program, and how it is compared.
pub struct Content {
    /// The bytes.
    pub payload: Payload,
    /// Their number.
    pub size: String,
    /// `text` where the shell can hold it, `secret` where nobody else may see it, else `binary`.
    pub kind: &'static str,
}

impl Content {
    /// Content of at most [`LARGEST`] bytes. Of a secret one not even the size is told.
    pub fn of(payload: Payload) -> Result<Self, Refusal> {
        let (length, plain) = match &payload {
            Payload::Secret(_) => {
                return Ok(Self { size: String::new(), kind: "secret", payload });
            }
            Payload::Plain(bytes) => (bytes.len(), !bytes.contains(&0)),
        };
        if length > LARGEST {
            return Err(too_large());
        }
        let kind = if plain && length <= 64 * 1024 { "text" } else { "binary" };
        Ok(Self { size: length.to_string(), kind, payload })
    }
}

/// The most one step may carry in the program.
pub const LARGEST: usize = 32 << 20;

/// What is said of content that is larger.
pub fn too_large() -> Refusal {
    let help = "give a `fetch` with an address, which the host downloads by itself";
    Refusal::new("too large to travel in the program").help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permissions_are_written_as_ls_writes_them() {
        for (mode, listed) in [
            ("0755", "rwxr-xr-x"),
            ("640", "rw-r-----"),
            ("4755", "rwsr-xr-x"),
            ("2640", "rw-r-S---"),
            ("1777", "rwxrwxrwt"),
            ("1000", "--------T"),
        ] {
            assert_eq!(as_listed(mode), listed);
        }
        assert_eq!(as_octal("755"), "00755");
        assert_eq!(as_octal("4755"), "04755");
    }
}
