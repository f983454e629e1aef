# shellcheck shell=sh disable=SC2154
# The program's verbs. `go` is what the console starts; by hand: `sh program go`.

_main() {
  _verb=$1
  [ $# = 0 ] || shift
  case $_verb in
    go)
      : "${_program:=$(cat "$0")}"
      _go_main
      ;;
    leg) _leg_main "$@" ;;
    checks) _checks_main "$@" ;;
    detached) _detached_main "$@" ;;
    undoing) _undoing_main "$@" ;;
    *)
      printf 'verbs: go\n' >&2
      exit 64
      ;;
  esac
}
