#!/usr/bin/env bash
# Kills programs that write a result, and lets disks be full: nothing may stand under the result's name
# that is not whole, and the same program must then go on and give the same bits.
# Usage: test-resume.sh WEFT
set -euo pipefail
weft=$(realpath "$1")
folder=$(mktemp -d)
mounted=
# shellcheck disable=SC2317
finish() {
  [ -z "$mounted" ] || umount "$folder/small" || true
  rm -rf "$folder"
}
trap finish EXIT
cd "$folder"
export WEFT_CACHE_DIR=off WEFT_THREADS=2
fail() { echo "test-resume: $*" >&2; exit 1; }

"$weft" eval 'random.uniform((1200, 1500), key=7)' --out in.zarr --chunks 100,-1 --compression none
program='sqrt(x) * 3 - x.mean(0)'
# Slow to compress, so that there is time to kill.
options=(--in x=in.zarr --executor chunked --chunks 20,-1)

# The files of an unfinished result that are finished: chunks, or lines of the journal.
finished() {
  local journal=$1.partial.journal
  [ ! -d "$1.partial" ] || journal=$1.partial/.weft-journal
  { wc -l <"$journal" || echo 0; } 2>/dev/null
}

# Starts a program and kills it when it has written some chunks.
kill_after() {
  local count=$1 out=$2
  shift 2
  "$weft" eval "$program" "${options[@]}" --out "$out" "$@" 2>>log &
  local pid=$!
  while kill -0 "$pid" 2>/dev/null && [ "$(finished "$out")" -le "$count" ]; do :; done
  kill -9 "$pid" 2>/dev/null || return 1
  wait "$pid" 2>/dev/null || true
}

for kind in "zarr --compression gzip:9" "zarr --compression zstd:15 --zarr-version 2" npy; do
  read -r suffix extra <<<"$kind"
  # shellcheck disable=SC2206
  extra=(${extra:-})
  rm -rf whole.* result.*
  "$weft" eval "$program" "${options[@]}" --out "whole.$suffix" "${extra[@]}"
  kills=0
  for count in 3 9 20; do
    kill_after "$count" "result.$suffix" "${extra[@]}" || break
    [ ! -e "result.$suffix" ] || break
    kills=$((kills + 1))
    ! "$weft" eval 'y' --in "y=result.$suffix.partial" >/dev/null 2>&1 || [ "$suffix" = npy ] ||
      fail "$kind: what is not whole was read"
  done
  [ "$kills" -gt 0 ] || echo "test-resume: $kind: it was done before it could be killed"
  "$weft" eval "$program" "${options[@]}" --out "result.$suffix" "${extra[@]}" 2>message
  [ "$kills" -eq 0 ] || grep -q 'are there from an interrupted run' message ||
    fail "$kind: did not go on: $(cat message)"
  diff -r "whole.$suffix" "result.$suffix" || fail "$kind: other bits after $kills kills"
  [ ! -e "result.$suffix.partial" ] || fail "$kind: something is left"
  echo "test-resume: $kind: killed $kills times; $(cat message)"
done

# Another program does not go on with it.
rm -rf result.* whole.*
if kill_after 3 result.zarr --compression gzip:9 && [ ! -e result.zarr ]; then
  "$weft" eval 'x + 1' "${options[@]}" --out result.zarr --compression gzip:9 2>message
  grep -q 'of another program' message || fail "another program: $(cat message)"
  "$weft" eval 'x + 1' "${options[@]}" --out whole.zarr --compression gzip:9
  diff -r whole.zarr result.zarr || fail "another program: chunks of the first one"
fi

# A limit on the size of files, and a small file system: an error with a name, then a whole result.
full() {
  local what=$1 out=$2
  shift 2
  local code=0
  "$@" 2>message || code=$?
  [ "$code" -eq 1 ] || fail "$what: exit $code: $(cat message)"
  grep -Eq 'File too large|No space left|there is no room' message || fail "$what: $(cat message)"
  [ ! -e "$out" ] || fail "$what: something has the name"
}
for out in full.npy full.zarr; do
  limited() { (ulimit -f 64; "$weft" eval "$program" "${options[@]}" --out "$out"); }
  full "limit on files, $out" "$out" limited
  "$weft" eval "$program" "${options[@]}" --out "$out" 2>/dev/null
  "$weft" eval "$program" "${options[@]}" --out "whole.${out#*.}"
  diff -r "whole.${out#*.}" "$out" || fail "limit on files, $out: another result"
done
mkdir small
if mount -t tmpfs -o size=6m tmpfs small 2>/dev/null; then
  mounted=yes
  for out in small/full.npy small/full.zarr; do
    full "full disk, $out" "$out" "$weft" eval "$program" "${options[@]}" --out "$out"
    rm -rf "$out".partial*
  done
else
  echo "test-resume: no tmpfs can be mounted here: the full disk is left out"
fi
echo "test-resume: done"
