# shellcheck shell=sh disable=SC2154
# Steps where something may be changed: detached, locked, recorded.

# One step, all its items.
_apply_step() {
  _load "$1"
  _t0=$_t
  if _passed_over "$1"; then return 0; fi
  _n=0 _any=o _why='' _code=0 _begun_told=''
  while [ $_n -lt "$_items" ]; do
    "_i$1_$_n"
    _apply_item "$1" $_n
    if [ "$_items" -gt 1 ]; then _emit item "$1" $_n $_ik "$_ir" "$_ic"; fi
    case $_ik in
      c) _any=c _why='' _code=$_ic ;;
      s) if [ $_any = o ]; then _any=s _why=$_ir _code=$_ic; fi ;;
      f) _any=f _why=$_ir _code=$_ic; break ;;
    esac
    _n=$((_n + 1))
  done
  if [ $_any = f ]; then
    _left_by "$1" $_n >"$_dir/left.$1.$_n"
    _tell_room "$1" $_n
  fi
  _end "$1" $_any "${_why:--}" "$_code"
  case $_any in
    c) _notify_all ;;
    *) _notify_drop "$1" ;;
  esac
}

# One item: its letter into _ik, the reason of a failure into _ir, the exit status into _ic.
_apply_item() {
  _ik=o _ir=- _ic=0
  if _has c; then
    _at "$1 $_t $_checks_s 0 -"
    _check "$1" "$2"
    _ic=$?
    case $_ic in
      0) return 0 ;;
      10) _now ;;
      12)
        _explain "$1" "$2"
        _ik=s _ir=impossible
        return 0
        ;;
      *)
        _explain "$1" "$2"
        _ik=f _ir=check
        return 0
        ;;
    esac
  fi
  _begin "$1"
  if _has d && [ "$_diff" = 1 ]; then _differ "$1" "$2"; fi
  _kept=-
  if _has x; then
    _at "$1 $_t $_total 0 $_file"
    _guarded "_b$1_$2" "$1" "$2"
    case $? in
      0) _kept=x ;;
      11) ;;
      *)
        _ik=f _ir=save
        return 0
        ;;
    esac
  fi
  if _is d; then _intend "$1"; fi
  _note="$1 $2 $_kept"
  printf '%s\n' "$_note" >&4 || { _spare && printf '%s\n' "$_note" >&4; } || { _ik=f _ir=record; return 0; }
  _notify_owe
  _try "$1" "$2"
}

# A check that neither says yes nor no, once more, for the record of what it said.
_explain() {
  _begin "$1"
  _guarded "_c$1_$2" "$1" "$2"
  _ic=$?
}

# The console learns that step $1 does something.
_begin() {
  if [ -n "$_begun_told" ]; then return 0; fi
  _begun_told=1
  _emit begin "$1" "$_file"
}

# Tries until it is so, or the tries are used up.
_try() {
  _left=$_retries
  while :; do
    _at "$1 $_t $_total $_silence $_file"
    _guarded "_a$1_$2" "$1" "$2"
    _ic=$?
    _judge "$1" "$2"
    if [ -e "$_dir/cancel" ]; then
      _ik=f _ir=cancelled
      return 0
    fi
    if _is u && [ $_ik != f ] && ! { _said "$1" && "_u$1"; }; then _ik=f _ir=until; fi
    if [ $_ik != f ] || [ "$_left" -le 0 ]; then return 0; fi
    _left=$((_left - 1))
    _now
    _emit retry "$1" "$2" "$_left" "$_ir" "$_ic"
    _at -
    _back_off
    if [ "$_wait" -gt 0 ]; then _pause "$_wait"; fi
    if [ -e "$_dir/cancel" ]; then return 0; fi
    rm -f "$_dir/why.$1"
    _now
  done
}

# How long to wait before the next try, into _wait. Who waits for something looks at an even pace. Who failed waits twice as
# long each time, up to a minute, less up to a half, so that many hosts do not come back in step.
_back_off() {
  _wait=$((_delay * 100))
  if _is u; then return 0; fi
  _x=$_left
  while _x=$((_x + 1)) && [ $_x -lt "$_retries" ] && [ $_wait -lt 6000 ]; do _wait=$((_wait * 2)); done
  if [ $_wait -gt 6000 ] && [ "$_delay" -lt 60 ]; then _wait=6000; fi
  _wait=$((_wait - (_t * 7919 + $$) % (_wait / 2 + 1)))
}

# What `This` in a condition looks at: the try just made.
_said() { eval "_k$1=$_ik _x$1=$_ic _o$1=$_file"; }

# What a try came to.
_judge() {
  _ik=c _ir=-
  if [ "$_ic" != 0 ]; then _ik=f _ir=exit; fi
  if [ -e "$_dir/why.$1" ]; then
    read -r _ir <"$_dir/why.$1"
    _ik=f
    return 0
  fi
  if _is f; then
    _said "$1"
    _ik=c _ir=-
    if "_f$1"; then
      _ik=f _ir=failed_when
      return 0
    fi
  fi
  [ $_ik = c ] || return 0
  if _has v; then
    _guarded "_v$1_$2" "$1" "$2" || _ik=f _ir=verify
  elif _has c; then
    _check "$1" "$2" || _ik=f _ir=verify
  fi
  if [ $_ik = c ] && _is g; then
    _said "$1"
    "_g$1" || _ik=o
  fi
}

# Makes durable that step $1 may have been begun, before it is. A window covers fifty such steps in a row, unless
# a second has gone by: then the spool with the results before is made durable again.
_intend() {
  if [ "$1" -gt "${_window:--1}" ] || [ $((_t - ${_synced:-0})) -ge 100 ]; then
    _window=$(($1 + 49)) _synced=$_t
    _emit intend "$1" $_window
    sync -d "$_dir/spool" 2>/dev/null || sync
  fi
}
