# shellcheck shell=sh disable=SC2154
# Handlers: owed from before the change that asks for them until they have run, whatever happens in between.

# The file that says handler $1 is owed, and to which runs, into _due; kept across runs of the playbook.
_owed_file() { eval "_due=\$_rt/owed/$_playbook.\$_h$1"; }

# Those owed by an earlier run into _owing: looked at before anything else.
_owed_before() {
  _owing='' _h=$_steps
  while [ "$_h" -lt $((_steps + _handlers)) ]; do
    _owed_file "$_h"
    if [ -e "$_due" ]; then
      _owing="$_owing $_h"
      _emit owed "$_h"
    fi
    _h=$((_h + 1))
  done
}

# Before a change: what it asks for is owed. Remembers which were not owed until now.
_notify_owe() {
  [ -n "$_notify" ] || return 0
  _fresh=${_fresh:-}
  [ -d "$_rt/owed" ] || mkdir -p "$_rt/owed"
  for _h in $_notify; do
    _owed_file "$_h"
    if [ ! -e "$_due" ]; then _fresh="$_fresh $_h"; fi
    printf '%s\n' "$_run" >>"$_due"
  done
}

# Handler $1 is owed from now on. (An assignment before a function's name would end with the call.)
_owe() {
  _owing="$_owing $1"
  _emit owed "$1"
}

# After the change.
_notify_all() {
  for _h in $_notify; do
    case "$_owing " in *" $_h "*) ;; *) _owe "$_h" ;; esac
  done
  _fresh=''
}

# After a step that ended without one. A failed one may have changed something: what it asked for stays owed.
_notify_drop() {
  eval "_v=\$_k$1"
  if [ "$_v" = o ]; then
    for _h in ${_fresh:-}; do
      _owed_file "$_h"
      rm -f "$_due"
    done
  else
    for _h in ${_fresh:-}; do _owe "$_h"; done
  fi
  _fresh=''
}

# Fires what is owed, in the order of the playbook.
_fire() {
  _f=$_steps
  while [ "$_f" -lt $((_steps + _handlers)) ]; do
    case "$_owing " in
      *" $_f "*)
        _apply_step "$_f"
        eval "_v=\$_k$_f"
        case $_v in
          o | c | s)
            _owed_file "$_f"
            rm -f "$_due"
            ;;
          *) _rc=2 ;;
        esac
        ;;
    esac
    _f=$((_f + 1))
  done
}

# After an undo: nothing is owed to this run any more for what was taken back. What others ask for stays owed.
_waive() {
  _h=$_steps
  while [ "$_h" -lt $((_steps + _handlers)) ]; do
    _owed_file "$_h"
    if [ -s "$_due" ] && ! _still_asked "$_h"; then
      _others=''
      while read -r _x; do
        if [ "$_x" != "$_run" ]; then _others=$_others$_x$_nl; fi
      done <"$_due"
      if [ -n "$_others" ]; then
        printf %s "$_others" >"$_due"
      else
        rm -f "$_due"
        _emit waived "$_h"
      fi
    fi
    _h=$((_h + 1))
  done
}

# Whether a change that asks for handler $1 is still there.
_still_asked() {
  while read -r _us _ui _x; do
    _load "$_us"
    case " $_notify " in *" $1 "*) [ -e "$_journal/undone.$_us.$_ui" ] || return 0 ;; esac
  done <"$_journal/applied"
  return 1
}
