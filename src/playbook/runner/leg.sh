# shellcheck shell=sh disable=SC2154
# Running one leg of one item, as the step's user, away from the events and from stdin.

# Writes the payload $1 of the current item.
payload() { "_p${_ps}_${_pi}_$1"; }

# The step $1 into its variables: _s1 and so on set only what differs from here.
_load() {
  _items=1 _user='' _total=3600 _silence=0 _retries=0 _delay=5 _outputs='' _needs='' _notify='' _flags=''
  "_s$1"
}

_is() { case $_flags in *"$1"*) return 0 ;; esac; return 1; }
_has() { case $_legs in *"$1"*) return 0 ;; esac; return 1; }

# Enters the surroundings of leg $1 of item $2 $3. What a step has of its own, only ever in a process of its own.
_enter() {
  _ps=$2 _pi=$3
  SHELTER_SAVE=$_rt/saves/$_run/$2.$3
  export SHELTER_SAVE
  case $1 in
    _b*)
      umask 077
      mkdir -p "$SHELTER_SAVE" || return 2
      ;;
  esac
  umask 022
  ! _is e || "_e$2" || return 2
}

# Whether leg $1 leaves this shell as it was: what saves and applies then needs no process of its own.
_light() { case $1 in _[ab]*) _has a && ! _is e ;; *) return 1 ;; esac; }

# Leg $1 of item $2 $3, in a process of its own unless it is light.
_leg() {
  if [ -n "$_user" ]; then
    _forked=1
    _as "$_user" leg "$1" "$2" "$3"
  elif _light "$1"; then
    _enter "$1" "$2" "$3" && "$1" 4>&- 5>&- 9>&-
    set -- $?
    umask 077
    return "$1"
  else
    _forked=1
    (
      exec 4>&- 5>&- 9>&-
      _enter "$1" "$2" "$3" && "$1"
    ) </dev/null
  fi
}

# The check of item $1 $2, silent.
_check() {
  if [ -z "$_user" ] && _has n && ! _is e; then
    _ps=$1 _pi=$2
    "_c$1_$2" >/dev/null 2>&1 9>&-
  else
    _leg "_c$1_$2" "$1" "$2" >/dev/null 2>&1
  fi
}

# This very program with the arguments from $2 on, as user $1, from root.
_as() {
  _u=$1
  shift
  eval "HOME=~$_u" 2>/dev/null
  {
    printf %s "${_slots:-}"
    if [ -n "$_outputs" ]; then _give_outputs; fi
    if [ -n "${r_fates-}" ]; then _give_fates; fi
    if [ -n "$_dir" ]; then cat "$_dir/program"; else printf '%s\n' "$_program"; fi
  } 2>/dev/null | (
    exec 4>&- 5>&- 9>&-
    export HOME USER="$_u" LOGNAME="$_u"
    # shellcheck disable=SC2016
    if command -v setpriv >/dev/null 2>&1 && _g=$(id -g "$_u"); then
      exec setpriv --reuid="$_u" --regid="$_g" --init-groups -- sh -c 'p=$(cat);eval "$p"' sh "$@"
    else
      exec su -s /bin/sh "$_u" -c 'p=$(cat);eval "$p"' sh "$@"
    fi
  )
  _x=$?
  HOME=~root
  return "$_x"
}

# On the other side of _as: one leg.
_leg_main() {
  _load "$2"
  "_i$2_$3"
  _user=''
  _rt=$HOME/.mountain_shelter/runtime
  cd "$HOME" 2>/dev/null || cd /
  _leg "$1" "$2" "$3"
}

# On the other side of _as: the checks of the items `STEP.ITEM` …, a status for each.
_checks_main() {
  for _i in "$@"; do
    _load "${_i%.*}"
    "_i${_i%.*}_${_i#*.}"
    _user=''
    _check "${_i%.*}" "${_i#*.}"
    printf '%s ' $?
  done
  printf %s "${r_fates-}"
}
