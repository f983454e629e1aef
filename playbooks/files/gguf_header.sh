#!/bin/sh
# gguf_header.sh FILE SIZE LAYERS EMBEDDING: whether a model file is what the catalogue says, by its header. SIZE may be
# empty. Reads the first 64 KiB, believes no number in them, changes nothing.
LC_ALL=C
export LC_ALL
file=$1 size=$2 layers=$3 embedding=$4
[ -f "$file" ] || { printf '%s is missing\n' "$file" >&2; exit 1; }
found=$(wc -c <"$file" | tr -d ' ')
[ -z "$size" ] || [ "$found" = "$size" ] || {
  printf '%s has %s bytes in place of %s\n' "$file" "$found" "$size" >&2
  exit 1
}
od -An -v -tu1 -N 65536 <"$file" | awk -v file="$file" -v layers="$layers" -v embedding="$embedding" '
  function fail(why) { printf "%s: %s\n", file, why >"/dev/stderr"; failed = 1; exit 1 }
  function u32(at) { return b[at] + 256 * (b[at + 1] + 256 * (b[at + 2] + 256 * b[at + 3])) }
  # More than 2^32 of anything is more than the part that is read.
  function u64(at) { return u32(at + 4) ? 4294967296 : u32(at) }
  function words(at, count,  s, k) { s = ""; for (k = 0; k < count; k++) s = s sprintf("%c", b[at + k]); return s }
  function past_list(at,  kind, count, k) {
    kind = u32(at); count = u64(at + 4); at += 12
    if (kind in width) return at + count * width[kind]
    if (kind != 8) return n + 1
    for (k = 0; k < count && at + 8 <= n; k++) at += 8 + u64(at)
    return at
  }
  { for (i = 1; i <= NF; i++) b[n++] = $i }
  END {
    if (failed) exit 1
    if (n < 24 || words(0, 4) != "GGUF") fail("this is no GGUF file")
    version = u32(4)
    if (version != 2 && version != 3) fail("GGUF of version " version " is not known")
    tensors = u64(8); keys = u64(16)
    if (tensors < 1 || tensors > 1000000 || keys < 1 || keys > 1000000) fail("its header counts " tensors " tensors and " keys " keys")
    width[0] = width[1] = width[7] = 1; width[2] = width[3] = 2
    width[4] = width[5] = width[6] = 4; width[10] = width[11] = width[12] = 8
    at = 24
    for (k = 0; k < keys && at + 12 <= n; k++) {
      long = u64(at)
      if (long < 1 || long > 65535) fail("a key of " long " bytes")
      if (at + 8 + long + 4 > n) break
      key = words(at + 8, long); at += 8 + long
      kind = u32(at); at += 4
      if (kind == 8) {
        if (at + 8 > n) break
        long = u64(at)
        if (key == "general.architecture" && long <= 64 && at + 8 + long <= n) kinship = words(at + 8, long)
        at += 8 + long
      } else if (kind == 9) {
        if (at + 12 > n) break
        at = past_list(at)
      } else if (kind in width) {
        if (at + width[kind] > n) break
        if (kind == 4 || kind == 5 || kind == 10 || kind == 11) told[key] = width[kind] == 8 ? u64(at) : u32(at)
        at += width[kind]
      } else fail("a value of the unknown type " kind)
    }
    if (kinship == "") fail("its header names no architecture")
    if (told[kinship ".block_count"] != layers) fail("it has " (told[kinship ".block_count"] + 0) " layers, and the catalogue says " layers)
    if (told[kinship ".embedding_length"] != embedding) fail("it is " (told[kinship ".embedding_length"] + 0) " wide, and the catalogue says " embedding)
    printf "%s, %d layers, %d tensors\n", kinship, layers, tensors
  }'
