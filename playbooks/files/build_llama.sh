#!/bin/sh
# Builds llama.cpp into a generation of its own, proves one by tokens, and tells which are old. Never touches the one in use.
LC_ALL=C
export LC_ALL

die() { printf '%s\n' "$1" >&2; exit "${2:-1}"; }

# recipe PIN FLAGS: what a generation was built from, as it is written down in it.
recipe() { printf 'source %s\n%s\n' "$1" "$2"; }

# built ENGINE GENERATION PIN FLAGS: 0 it is there and built so, 1 it is not there.
built() {
  [ -e "$1/generations/$2/recipe" ] || return 1
  recipe "$3" "$4" | cmp -s - "$1/generations/$2/recipe" && return 0
  printf 'the generation %s is there, and was built from something else:\n' "$2" >&2
  recipe "$3" "$4" | diff "$1/generations/$2/recipe" - >&2
  die "name the new one otherwise: -e generation=NAME" 2
}

# nvcc_for FLAGS: a compiler that still builds for the oldest architecture in the flags. CUDA 13 begins with 75.
nvcc_for() {
  oldest=$(printf '%s\n' "$1" | sed -n 's/^-DCMAKE_CUDA_ARCHITECTURES=//p' | tr ';' '\n' | sort -n | head -n 1)
  [ -n "$oldest" ] || return 0
  for nvcc in "$(command -v nvcc)" /usr/local/cuda-1[0-2]*/bin/nvcc /usr/local/cuda*/bin/nvcc; do
    release=$("$nvcc" --version 2>/dev/null | sed -n 's/.*release \([0-9]*\).*/\1/p')
    [ -n "$release" ] || continue
    if [ "$oldest" -ge 75 ] || [ "$release" -lt 13 ]; then printf -- '-DCMAKE_CUDA_COMPILER=%s\n' "$nvcc"; return 0; fi
  done
  die "no CUDA compiler here still builds for sm_$oldest"
}

# headers_for SOURCE FLAGS: whether Vulkan's headers know what the source names, told now rather than after minutes of compiling.
headers_for() {
  case $2 in *-DGGML_VULKAN=ON*) ;; *) return 0 ;; esac
  grep -q LayerSettingsCreateInfoEXT "$1/ggml/src/ggml-vulkan/ggml-vulkan.cpp" 2>/dev/null || return 0
  known=$(printf '#include <vulkan/vulkan_core.h>\n' | "${CC:-cc}" -E -dM - 2>/dev/null) || die "Vulkan's headers are not here"
  case $known in *VK_EXT_LAYER_SETTINGS_EXTENSION_NAME*) return 0 ;; esac
  version=$(printf '%s\n' "$known" | sed -n 's/^#define VK_HEADER_VERSION //p')
  die "Vulkan's headers here (1.3.${version:-?}) are older than this source takes: install those of a newer system, as Debian 13 has them, or -e backend=cpu"
}

# build SOURCE ENGINE GENERATION PIN JOBS NICENESS TOOLS FLAGS
build() {
  source=$1 engine=$2 name=$3 pin=$4 jobs=$5 nice=$6 tools=$7 flags=$8
  [ -f "$source/CMakeLists.txt" ] || die "there is no CMakeLists.txt in $source: set \`within\` to the folder that has it"
  built "$engine" "$name" "$pin" "$flags" && return
  headers_for "$source" "$flags" || exit
  work=$engine/build/$name new=$engine/generations/.$name.new
  mkdir -p -- "$work" "$engine/generations" && rm -rf -- "$new" && mkdir -p -- "$new/bin" || exit
  compiler=$(nvcc_for "$flags") || exit
  set -- -S "$source" -B "$work" -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF -DGGML_CCACHE=OFF -DLLAMA_CURL=OFF \
    -DLLAMA_OPENSSL=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_UI=OFF -DLLAMA_USE_PREBUILT_UI=OFF
  case $name in b[0-9]*) number=${name%%-*}; set -- "$@" "-DLLAMA_BUILD_NUMBER=${number#b}" ;; esac
  [ -z "$compiler" ] || set -- "$@" "$compiler"
  while IFS= read -r flag; do [ -z "$flag" ] || set -- "$@" "$flag"; done <<FLAGS
$flags
FLAGS
  if command -v ninja >/dev/null && [ ! -e "$work/CMakeCache.txt" ]; then set -- -G Ninja "$@"; fi
  nice -n "$nice" cmake "$@" || die 'cmake refuses the source or a flag'
  # Word by word, as they are meant.
  # shellcheck disable=SC2086
  nice -n "$nice" cmake --build "$work" -j "$jobs" --target $tools || die 'it does not compile'
  for tool in $tools; do
    found=$work/bin/$tool
    [ -x "$found" ] || die "the build made no $tool"
    cp -p -- "$found" "$new/bin/" || exit
  done
  recipe "$pin" "$flags" >"$new/recipe" || exit
  mv -- "$new" "$engine/generations/$name" && rm -rf -- "$work"
}

# ask URL [BODY]
ask() {
  if command -v curl >/dev/null; then
    curl -fsS --max-time 120 ${2:+-H 'Content-Type: application/json' -d "$2"} -- "$1"
  elif [ -n "$2" ]; then
    wget -qO- --timeout=120 --header='Content-Type: application/json' --post-data="$2" "$1"
  else
    wget -qO- --timeout=120 "$1"
  fi
}

# serve PORT BIN MODEL LOG MORE: a server on the loopback, once it is ready; 1 where it ended.
serve() {
  # Words, or none.
  # shellcheck disable=SC2086
  "$2/llama-server" -m "$3" --host 127.0.0.1 --port "$1" -c 512 -np 1 -t 2 $5 >"$4" 2>&1 </dev/null &
  server=$!
  waited=0
  while [ "$waited" -lt 600 ]; do
    kill -0 "$server" 2>/dev/null || return 1
    ! ask "http://127.0.0.1:$1/health" >/dev/null 2>&1 || return 0
    sleep 0.2 2>/dev/null || sleep 1
    waited=$((waited + 1))
  done
  return 1
}

# prove GENERATION MODEL BACKEND: the engine generates tokens, and on the card where it was built for one.
prove() {
  generation=$1 model=$2 backend=$3 more="-ngl 0"
  log=$(mktemp "${TMPDIR:-/tmp}/shelter.XXXXXX") || exit
  server=''
  trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -f -- "$log"' EXIT
  trap 'exit 1' HUP INT TERM
  # Only at its most talkative it tells which device takes a layer.
  [ "$backend" = cpu ] || more="-ngl 99 -v"
  port=$((20000 + $$ % 20000)) tries=0
  until serve "$port" "$generation/bin" "$model" "$log" "$more"; do
    tries=$((tries + 1)) port=$((port + 1))
    [ "$tries" -lt 5 ] || { tail -n 20 -- "$log" >&2; die 'the server does not come up'; }
  done
  answer=$(ask "http://127.0.0.1:$port/completion" '{"prompt":"kalomi","n_predict":16,"temperature":0}') || die 'the server gives no answer'
  kill "$server" && wait "$server" 2>/dev/null
  server=''
  tokens=$(printf '%s' "$answer" | sed -n 's/.*"tokens_predicted" *: *\([0-9]*\).*/\1/p')
  [ "${tokens:-0}" -gt 0 ] || die "the server generated no token: $(printf '%s' "$answer" | head -c 300)"
  # That layers are offloaded it says also where there is no card to take them.
  devices=$(sed -n 's/.*assigned to device \([A-Za-z]*\).*/\1/p' "$log" | sort -u | grep -vx CPU)
  if [ "$backend" != cpu ] && [ -z "$devices" ]; then
    "$generation/bin/llama-server" --list-devices >&2 </dev/null
    die "it was built for $backend, and ran on the processor alone: no device took a layer"
  fi
  printf '%s tokens from the tiny model, on %s\n' "$tokens" "$backend"
  printf '%s tokens on %s\n' "$tokens" "$backend" >"$generation/proven"
}

# old ENGINE KEEP: generations beyond the newest KEEP, and never the one in use.
old() {
  [ -d "$1/generations" ] || return 0
  current=$(readlink "$1/current" 2>/dev/null)
  for generation in $(cd "$1/generations" && ls -t); do
    [ "$generation" = "${current##*/}" ] || printf '%s\n' "$generation"
  done | tail -n "+$2"
}

command=$1
shift
case $command in
  build | built | prove | old) "$command" "$@" ;;
  *) die 'build, built, prove or old' ;;
esac
