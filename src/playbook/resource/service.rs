//! `service`: a systemd service runs or not, starts at boot or not. Touches no unit file.

use crate::fleet::Init;
use crate::playbook::plan::{Undo, UndoLegs};

use super::shell::{Calls, FATE};
use super::{Args, Field, Kind, Legs, Prelude, Refusal, Resource, Reversal, Rule, Target};

/// The resource.
pub const RESOURCE: Resource = Resource {
    name: "service",
    doc: "A systemd unit runs or is stopped, and starts at boot or not. `restarted` and `reloaded` are actions, made for handlers.",
    short: Some("name"),
    fields: &[
        Field::required("name", Kind::Name, "The unit."),
        Field::optional(
            "state",
            Kind::Word(&["running", "stopped", "restarted", "reloaded"]),
            "What it shall do; as it is, if not given.",
        ),
        Field::optional(
            "enabled",
            Kind::Flag,
            "Whether it starts at boot; as it is, if not given.",
        ),
        USER,
    ],
    rules: &[Rule::AnyOf(&["state", "enabled"])],
    undo: (Reversal::Exact, "the unit runs and starts as before; a restart cannot be taken back"),
    example: "service: { name: netdata, state: running, enabled: true }",
    preludes: &[FATE, SYSTEMD, SHELL],
    legs,
};

/// Whose systemd.
pub const USER: Field = Field::default(
    "user",
    Kind::Flag,
    "false",
    "Whether it is a unit of the user's own systemd, in place of the system's.",
);

/// systemd, the system's or the user's.
pub const SYSTEMD: Prelude = Prelude {
    name: "systemd",
    text: r#"
# r_systemctl --system|--user ARGUMENT...
r_systemctl() {
  if [ "$1" = --user ] && [ -z "${XDG_RUNTIME_DIR:-}" ]; then
    XDG_RUNTIME_DIR=/run/user/$(id -u)
    export XDG_RUNTIME_DIR
  fi
  systemctl --no-ask-password "$@"
}
"#,
};

const SHELL: Prelude = Prelude {
    name: "service",
    text: r#"
# service_look --system|--user UNIT: r_load r_active r_boot
service_look() {
  r_load='' r_active='' r_boot=''
  while IFS='=' read -r r_n r_x; do
    case $r_n in LoadState) r_load=$r_x ;; ActiveState) r_active=$r_x ;; UnitFileState) r_boot=$r_x ;; esac
  done <<R_UNIT
$(r_systemctl "$1" show -p LoadState -p ActiveState -p UnitFileState -- "$2")
R_UNIT
  [ -n "$r_load" ] || { printf 'systemd does not answer\n' >&2; return 2; }
}
# service_*: --system|--user, unit, state, enabled.
service_check() {
  service_look "$1" "$2" || return
  [ "$r_load" != not-found ] || r_comes "unit $2" || r_comes "unit $2.service" || { printf 'there is no unit %s: is what brings it installed?\n' "$2" >&2; return 2; }
  case $r_load.$3.$4 in
    loaded.* | masked.stopped.* | masked..false) ;;
    not-found.*) return 10 ;;
    masked.*) r_comes "unit $2" || { printf 'unit %s is masked, so that nothing starts it: systemctl unmask %s\n' "$2" "$2" >&2; return 2; } ;;
    *) r_comes "unit $2" || { printf 'systemd cannot read unit %s (%s): systemd-analyze verify %s\n' "$2" "$r_load" "$2" >&2; return 2; } ;;
  esac
  case $3.$r_active in
    .* | running.active | running.reloading | running.activating | stopped.inactive | stopped.failed) ;; *) return 10 ;;
  esac
  case $4.$r_boot in
    .* | true.enabled | true.static | true.alias | true.generated | true.linked) ;;
    false.disabled | false.masked | false.static | false.) ;;
    *) return 10 ;;
  esac
}
service_apply() {
  case $4 in
    true) r_systemctl "$1" enable -- "$2" || return ;;
    false) r_systemctl "$1" disable -- "$2" || return ;;
  esac
  case $3 in
    running) r_systemctl "$1" start -- "$2" || service_words "$@" ;;
    stopped) r_systemctl "$1" stop -- "$2" ;;
    restarted) r_systemctl "$1" restart -- "$2" || service_words "$@" ;;
    reloaded) r_systemctl "$1" reload-or-restart -- "$2" || service_words "$@" ;;
  esac
}
# service_words: what a unit that did not start said last. Fails, as its start has.
service_words() {
  r_whose=--unit
  [ "$1" != --user ] || r_whose=--user-unit
  printf 'the last words of %s:\n' "$2" >&2
  journalctl --no-pager -q -n 8 -o cat "$r_whose=$2" >&2 2>/dev/null || :
  return 1
}
service_verify() { service_look "$1" "$2" && [ "$r_active" != failed ] && [ "$r_active" != inactive ]; }
service_save() { service_look "$1" "$2" && printf '%s %s\n' "$r_active" "${r_boot:-none}" >"$SHELTER_SAVE/was"; }
service_restore() {
  read -r r_was r_booted <"$SHELTER_SAVE/was" || return
  case $4.$r_booted in
    true.disabled) r_systemctl "$1" disable -- "$2" || return ;;
    false.enabled) r_systemctl "$1" enable -- "$2" || return ;;
  esac
  case $3.$r_was in
    running.inactive | running.failed) r_systemctl "$1" stop -- "$2" ;;
    stopped.active | stopped.reloading | stopped.activating) r_systemctl "$1" start -- "$2" ;;
  esac
}
"#,
};

/// Refuses hosts where systemd is known not to run.
pub fn need_systemd(target: &Target<'_>) -> Result<(), Refusal> {
    match target.facts.init {
        Some(Init::Systemd) | None => Ok(()),
        Some(_) => Err(Refusal::unsupported("systemd does not run on this host")),
    }
}

fn legs(args: &Args, target: &Target<'_>) -> Result<Legs, Refusal> {
    need_systemd(target)?;
    let whose = if args.flag("user") { "--user" } else { "--system" };
    let state = args.text("state").unwrap_or_default();
    let enabled = args.choice("enabled").map(|enabled| enabled.to_string()).unwrap_or_default();
    let calls = Calls::with([whose, args.need("name")?, state, &enabled]);
    if matches!(state, "restarted" | "reloaded") {
        let verify = Some(calls.call("service_verify")?);
        return Ok(Legs {
            verify,
            undo: Undo::None("a restart cannot be taken back"),
            ..Legs::action(calls.call("service_apply")?)
        });
    }
    if state.is_empty() && enabled.is_empty() {
        return Err(Refusal::new("a `service` has `state` or `enabled`"));
    }
    let undo = UndoLegs {
        save: calls.call("service_save")?,
        restore: calls.call("service_restore")?,
        ours: None,
    };
    Ok(Legs {
        check: Some(calls.call("service_check")?),
        check_inline: true,
        undo: Undo::Exact(undo),
        ..Legs::action(calls.call("service_apply")?)
    })
}
