# shellcheck shell=sh disable=SC2154
# Secrets: in variables of this shell and of those it forks, and in pipes between them. Never on a disk, on a command
# line or in an environment.

# What slot $1 holds, by a builtin: no command line has it.
_slot() { eval "[ \"\${_slot$1+is}\" ] && printf %s \"\$_slot$1\""; }

# The assignments that the bootstrap has read become variables, and are kept as text for whoever goes on elsewhere.
_open_slots() {
  case $(type printf) in *builtin*) ;; *) _no_slots ;; esac
  if [ -z "${_slots:-}" ] || ! command -v dd; then _no_slots; fi
  _slots="_nl='$_nl'$_nl$_slots"
  eval "$_slots"
}

_no_slots() {
  _emit cannot secrets
  if [ -n "$_dir" ]; then _wake_readers; fi
  exit 0
}

# Gives the slots to the runner that is being let go, through a fifo at which a courier waits, but not for long.
_hand_over() {
  mkfifo "$_new/slots" || _cannot write
  (
    trap '' HUP
    exec 3<>"$_new/slots" 7<&- 9>&-
    printf '%s' "$_slots" >&3
    _waited=0
    while [ -p "$_new/slots" ] && [ $_waited -lt 300 ]; do
      _pause 10
      _waited=$((_waited + 1))
    done
  ) </dev/null &
  printf '%s\n' $! >"$_new/courier"
}

# Takes them there: a line each, after the two that define _nl.
_receive() {
  read -r _courier <"$_dir/courier" && kill -0 "$_courier" && exec 3<"$_dir/slots" || _no_slots
  _slots='' _taken=-2
  while [ $_taken -lt "$_slotted" ] && IFS= read -r _x <&3; do
    if [ $_taken -ge 0 ]; then _slots=$_slots$_x$_nl; fi
    _taken=$((_taken + 1))
  done
  exec 3<&-
  rm -f "$_dir/slots" "$_dir/courier"
  if [ $_taken -lt "$_slotted" ]; then _slots=''; fi
  _open_slots
  _veils
}
