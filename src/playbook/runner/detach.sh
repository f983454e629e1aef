# shellcheck shell=sh disable=SC2154
# From looking to doing: the run's directory, made once; the runner, let go of; the console, attached to its spool.

_detach() {
  _tell
  umask 077
  _new=$_rt/runs/$_run
  [ -d "$_rt/runs" ] || mkdir -p "$_rt/runs" || _cannot mkdir
  if ! mkdir "$_new"; then
    if [ -d "$_new" ]; then _emit exists; else _emit cannot mkdir; fi
    exit 0
  fi
  { printf '%s\n' "$_program" >"$_new/program" && printf '%s' "$_log" >"$_new/spool"; } || _cannot write
  _hand_over
  _letgo "$_new" detached "$_seen" "$_seq" "${_letters:--}"
  if [ ${#_program} -gt 200000 ]; then _shrink; fi
  _attach "$_new" "$_seq"
}

# Reads on as a shell that knows how to read a run and nothing else: this one holds a large program several times over.
_shrink() {
  # shellcheck disable=SC2016
  { head -n "$_reader" "$_new/program" && printf '_init\n_attach "$1" "$2"\n}\n'; } >"$_new/reader" &&
    exec sh "$_new/reader" "$_new" "$_seq"
}

# What was begun takes no room from others.
_cannot() {
  _tell_full "$_rt"
  if [ "$1" = write ]; then rm -rf "$_new"; fi
  _emit cannot "$1"
  exit 0
}

# Starts `program` of directory $1 with the arguments from $2 on, out of the console's reach, by the best means there is.
_letgo() {
  _new=$1
  shift
  if [ "$_survival" = system ] && systemd-run --quiet --collect --unit="shelter-$_run" --property=KillMode=process \
    --working-directory=/ --setenv=LC_ALL=C sh "$_new/program" "$@" system >"$_new/start" 2>&1; then
    return 0
  fi
  if [ "$_survival" = user ]; then
    : "${XDG_RUNTIME_DIR:=/run/user/$(id -u)}"
    export XDG_RUNTIME_DIR
    if systemd-run --user --quiet --collect --unit="shelter-$_run" --property=KillMode=process \
      --working-directory=/ --setenv=LC_ALL=C sh "$_new/program" "$@" user >"$_new/start" 2>&1; then
      return 0
    fi
  fi
  if command -v setsid; then
    setsid sh "$_new/program" "$@" session </dev/null >"$_new/start" 2>&1 7<&- 9>&- &
  else
    (trap '' HUP && exec sh "$_new/program" "$@" session) </dev/null >"$_new/start" 2>&1 7<&- 9>&- &
  fi
}

# The runner itself, out of the console's reach: the locks' sum and the last event's number before, a letter for each leading
# step, and how we survive.
_detached_main() {
  exec </dev/null
  umask 077
  _init
  _dir=$_rt/runs/$_run
  _seq=$2 _lead=$3
  _lead_here
  _receive
  _lock_or_leave
  if [ "$_lead" = - ] || [ "$_gen" != "$1" ]; then _lead=''; fi
  _emit start "$4" ${#_lead}
  _at -
  _monitor &
  _monitor_pid=$!
  _run_steps
  _finish
}

# This process is the leader of the run in _dir: its events, its journal and what it is at go into files that stay open.
_lead_here() {
  _proc $$
  printf '%s %s %s\n' $$ "$_born" "$_bootnow" >"$_dir/pid"
  exec 9>>"$_dir/spool" 4>>"$_dir/applied" 5>>"$_dir/now"
  printf '%65536s' '' >"$_dir/spare"
}

# Takes the lock, or ends here and says why not.
_lock_or_leave() {
  _lock_take
  case $? in
    0) return 0 ;;
    1) _lock_tell ;;
    *) _emit cannot lock ;;
  esac
  _wake_readers
  exit 0
}

# The leading steps that were met a moment ago count as looked at; all others in order.
_run_steps() {
  _owed_before
  _step=0
  while [ $_step -lt "$_steps" ]; do
    if [ -n "$_lead" ]; then
      eval "_x$_step=0"
      _verdict "$_step" "${_lead%"${_lead#?}"}"
      _lead=${_lead#?}
    else
      _apply_step $_step
      if [ -e "$_dir/cancel" ] || { [ "$_failed" -gt 0 ] && [ "$_onfail" != continue ]; }; then break; fi
    fi
    _step=$((_step + 1))
  done
}

# The lock is dropped before the end is told: whoever hears of it may send the next run at once.
_finish() {
  if [ -e "$_dir/cancel" ]; then
    _emit cancelled
    _rc=130
  elif [ "$_failed" -gt 0 ]; then
    _rc=2
  fi
  if [ "$_failed" -gt 0 ] || [ -e "$_dir/cancel" ]; then
    if [ "$_onfail" = undo ]; then
      rm -f "$_dir/cancel"
      _undo_all "$_dir" auto
      _waive
    fi
    if [ "$_onfail" = continue ] && [ ! -e "$_dir/cancel" ]; then _fire; fi
  else
    _fire
  fi
  _at -
  _close_slots
  _survivors
  if [ -n "${_window:-}" ]; then sync -d "$_dir/spool" 2>/dev/null || sync; fi
  : >"$_dir/spare"
  printf '%s\n' "${_rc:-0}" >"$_dir/result"
  kill "$_monitor_pid" 2>/dev/null
  _lock_drop
  _over
  _wake_readers
}

# Processes that steps have left running, if any had one to leave them with.
_survivors() {
  if [ -z "$_forked" ] || [ ! -s "$_dir/applied" ]; then return 0; fi
  _proc $$
  _hunt $$ "$_born" "$_monitor_pid" "$$ "
  _left_behind
  [ -n "$_prey" ] || return 0
  # What was killed a moment ago may be on its way out.
  _pause 20
  _now
  _left_behind
  for _d in $_prey; do
    _program_of "$_d"
    # shellcheck disable=SC2086
    _emit survivor "$_d" $_name
  done
}

# The name of the program that process $1 runs into _name; nothing where it is not told, or is no plain word.
_program_of() {
  { read -r _name <"/proc/$1/comm"; } 2>/dev/null || _name=''
  case $_name in *[!A-Za-z0-9._:+-]*) _name='' ;; esac
}

# Leaves in _prey what is there and is no child of our own: no step is under way.
_left_behind() {
  _all=$_prey _prey=''
  for _d in $_all; do
    if _proc "$_d" && [ "$_ppid" != $$ ]; then _prey="$_prey $_d"; fi
  done
}
