#!/bin/sh
# llm_benchmark.sh measure ENGINE FOLDER OUT PROMPT TOKENS REPETITIONS THREADS WANTED KNOWN: measures the models of a folder
# with llama-bench, tells in words how it goes, and looks at the machine all the while. WANTED: names, one a line, or nothing
# for all. KNOWN: lines of `FILE NAME QUANTISATION LAYERS`. Keeps a block of raw figures for each below OUT.
# llm_benchmark.sh tell OUT: prints the blocks that the last measuring has kept there, for the console to read; fails where
# that failed. Neither changes anything else.
LC_ALL=C
export LC_ALL

# tell OUT
tell() {
  while read -r what rest; do
    case $what in measured) cat -- "$1/$rest" ;; *) printf '%s: %s\n' "$what" "$rest" >&2 ;; esac
  done <"$1/.latest" || exit
  ! grep -qv '^measured ' "$1/.latest"
}

case $1 in
  measure) shift ;;
  tell) tell "$2"; exit ;;
  *) printf 'measure or tell\n' >&2; exit 1 ;;
esac
engine=$1 folder=$2 out=$3 prompt=$4 tokens=$5 repetitions=$6 threads=$7 wanted=$8 known=$9
bench=$engine/bin/llama-bench
looks=$(mktemp "${TMPDIR:-/tmp}/shelter.XXXXXX") && answer=$(mktemp "${TMPDIR:-/tmp}/shelter.XXXXXX") || exit
watcher=''
# shellcheck disable=SC2317
finish() { [ -z "$watcher" ] || stop; rm -f -- "$looks" "$looks.nap" "$answer" "$answer.status"; }
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

# Hundredths of a second since some moment.
hundredths() {
  if read -r up _ 2>/dev/null </proc/uptime; then printf '%s\n' "${up%.*}${up#*.}"; else printf '%s00\n' "$(date +%s)"; fi
}

# rate TOKENS SINCE NOW: tokens a second, where enough time has passed for hundredths to tell.
rate() {
  took=$(($3 - $2))
  [ "$took" -lt 20 ] || printf ' · %s.%s tokens/s' "$(($1 * 100 / took))" "$(($1 * 1000 / took % 10))"
}

# words NAME: what llama-bench says while it measures, as it says it, in words: every run with the rate of the one before,
# every test with its mean, and what it complains of.
words() {
  since='' before=''
  while IFS= read -r line; do
    case $line in
      *': benchmark '*': prompt run '* | *': benchmark '*': generation run '*)
        number=${line##* run } now=$(hundredths) speed=''
        case $line in *': prompt run '*) doing=reading many=$prompt ;; *) doing=writing many=$tokens ;; esac
        [ "$before" != "$doing" ] || speed=$(rate "$many" "$since" "$now")
        printf '%s: %s %s tokens, run %s of %s%s\n' "$1" "$doing" "$many" "${number%/*}" "${number#*/}" "$speed"
        since=$now before=$doing
        ;;
      *': benchmark '*': warmup '*) printf '%s: warming up\n' "$1" ;;
      *': benchmark '* | '' | 'build: '* | '| ---'* | '| model '*) ;;
      '| '*)
        line=${line% |} mean=${line##* | } line=${line% | *}
        printf '%s: %s %s tokens/s\n' "$1" "${line##* }" "${mean#"${mean%%[! ]*}"}"
        ;;
      *) printf '%s\n' "$line" >&2 ;;
    esac
  done
}

# measure FILE NAME QUANTISATION LAYERS
measure() {
  read -r load _ </proc/loadavg 2>/dev/null || load=-
  : >"$looks"
  watch >>"$looks" &
  watcher=$!
  set -- "$1" "$2" "$3" "$4" -m "$folder/$1" -p "$prompt" -n "$tokens" -r "$repetitions" -t "$threads" -o json -oe md
  [ "$4" = - ] || set -- "$@" -ngl "$4"
  # Older ones do not tell each run.
  ! "$bench" --help 2>&1 | grep -q -e --progress || set -- "$@" --progress
  name=$2 quantisation=$3
  shift 4
  { "$bench" "$@" 2>&1 >"$answer" </dev/null; printf '%s\n' "$?" >"$answer.status"; } | words "$name" >&3
  read -r status <"$answer.status"
  stop
  [ "$status" = 0 ] || { printf 'llama-bench ended with %s\n' "$status"; return 1; }
  [ -s "$looks" ] || look >"$looks"
  printf 'shelter-bench begin %s %s\nshelter-bench load %s\n' "$name" "$quantisation" "$load"
  telling
  printf 'shelter-bench json %s\nshelter-bench end\n' "$(tr -d '\n' <"$answer" | tr -s ' ')"
}

mkdir -p -- "$out" && : >"$out/.latest" || exit
exec 3>&1
measured=0
for path in "$folder"/*.gguf; do
  [ -f "$path" ] || continue
  file=${path##*/}
  # Three words.
  # shellcheck disable=SC2046
  set -- $(called "$file")
  [ -z "$wanted" ] || printf '%s\n' "$wanted" | grep -qxF -e "$1" -e "$file" || continue
  kept=$(date -u +%Y%m%d-%H%M%S)-$1.txt
  printf '%s (%s)\n' "$1" "$2"
  if measure "$file" "$1" "$2" "$3" >"$out/$kept"; then
    printf 'measured %s\n' "$kept" >>"$out/.latest"
    measured=$((measured + 1))
  else
    why=$(tail -n 1 -- "$out/$kept")
    printf '%s %s\n' "$1" "$why" >>"$out/.latest"
    printf '%s: %s\n' "$1" "$why" >&2
    rm -f -- "$out/$kept"
  fi
done
[ -s "$out/.latest" ] || { printf 'no model was measured\n' >&2; exit 1; }
printf '%s measured\n' "$measured"
