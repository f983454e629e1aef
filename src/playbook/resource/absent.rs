//! `absent`: nothing stands at a path. What was there is set aside, not destroyed, until the run is pruned.

use super::shell::{Calls, FATE};
use super::{Args, Field, Kind, Legs, Prelude, Refusal, Resource, Reversal, Target};

/// The resource.
pub const RESOURCE: Resource = Resource {
    name: "absent",
    doc: "Nothing stands at this path: a file, a link or a folder with all it holds is moved out of the way. A link is removed, not what it leads to.",
    short: Some("path"),
    fields: &[Field::required("path", Kind::Removable, "The path.")],
    rules: &[],
    undo: (Reversal::Exact, "what was set aside is moved back"),
    example: "absent: /etc/cron.d/leftover",
    preludes: &[FATE, SHELL],
    legs,
};

const SHELL: Prelude = Prelude {
    name: "absent",
    text: r#"
absent_check() {
  r_stands "$1"
  case $? in
    0) r_gone "$1"; return 10 ;;
    1) ;;
    *) return 11 ;;
  esac
}
absent_apply() { mv -- "$1" "$SHELTER_SAVE/gone"; }
absent_save() { rm -rf -- "$SHELTER_SAVE/gone"; }
absent_restore() {
  [ -e "$SHELTER_SAVE/gone" ] || [ -L "$SHELTER_SAVE/gone" ] || return 0
  mv -- "$SHELTER_SAVE/gone" "$1"
}
"#,
};

/// Folders whose loss would be the loss of the machine.
const NEVER: [&str; 14] = [
    "/", "/bin", "/boot", "/dev", "/etc", "/home", "/lib", "/proc", "/root", "/sbin", "/sys",
    "/usr", "/var", "/opt",
];

/// Whether a path, as it is written, may be removed on any host.
pub fn is_removable(written: &str) -> bool {
    let parts: Vec<&str> = written.split('/').filter(|p| !p.is_empty() && *p != ".").collect();
    let plain = format!("/{}", parts.join("/"));
    !NEVER.contains(&plain.as_str()) && !parts.contains(&"..") && parts != ["~"]
}

fn legs(args: &Args, target: &Target<'_>) -> Result<Legs, Refusal> {
    let path = target.path(args.need("path")?)?;
    if !is_removable(&path) || target.facts.home.as_deref() == Some(&path) {
        return Err(Refusal::new(format!("`{path}` is never removed")).in_field("path"));
    }
    Calls::with([path.as_str()]).light("absent")
}
