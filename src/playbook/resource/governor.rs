//! `governor`: all processor cores are governed alike, until the next boot.

use super::shell::Calls;
use super::{Args, Field, Kind, Legs, Prelude, Refusal, Resource, Reversal, Target};

/// The resource.
pub const RESOURCE: Resource = Resource {
    name: "governor",
    doc: "All processor cores have this frequency governor, until the next boot.",
    short: Some("name"),
    fields: &[Field::default("name", Kind::Name, "performance", "The governor.")],
    rules: &[],
    undo: (Reversal::Exact, "every core gets its governor of before"),
    example: "governor: performance",
    preludes: &[SHELL],
    legs,
};

const SHELL: Prelude = Prelude {
    name: "governor",
    text: r#"
# Unmet, or what not even root can change here. Nothing is written.
governor_open() {
  if [ "$(id -u)" = 0 ] && ! (: >>"$1") 2>/dev/null; then
    printf 'the governor is closed here even to root\n' >&2
    return 12
  fi
  return 10
}
governor_check() {
  r_none=yes
  for r_file in /sys/devices/system/cpu/cpu[0-9]*/cpufreq/scaling_governor; do
    [ -e "$r_file" ] || continue
    r_none=''
    read -r r_now <"$r_file" && [ "$r_now" = "$1" ] || { governor_open "$r_file"; return; }
  done
  [ -z "$r_none" ] || { printf 'the processor of this host cannot be governed\n' >&2; return 12; }
}
governor_apply() {
  for r_file in /sys/devices/system/cpu/cpu[0-9]*/cpufreq/scaling_governor; do
    read -r r_known <"${r_file%_governor}_available_governors"
    case " $r_known " in
      *" $1 "*) printf '%s\n' "$1" >"$r_file" || return ;;
      *) printf 'there is no governor %s here, only %s\n' "$1" "$r_known" >&2; return 1 ;;
    esac
  done
}
governor_save() {
  for r_file in /sys/devices/system/cpu/cpu[0-9]*/cpufreq/scaling_governor; do
    [ ! -e "$r_file" ] || { read -r r_now <"$r_file" && printf '%s %s\n' "$r_now" "$r_file"; }
  done >"$SHELTER_SAVE/was"
}
governor_restore() {
  while read -r r_now r_file; do
    printf '%s\n' "$r_now" >"$r_file" || return
  done <"$SHELTER_SAVE/was"
}
"#,
};

fn legs(args: &Args, target: &Target<'_>) -> Result<Legs, Refusal> {
    if target.facts.os.family.as_deref().is_some_and(|family| family != "linux") {
        return Err(Refusal::unsupported("processors are governed on Linux only"));
    }
    Calls::with([args.need("name")?]).exact("governor")
}
