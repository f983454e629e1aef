//! `package`: packages of the distribution are installed, or are not. Knows apt.

use super::shell::Calls;
use super::{Args, Field, Kind, Legs, Prelude, Refusal, Resource, Reversal, Sh, Target};
use crate::playbook::plan::{Undo, UndoLegs};

/// The resource.
pub const RESOURCE: Resource = Resource {
    name: "package",
    doc: "Packages are installed, or are not. A lock held by somebody else is waited for, and its holder named.",
    short: Some("names"),
    fields: &[
        Field::required("names", Kind::Names, "The packages."),
        Field::default(
            "absent",
            Kind::Flag,
            "false",
            "Whether they must not be installed. Their settings stay.",
        ),
        Field::default(
            "fresh",
            Kind::Duration,
            "1d",
            "How old the package lists may be before they are fetched anew.",
        ),
        Field::default("wait", Kind::Duration, "5m", "How long a lock is waited for."),
    ],
    rules: &[],
    undo: (
        Reversal::BestEffort,
        "what came is removed and what went is installed again; versions that were upgraded stay",
    ),
    example: "package: [cmake, git, build-essential]",
    preludes: &[SHELL],
    legs,
};

const SHELL: Prelude = Prelude {
    name: "package",
    text: r#"
# package_state ABSENT NAME...: 0 when all are as wished.
package_state() {
  r_absent=$1
  shift
  r_states=$(dpkg-query -W -f '${db:Status-Status}.${Package}\n' -- "$@" 2>/dev/null)
  if [ "$r_absent" = true ]; then
    case $r_states in *installed.*) case "
$r_states" in *"
installed."*) return 10 ;; esac ;; esac
    return 0
  fi
  for r_name in "$@"; do
    case "
$r_states
" in
      *"
installed.${r_name%%:*}
"*) ;;
      *) return 10 ;;
    esac
  done
}
# package_*: fresh, wait, absent, name...
# What is not installed: under --check apt is asked whether it could be. Where it knows no such package, fetching its lists anew
# may tell another tale.
package_check() {
  r_fresh=$1
  shift 2
  package_state "$@"
  r_state=$?
  [ "$r_state.$1" = 10. ] && [ -n "${r_foretell-}" ] || return "$r_state"
  shift
  package_apt -s install --no-install-recommends -- "$@" >/dev/null && return 10
  ! package_stale "$r_fresh" || return 11
  return 2
}
# package_holder FILE: the process that holds a lock on it, in r_holder.
package_holder() {
  r_holder='' r_inode=$(ls -i -- "$1" 2>/dev/null) && [ -r /proc/locks ] || return 1
  r_inode=${r_inode%% /*}
  while read -r r_n r_n r_n r_n r_pid r_file r_n; do
    case $r_pid in '->') continue ;; esac
    [ "${r_file##*:}" = "${r_inode##* }" ] || continue
    r_what=''
    [ ! -r "/proc/$r_pid/comm" ] || read -r r_what <"/proc/$r_pid/comm"
    r_holder="process $r_pid (${r_what:-of another user or container})"
    return 0
  done </proc/locks
  return 1
}
package_wait() {
  r_left=$1 r_told=''
  for r_lock in /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/lib/apt/lists/lock /var/cache/apt/archives/lock; do
    while package_holder "$r_lock"; do
      [ "$r_told" = "$r_holder" ] || printf 'waiting: %s holds %s\n' "$r_holder" "$r_lock"
      r_told=$r_holder
      [ "$r_left" -gt 0 ] || { printf '%s still holds %s\n' "$r_holder" "$r_lock" >&2; return 1; }
      r_left=$((r_left - 1))
      sleep 1
    done
  done
}
package_apt() {
  DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l apt-get -q -y \
    -o DPkg::Lock::Timeout=60 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"
}
# package_get ARGUMENT...: apt; what it says is kept for package_why, which it tells on stdout in part.
package_get() {
  { package_apt "$@" 2>"$SHELTER_SAVE/errors"; printf '%s\n' $? >"$SHELTER_SAVE/status"; } | tee -a "$SHELTER_SAVE/said"
  cat "$SHELTER_SAVE/errors" >&2
  cat "$SHELTER_SAVE/errors" >>"$SHELTER_SAVE/said"
  read -r r_status <"$SHELTER_SAVE/status" && return "$r_status"
}
# package_why: after a failure, the cause in a line and the way on, where what apt complained of tells it. Fails, as apt has.
package_why() {
  sed -n '/^Err:/{N;p;};/^[EW]: /p' "$SHELTER_SAVE/said" >"$SHELTER_SAVE/errors"
  r_from=$(sed -n "s|.*[ ']https*://\([^/ ]*\)/.*|\1|p" "$SHELTER_SAVE/errors" | sort -u | tr '\n' ' ')
  r_from=${r_from% }
  r_unknown=$(sed -n 's/^E: Unable to locate package //p' "$SHELTER_SAVE/errors" | sort -u | tr '\n' ' ')
  r_fix='ip route; cat /etc/resolv.conf; or name sources that it reaches in /etc/apt/sources.list'
  case $(cat "$SHELTER_SAVE/errors") in
    *'Temporary failure resolving'* | *'Could not resolve'*) r_cause="this host cannot find out where $r_from is: no name server answers" ;;
    *'etwork is unreachable'* | *'No route to host'*) r_cause="this host has no way to $r_from" ;;
    *'onnection timed out'* | *'onnection refused'* | *'Unable to connect to'* | *'Could not connect to'*) r_cause="$r_from does not answer this host" ;;
    *'You don'*'have enough free space'* | *'No space left on device'*) r_cause='the disk of /var is full' r_fix='apt-get clean; df -h /var' ;;
    *"is not valid yet"*) r_cause="the clock of this host is behind: lists of $r_from are not valid yet" r_fix='timedatectl' ;;
    *NO_PUBKEY* | *"is not signed"*) r_cause="a source of packages is not trusted here" r_fix='add its key below /etc/apt/keyrings, named by signed-by' ;;
    *)
      if [ -n "$r_unknown" ]; then
        r_cause="no source of this host has ${r_unknown% }" r_fix='apt-cache search NAME; or add the source that has it'
      else
        return 1
      fi
      ;;
  esac
  printf 'no packages: %s\n  fix: %s\n' "$r_cause" "$r_fix" >&2
  return 1
}
# package_stale SECONDS: whether the lists were not fetched for so long.
package_stale() {
  r_lists=$(find /var/lib/apt/lists -maxdepth 0 -mmin "-$((($1 + 59) / 60))" 2>/dev/null)
  [ -z "$r_lists" ] || ! ls /var/lib/apt/lists/*Packages* >/dev/null 2>&1
}
package_apply() {
  r_fresh=$1 r_wait=$2 r_absent=$3
  shift 3
  package_wait "$r_wait" || return
  : >"$SHELTER_SAVE/said"
  if [ "$r_absent" = true ]; then
    package_apt remove -- "$@"
    return
  fi
  if package_stale "$r_fresh"; then
    package_get update || { package_why; return; }
    package_wait "$r_wait" || return
    package_get install --no-install-recommends -- "$@" || package_why
  else
    package_get install --no-install-recommends -- "$@" ||
      { package_get update && package_get install --no-install-recommends -- "$@"; } || package_why
  fi
}
package_list() { dpkg-query -W -f '${db:Status-Status} ${Package}:${Architecture}\n' | grep '^installed ' | sort; }
package_save() { package_list >"$SHELTER_SAVE/before"; }
# package_restore: the set of before, as names; what is on both sides stays as it is.
package_restore() {
  package_wait "$2" || return
  : >"$SHELTER_SAVE/said"
  package_list >"$SHELTER_SAVE/after"
  r_came=$(grep -vxF -f "$SHELTER_SAVE/before" "$SHELTER_SAVE/after" | cut -d' ' -f2)
  r_went=$(grep -vxF -f "$SHELTER_SAVE/after" "$SHELTER_SAVE/before" | cut -d' ' -f2)
  # shellcheck disable=SC2086
  [ -z "$r_came" ] || package_apt remove -- $r_came || return
  # shellcheck disable=SC2086
  [ -z "$r_went" ] || package_get install --no-install-recommends -- $r_went || package_why
}
"#,
};

fn legs(args: &Args, target: &Target<'_>) -> Result<Legs, Refusal> {
    match target.facts.package_manager.as_deref() {
        Some("apt") => {}
        Some(other) => {
            return Err(Refusal::unsupported(format!(
                "packages are managed by {other} here, and only apt is known"
            )));
        }
        None => return Err(Refusal::unsupported("no package manager was found on this host")),
    }
    let names = args.texts("names");
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-' | ':');
    if let Some(odd) = names.iter().find(|name| !name.chars().all(plain)) {
        return Err(Refusal::new(format!("`{odd}` cannot name a package")).in_field("names"));
    }
    if names.is_empty() {
        return Err(Refusal::new("no package is named").in_field("names"));
    }
    let seconds = |name| args.number(name).unwrap_or(300).to_string();
    let (fresh, wait) = (seconds("fresh"), seconds("wait"));
    let absent = args.flag_word("absent");
    let words =
        [fresh.as_str(), wait.as_str(), absent].into_iter().chain(names.iter().map(String::as_str));
    let calls = Calls::with(words);
    let undo = UndoLegs {
        save: Sh::text("package_save"),
        restore: calls.call("package_restore")?,
        ours: None,
    };
    Ok(Legs {
        check: Some(calls.call("package_check")?),
        check_inline: true,
        undo: Undo::BestEffort(undo, RESOURCE.undo.1),
        ..Legs::action(calls.call("package_apply")?)
    })
}
