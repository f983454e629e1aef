# shellcheck shell=sh disable=SC2034
# Greets with the nonce $1, waits for the header line `NONCE LENGTH SHA256 CKSUM SLOTS`, reads as many lines of secret
# slots and so many bytes of program, and starts it only then with the arguments from $3 on. $2 is the key of the facts.
# What comes on stdin after that is not the program's.
printf '\n%s\n' "shelter:$1"
_l=''
until case $_l in "$1 "*) ;; *) false ;; esac; do IFS= read -r _l || exit 65; done
_slots=''
_n=${_l##* }
while [ "$_n" -gt 0 ]; do
  IFS= read -r _x || exit 65
  _slots="$_slots$_x
" _n=$((_n - 1))
done
_n=${_l#* }
_program=$(head -c "${_n%% *}")
_sum=$(
  printf %s "$_program" | {
    if command -v sha256sum >/dev/null; then exec sha256sum; fi
    if command -v shasum >/dev/null; then exec shasum -a 256; fi
    exec cksum
  } 2>/dev/null
)
if case "$_l " in "$1 ${#_program}"*" ${_sum%% *} "*) false ;; esac; then
  printf 'e 13 0 0 truncated\n'
  exit 65
fi
_key=$2
shift 2
exec </dev/null
eval "$_program"
