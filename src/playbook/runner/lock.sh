# shellcheck shell=sh disable=SC2154
# The machine-wide lock: one file per holder, made complete by link(2), all of them users'. A holder is live while its
# process is. Whatever else lies in the place, anybody may have put there: it keeps nobody out. Nobody needs to remove
# what belongs to another user.

# The locks that are there: _held tells `free`, `live` or `stale`; _lock is the lowest live one; _top the highest number
# of any; _gen the sum of all numbers but our own, which no run leaves as it was.
_lock_look() {
  if [ -k /run/lock ]; then _locks=/run/lock; else _locks=/tmp; fi
  _lock='' _gen=0 _top=1000000000 _held=free
  for _lf in "$_locks"/mountain_shelter.[1-9]?????????; do
    _ln=${_lf##*.}
    case $_ln in *[!0-9]*) continue ;; esac
    if [ "$_lf" = "${_mine:-}" ]; then continue; fi
    _gen=$((_gen + _ln))
    if [ $_held = live ] || ! _lock_read "$_lf"; then continue; fi
    _top=$_ln
    if [ "$_ldone" = released ]; then
      _held=free
    elif _lock_lives; then
      _held=live _lock=$_lf
    else
      _held=stale
    fi
  done
}

# What lock $1 says, into _lboot _lpid _lborn _luid _lrun _lconsole _ldone; fails where that is not a plain and short file
# of the very user it names.
_lock_read() {
  [ -f "$1" ] && [ ! -h "$1" ] || return 1
  _lowner=''
  # shellcheck disable=SC3067
  if [ ! -O "$1" ]; then
    read -r _ _ _lowner _ _lsize _ <<LISTED
$(ls -ldn -- "$1")
LISTED
    [ "${_lsize:-9999}" -lt 4096 ] || return 1
  fi
  _lboot='' _lpid='' _lborn='' _luid='' _lrun='' _lconsole='' _ldone=''
  { { read -r _lboot _lpid _lborn _luid _lrun _lconsole && read -r _ldone; } <"$1"; } 2>/dev/null
  [ -n "$_luid" ] && [ "${_lowner:-$_luid}" = "$_luid" ]
}

# Whether the process lives that wrote the lock just read, and is its user's. One that is hidden from us counts as that.
_lock_lives() {
  [ "$_lboot" = "$_bootnow" ] || return 1
  case $_lpid in '' | *[!0-9]*) return 1 ;; esac
  if _proc "$_lpid"; then
    [ "$_born" = "$_lborn" ] && _user_of "$_lpid" && [ "${_uid:-$_luid}" = "$_luid" ]
  elif [ ! -d "/proc/$_lpid" ]; then
    case $(kill -0 "$_lpid" 2>&1) in *ermi*) ;; *) return 1 ;; esac
  else
    return 1
  fi
}

# The number of the user of process $1, or `self`, into _uid; empty where nothing tells it.
_user_of() {
  _uid=''
  while read -r _x _y _; do
    if [ "$_x" = Uid: ]; then _uid=$_y; fi
    [ -z "$_uid" ] || break
  done 2>/dev/null <"/proc/$1/status"
  [ "$1" != self ] || : "${_uid:=$(id -u)}"
}

# Who holds it: the file and what stands in it, at most 400 bytes, which are somebody else's words.
_lock_tell() {
  _holder=$_lock$_nl$(head -c 400 "$_lock" 2>/dev/null)
  if [ -n "$_dir" ]; then printf '%s\n' "$_holder" >"$_dir/lock"; fi
  _emit locked
  if [ -z "$_dir" ]; then _text 0 l "$_holder"; fi
}

# Takes the lock for this process: 0 taken, 1 a live one holds it, 2 the place cannot be written. _gen is then that of just
# before, _was what was held.
_lock_take() {
  _mine='' _tries=0
  _lock_look
  if [ $_held = live ]; then return 1; fi
  _was=$_held _new=$_locks/.mountain_shelter.$_run.$$
  _user_of self
  _proc $$ || _born=0
  umask 022
  set -C
  printf '%s %s %s %s %s %s\n' "$_bootnow" $$ "$_born" "$_uid" "$_run" "$_console" 2>/dev/null >"$_new"
  _x=$?
  set +C
  umask 077
  [ $_x = 0 ] || return 2
  while ! _lock_put && [ $_held != live ] && [ $_tries -lt 20 ]; do
    _tries=$((_tries + 1))
    _lock_look
  done
  if [ -n "$_mine" ]; then
    _lock_clean
    return 0
  fi
  rm -f "$_new"
  if [ $_held = live ]; then return 1; fi
  return 2
}

# Puts our file beside those that are there. It is the lock if none other is live after that: of two that came at once the
# higher steps back, and the lower waits for it. Fails, _mine being empty, where that was in vain.
_lock_put() {
  _next=$((_top + 1))
  if [ $_next -gt 9999999999 ]; then _next=$((1000000001 + _t % 8000000000)); fi
  while [ -e "$_locks/mountain_shelter.$_next" ] || [ -h "$_locks/mountain_shelter.$_next" ]; do _next=$((_next + 1)); done
  _mine=$_locks/mountain_shelter.$_next _waits=0
  if ln "$_new" "$_mine" 2>/dev/null; then
    _lock_look
    while [ $_held = live ] && [ "${_lock##*.}" -gt $_next ] && [ $_waits -lt 20 ]; do
      _waits=$((_waits + 1))
      _pause 5
      _lock_look
    done
    if [ $_held != live ]; then return 0; fi
    rm -f "$_mine"
  fi
  _mine=''
  return 1
}

# Removes what others have left behind, as far as it is ours to remove.
_lock_clean() {
  set -- "$_new"
  for _lf in "$_locks"/mountain_shelter.[1-9]?????????; do
    if [ "$_lf" != "$_mine" ] && [ -f "$_lf" ]; then set -- "$@" "$_lf"; fi
  done
  # Nobody waits for it.
  rm -f -- "$@" 2>/dev/null 4>&- 5>&- 9>&- &
  if [ "$_was" = stale ]; then _emit takeover; fi
}

_lock_drop() { [ -z "$_mine" ] || printf 'released\n' >>"$_mine"; }
