# shellcheck shell=sh disable=SC2154
# The foreground: looks without writing anything, until something is to be changed. Bound to the console.

# Ends checks that hang, tells the console that we live, and ends us when it is gone.
_watch() {
  { read -r _me _ </proc/self/stat; } 2>/dev/null || _me=$(exec sh -c 'echo $PPID')
  _beats=0
  while _pause 100; do
    _beats=$((_beats + 1))
    _proc $$ || exit
    [ $((_beats % 5)) != 0 ] || printf 'e 4 beat\n' >&9 || kill $$
    _now
    if [ "$_t" -gt $((_checks_s * 100)) ]; then
      _since=$((_t - _checks_s * 100))
      _hunt $$ 0 "$_me"
      _all=$_prey _prey=''
      for _d in $_all; do
        if _proc "$_d" && [ "$_born" -lt $_since ]; then _prey="$_prey $_d"; fi
      done
      _strike TERM
      if [ $((_beats % 3)) = 0 ]; then _strike KILL; fi
    fi
  done
}

_unwatch() {
  [ -z "$_watcher" ] || kill "$_watcher"
  _watcher=''
}

# Sends the console away if the facts are not those the program was made from. Their key was taken by the login's shell
# before anybody became root; who starts the program by hand has none.
_fresh_facts() {
  if [ -n "$_boot" ] && [ "$_boot" != "$_bootnow" ]; then
    _emit stale boot
    exit 0
  fi
  if [ -n "$_digest" ] && [ "${_key:-$_digest}" != "$_digest" ]; then
    _emit stale digest
    exit 0
  fi
}

# Somebody watches over what may hang.
_guard() {
  [ -z "$_watcher" ] || return 0
  _watch &
  _watcher=$!
}

# What the check of item $1 $2 says, as its status. Checks as another user are made in batches.
_ask() {
  _guard
  _has n || _tell
  case $_ahead in *" $1.$2 "*) "_l$1_$2" ;; esac
  if [ -n "$_user" ]; then
    eval "_v=\${_q$1_$2:-}"
    if [ -z "$_v" ]; then
      _batch "$1"
      eval "_v=\$_q$1_$2"
    fi
    return "$_v"
  fi
  _check "$1" "$2"
}

# All checks from step $1 on that are this user's and hang on nothing, in one go, into _qSTEP_ITEM.
_batch() {
  _who=$_user _list='' _s=$1
  while [ "$_s" -lt "$_steps" ]; do
    _load "$_s"
    if [ "$_user" != "$_who" ] || { [ "$_s" != "$1" ] && _is w; }; then break; fi
    _n2=0
    while [ $_n2 -lt "$_items" ]; do
      "_i${_s}_$_n2"
      if _has c; then _list="$_list $_s.$_n2"; fi
      _n2=$((_n2 + 1))
    done
    _s=$((_s + 1))
  done
  # shellcheck disable=SC2046,SC2086
  _said=$(_as "$_who" checks $_list)
  set -- "$1" ${_said%%[!0-9 ]*}
  case $_said in *[!0-9\ ]*) _foretold "${_said#"${_said%%[!0-9 ]*}"}" ;; esac
  _back=$1
  shift
  for _i in $_list; do
    eval "_q${_i%.*}_${_i#*.}=${1:-2}"
    [ $# = 0 ] || shift
  done
  _load "$_back"
}

# Looks at all items of step $1: its letter into _any (o all met, w something is to be changed, n it cannot be here, u that is
# not known before an earlier step is taken, f a check failed).
_look_step() {
  _n=0 _any=o _code=0
  while [ $_n -lt "$_items" ]; do
    _of=''
    "_i$1_$_n"
    if [ -n "$_of" ] && _awaits; then
      _code=11
    elif _has c; then
      _ask "$1" $_n
      _code=$?
    else
      _code=10
    fi
    case $_code in
      0) ;;
      10) case $_any in o | n) _any=w ;; esac ;;
      11) if [ $_any != f ]; then _any=u _bad=-; fi ;;
      12) if [ $_any = o ]; then _any=n; fi ;;
      *) _any=f _bad=$_code ;;
    esac
    _n=$((_n + 1))
  done
}

# Whether what the check asks about is the doing of an earlier step that was not taken.
_awaits() {
  for _i in $_of; do
    eval "_v=\${_k$_i:-}"
    case $_v in w | u) return 0 ;; esac
  done
  return 1
}

# Apply: passes over what is met. Status 1: step _at_step is the first that is not, or a handler is owed.
_lead() {
  _at_step=0
  while [ $_at_step -lt "$_steps" ]; do
    _load $_at_step
    _t0=$_t
    if ! _passed_over $_at_step; then
      _look_step $_at_step
      case $_any in
        o) _end $_at_step o - 0 ;;
        n) _hindered $_at_step ;;
        *) return 1 ;;
      esac
    fi
    _at_step=$((_at_step + 1))
  done
  [ -z "$_owing" ]
}

# --check: every step, then the handlers that would fire, and never a guess.
_look_all() {
  _step=0 _unmet=0 r_foretell=1
  export r_foretell
  while [ $_step -lt $((_steps + _handlers)) ]; do
    if [ $_step -lt "$_steps" ] || _is_owed $_step; then _look_at $_step; fi
    _step=$((_step + 1))
  done
}

_is_owed() { case "$_owing " in *" $1 "*) ;; *) return 1 ;; esac; }

_look_at() {
  _load "$1"
  _t0=$_t
  if ! _passed_over "$1"; then _predict "$1"; fi
}

_predict() {
  _legs=''
  "_i$1_0"
  if ! _has c; then
    _unmet=1
    _end "$1" s action -
    eval "_k$1=u"
    return 0
  fi
  _look_step "$1"
  case $_any in
    o) _end "$1" o - 0 ;;
    n) _hindered "$1" ;;
    w)
      _unmet=1
      if [ "$_diff" = 1 ]; then _preview "$1"; fi
      _end "$1" w - 10
      for _h in $_notify; do
        case "$_owing " in *" $_h "*) ;; *) _owe "$_h" ;; esac
      done
      ;;
    u)
      _unmet=1
      _end "$1" u after -
      ;;
    f)
      if [ "$_unmet" = 1 ]; then
        _end "$1" u after "$_bad"
      else
        _complain "$1"
        _end "$1" f check "$_bad"
      fi
      ;;
  esac
}

# Step $1 is something that this host cannot be: its check says why.
_hindered() {
  _complain "$1"
  _end "$1" s impossible 12
}

# What a failing check says, towards the console; nothing may be written here, so it goes by way of a variable.
_complain() {
  _n=0
  while [ $_n -lt "$_items" ]; do
    "_i$1_$_n"
    _text "$1" e "$(_leg "_c$1_$_n" "$1" $_n 2>&1 | head -c 4096 | tr -d '\000')"
    _n=$((_n + 1))
  done
}

_preview() {
  _n=0
  while [ $_n -lt "$_items" ]; do
    "_i$1_$_n"
    if _has d; then
      _said=$(_leg "_d$1_$_n" "$1" $_n 2>/dev/null | head -c 262144 | tr -d '\000')
      [ -z "$_said" ] || _text "$1" d "$_said$_nl"
    fi
    _n=$((_n + 1))
  done
}

_go_main() {
  exec 9>&1 </dev/null >/dev/null 2>&1
  _init
  _emit hello "$_bootnow"
  _fresh_facts
  _open_slots
  if [ -e "$_rt/runs/$_run" ]; then
    _dir=$_rt/runs/$_run
    _emit exists
    exit 0
  fi
  _lock_look
  if [ "$_held" = live ]; then
    _lock_tell
    exit 0
  fi
  _seen=$_gen _watcher=''
  _owed_before
  if [ "$_mode" = check ]; then
    _look_all
    _over
  elif _lead; then
    _over
  else
    _unwatch
    _detach
  fi
  _unwatch
}

# The run is over.
_over() {
  _now
  if [ "$_failed" -gt 0 ] && [ "${_rc:-0}" = 0 ]; then _rc=2; fi
  _emit over "${_rc:-0}" "$_ok" "$_changed" "$_skipped" "$_failed" "$_ignored" "$_unknown"
}
