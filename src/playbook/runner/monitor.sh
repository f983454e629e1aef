# shellcheck shell=sh disable=SC2154,SC3013
# One process beside the leader: time and silence limits, cancel requests, bounded output. It never decides a verdict.

# What the leader is at, for the monitor: step, begin, limits, output. Appended, for a rewritten file would be flushed.
_at() { printf '%s\n' "$*" >&5; }

_monitor() {
  { read -r _me _ </proc/self/stat; } 2>/dev/null || _me=$(exec sh -c 'echo $PPID')
  _beside
  _leader=$$ _last='' _stage=0 _tick=0 _s=- _lull=0 _stir='' _grew='' _coarse=''
  if [ -z "${BASH_VERSION:-}" ] && eval '[[ a ]]' 2>/dev/null; then _coarse=1; fi
  exec 6<"$_dir/now"
  : >"$_dir/seen"
  while _pause $((_lull < 20 ? 10 : 15)); do
    if ! kill -0 "$_leader" 2>/dev/null; then
      _wake_readers
      exit 0
    fi
    _tick=$((_tick + 1)) _stirred=$_stir _stir=''
    while read -r _line <&6; do
      # shellcheck disable=SC2086
      set -- $_line
      _s=$1 _begun=${2:-0} _total=${3:-0} _silence=${4:-0} _out=${5:--} _stirred=1
    done
    _now
    if [ "$_s.$_begun" != "$_last" ]; then _last=$_s.$_begun _stage=0 _heard=$_begun _sizes='' _grew=1; fi
    if [ "$_s" != - ] && [ "$_out" != - ]; then _listen_to; fi
    _lull=$((_lull + 1))
    if [ -n "$_stirred$_stir" ]; then
      _lull=0
      _wake_readers
    fi
    _cancel=''
    if [ -e "$_dir/cancel" ]; then read -r _cancel <"$_dir/cancel"; fi
    if [ "$_s" = - ]; then continue; fi
    if [ "$_cancel" = KILL ] && [ $_stage -lt 2 ]; then _stage=1 _struck=0; fi
    if [ $_stage = 0 ]; then _breach; fi
    if [ $_stage = 1 ] && [ $((_t - _struck)) -ge 500 ]; then
      # Twice, for what was started between the look and the blow.
      for _blow in 1 2; do
        _hunt "$_leader" "$_begun" "$_me"
        _strike KILL || break
      done
      _struck=$_t
    fi
  done
}

# Ends a step that is over a limit or cancelled: TERM now, KILL five seconds later.
_breach() {
  _why=''
  if [ -n "$_cancel" ]; then
    _why=cancelled
  elif [ "$_total" -gt 0 ] && [ $((_t - _begun)) -ge $((_total * 100)) ]; then
    _why=timeout
  elif [ "$_silence" -gt 0 ] && [ $((_t - _heard)) -ge $((_silence * 100)) ]; then
    _why=silence
  fi
  [ -n "$_why" ] || return 0
  printf '%s\n' $_why >"$_dir/why.$_s"
  _hunt "$_leader" "$_begun" "$_me"
  _strike TERM
  _stage=1 _struck=$_t
}

# Whether the step has printed: asked of the files' times, which costs no process, and measured only then. What came in
# the same tick of the kernel's clock is not seen, so who reads is woken once more. Busybox compares whole seconds: there
# it is measured always.
_listen_to() {
  if [ "$_dir/$_out.out" -nt "$_dir/seen" ] || [ "$_dir/$_out.err" -nt "$_dir/seen" ]; then
    : >"$_dir/seen"
    _heard=$_t _stir=1 _grew=1
  fi
  if [ -n "$_grew$_coarse" ] && [ $((_tick % 2)) = 0 ]; then
    _grew=''
    _measure
  fi
}

# How much the step has printed. Growth is a sign of life; too much is cut.
_measure() {
  if [ ! -s "$_dir/$_out.out" ] && [ ! -s "$_dir/$_out.err" ]; then return 0; fi
  # shellcheck disable=SC2046
  set -- $(cd "$_dir" && wc -c "$_out.out" "$_out.err" 2>/dev/null)
  [ $# -ge 4 ] || return 0
  if [ "$1.$3" != "$_sizes" ]; then _sizes=$1.$3 _heard=$_t _stir=1; fi
  if [ "$1" -gt "$_cap" ]; then _cut "$2" "$1"; fi
  if [ "$3" -gt "$_cap" ]; then _cut "$4" "$3"; fi
}

# Cuts file $1 of $2 bytes: its first half stays in $1.head, its last in $1.tail, and what went by is counted in $1.gone.
_cut() {
  _gone=0 _half=$((_cap / 2)) _long=$_dir/$1
  if [ -e "$_long.gone" ]; then
    read -r _gone <"$_long.gone"
  else
    head -c $_half <"$_long" >"$_long.head"
  fi
  if [ "$2" -ge $_half ]; then
    tail -c $_half <"$_long" >"$_long.tail"
  else
    cat "$_long.tail" "$_long" | tail -c $_half >"$_long.last"
    mv "$_long.last" "$_long.tail"
  fi
  printf '%s\n' $((_gone + $2)) >"$_long.gone"
  : >"$_long"
}

# The last cut of the output of a step that is over, once the monitor has turned its eyes away.
_cut_last() {
  _at -
  _pause 30
  for _x in "$_file.out" "$_file.err"; do
    if [ -e "$_dir/$_x.gone" ]; then _cut "$_x" "$(wc -c <"$_dir/$_x")"; fi
  done
}
