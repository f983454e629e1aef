# shellcheck shell=sh disable=SC2154
# What steps print, without the secrets in it: nothing else reaches the host's files or the console.

# $1 without the secrets, in _veiled.
_veil() {
  _veiled=$1 _vn=$_masks
  while [ $_vn -lt "$_masks_end" ]; do
    eval "_mask=\$_slot$_vn"
    _vrest=$_veiled _veiled=''
    while case $_vrest in *"$_mask"*) ;; *) false ;; esac; do
      _veiled="$_veiled${_vrest%%"$_mask"*}(secret)"
      _vrest=${_vrest#*"$_mask"}
    done
    _veiled=$_veiled$_vrest
    _vn=$((_vn + 1))
  done
}

# An undo long after has no secrets, and so none to hide.
_veil_if() { if [ -n "${_slots:-}" ]; then _veil "$1"; else _veiled=$1; fi; }

# Text $3 of step $1, as in core.sh.
_text() {
  _tell
  _veil_if "$3"
  [ -z "$_veiled" ] || printf 'd %s %s 0 %s\n%s\n' "$1" "$2" "${#_veiled}" "$_veiled" >&9
}

_differ() {
  _veil_if "$(_leg "_d$1_$2" "$1" "$2" 2>/dev/null | head -c 262144 | tr -d '\000')"
  [ -z "$_veiled" ] || printf '%s\n' "$_veiled" >>"$_dir/$_file.diff"
}

# What all output of legs goes through, and the word that nobody else knows.
_veils() {
  _turn=$(printf %s "$_slots$_t" | cksum)
  _turn="$_run-${_turn%% *} "
  mkfifo "$_dir/veil.out" "$_dir/veil.err" "$_dir/veil.done" || _no_slots
  exec 3<>"$_dir/veil.out" 7<>"$_dir/veil.err" 8<>"$_dir/veil.done"
}

# The two who read it, begun by the monitor: what that has started is never ended with a step.
_beside() {
  [ -n "${_slots:-}" ] || return 0
  _veiling out <"$_dir/veil.out" 2>/dev/null 3<&- 4>&- 5>&- 7<&- 9>&- &
  _veiling err <"$_dir/veil.err" 2>/dev/null 3<&- 4>&- 5>&- 7<&- 9>&- &
}

# Writes what comes on stdin to the current file of stream $1. `TURN N;` says that N is the current one from here on, which
# is answered. A reader of pieces: lines may be endless, and `head -c` waits.
_veiling() {
  _heap='' _to=''
  while :; do
    _piece=$(dd bs=16384 count=1 2>/dev/null && echo .)
    case $_piece in '') continue ;; .) break ;; esac
    _heap=$_heap${_piece%.}
    while case $_heap in *"$_turn"*\;*) ;; *) false ;; esac; do
      _put "$1" "${_heap%%"$_turn"*}"
      _heap=${_heap#*"$_turn"}
      _to=${_heap%%;*} _heap=${_heap#*;}
      echo >&8
      if [ "$_to" = end ]; then
        exec 8<&-
        exec cat >/dev/null
      fi
    done
    _hold
    _put "$1" "${_heap%"$_stub"}"
    _heap=$_stub
  done
  _put "$1" "$_heap"
}

_put() {
  _veil "$2"
  [ -z "$_veiled" ] || printf %s "$_veiled" >>"$_dir/$_to.$1"
}

# The end of _heap that is or may be the beginning of a secret, or of a turn, into _stub: it waits for what follows.
_hold() {
  _stub='' _vn=$_masks
  case $_heap in *"$_turn"*) _stub=$_turn${_heap##*"$_turn"} ;; esac
  _mask=$_turn
  while :; do
    while [ ${#_mask} -gt ${#_stub} ]; do
      case $_heap in *"$_mask") _stub=$_mask ;; esac
      _mask=${_mask%?}
    done
    if [ $_vn -ge "$_masks_end" ]; then break; fi
    eval "_mask=\$_slot$_vn"
    _vn=$((_vn + 1))
  done
}

# Says that file $1 is the current one, and waits until all that came before is written.
_turn_to() {
  printf '%s%s;' "$_turn" "$1" >&3
  printf '%s%s;' "$_turn" "$1" >&7
  read -r _vx <&8
  read -r _vx <&8
}

_guarded() {
  : >>"$_dir/$_file.out" 2>>"$_dir/$_file.err"
  if [ -z "${_slots:-}" ]; then
    _leg "$1" "$2" "$3" >>"$_dir/$_file.out" 2>>"$_dir/$_file.err"
    return
  fi
  _turn_to $_file
  _leg "$1" "$2" "$3" >&3 2>&7 3<&- 7<&- 8<&-
  _vx2=$?
  _turn_to $_file
  return $_vx2
}

# The two are let go. Where a step has left a process that prints, it goes on printing, to nobody.
_close_slots() {
  [ -n "${_slots:-}" ] || return 0
  _turn_to end
  exec 3<&- 7<&- 8<&-
  rm -f "$_dir/veil.out" "$_dir/veil.err" "$_dir/veil.done"
}
