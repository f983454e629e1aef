#!/bin/sh
# llm_benchmark.sh ENGINE FOLDER OUT PROMPT TOKENS REPETITIONS THREADS WANTED KNOWN: measures the models of a folder with
# llama-bench and looks at the machine all the while. WANTED: names, one a line, or nothing for all. KNOWN: lines of
# `FILE NAME QUANTISATION LAYERS`. Prints blocks that the console reads, and keeps them below OUT. Changes nothing else.
LC_ALL=C
export LC_ALL
engine=$1 folder=$2 out=$3 prompt=$4 tokens=$5 repetitions=$6 threads=$7 wanted=$8 known=$9
bench=$engine/bin/llama-bench
looks=$(mktemp "${TMPDIR:-/tmp}/shelter.XXXXXX") && answer=$(mktemp "${TMPDIR:-/tmp}/shelter.XXXXXX") || exit
watcher=''
# shellcheck disable=SC2317
finish() { [ -z "$watcher" ] || stop; rm -f -- "$looks" "$looks.nap" "$answer"; }
trap finish EXIT
trap 'exit 1' HUP INT TERM

# The name of what holds clocks back has changed with the driver.
fields=name,utilization.gpu,temperature.gpu,power.draw
links=pcie.link.gen.current,pcie.link.gen.max,pcie.link.width.current,pcie.link.width.max
reasons=''
if command -v nvidia-smi >/dev/null; then
  for reasons in clocks_event_reasons.active clocks_throttle_reasons.active ''; do
    [ -n "$reasons" ] || break
    nvidia-smi --query-gpu="$reasons" --format=csv,noheader >/dev/null 2>&1 && break
  done
fi

governors() {
  for file in /sys/devices/system/cpu/cpu[0-9]*/cpufreq/scaling_governor; do
    [ ! -r "$file" ] || cat "$file"
  done | sort -u | tr '\n' ',' | sed 's/,$//'
}
hottest() { cat /sys/class/hwmon/hwmon*/temp*_input /sys/class/thermal/thermal_zone*/temp 2>/dev/null | sort -rn | head -n 1; }
mains() {
  for supply in /sys/class/power_supply/*; do
    [ -r "$supply/type" ] || continue
    read -r kind <"$supply/type"
    case $kind in Mains | USB*) [ ! -r "$supply/online" ] || cat "$supply/online" ;; esac
  done | sort -rn | head -n 1
}
look() {
  governor=$(governors) heat=$(hottest) power=$(mains)
  printf 'shelter-bench look %s %s %s' "${governor:--}" "${heat:--}" "${power:--}"
  [ -z "$reasons" ] || nvidia-smi --query-gpu="$fields,$reasons,$links" --format=csv,noheader,nounits 2>/dev/null |
    while IFS= read -r card; do printf ' | %s' "$card"; done
  printf '\n'
}
# It ends with us, whatever becomes of us.
watch() {
  while kill -0 "$$" 2>/dev/null; do
    look
    sleep 2 &
    printf '%s\n' "$!" >"$looks.nap"
    wait "$!"
  done
}
# A TERM that comes before a new subshell has dropped our traps is lost to it, and then we would wait for ever.
stop() {
  kill -KILL "$watcher" 2>/dev/null
  wait "$watcher" 2>/dev/null
  [ ! -s "$looks.nap" ] || kill -KILL "$(cat "$looks.nap")" 2>/dev/null
  watcher=''
}

# Looks that tell nothing new are left out: the same words and links, and no card hotter, busier or hungrier than before.
telling() {
  awk '{ words = $3 " " $5; news = 0
    n = split($0, part, " [|] "); split(part[1], own, " ")
    if (own[4] > heat + 500 || NR == 1) { heat = own[4]; news = 1 }
    for (i = 2; i <= n; i++) { split(part[i], f, ", *"); words = words f[5] f[6] f[8]
      for (k = 2; k <= 4; k++) if (f[k] + 0 > most[i, k] + 0) { most[i, k] = f[k]; news = 1 } }
    if (words != before || news) print
    before = words }
    END { printf "shelter-bench looks %d\n", NR }' "$looks"
}

# called FILE: its name, quantisation and layers on a card.
called() {
  found=$(printf '%s\n' "$known" | awk -v file="$1" '$1 == file { print $2, $3, $4; exit }')
  [ -z "$found" ] || { printf '%s\n' "$found"; return; }
  stem=${1%.gguf}
  quantisation=$(printf '%s\n' "$stem" | tr '[:lower:]' '[:upper:]' | sed -n -e 's/.*[-._]\(I*Q[0-9][0-9A-Z_]*\)$/\1/p' -e 's/.*[-._]\(B*F[0-9][0-9]*\)$/\1/p')
  printf '%s %s -\n' "$stem" "${quantisation:-n/a}"
}

# measure FILE NAME QUANTISATION LAYERS
measure() {
  printf '== %s\n' "$2" >&2
  read -r load _ </proc/loadavg 2>/dev/null || load=-
  : >"$looks"
  watch >>"$looks" &
  watcher=$!
  set -- "$1" "$2" "$3" "$4" -m "$folder/$1" -p "$prompt" -n "$tokens" -r "$repetitions" -t "$threads" -o json -oe md
  [ "$4" = - ] || set -- "$@" -ngl "$4"
  name=$2 quantisation=$3
  shift 4
  "$bench" "$@" >"$answer" </dev/null
  status=$?
  stop
  [ "$status" = 0 ] || { printf 'llama-bench ended with %s\n' "$status" >&2; return 1; }
  [ -s "$looks" ] || look >"$looks"
  printf 'shelter-bench begin %s %s\nshelter-bench load %s\n' "$name" "$quantisation" "$load"
  telling
  printf 'shelter-bench json %s\nshelter-bench end\n' "$(tr -d '\n' <"$answer" | tr -s ' ')"
}

mkdir -p -- "$out" || exit
failed=0 measured=0
for path in "$folder"/*.gguf; do
  [ -f "$path" ] || continue
  file=${path##*/}
  # Three words.
  # shellcheck disable=SC2046
  set -- $(called "$file")
  [ -z "$wanted" ] || printf '%s\n' "$wanted" | grep -qxF -e "$1" -e "$file" || continue
  kept=$out/$(date -u +%Y%m%d-%H%M%S)-$1.txt
  if measure "$file" "$1" "$2" "$3" >"$kept"; then cat -- "$kept"; measured=$((measured + 1)); else rm -f -- "$kept"; failed=1; fi
done
[ "$measured" -gt 0 ] || { printf 'no model was measured\n' >&2; exit 1; }
exit "$failed"
