# shellcheck shell=sh disable=SC2154
# What earlier steps of this run printed, for the scripts of later ones.

# The first 64 KiB that step $1 printed; while a run is taken back, what it printed then. Who is another user than the runner was given them as _printedN.
_printed() {
  eval "_v=\${_printed$1+given}"
  if [ -n "$_v" ]; then
    eval "printf %s \"\$_printed$1\""
    return
  fi
  eval "_v=\${_o$1:-}"
  _of_run=$_dir
  if [ -z "$_v" ] && [ -n "${_journal:-}" ]; then
    _of_run=$_journal
    _v=$(sed -n "s/^e [0-9]* [0-9]* [0-9]* end $1 .* \([0-9]*\|-\)$/\1/p" "$_journal/spool" | tail -n 1)
  fi
  case $_v in
    '')
      printf 'output: that step has not run\n' >&2
      return 2
      ;;
    -) return 0 ;;
  esac
  _v=$_of_run/$_v.out
  if [ -e "$_v.head" ]; then _v=$_v.head; fi
  head -c 65536 <"$_v"
}

# The same as assignments, for a shell of another user, who may not read the runner's files.
_give_outputs() {
  for _i in $_outputs; do
    printf "_printed%s='" "$_i"
    _printed "$_i" | tr -d '\000' | sed "s/'/'\\\\''/g"
    printf "'\n"
  done
}
