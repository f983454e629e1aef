# shellcheck shell=sh disable=SC2154
# Removing what runs have left on the host: those that are over and older than $1 days, with the states they saved.

_prune_main() {
  exec 9>&1 >/dev/null 2>&1
  umask 077
  _init
  _now
  _since=0
  for _reads in "$_rt"/runs/*; do
    if [ ! -d "$_reads" ] || [ -z "$(find "$_reads" -prune -mtime +"$1")" ]; then continue; fi
    if [ ! -e "$_reads/result" ] && _alive; then continue; fi
    rm -rf "$_reads" "$_rt/saves/${_reads##*/}"
    _aside pruned
  done
}
