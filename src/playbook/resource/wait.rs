//! `wait`: a port answers, a file is there or gone, an address answers over HTTP. Changes nothing.

use super::shell::{Calls, FATE};
use super::{Args, Field, Kind, Legs, Prelude, Refusal, Resource, Reversal, Rule, Sh, Target};
use crate::playbook::plan::Undo;

/// The resource.
pub const RESOURCE: Resource = Resource {
    name: "wait",
    doc: "Waits until a port is open, a file is there, or an address answers.",
    short: None,
    fields: &[
        Field::optional("port", Kind::Number(1, 65_535), "A TCP port."),
        Field::default("host", Kind::Name, "127.0.0.1", "Where that port is, seen from the host."),
        Field::optional("path", Kind::Path, "A file or folder."),
        Field::default("absent", Kind::Flag, "false", "Whether to wait until `path` is gone."),
        Field::optional("url", Kind::Url, "An address that answers with `status`."),
        Field::default("status", Kind::Number(100, 599), "200", "The status it answers with."),
        Field::optional("contains", Kind::Text, "What the answer holds."),
        Field::default("within", Kind::Duration, "1m", "For how long."),
    ],
    rules: &[Rule::One(&["port", "path", "url"])],
    undo: (Reversal::None, "it changes nothing"),
    example: "wait: { url: \"http://127.0.0.1:8080/health\", within: 2m }",
    preludes: &[FATE, SHELL],
    legs,
};

const SHELL: Prelude = Prelude {
    name: "wait",
    text: r#"
# wait_port HOST PORT HEX: whether it is open; our own ports are read from the kernel, without a connection.
wait_port() {
  case $1 in
    127.0.0.1 | localhost | ::1)
      # Twice, for a list that changes while it is read may leave out what did not.
      for r_file in /proc/net/tcp /proc/net/tcp6 /proc/net/tcp /proc/net/tcp6; do
        [ -r "$r_file" ] || continue
        while read -r r_n r_local r_n r_state r_n; do
          case $r_state.$r_local in
            0A.00000000:"$3" | 0A.0100007F:"$3") return 0 ;;
            0A.00000000000000000000000000000000:"$3" | 0A.00000000000000000000000001000000:"$3") return 0 ;;
          esac
        done <<R_TCP
$(cat "$r_file")
R_TCP
      done
      [ ! -r /proc/net/tcp ] || return 10
      ;;
  esac
  if command -v nc >/dev/null; then nc -z -w 3 "$1" "$2" >/dev/null 2>&1 || return 10
  elif command -v bash >/dev/null; then bash -c ': <"/dev/tcp/$0/$1"' "$1" "$2" 2>/dev/null || return 10
  else printf 'neither nc nor bash is here to try a port with\n' >&2; return 2; fi
}
wait_path() {
  r_stands "$1"
  case $?.$2 in
    0. | 1.true) ;;
    # What is foretold may come otherwise while it is waited for.
    *) [ -z "$r_fate" ] || return 11; return 10 ;;
  esac
}
# wait_url URL STATUS TEXT
wait_url() {
  if command -v curl >/dev/null; then
    r_answer=$(curl -s -m 10 -w '\n%{http_code}' -- "$1")
    case $r_answer in *"$3"*) ;; *) return 10 ;; esac
    [ "${r_answer##*
}" = "$2" ] || return 10
  elif command -v wget >/dev/null && [ "$2" = 200 ]; then
    r_answer=$(wget -q -O - "$1" 2>/dev/null) || return 10
    case $r_answer in *"$3"*) ;; *) return 10 ;; esac
  else
    printf 'neither curl nor wget is here to ask an address with\n' >&2; return 2
  fi
}
wait_once() { "$@"; }
# wait_for SECONDS FUNCTION...
wait_for() {
  r_left=$1
  shift
  while :; do
    "$@"
    case $? in 0) return 0 ;; 10) ;; *) return 2 ;; esac
    [ "$r_left" -gt 0 ] || { printf 'nothing came in time\n' >&2; return 1; }
    r_left=$((r_left - 1))
    sleep 1
  done
}
"#,
};

fn legs(args: &Args, target: &Target<'_>) -> Result<Legs, Refusal> {
    let within = args.number("within").unwrap_or(60).to_string();
    let (function, words): (&str, Vec<String>) =
        match (args.number("port"), args.text("path"), args.text("url")) {
            (Some(port), None, None) => {
                let host = args.need("host")?.to_owned();
                ("wait_port", vec![host, port.to_string(), format!("{port:04X}")])
            }
            (None, Some(path), None) => {
                let absent = args.flag_word("absent");
                ("wait_path", vec![target.path(path)?, absent.into()])
            }
            (None, None, Some(url)) => {
                let status = args.number("status").unwrap_or(200).to_string();
                (
                    "wait_url",
                    vec![url.into(), status, args.text("contains").unwrap_or_default().into()],
                )
            }
            _ => return Err(Refusal::new("a `wait` has one of `port`, `path` and `url`")),
        };
    let call = [function].into_iter().chain(words.iter().map(String::as_str));
    let waiting = [within.as_str()].into_iter().chain(call.clone());
    Ok(Legs {
        check: Some(Calls::with(call).call("wait_once")?),
        check_inline: true,
        undo: Undo::None("it changes nothing"),
        ..Legs::action(Sh::call("wait_for", waiting)?)
    })
}
