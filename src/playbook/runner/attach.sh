# shellcheck shell=sh disable=SC2154
# Reading a run from beside: its events after number $2, its steps' output as it comes. The run does not know of it.
# Ends with the run, or with the console.

_attach() {
  _reads=$1 _after=$2 _live='' _read=0 _ended='' _idle=0 _dead=''
  if [ ! -r "$_reads/spool" ]; then
    _aside gone
    return 0
  fi
  _since=$_t
  [ -p "$_reads/wake.$$" ] || _listen "$_reads"
  _tick &
  _ticker=$!
  while :; do
    if [ -n "$_dead" ]; then
      _relay_new
      [ -n "$_ended" ] || _aside lost
      break
    fi
    if _alive; then
      read -r _x <&7
    else
      _dead=1
      continue
    fi
    _relay_new
    if [ -n "$_ended" ]; then break; fi
    _idle=$((_idle + 1))
    if [ $((_idle % 20)) = 19 ]; then printf 'e 4 beat\n' >&9 || break; fi
  done
  kill "$_ticker"
  rm -f "$_reads/chunk.$$".* "$_reads/wake.$$"
}

# Opens the fifo on which the runner of directory $1 wakes this reader.
_listen() { mkfifo "$1/wake.$$" && exec 7<>"$1/wake.$$"; }

# Wakes the reader ten times a second; the runner does so at its end.
_tick() {
  while _pause 10; do
    kill -0 $$ || exit
    echo >&7
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
  if [ -n "$_live" ]; then
    _copy out
    _copy err
  fi
  _new=$(tail -c +$((_read + 1)) "$_reads/spool" && echo .)
  _new=${_new%.}
  case $_new in
    *" end $_live "*" -$_nl"*) ;;
    *)
      if [ -n "$_live" ]; then
        _forward out o
        _forward err e
      fi
      ;;
  esac
  case $_new in *"$_nl"*) ;; *) return 0 ;; esac
  _new=${_new%"$_nl"*}
  _read=$((_read + ${#_new} + 1))
  _ifs=$IFS
  IFS=$_nl
  for _line in $_new; do
    IFS=' '
    _relay "$_line"
  done
  IFS=$_ifs
}

# An event of the reader's own, outside the run's numbers.
_aside() {
  _now
  _p="0 $_t $*"
  printf 'e %s %s\n' ${#_p} "$_p" >&9
}

# Whether the runner lives, or may still be starting. That its pid is still its own is looked at now and then.
_alive() {
  if [ -n "${_rpid:-}" ] && [ $((_idle % 50)) != 0 ]; then
    kill -0 "$_rpid"
  elif { read -r _rpid _rborn _rboot <"$_reads/pid"; } 2>/dev/null; then
    [ "$_rboot" = "$_bootnow" ] && _proc "$_rpid" && [ "$_born" = "$_rborn" ]
  else
    _now
    [ $((_t - _since)) -lt 1500 ]
  fi
}

# One line of the spool: `e LENGTH SEQ TIME KIND STEP …`. Output that came before an event goes before it.
_relay() {
  # shellcheck disable=SC2086
  set -- "$1" $1
  case $6 in
    begin) _live=$7 _files=$8 _off_out=0 _off_err=0 _off_diff=0 ;;
    end)
      if [ "$7" = "$_live" ]; then
        _live=''
        if [ "${12}" != - ]; then
          for _x in "out o" "err e" "diff d"; do _drain "$7" "${_x% *}" "${_x#* }"; done
        fi
      fi
      ;;
    over | locked | cannot) _ended=1 ;;
  esac
  if [ "$4" -gt "$_after" ]; then
    printf '%s\n' "$1" >&9 || exit
    if [ "$6" = locked ]; then _text 0 l "$(head -c 400 "$_reads/lock")"; fi
  fi
}

# All that is left of stream $2 of step $1, whose letter is $3.
_drain() {
  while _copy "$2"; do _forward "$2" "$3" "$1"; done
}

# The next bytes of stream $1 into a file of the reader's own, which nobody cuts; fails if there are none.
_copy() {
  _source=$_reads/$_files.$1 _chunk=$_reads/chunk.$$.$1 _base=0
  [ -s "$_source" ] || [ -e "$_source.gone" ] || return 1
  if [ -e "$_source.gone" ]; then read -r _base <"$_source.gone"; fi
  eval "_off=\$_off_$1"
  if [ "$_off" -lt "$_base" ]; then
    _kept=0
    if [ -z "$_live" ]; then _kept=$(wc -c <"$_source.tail"); fi
    if [ "$_off" -lt $((_base - _kept)) ]; then _off=$((_base - _kept)); fi
    eval "_off_$1=$_off"
    if [ "$_off" -lt "$_base" ]; then _base=$((_base - _kept)) _source=$_source.tail; fi
  fi
  tail -c +$((_off - _base + 1)) <"$_source" | head -c 262144 >"$_chunk"
  [ -s "$_chunk" ]
}

# What _copy has found, as a data frame.
_forward() {
  _chunk=$_reads/chunk.$$.$1
  [ -s "$_chunk" ] || return 0
  _size=$(wc -c <"$_chunk")
  eval "_off=\$_off_$1 _off_$1=\$((_off_$1 + _size))"
  { printf 'd %s %s %s %s\n' "${3:-$_live}" "$2" "$_off" $((_size)) && cat "$_chunk" && echo; } >&9 || exit
  : >"$_chunk"
}

# Attaching to run $1 from event $2 on, as a program of its own.
_attach_main() {
  exec 9>&1 >/dev/null 2>&1
  umask 077
  _init
  _attach "$_rt/runs/$_run" "$1"
}
