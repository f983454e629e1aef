# shellcheck shell=sh disable=SC2034
# The argument of the exec: greets, waits for the header line, reads the program whole, and starts it only then.
printf '\n%s\n' "shelter:$1"
_l=''
until case $_l in "$1 "*) ;; *) false ;; esac; do IFS= read -r _l || exit 65; done
_program=$(cat)
_l=${_l#* }
if [ "$(printf %s "$_program" | cksum)" != "$_l" ]; then
  printf 'e 13 0 0 truncated\n'
  exit 65
fi
shift
eval "$_program"
