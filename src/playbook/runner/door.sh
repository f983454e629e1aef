# shellcheck shell=sh disable=SC2016,SC2086,SC2154
# The login's own shell: waits for a line `NONCE HOW STAY` on stdin, maybe for hours, and goes on with the text $1 as who is
# wished. The key of the facts is taken only then, and before anybody becomes root. $2: whether there is one to be taken.
# With STAY it goes on in a process of its own, and when that has ended well says so and waits for the next line.
while IFS=' ' read -r shelter_nonce shelter_how shelter_stay; do
  [ -z "$2" ] || shelter_key
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
  case $shelter_how in
    sudo) shelter_by='sudo -n' ;;
    doas) shelter_by='doas -n' ;;
    password) shelter_by="sudo -k -S -p sudo-$shelter_nonce" ;;
    *) shelter_by='' ;;
  esac
  if [ -n "$shelter_stay" ]; then
    $shelter_by sh -c "$shelter_look$1" sh "$shelter_nonce" "${shelter_key:-}" go || exit
    printf '%s\n' "shelter-rests:$shelter_nonce"
  elif [ -n "$shelter_by" ]; then
    exec $shelter_by sh -c "$shelter_look$1" sh "$shelter_nonce" "${shelter_key:-}" go
  else
    shelter_boot=$1
    set -- "$shelter_nonce" "${shelter_key:-}" go
    eval "$shelter_boot"
    exit
  fi
done
exit 65
