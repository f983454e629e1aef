# shellcheck shell=sh disable=SC2154
# What a step's outcome is called, counted and remembered as.

# The outcome of step $1 as letter $2: o ok, c changed, s skipped, f failed, i ignored failure, u unknown, w would change.
_verdict() {
  eval "_k$1=$2"
  case $2 in
    o) _ok=$((_ok + 1)) ;;
    c | w) _ok=$((_ok + 1)) _changed=$((_changed + 1)) ;;
    s) _skipped=$((_skipped + 1)) ;;
    f) _failed=$((_failed + 1)) ;;
    i) _ok=$((_ok + 1)) _ignored=$((_ignored + 1)) ;;
    u) _unknown=$((_unknown + 1)) ;;
  esac
}

# Output goes to files numbered by _file. One that was written to belongs to its step, and the next step gets new ones;
# creating files is dear, so a silent step leaves them to its successor.
_settle() {
  if [ -s "$_dir/$_file.out" ] || [ -s "$_dir/$_file.err" ] || { [ "$_diff" = 1 ] && [ -s "$_dir/$_file.diff" ]; } ||
    [ -e "$_dir/$_file.out.gone" ] || [ -e "$_dir/$_file.err.gone" ]; then
    if [ -e "$_dir/$_file.out.gone" ] || [ -e "$_dir/$_file.err.gone" ]; then _cut_last; fi
    _used=$_file
    _file=$((_file + 1))
  fi
}

# Ends step $1: verdict, reason, exit status. A failure that is to be ignored becomes one here.
_end() {
  _v=$2
  if [ "$_v" = f ] && _is i; then _v=i; fi
  _verdict "$1" "$_v"
  eval "_x$1=$4"
  _now
  _used=-
  if [ -n "$_dir" ]; then _settle; fi
  eval "_o$1=$_used"
  _letters=$_letters$_v
  _emit end "$1" "$_v" "$3" "$4" $((_t - _t0)) "$_used"
}

# Whether what step $1 needs is there: sets _r to the reason why not.
_ready() {
  _r=''
  for _i in $_needs; do
    eval "_v=\${_k$_i:-}"
    case $_v in
      f | i) _r=needs ;;
      s) eval "_v=\${_r$_i:-}"; if [ "$_v" = needs ]; then _r=needs; fi ;;
      w | u) _r=unknown; return 1 ;;
    esac
  done
  [ -z "$_r" ]
}

# Ends step $1 without having looked at it, if its needs or its `when` say so; fails if it is to be looked at.
_passed_over() {
  if ! _ready; then
    if [ $_r = unknown ]; then _end "$1" u needs -; else eval "_r$1=needs"; _end "$1" s needs -; fi
  elif _is w; then
    "_w$1"
    case $? in
      0) return 1 ;;
      3) _end "$1" u when - ;;
      *) _end "$1" s when - ;;
    esac
  else
    return 1
  fi
}

# The outcomes that conditions ask for; status 3 says that it is not known because nothing was applied.
_did() {
  eval "_v=\${_k$2:-}"
  case $_v in w | u) return 3 ;; esac
  case $1$_v in changedc | failedf | failedi | skippeds) return 0 ;; esac
  return 1
}
_exited() {
  eval "_v=\${_k$1:-}"
  case $_v in w | u) return 3 ;; esac
  eval "_v=\${_x$1:-}"
  [ "$_v" = "$2" ]
}
# The first 64 KiB of stream $2 of step $1 into _o.
_output() {
  eval "_v=\${_k$1:-}"
  case $_v in w | u) return 3 ;; esac
  eval "_o=\${_o$1:-}"
  case $_o in
    '' | -) _o='' ;;
    *)
      _o=$_dir/$_o.$2
      if [ -e "$_o.head" ]; then _o=$_o.head; fi
      _o=$(head -c 65536 <"$_o" 2>/dev/null | tr -d '\000')
      ;;
  esac
}
_stdout_is() { _output "$1" out && { [ "$_o" = "$2" ]; }; }
_output_has() { _output "$1" "$2" && case $_o in *"$3"*) ;; *) return 1 ;; esac; }
_not() {
  "$1"
  case $? in
    0) return 1 ;;
    3) return 3 ;;
    *) return 0 ;;
  esac
}
_all() {
  for _y in "$@"; do "$_y" || return; done
}
_any() {
  set -- 1 "$@"
  while [ $# -gt 1 ]; do
    "$2" && return
    if [ $? = 3 ]; then
      shift 2
      set -- 3 "$@"
    else
      _y=$1
      shift 2
      set -- "$_y" "$@"
    fi
  done
  return "$1"
}
