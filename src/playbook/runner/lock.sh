# shellcheck shell=sh disable=SC2154
# The machine-wide lock: one file per holder, numbered upwards, made complete by link(2). A holder is live while its
# process is; a dead one is taken over. Nobody needs to remove what belongs to another user.

# The newest lock into _lock and its number into _gen; _held tells `free`, `live` or `stale`.
_lock_look() {
  if [ -k /run/lock ]; then _locks=/run/lock; else _locks=/tmp; fi
  _lock='' _gen=1000000000 _held=free
  for _x in "$_locks"/mountain_shelter.[0-9]*; do
    if _is_lock "$_x"; then _lock=$_x; fi
  done
  [ -n "$_lock" ] || return 0
  _gen=${_lock##*.}
  { read -r _lboot _lpid _lborn _luid _lrun _lconsole <"$_lock"; } 2>/dev/null || return 0
  while read -r _x; do
    if [ "$_x" = released ]; then return 0; fi
  done <"$_lock"
  _held=stale
  if [ "$_lboot" != "$_bootnow" ]; then return 0; fi
  case $_lpid in '' | *[!0-9]*) return 0 ;; esac
  if _proc "$_lpid"; then
    if [ "$_born" = "$_lborn" ]; then _held=live; fi
  elif [ ! -d "/proc/$_lpid" ]; then
    case $(kill -0 "$_lpid" 2>&1) in *ermi*) _held=live ;; esac
  fi
}

# Whether file $1 can be a lock: others may put anything in the place.
_is_lock() {
  case ${1##*.} in
    *[!0-9]* | ???????????*) return 1 ;;
    ??????????) [ -f "$1" ] && [ ! -h "$1" ] ;;
    *) return 1 ;;
  esac
}

# Who holds it, at most 400 bytes, which are somebody else's words.
_lock_tell() {
  if [ -n "$_dir" ]; then
    head -c 400 "$_lock" >"$_dir/lock" 2>/dev/null
    _emit locked
  else
    _emit locked
    _text 0 l "$(head -c 400 "$_lock" 2>/dev/null)"
  fi
}

# Our user's number into _uid.
_whoami() {
  _uid=''
  while read -r _x _y _; do
    if [ "$_x" = Uid: ]; then _uid=$_y; fi
    [ -z "$_uid" ] || break
  done 2>/dev/null </proc/self/status
  : "${_uid:=$(id -u)}"
}

# Takes the lock for this process: 0 taken, 1 a live one holds it, 2 the place cannot be written.
_lock_take() {
  _proc $$ || _born=0
  _mine_born=$_born _new='' _mine='' _tries=0
  _whoami
  while _tries=$((_tries + 1)); do
    _lock_look
    if [ $_held = live ]; then break; fi
    _was=$_held _next=$((_gen + 1))
    if [ -z "$_new" ]; then
      _new=$_locks/.mountain_shelter.$_run.$$
      umask 022
      set -C
      printf '%s %s %s %s %s %s\n' "$_bootnow" $$ "$_mine_born" "$_uid" "$_run" "$_console" 2>/dev/null >"$_new"
      _x=$?
      set +C
      umask 077
      [ $_x = 0 ] || return 2
    fi
    _mine=$_locks/mountain_shelter.$_next
    if ln "$_new" "$_mine" 2>/dev/null; then
      _lock_look
      if [ "$_lock" = "$_mine" ]; then break; fi
      rm -f "$_mine"
    elif [ ! -e "$_mine" ]; then
      _tries=99
    fi
    if [ $_tries -gt 20 ]; then
      rm -f "$_new"
      _mine=''
      return 2
    fi
  done
  if [ -z "$_mine" ] || [ "$_lock" != "$_mine" ]; then
    rm -f "$_new"
    _mine=''
    return 1
  fi
  set -- "$_new"
  for _x in "$_locks"/mountain_shelter.[0-9]*; do
    if [ "$_x" != "$_mine" ] && _is_lock "$_x"; then set -- "$@" "$_x"; fi
  done
  # Nobody waits for it.
  rm -f "$@" 2>/dev/null 4>&- 5>&- 9>&- &
  if [ "$_was" = stale ]; then _emit takeover; fi
}

_lock_drop() { [ -z "$_mine" ] || printf 'released\n' >>"$_mine"; }
