# shellcheck shell=sh disable=SC2154
# Whether a disk is full: looked at when something has failed, told beside it, and never taken for the cause.

# Whether the disk of path $1 has no room left, for bytes or for files: then _room says where, of what, how many are free and of
# how many.
_is_full() {
  _room=''
  for _x in k i; do
    read -r _ _all _ _free _ _mount <<DISK
$(df "-P$_x" -- "$1" 2>/dev/null | tail -n 1)
DISK
    case $_free.$_all in *[!0-9.]* | .* | *. | *.0) continue ;; esac
    if [ "$_free" -ge 16 ]; then continue; fi
    case $_mount in *[!A-Za-z0-9._:+/@-]*) _mount=- ;; esac
    _room="$_mount $_x $_free $_all"
    return 0
  done
  return 1
}

# Tells of the first full disk that one of these paths lies on.
_tell_full() {
  for _path in "$@"; do
    until [ -e "${_path:=/}" ]; do _path=${_path%/*}; done
    if _is_full "$_path"; then
      _emit full "$_room"
      return 0
    fi
  done
}

# Room for a few more events and what a step said last, on a disk that is full.
_spare() { [ -n "$_dir" ] && [ -s "$_dir/spare" ] && rm -f "$_dir/spare"; }

# The paths that the check and the apply of item $1 $2 name, a line each.
_paths_of() {
  sed -n "/^_[ca]$1_$2() {/,/^}/p" "$_dir/program" | grep -o '/[A-Za-z0-9._+@/-]*' | sort -u | head -n 12
}

# After item $1 $2 has failed: the disks of what its legs name, of this run, and of what programs write beside.
_tell_room() {
  if _is_full "$_dir"; then
    _spare
    _emit full "$_room"
    return 0
  fi
  # shellcheck disable=SC2046
  _tell_full $(_paths_of "$1" "$2") /tmp /var
}
