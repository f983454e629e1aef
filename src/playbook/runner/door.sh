# shellcheck shell=sh disable=SC2016
# The login's own shell: waits for the line `NONCE HOW` on stdin, maybe for hours, and goes on with the text $1 as who is
# wished. The key of the facts is taken only then, and before anybody becomes root. $2: whether there is one to be taken.
IFS=' ' read -r shelter_nonce shelter_how || exit 65
[ -z "$2" ] || shelter_key
set -- "$1" "$shelter_nonce" "${shelter_key:-}" go
# sudo may write down what is given to it, and then a secret would be on a disk: its files of that are open as long as it runs.
shelter_look='IFS=" " read -r shelter_n shelter_n shelter_n shelter_n shelter_x </proc/$PPID/stat
for shelter_x in $PPID $shelter_n; do
  case $(ls -l /proc/$shelter_x/fd 2>&1) in
    */stdin | */stdin?[!/]* | */ttyin | */ttyin?[!/]*) echo "sudo: shelter: input is logged" >&2; exit 66 ;;
  esac
done
'
case $shelter_how in
  *-veiled) shelter_how=${shelter_how%-veiled} ;;
  *) shelter_look='' ;;
esac
set -- "$shelter_look$1" "$2" "$3" go
case $shelter_how in
  sudo) exec sudo -n sh -c "$1" sh "$2" "$3" go ;;
  doas) exec doas -n sh -c "$1" sh "$2" "$3" go ;;
  password) exec sudo -k -S -p "sudo-$2" sh -c "$1" sh "$2" "$3" go ;;
esac
shelter_boot=$1
shift
eval "$shelter_boot"
