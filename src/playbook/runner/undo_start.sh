# shellcheck shell=sh disable=SC2154
# Starting an undo from outside: the program that made the changes is what takes them back.

# The foreground of an undo of run $_of, answering conflicts with $1: in a directory and with a lock of its own.
_undo_start_main() {
  exec 9>&1 >/dev/null 2>&1
  umask 077
  _init
  _emit hello "$_bootnow"
  _lock_look
  if [ "$_held" = live ]; then
    _lock_tell
    exit 0
  fi
  _old=$_rt/runs/$_of _new=$_rt/runs/$_run
  if [ ! -r "$_old/program" ] || [ ! -s "$_old/applied" ]; then
    _emit cannot nothing
    exit 0
  fi
  if ! mkdir "$_new"; then
    _emit exists
    exit 0
  fi
  { cat "$_old/program" >"$_new/program" && printf '%s' "$_log" >"$_new/spool"; } || _cannot write
  _letgo "$_new" undoing "$_run" "$_of" "$1" "$_seq"
  _attach "$_new" "$_seq"
}
