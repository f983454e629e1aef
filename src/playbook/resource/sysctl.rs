//! `sysctl`: a kernel setting has a value now and after the next boot.

use super::shell::{CONTENT, Calls, FATE, LOOK, WRITE};
use super::{Args, Field, Kind, Legs, Prelude, Refusal, Resource, Reversal, Target};
use crate::playbook::plan::Payload;

/// The resource.
pub const RESOURCE: Resource = Resource {
    name: "sysctl",
    doc: "A kernel setting has this value, now and after the next boot: it is written to a file of its own in `/etc/sysctl.d`.",
    short: None,
    fields: &[
        Field::required("name", Kind::Name, "The setting, such as `vm.swappiness`."),
        Field::required("value", Kind::Text, "Its value."),
        Field::default(
            "live",
            Kind::Flag,
            "true",
            "Whether it is set now too, in place of at the next boot only.",
        ),
    ],
    rules: &[],
    undo: (Reversal::Exact, "the value before is set again, and the file before comes back"),
    example: "sysctl: { name: vm.swappiness, value: 10 }",
    preludes: &[FATE, LOOK, WRITE, CONTENT, SHELL],
    legs,
};

const SHELL: Prelude = Prelude {
    name: "sysctl",
    text: r#"
# sysctl_*: name, value, file below /proc/sys, file below /etc, live. Payload 0: the line.
# sysctl_now FILE: its value in r_now, blanks made single. The kernel gives the value to one read only, and the shell's
# own `read` takes a byte at a time.
sysctl_now() {
  r_now=''
  [ -e "$1" ] || { r_say "the kernel has no such setting: $1 is missing"; return 2; }
  while IFS=' 	' read -r r_a r_b r_c r_d r_n; do
    r_now="$r_now${r_now:+ }$r_a${r_b:+ $r_b}${r_c:+ $r_c}${r_d:+ $r_d}${r_n:+ $r_n}"
  done <<R_NOW
$(cat -- "$1")
R_NOW
}
# sysctl_open NAME FILE: unmet, or what not even root can change here. Nothing is written.
sysctl_open() {
  if [ "$(id -u)" = 0 ] && ! (: >>"$2") 2>/dev/null; then
    r_say "$1 cannot be changed here: this host's kernel settings are closed even to root"
    return 12
  fi
  return 10
}
sysctl_check() {
  [ "$5" != true ] || { sysctl_now "$3" || return; [ "$r_now" = "$2" ] || { sysctl_open "$1" "$3"; return; }; }
  r_line=''
  [ ! -r "$4" ] || IFS= read -r r_line <"$4"
  [ "$r_line" = "$1 = $2" ] || return 10
}
sysctl_apply() {
  if [ "$5" = true ] && ! printf '%s\n' "$2" >"$3"; then
    r_say "the kernel does not take $2 for $1 here"
    return 1
  fi
  [ -d /etc/sysctl.d ] || mkdir -p /etc/sysctl.d || return
  r_temp "$4" && payload 0 >"$r_temp" && r_put "$4" '' '' 0644
}
sysctl_save() {
  r_keep "$4" was || return
  [ "$5" != true ] || cat -- "$3" >"$SHELTER_SAVE/now"
}
sysctl_restore() {
  r_back "$4" was || return
  [ "$5" != true ] || [ "$(cat -- "$SHELTER_SAVE/now")" = "$(cat -- "$3")" ] || cat -- "$SHELTER_SAVE/now" >"$3"
}
"#,
};

fn legs(args: &Args, target: &Target<'_>) -> Result<Legs, Refusal> {
    if target.facts.os.family.as_deref().is_some_and(|family| family != "linux") {
        return Err(Refusal::unsupported("kernel settings are set on Linux only"));
    }
    let name = args.need("name")?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | ':');
    if !name.chars().all(plain) || name.contains("..") {
        return Err(Refusal::new(format!("`{name}` cannot name a kernel setting")).in_field("name"));
    }
    let value = args.need("value")?.split_whitespace().collect::<Vec<_>>().join(" ");
    let path = match name.contains('/') {
        true => name.to_owned(),
        false => name.replace('.', "/"),
    };
    let kernel = format!("/proc/sys/{path}");
    let file = format!("/etc/sysctl.d/60-shelter-{}.conf", name.replace('/', "-"));
    let live = args.flag_word("live");
    let calls = Calls::with([name, &value, &kernel, &file, live]);
    let legs = calls.light("sysctl")?;
    Ok(Legs {
        payloads: vec![Payload::Plain(format!("{name} = {value}\n").into_bytes().into())],
        ..legs
    })
}
