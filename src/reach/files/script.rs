//! The programs that run on a host to take and give files, and what their exit statuses mean. POSIX sh and coreutils or busybox.

use super::super::error::ReachError;
use super::super::output::Output;
use super::super::preamble::one_line;
use super::super::running::Exit;

/// How every program begins: a path that begins with a dash must not look like an option, and a
/// tool that hashes must be there.
const HEAD: &str = r#"
LC_ALL=C; export LC_ALL
path=$1
case $path in /*|./*|../*) ;; *) path=./$path ;; esac
if command -v sha256sum >/dev/null 2>&1; then SUM=sha256sum
elif command -v shasum >/dev/null 2>&1; then SUM='shasum -a 256'
elif command -v openssl >/dev/null 2>&1; then SUM='openssl dgst -sha256 -r'
else exit 87; fi
export SUM
"#;

/// Takes a file on stdin. Arguments: path, mode, hash, name for the unfinished file.
const TAKE: &str = r#"
mode=$2 want=$3 dir=${path%/*}
[ -d "${dir:-/}" ] || exit 81
[ ! -d "$path" ] || exit 82
new=$dir/$4
trap 'rm -f "$new"' EXIT
trap 'exit 1' HUP INT TERM
umask 077
set -C
cat >"$new" || exit 88
got=$($SUM <"$new") || exit 88
[ "${got%% *}" = "$want" ] || exit 86
chmod "$mode" "$new" || exit 88
sync "$new" 2>/dev/null || :
mv -f "$new" "$path" || exit 88
"#;

/// Gives a file on stdout and its hash on stderr. Argument: path.
const GIVE: &str = r#"
[ -e "$path" ] || exit 80
[ ! -d "$path" ] || exit 82
[ -f "$path" ] || exit 83
cat "$path" || exit 88
got=$($SUM <"$path") || exit 88
printf '%s\n' "${got%% *}" >&2
"#;

/// Unpacks an archive from stdin beside its goal and tells every file's hash. Arguments: path, name
/// for the unfinished folder.
const UNPACK: &str = r#"
dir=${path%/*} new=${path%/*}/$2
[ -d "${dir:-/}" ] || exit 81
[ ! -e "$path" ] || [ -d "$path" ] || exit 84
[ ! -L "$path" ] || exit 85
command -v tar >/dev/null 2>&1 || exit 89
umask 077
mkdir "$new" || exit 88
# busybox takes the umask off what it unpacks for anyone but root; nobody else gets into the folder.
(umask 0 && tar -xpof - -C "$new") || exit 88
cd "$new" || exit 88
find . -type f -exec sh -c 'for f do got=$($SUM <"$f") || exit 1
printf "%s %s\000" "${got%% *}" "$f"; done' sh {} + || exit 88
"#;

/// Makes an empty unfinished folder. Arguments as of `UNPACK`.
const PREPARE: &str = r#"
dir=${path%/*}
[ -d "${dir:-/}" ] || exit 81
[ ! -e "$path" ] || [ -d "$path" ] || exit 84
[ ! -L "$path" ] || exit 85
umask 077
mkdir "$dir/$2" || exit 88
"#;

/// Puts the unfinished folder in its place, with a mode. Arguments: path, name, mode.
const SETTLE: &str = r#"
dir=${path%/*} new=${path%/*}/$2 old=${path%/*}/$2.old
chmod "$3" "$new" || exit 88
if [ -d "$path" ]; then mv "$path" "$old" || exit 88; fi
mv "$new" "$path" || { [ ! -d "$old" ] || mv "$old" "$path"; exit 88; }
rm -rf "$old"
"#;

/// Takes the unfinished folder away. Arguments: path, name.
const DISCARD: &str = r#"rm -rf "${path%/*}/$2""#;

/// Makes a folder or a link in the unfinished folder. Arguments: path, mode, and for a link its target.
const MAKE: &str = r#"
if [ $# -eq 3 ]; then ln -s "$3" "$path" || exit 88
else mkdir "$path" && chmod "$2" "$path" || exit 88; fi
"#;

/// Gives a folder on stdout: for each entry kind, permissions, size and name, then what is in it.
const GIVE_TREE: &str = r#"
[ -e "$path" ] || exit 80
[ -d "$path" ] || exit 84
cd "$path" || exit 88
find . -exec sh -c 'for f do
set -- "$f"
how=$(ls -ld "$f") || exit 1
how=${how%% *}
if [ -L "$f" ]; then to=$(readlink "$f" && printf x) || exit 1
to=${to%?x}
printf "L %s %s %s\000%s\000" "$how" "0" "$f" "$to"
elif [ -d "$f" ]; then printf "D %s 0 %s\000" "$how" "$f"
elif [ -f "$f" ]; then size=$(wc -c <"$f") || exit 1
printf "F %s %s %s\000" "$how" "$((size))" "$f"
cat "$f" || exit 1
got=$($SUM <"$f") || exit 1
printf "%s\000" "${got%% *}"
else printf "O %s 0 %s\000" "$how" "$f"; fi
done' sh {} + || exit 88
printf 'E\000'
"#;

/// A program of this kind.
#[derive(Clone, Copy)]
pub(super) enum Program {
    Take,
    Give,
    Unpack,
    Prepare,
    Settle,
    Discard,
    Make,
    GiveTree,
}

/// The host has no `tar`: exit status of `Unpack`.
pub(super) const NO_TAR: Exit = Exit::Status(89);

impl Program {
    /// Its text.
    pub(super) fn text(self) -> String {
        let body = match self {
            Self::Take => TAKE,
            Self::Give => GIVE,
            Self::Unpack => UNPACK,
            Self::Prepare => PREPARE,
            Self::Settle => SETTLE,
            Self::Discard => DISCARD,
            Self::Make => MAKE,
            Self::GiveTree => GIVE_TREE,
        };
        format!("{HEAD}{body}")
    }
}

/// What a program's end means for the path it worked on.
pub(super) fn judge(path: &str, said: &Output) -> Result<(), ReachError> {
    let Exit::Status(status) = said.exit else {
        return Err(super::trouble(path, format!("was not carried: {}", said.exit)));
    };
    let (why, hint) = match status {
        0 => return Ok(()),
        80 => ("does not exist there", None),
        81 => ("has no folder to lie in there", Some("make the folder first")),
        82 => ("is a folder there, not a file", None),
        83 => ("is neither a file nor a folder there", None),
        84 => ("is not a folder there", None),
        85 => ("is a symbolic link there", Some("name the folder it leads to")),
        86 => return Err(super::changed(path)),
        87 => (
            "cannot be verified there",
            Some("install one of `sha256sum`, `shasum` or `openssl` on the host"),
        ),
        _ => {
            let said = one_line(&said.stderr);
            let why = format!(
                "was not carried: {}",
                if said.is_empty() { "no reason given" } else { &said }
            );
            return Err(super::trouble(path, why));
        }
    };
    let hint = hint.map(str::to_owned);
    Err(ReachError::File { path: path.to_owned(), why: why.to_owned(), hint })
}
