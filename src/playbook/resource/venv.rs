//! `venv`: a Python environment holds exactly what its pinned and hashed requirements say.

use super::shell::{Calls, FATE, LOOK, WRITE};
use super::{Args, Field, Kind, Legs, Prelude, Refusal, Resource, Reversal, Rule, Target};
use crate::playbook::plan::Payload;

/// The resource.
pub const RESOURCE: Resource = Resource {
    name: "venv",
    doc: "A Python environment holds exactly what its requirements say: every one pinned by `==` and proven by `--hash`. It is built anew when they change, and proven by importing.",
    short: None,
    fields: &[
        Field::required("path", Kind::Path, "The environment's folder."),
        Field::optional("requirements", Kind::Text, "The requirements, as pip reads them."),
        Field::optional(
            "from",
            Kind::ConsoleFile,
            "A requirements file of the console, in place of `requirements`.",
        ),
        Field::default("python", Kind::Name, "python3", "The Python it is made with."),
        Field::optional("imports", Kind::Names, "Modules that must be importable."),
    ],
    rules: &[Rule::One(&["requirements", "from"])],
    undo: (Reversal::Exact, "the environment before comes back; one that was made is removed"),
    example: "venv: { path: ~/.mountain_shelter/venv, from: requirements.txt, imports: [yaml] }",
    preludes: &[FATE, LOOK, WRITE, SHELL],
    legs,
};

const SHELL: Prelude = Prelude {
    name: "venv",
    text: r#"
# venv_*: folder, python, module... Payload 0: the requirements.
venv_check() { r_filling "$1" venv_look "$@"; }
venv_look() {
  [ -e "$1" ] || [ -L "$1" ] || return 10
  [ -f "$1/pyvenv.cfg" ] || {
    [ -d "$1" ] && [ ! -L "$1" ] && [ -z "$(ls -A -- "$1")" ] && return 10
    r_say "$1 is there and is no Python environment"
    return 2
  }
  [ -x "$1/bin/python" ] && [ -r "$1/.shelter-requirements" ] || return 10
  [ "$(cat -- "$1/.shelter-requirements")" = "$(payload 0)" ] || return 10
}
venv_import() {
  r_python=$1/bin/python
  shift 2
  for r_module in "$@"; do
    "$r_python" -I -c 'import importlib, sys; importlib.import_module(sys.argv[1])' "$r_module" || return
  done
}
venv_verify() { venv_check "$@" && venv_import "$@"; }
venv_apply() {
  command -v "$2" >/dev/null || { r_say "$2 is missing"; return 1; }
  "$2" -c 'import venv, ensurepip' 2>/dev/null || {
    r_say "$2 has no venv; on Debian it is the package python3-venv"; return 1
  }
  r_octal=''
  if r_stat "$1"; then
    r_octal "${r_mode#?}"
    mv -- "$1" "$SHELTER_SAVE/was" || return
  fi
  "$2" -m venv -- "$1" && r_own "$1" '' '' "$r_octal" || return
  payload 0 >"$1/.requirements.txt" || return
  if grep -q '==' "$1/.requirements.txt"; then
    "$1/bin/python" -m pip --disable-pip-version-check --no-input install --require-hashes --no-deps -r "$1/.requirements.txt" || return
    "$1/bin/python" -m pip --disable-pip-version-check check || return
  fi
  venv_import "$@" && mv -f -- "$1/.requirements.txt" "$1/.shelter-requirements"
}
venv_save() {
  rm -rf -- "$SHELTER_SAVE/was"
  if [ -e "$1" ]; then printf 'old\n'; else printf 'none\n'; fi >"$SHELTER_SAVE/is"
}
venv_restore() {
  read -r r_is <"$SHELTER_SAVE/is" || return
  if [ "$r_is" = none ]; then rm -rf -- "$1"
  elif [ -e "$SHELTER_SAVE/was" ]; then rm -rf -- "$1" && mv -- "$SHELTER_SAVE/was" "$1"; fi
}
"#,
};

fn legs(args: &Args, target: &Target<'_>) -> Result<Legs, Refusal> {
    let path = target.path(args.need("path")?)?;
    let (text, field) = match (args.text("requirements"), args.text("from")) {
        (Some(text), None) => (text.to_owned(), "requirements"),
        (None, Some(from)) => {
            let bytes = target.files.read(from).map_err(|refusal| refusal.in_field("from"))?;
            let text = std::str::from_utf8(&bytes)
                .map_err(|_| Refusal::new(format!("`{from}` is not UTF-8")).in_field("from"))?;
            (text.to_owned(), "from")
        }
        _ => return Err(Refusal::new("a `venv` has `requirements` or `from`")),
    };
    pinned(&text).map_err(|refusal| refusal.in_field(field))?;
    let python = args.need("python")?;
    let words =
        [path.as_str(), python].into_iter().chain(args.texts("imports").iter().map(String::as_str));
    let calls = Calls::with(words);
    let legs = calls.exact("venv")?;
    Ok(Legs {
        verify: Some(calls.call("venv_verify")?),
        payloads: vec![Payload::Plain(text.into_bytes().into())],
        ..legs
    })
}

/// Refuses requirements that do not say exactly what is installed.
fn pinned(text: &str) -> Result<(), Refusal> {
    for line in text.replace("\\\n", " ").lines() {
        let line = line.split(" #").next().unwrap_or_default().trim();
        let plain = line.is_empty() || line.starts_with('#');
        if plain
            || (line.contains("==") && line.contains("--hash=sha256:") && !line.starts_with('-'))
        {
            continue;
        }
        let what = line.split_whitespace().next().unwrap_or_default();
        let refusal = Refusal::new(format!("the requirement `{what}` is not pinned and hashed"));
        return Err(refusal.help(
            "write `name==version --hash=sha256:…`, as `pip-compile --generate-hashes` does",
        ));
    }
    Ok(())
}
