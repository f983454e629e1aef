# shellcheck shell=sh disable=SC2034,SC2154
# --check: what earlier steps would have made, changed and removed, in place of what resources define for a run. Changes nothing.

r_nl='
'
: "${r_fates=}" "${r_odd=}"

# r_fates: a line each, the latest first: `+PATH` is there or is another, `+PATH/` is a folder, `-PATH` is gone, and what is
# below `*PATH` nobody can know.
r_will() { r_fates="$r_nl+$1$r_nl${r_fates#"$r_nl"}"; }
r_gone() { r_odd=1 r_fates="$r_nl-$1$r_nl${r_fates#"$r_nl"}"; }
r_fill() { r_odd=1 r_fates="$r_nl*$1$r_nl${r_fates#"$r_nl"}"; }

# r_newer LINE FATE: the fate, if that line is the latest so far. Status 1: there is none such.
r_newer() {
  case $r_fates in *"$r_nl$1"*) ;; *) return 1 ;; esac
  r_cut=${r_fates%%"$r_nl$1"*}
  [ ${#r_cut} -ge "$r_far" ] || r_far=${#r_cut} r_fate=$2
}
# r_fate PATH: in r_fate: + there, / a folder, - gone, ? unknown, or nothing: as it stands.
r_fate() {
  r_fate='' r_far=${#r_fates} r_went='' r_up=$1
  r_newer "+$1$r_nl" +
  r_newer "+$1/" /
  while [ -n "$r_odd" ]; do
    if r_newer "-$r_up$r_nl" -; then r_went=1; fi
    case $r_up in */*) r_up=${r_up%/*} ;; *) r_up='' ;; esac
    [ -n "$r_up" ] || break
    r_newer "*$r_up$r_nl" '?'
  done
  if [ "$r_fate$r_went" = / ] && [ -d "$1" ]; then r_fate=''; fi
}
r_comes() {
  r_fate "$1"
  case $r_fate in [+/?]) ;; *) return 1 ;; esac
}

# The check of item $1 $2, silent; what it foretells is kept though it may run in surroundings of its own.
_check() {
  if [ -n "$_user" ] || ! _has n; then
    _leg "_c$1_$2" "$1" "$2" >/dev/null 2>&1
  elif _is e; then
    _said=$(
      { _enter "_c$1_$2" "$1" "$2" && "_c$1_$2"; } </dev/null >/dev/null 2>&1 4>&- 5>&- 9>&-
      set -- $?
      printf %s "$r_fates"
      exit "$1"
    )
    set -- $?
    _foretold "$_said"
    return "$1"
  else
    _ps=$1 _pi=$2
    "_c$1_$2" </dev/null >/dev/null 2>&1 9>&-
  fi
}

# What was foretold elsewhere, as $1.
_foretold() {
  r_fates=$1
  if [ -n "$1" ]; then r_odd=1 r_fates=$1$r_nl; fi
}

# The same for a shell that is another user's.
_give_fates() {
  printf "r_odd=1 r_fates='"
  printf %s "$r_fates" | sed "s/'/'\\\\''/g"
  printf "'\n"
}
