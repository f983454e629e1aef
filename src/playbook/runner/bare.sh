# shellcheck shell=sh disable=SC2154
# A run without secrets, at the points where one with secrets does more: see slots.sh.

_open_slots() { :; }
_hand_over() { :; }
_receive() { :; }
_beside() { :; }
_close_slots() { :; }

# A leg whose output is for the record.
_guarded() { _leg "$1" "$2" "$3" >>"$_dir/$_file.out" 2>>"$_dir/$_file.err"; }

# How item $1 $2 differs, for the record.
_differ() { _leg "_d$1_$2" "$1" "$2" 2>/dev/null >>"$_dir/$_file.diff"; }
