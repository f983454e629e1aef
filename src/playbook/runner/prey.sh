# shellcheck shell=sh disable=SC2154
# Finding and ending what a step has started. The monitor and the cancel command do it; the leader never does.

# Processes as lines `PID PPID SESSION BIRTH` into _table: all, or those that have number $1 somewhere in their state.
_census() {
  _table=''
  if [ ! -r /proc/uptime ]; then
    _table=$(ps -A -o pid= -o ppid= | sed 's/$/ 0 0/')
    return
  fi
  _stats=$(grep -hF " ${1:-}" /proc/[0-9]*/stat 2>/dev/null)
  _ifs=$IFS
  IFS=$_nl
  for _line in $_stats; do
    IFS=' '
    # shellcheck disable=SC2086
    set -- "${_line%% *}" ${_line##*) }
    if [ $# -gt 20 ]; then _table="$_table$1 $3 $5 ${21}$_nl"; fi
  done
  IFS=$_ifs
}

# The processes of leader $1 born since $2 into _prey: its descendants, and whoever stayed in the session if that is the
# leader's own, but neither the leader nor $3 with what that started. Looks only at processes that have number $4 in their state, if given.
_hunt() {
  _prey='' _know=" $1 " _spared=" $3 " _since2=$2
  _session=-
  if _proc "$1" && [ "$_sid" = "$1" ]; then _session=$1; fi
  _census "${4:-}"
  _grew=1 _ifs=$IFS
  while [ $_grew = 1 ]; do
    _grew=0
    IFS=$_nl
    for _line in $_table; do
      IFS=' '
      # shellcheck disable=SC2086
      set -- $_line
      case "$_know$_spared" in *" $1 "*) continue ;; esac
      case $_spared in *" $2 "*)
        _spared="$_spared$1 " _grew=1
        continue
        ;;
      esac
      case $_know in
        *" $2 "*) ;;
        *) if [ "$3" = 0 ] || [ "$3" != "$_session" ] || [ "$4" -lt "$_since2" ]; then continue; fi ;;
      esac
      _know="$_know$1 " _grew=1
      if [ "$4" = 0 ] || [ "$4" -ge "$_since2" ]; then _prey="$_prey $1"; fi
    done
  done
  IFS=$_ifs
}

# Sends signal $1 to the prey; fails if there is none.
_strike() {
  [ -n "$_prey" ] || return 1
  # shellcheck disable=SC2086
  kill -s "$1" $_prey 2>/dev/null
  return 0
}
