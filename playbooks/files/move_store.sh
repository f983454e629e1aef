#!/bin/sh
# Moves the folder of models to another place and leaves a link, or brings it back. Nothing is removed before its copy is
# proven, and what was broken off is taken up again.
LC_ALL=C
export LC_ALL

die() { printf '%s\n' "$1" >&2; exit 1; }

# carry FROM TO: every file, proven byte by byte. One of the same name that holds something else is never touched.
carry() {
  for file in "$1"/* "$1"/.[!.]*; do
    [ -e "$file" ] || [ -L "$file" ] || continue
    name=${file##*/}
    if [ -e "$2/$name" ]; then
      [ -d "$file" ] || cmp -s -- "$file" "$2/$name" || die "$2/$name is there and holds something else"
      continue
    fi
    printf 'copying %s\n' "$name"
    rm -rf -- "$2/.$name.moving"
    cp -Rp -- "$file" "$2/.$name.moving" || die "there is no room for $name in $2"
    [ -d "$file" ] || cmp -s -- "$file" "$2/.$name.moving" || die "the copy of $name is not like it"
    mv -- "$2/.$name.moving" "$2/$name" || exit 1
  done
}

# there FOLDER STORE
there() {
  [ -e "$1" ] || [ ! -d "$1.moved" ] || mv -- "$1.moved" "$1" || exit
  case $2 in /*) ;; *) die "$2 is no absolute path" ;; esac
  mkdir -p -- "$2" || exit
  case $(cd -P -- "$2" && pwd)/ in "$(cd -P -- "$1" && pwd)"/*) [ -L "$1" ] || die "$2 lies in what is to be moved" ;; esac
  if [ "$(readlink "$1")" != "$2" ]; then
    carry "$1" "$2"
    [ ! -L "$1" ] || printf 'what was in %s is still there\n' "$(readlink "$1")"
    mv -- "$1" "$1.moved" || exit
    ln -s -- "$2" "$1" || { mv -- "$1.moved" "$1"; exit 1; }
  fi
  rm -rf -- "$1.moved"
}

# back FOLDER STORE: what is there now comes back; its copies in the store are removed.
back() {
  [ -L "$1" ] && [ "$(readlink "$1")" = "$2" ] || return 0
  mkdir -p -- "$1.moved" || exit
  carry "$2" "$1.moved"
  rm -f -- "$1" && mv -- "$1.moved" "$1" || exit
  for file in "$1"/* "$1"/.[!.]*; do
    [ ! -e "$file" ] || rm -rf -- "${2:?}/${file##*/}"
  done
  rmdir -- "$2" 2>/dev/null || printf '%s holds something else and stays\n' "$2"
}

case $1 in
  there | back) "$@" ;;
  *) die 'there or back' ;;
esac
