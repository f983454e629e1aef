# shellcheck shell=sh disable=SC2154
# Reading a run from beside: its events after number $2, its steps' output as it comes. The run does not know of it.
# Ends with the run, or with the console.

_attach() {
  _reads=$1 _after=$2 _live='' _begun='' _rest='' _pass='' _held='' _final='' _ended='' _idle=0 _dead='' _woken='' _full='' _rounds=0
  if [ ! -r "$_reads/spool" ]; then
    _aside gone
    return 0
  fi
  exec 6<"$_reads/spool"
  _since=$_t
  [ -p "$_reads/wake.$$" ] || _listen "$_reads"
  # It keeps nothing of the console's open: whoever hears of our end must not wait for it.
  (exec 9>&- && _tick) &
  _ticker=$!
  while :; do
    _relay_new
    if [ -n "$_ended" ]; then break; fi
    if [ -n "$_dead" ]; then
      if _is_full "$_reads"; then _aside full "$_room"; fi
      _aside lost
      break
    fi
    # Where much is printed, what is there by now is read before anybody wakes us again; but not without end.
    if [ -n "$_full" ] && [ $_rounds -lt 12 ]; then
      _rounds=$((_rounds + 1)) _woken=''
      continue
    fi
    _rounds=0
    if _alive; then read -r _woken <&7; else _dead=1; fi
    if [ "$_woken" = tick ]; then
      _idle=$((_idle + 1))
      if [ $((_idle % 2)) = 0 ]; then printf 'e 4 beat\n' >&9 || break; fi
    fi
  done
  kill "$_ticker"
  # Nobody waits for it.
  rm -f "$_reads/chunk.$$".* "$_reads/wake.$$" 7<&- 9>&- &
}

# Opens the fifo on which the runner of directory $1 wakes this reader.
_listen() { mkfifo "$1/wake.$$" && exec 7<>"$1/wake.$$"; }

# Wakes the reader once a second, for what nobody wakes it for: an end that could not be told. Else the run's monitor
# does, where something was told or printed, and the runner at its end. A reader that was killed may be there until its
# parent has heard of it.
_tick() {
  while _pause 100; do
    _proc $$ || exit
    echo tick >&7
  done
}

# Wakes all readers. A fifo opened both ways blocks nobody.
_wake_readers() {
  for _x in "$_dir"/wake.*; do
    if [ -p "$_x" ]; then echo 1<>"$_x"; fi
  done
}

# What is new in the spool, by whole lines, and what the step under way has printed. The output is copied before the spool
# is read: if the step has ended by then without output, the file is its successor's, and so is what was copied.
_relay_new() {
  _full=''
  if [ -n "$_live" ] && { [ "$_woken" != tick ] || [ $((_idle % 5)) = 0 ]; }; then
    _held=1
    _copy out
    _copy err
  fi
  while IFS= read -r _line; do
    _line=$_rest$_line _rest=''
    _relay
  done <&6
  _rest=$_rest$_line
  _pass_on
  _follow
}

# An event of the reader's own, outside the run's numbers.
_aside() {
  _now
  _p="0 $_t $*"
  printf 'e %s %s\n' ${#_p} "$_p" >&9
}

# Whether the runner lives, or may still be starting. That its pid is still its own is looked at now and then.
_alive() {
  if [ -n "${_rpid:-}" ] && [ $((_idle % 5)) != 0 ]; then
    kill -0 "$_rpid"
  elif { read -r _rpid _rborn _rboot <"$_reads/pid"; } 2>/dev/null; then
    [ "$_rboot" = "$_bootnow" ] && _proc "$_rpid" && [ "$_born" = "$_rborn" ]
  else
    _now
    [ $((_t - _since)) -lt 1500 ]
  fi
}

# One line of the spool: `e LENGTH SEQ TIME KIND STEP …`. Many are passed on at once; but output that came before an event
# goes before it.
_relay() {
  [ -n "$_line" ] || return 0
  _told=1
  if [ -n "$_after" ]; then
    _told=${_line#e * }
    if [ "${_told%% *}" -gt "$_after" ]; then _after=''; else _told=''; fi
  fi
  case $_line in
    *" begin "*) _begun=$_line ;;
    *" end "*" -") _silent ;;
    *" end "*)
      _pass_on
      _follow
      if [ -n "$_told" ]; then
        _final=1
        for _x in "out o" "err e" "diff d"; do _drain "${_x% *}" "${_x#* }"; done
        _final=''
      fi
      _live=''
      ;;
    *" undo "*" -") ;;
    *" undo "*)
      _pass_on
      [ -z "$_told" ] || _said_undoing
      ;;
    *" over "* | *" locked" | *" cannot "*) _ended=1 ;;
  esac
  [ -n "$_told" ] || return 0
  _pass=$_pass$_line$_nl
  case $_line in
    *" locked")
      _pass_on
      _text 0 l "$(head -c 600 "$_reads/lock")"
      ;;
  esac
}

# What was said while an item was taken back: its file stands at the end of the line.
_said_undoing() {
  # shellcheck disable=SC2086
  set -- $_line
  _live=$6 _files=$9 _off_out=0 _off_err=0 _off_diff=0 _final=1
  for _x in "out o" "err e" "diff d"; do _drain "${_x% *}" "${_x#* }"; done
  _final='' _live=''
}

# The step under way has ended and printed nothing.
_silent() {
  _begun=''
  if [ -n "$_live" ]; then
    for _x in out err; do : >"$_reads/chunk.$$.$_x"; done
  fi
  _live='' _held=''
}

# Output that was copied, then the events that have gathered.
_pass_on() {
  if [ -n "$_held" ]; then
    _held=''
    _forward out o
    _forward err e
  fi
  if [ -n "$_pass" ]; then
    printf %s "$_pass" >&9 || exit
    _pass=''
  fi
}

# From now on the output of the step that began last is read.
_follow() {
  [ -n "$_begun" ] || return 0
  # shellcheck disable=SC2086
  set -- $_begun
  _begun='' _live=$6 _files=$7 _off_out=0 _off_err=0 _off_diff=0
}

# All that is left of stream $1 of the step under way, whose letter is $2.
_drain() {
  while _copy "$1"; do _forward "$1" "$2"; done
}

# The next bytes of stream $1 into a file of the reader's own, which nobody cuts; fails if there are none.
_copy() {
  _source=$_reads/$_files.$1 _chunk=$_reads/chunk.$$.$1 _base=0
  [ -s "$_source" ] || [ -e "$_source.gone" ] || return 1
  if [ -e "$_source.gone" ]; then read -r _base <"$_source.gone"; fi
  eval "_off=\$_off_$1"
  if [ "$_off" -lt "$_base" ]; then
    _kept=0
    if [ -n "$_final" ]; then _kept=$(wc -c <"$_source.tail"); fi
    if [ "$_off" -lt $((_base - _kept)) ]; then _off=$((_base - _kept)); fi
    eval "_off_$1=$_off"
    if [ "$_off" -lt "$_base" ]; then _base=$((_base - _kept)) _source=$_source.tail; fi
  fi
  _cut_out || { rm "$_reads/spare" && _cut_out; }
  [ -s "$_chunk" ]
}
_cut_out() { tail -c +$((_off - _base + 1)) <"$_source" | head -c 262144 >"$_chunk"; }

# What _copy has found, as a data frame.
_forward() {
  _chunk=$_reads/chunk.$$.$1
  [ -s "$_chunk" ] || return 0
  _size=$(wc -c <"$_chunk")
  [ "$_size" -lt 262144 ] || _full=1
  eval "_off=\$_off_$1 _off_$1=\$((_off_$1 + _size))"
  { printf 'd %s %s %s %s\n' "$_live" "$2" "$_off" $((_size)) && cat "$_chunk" && echo; } >&9 || exit
  : >"$_chunk"
}

# Attaching to run $1 from event $2 on, as a program of its own.
_attach_main() {
  exec 9>&1 >/dev/null 2>&1
  umask 077
  _init
  _attach "$_rt/runs/$_run" "$1"
}
