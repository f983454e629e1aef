# shellcheck shell=sh disable=SC2034,SC2154
# Time, identity and event frames. Names that begin with `_` are the runner's own.

# Hundredths of a second since boot, into _t.
_now() {
  if [ "$_uptime" = 1 ] && read -r _t _ </proc/uptime; then
    _t=${_t%.*}${_t#*.}
    case $_t in 0*) _t=1 ;; esac
  else
    _t=$(date +%s)00
  fi
}

# Process $1: parent, session and birth into _ppid, _sid and _born; fails if there is none.
_proc() {
  if [ -r /proc/uptime ]; then
    { read -r _x <"/proc/$1/stat"; } 2>/dev/null || return 1
    # shellcheck disable=SC2086
    set -- ${_x##*) }
    [ "$1" != Z ] || return 1
    _ppid=$2 _sid=$4 _born=${20}
  else
    _born=$(ps -o lstart= -p "$1" 2>/dev/null | tr -s ' :' '__') && [ -n "$_born" ] || return 1
    _ppid=$(ps -o ppid= -p "$1") _sid=0
  fi
}

# The kernel's boot id into _bootnow, or `none`.
_boot_id() {
  { read -r _bootnow </proc/sys/kernel/random/boot_id; } 2>/dev/null ||
    _bootnow=$(sysctl -n kern.bootsessionuuid 2>/dev/null) || _bootnow=none
}

# One event of the time _t to fd 9: `e LENGTH SEQ TIME KIND ARGUMENTS`. Arguments are our own words and numbers, never a
# command's text. Towards the console the ends of steps that fall into the same hundredth of a second gather first: a
# packet each would cost both sides more than the steps do.
_emit() {
  _seq=$((_seq + 1))
  _p="$_seq $_t $*"
  _p="e ${#_p} $_p"
  if [ -n "$_dir" ]; then
    printf '%s\n' "$_p" >&9 || { _spare && printf '\n%s\n' "$_p" >&9; } || exit 75
    return 0
  fi
  _log=$_log$_p$_nl _untold=$_untold$_p$_nl
  if [ "$1 $_t" != "end $_told" ] || [ ${#_untold} -gt 3000 ]; then _tell; fi
}

# What has gathered, at most as much as a pipe takes in one piece.
_tell() {
  _told=$_t
  if [ -n "$_untold" ]; then printf %s "$_untold" >&9 || exit 75; fi
  _untold=''
}

# Text $3 of step $1 as a data frame: `d STEP STREAM OFFSET LENGTH`, the bytes, a newline. Only towards the console.
_text() {
  _tell
  [ -z "$3" ] || printf 'd %s %s 0 %s\n%s\n' "$1" "$2" "${#3}" "$3" >&9
}

# A pause of $1 hundredths of a second, rounded up to whole ones where sleep knows no fractions.
_pause() {
  case $1 in
    ?) sleep "0.0$1" ;;
    ??) sleep "0.$1" ;;
    *) sleep "${1%??}" ;;
  esac >/dev/null 2>&1 9>&-
  case $? in 0 | 1??) ;; *) sleep $((($1 + 99) / 100)) >/dev/null 2>&1 9>&- ;; esac
}

_init() {
  _nl='
'
  r_seen='' _seq=0 _log='' _untold='' _told='' _letters='' _dir='' _ok=0 _changed=0 _skipped=0 _failed=0 _ignored=0 _unknown=0 _file=0 _forked=''
  _uptime=0
  if [ -r /proc/uptime ]; then _uptime=1; fi
  _boot_id
  _now
  if [ "$_root" = 1 ]; then HOME=~root; fi
  export HOME
  _rt=$HOME/.mountain_shelter/runtime
  cd "$HOME" 2>/dev/null || cd /
}
