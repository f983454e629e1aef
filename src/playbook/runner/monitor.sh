# shellcheck shell=sh disable=SC2154,SC3013
# `-nt` is POSIX since 2024 and in all shells we know.
# One process beside the leader: time and silence limits, cancel requests, bounded output. It never decides a verdict.

# What the leader is at, for the monitor: step, begin, limits, output. Appended, for a rewritten file would be flushed.
_at() { printf '%s\n' "$*" >>"$_dir/now"; }

_monitor() {
  { read -r _me _ </proc/self/stat; } 2>/dev/null || _me=$(exec sh -c 'echo $PPID')
  _leader=$$ _last='' _stage=0 _tick=0 _s=-
  : >>"$_dir/now"
  exec 6<"$_dir/now"
  while _pause 10; do
    if ! kill -0 "$_leader" 2>/dev/null; then exit 0; fi
    _tick=$((_tick + 1))
    while read -r _line <&6; do
      # shellcheck disable=SC2086
      set -- $_line
      _s=$1 _begun=${2:-0} _total=${3:-0} _silence=${4:-0} _out=${5:--}
    done
    _now
    if [ "$_s.$_begun" != "$_last" ]; then _last=$_s.$_begun _stage=0 _heard=$_begun; fi
    _cancel=''
    if [ -e "$_dir/cancel" ]; then read -r _cancel <"$_dir/cancel"; fi
    if [ "$_s" = - ]; then continue; fi
    if [ "$_out" != - ]; then
      _bound "$_out.out"
      _bound "$_out.err"
      : >"$_dir/heard"
    fi
    if [ "$_cancel" = KILL ] && [ $_stage -lt 2 ]; then _stage=1 _struck=0; fi
    if [ $_stage = 0 ]; then _breach; fi
    if [ $_stage = 1 ] && [ $((_t - _struck)) -ge 500 ]; then
      _hunt "$_leader" "$_begun" "$_me"
      _strike KILL
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

# Keeps file $1 within _cap bytes: its first half in $1.head, its last in $1.tail, what went by counted in $1.gone.
_bound() {
  [ "$_dir/$1" -nt "$_dir/heard" ] || return 0
  _heard=$_t
  [ $((_tick % 2)) = 0 ] || return 0
  _size=$(wc -c <"$_dir/$1") && [ "$_size" -gt "$_cap" ] || return 0
  _gone=0
  if [ -e "$_dir/$1.gone" ]; then
    read -r _gone <"$_dir/$1.gone"
  else
    head -c $((_cap / 2)) <"$_dir/$1" >"$_dir/$1.head"
  fi
  tail -c $((_cap / 2)) <"$_dir/$1" >"$_dir/$1.tail"
  printf '%s\n' $((_gone + _size)) >"$_dir/$1.gone"
  : >"$_dir/$1"
}
