# shellcheck shell=sh disable=SC2016
# The login's own shell: waits for the line `NONCE HOW` on stdin, maybe for hours, and goes on with the text $1 as who is
# wished. The key of the facts is taken only then, and before anybody becomes root. $2: whether there is one to be taken.
IFS=' ' read -r shelter_nonce shelter_how || exit 65
[ -z "$2" ] || shelter_key
set -- "$1" "$shelter_nonce" "${shelter_key:-}" go
case $shelter_how in
  sudo) exec sudo -n sh -c "$1" sh "$2" "$3" go ;;
  doas) exec doas -n sh -c "$1" sh "$2" "$3" go ;;
  password) exec sudo -k -S -p "sudo-$2" sh -c "$1" sh "$2" "$3" go ;;
esac
shelter_boot=$1
shift
eval "$shelter_boot"
