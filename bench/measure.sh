# Shared by the benchmarks: hosts by an ssh config, a home of shelter's own, turns, medians. Sourced, never run.
# shellcheck shell=bash disable=SC2034

# Reads SSH_CONFIG HOST... and builds a home for these hosts: $config, $hosts, $home, $shelter.
prepare() {
  [ $# -ge 2 ] || { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" >&2; exit 1; }
  config=$(readlink -f "$1"); shift
  hosts=("$@")
  shelter=$(readlink -f "${SHELTER:-target/release/shelter}")
  home=$(mktemp -d)
  mkdir -p "$home/.ssh" "$home/.mountain_shelter/playbooks"
  cp "$config" "$home/.ssh/config"
  { echo 'hosts:'; printf '  %s:\n' "${hosts[@]}"; } >"$home/.mountain_shelter/shelter.yaml"
}

# A home $1 beside it, for the same hosts: what lies in a home is read at every start.
another_home() {
  mkdir -p "$home/$1/.mountain_shelter/playbooks"
  cp -r "$home/.ssh" "$home/$1/"
  cp "$home/.mountain_shelter/shelter.yaml" "$home/$1/.mountain_shelter/"
}
# What comes from $2 on, in that home.
at_home() { local home=$home/$1; shift; "$@"; }

# The shelter of that home.
ours() { HOME=$home "$shelter" --home "$home/.mountain_shelter" "$@"; }

# A command for all hosts at once: each HOST in place of `{}`, its stdin from file $1.
at_once() {
  local script=$1 pids=() host pid
  shift
  for host in "${hosts[@]}"; do
    ssh -F "$config" -o BatchMode=yes "${@//\{\}/$host}" <"$script" >/dev/null &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid"; done
}

# How many microseconds a command takes.
microseconds() { local begun=${EPOCHREALTIME/./}; "$@" >/dev/null; echo $((${EPOCHREALTIME/./} - begun)); }

# A run by a console that holds its connections, in microseconds: what playbooks 91 to $1 take more than 91 alone,
# each. (90 is a playbook that is built in.)
by_one_console() {
  local one all
  one=$(microseconds ours --run 91)
  all=$(microseconds ours --run "91-$1")
  echo $(((all - one) / ($1 - 91)))
}

# The median of the numbers on stdin.
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# A row: what, microseconds, and the ratio to the floor's microseconds.
row() { awk -v what="$1" -v us="$2" -v floor="$3" 'BEGIN { printf "%-44s %9.1f ms  × %.2f\n", what, us / 1000, us / floor }'; }

# The most memory the shelter of that home ever has resident, in KiB, as the kernel keeps count of it until the end.
peak_kib() {
  local peak=0 word kib
  (HOME=$home exec "$shelter" --home "$home/.mountain_shelter" "$@") >/dev/null &
  while [ -r "/proc/$!/status" ]; do
    while read -r word kib _; do
      if [ "$word" = VmHWM: ] && [ "$kib" -gt "$peak" ]; then peak=$kib; fi
    done <"/proc/$!/status"
  done 2>/dev/null
  wait $! && echo "$peak"
}
