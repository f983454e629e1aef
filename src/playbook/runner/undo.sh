# shellcheck shell=sh disable=SC2154
# Taking back what a run has applied, last first, and only over the state that the run left.

# Undoes the run recorded in directory $1. $2: `auto` right after a failure, whose step left no state to be compared;
# `ask` stops at a conflict; `force` restores over it; `skip` leaves conflicting items as they are.
_undo_all() {
  _journal=$1 _how=$2 _todo='' _conflict=''
  [ -s "$_journal/applied" ] || return 0
  _emit undoing
  while read -r _us _ui _ux; do
    case " $_todo" in *" $_us.$_ui.$_ux "*) ;; *) _todo="$_us.$_ui.$_ux $_todo" ;; esac
  done <"$_journal/applied"
  for _u in $_todo; do
    _us=${_u%%.*} _ui=${_u#*.} _ux=${_u##*.}
    _ui=${_ui%.*}
    if [ -e "$_journal/undone.$_us.$_ui" ]; then continue; fi
    if [ "$_ux" = - ]; then
      _emit undo "$_us" "$_ui" none -
    elif ! _undo_item "$_us" "$_ui"; then
      _at -
      return 1
    fi
  done
  _at -
}

# One item; fails if the rest is to be left alone.
_undo_item() {
  _load "$1"
  "_i$1_$2"
  _now
  _at "$1 $_t $_total $_silence $_file"
  if ! _ours "$1" "$2"; then
    case $_how in
      skip)
        _undo_told "$1" "$2" kept
        return 0
        ;;
      force) ;;
      *)
        _diff=1
        if _has d; then _leg "_d$1_$2" "$1" "$2" 2>/dev/null >>"$_dir/$_file.diff"; fi
        _undo_told "$1" "$2" conflict
        _conflict=1 _rc=2
        return 1
        ;;
    esac
  fi
  if _guarded "_r$1_$2" "$1" "$2"; then
    : >"$_journal/undone.$1.$2"
    _undo_told "$1" "$2" restored
  else
    _tell_room "$1" "$2"
    _undo_told "$1" "$2" failed
    _rc=2
    return 1
  fi
}

# How taking back item $1 $2 went, and the file with what was said about it.
_undo_told() {
  _used=-
  _settle
  _now
  _emit undo "$1" "$2" "$3" "$_used"
}

# What item $1 $2 has left, as far as the files tell that its legs name: for an undo of what failed, which no check proves.
_left_by() {
  for _path in $(_paths_of "$1" "$2"); do
    if [ ! -e "$_path" ]; then
      printf 'no %s\n' "$_path"
    elif [ ! -d "$_path" ]; then
      ls -ldin -- "$_path"
    fi
  done
}

# Whether what is there is what the run left. What failed in this very run is not compared; what failed long ago is, by its files.
_ours() {
  if [ "$_how" = auto ]; then
    eval "_v=\${_k$1:-f}"
    if [ "$_v" = f ]; then return 0; fi
  fi
  if [ -e "$_journal/left.$1.$2" ] && [ "$(_left_by "$1" "$2")" = "$(cat "$_journal/left.$1.$2")" ]; then
    return 0
  fi
  if _has o; then
    _guarded "_o$1_$2" "$1" "$2"
  else
    _guarded "_c$1_$2" "$1" "$2"
  fi
}

# The undo itself, by the program that made the changes: as run $1, of run $2, answering conflicts with $3.
_undoing_main() {
  exec </dev/null
  umask 077
  _init
  _dir=$_rt/runs/$1
  _seq=$4
  _lead_here
  _run_was=$_run _run=$1
  _lock_or_leave
  _run=$_run_was
  _emit start "$5" 0
  _at -
  _monitor &
  _monitor_pid=$!
  _undo_all "$_rt/runs/$2" "$3"
  _waive
  _owed_before
  : >"$_dir/spare"
  printf '%s\n' "${_rc:-0}" >"$_dir/result"
  kill $_monitor_pid 2>/dev/null
  _lock_drop
  _over
  _wake_readers
}
