# shellcheck shell=sh disable=SC2154
# Asking a run to end, with the rights it has. First TERM: its monitor ends the step, the runner winds up. Then KILL.

_cancel_main() {
  exec 9>&1 >/dev/null 2>&1
  umask 077
  _init
  _reads=$_rt/runs/$_run
  _now
  _since=$_t
  if [ ! -d "$_reads" ]; then
    _aside gone
  elif [ -e "$_reads/result" ] || ! _alive; then
    _aside past
  else
    printf '%s\n' "$1" >"$_reads/cancel"
    _aside cancelling
  fi
}
