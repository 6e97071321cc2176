#!/usr/bin/env bash
# Runs kernels of each kind, compiled and interpreted, on Oclgrind's device, which tells of accesses outside of buffers, of races
# between work-items and of barriers that not all of them reach; then, where there are some, one
# golden case in 20. Usage: test-oclgrind.sh WEFT [WEFT_GOLDEN FOLDER]
set -euo pipefail
weft=$1
# The simulator is a driver and its own loader.
library=${OCLGRIND_LIBRARY:-/usr/lib/oclgrind/liboclgrind-rt.so}
if [ ! -e "$library" ]; then
  echo "oclgrind: no $library; as root: apt-get install oclgrind" >&2
  exit 1
fi
programs=(
  'x = arange(37.0) * 0.25 - 3; exp(x) + sin(x) * 2'
  'x = arange(77).reshape(7, 11) * 1.5; x.sum(axis=1) + 1'
  'x = arange(77).reshape(7, 11) * 1.5; x.sum(axis=0) + x.mean()'
  'x = arange(60).reshape(6, 10) * 0.125; e = exp(x - x.max(axis=1, keepdims=True)); e / e.sum(axis=1, keepdims=True)'
  'cumsum(arange(300) % 7)'
  'cumsum(arange(60).reshape(6, 10), axis=0)'
  'argmax(arange(300) * 7 % 41)'
  'x = arange(50) * 2; take(x, arange(7) * 3)'
  'concatenate([arange(7), arange(5) + 1]) * 2'
  'x = arange(90) * 7 % 41; sort(x) + x[argsort(x)]'
  'bincount(arange(40) % 7)'
  'x = arange(50); x[x % 3 == 0]'
  'astype(arange(40) * 0.1, "float16") + 1'
)
export WEFT_EXECUTOR=opencl WEFT_CACHE_DIR=off WEFT_OPENCL_LIBRARY=$library OCLGRIND_DATA_RACES=1
# Its interpreter lacks what clang makes of some selections.
export OCLGRIND_BUILD_OPTIONS=-cl-opt-disable
status=0
for jit in always never; do
  for program in "${programs[@]}"; do
    log=$(mktemp)
    if ! WEFT_JIT=$jit "$weft" eval "$program" >"$log" 2>&1 ||
      grep -Eq 'Invalid (read|write)|data race|divergence' "$log"; then
      echo "oclgrind: $jit: $program"
      head -n 40 "$log"
      status=1
    fi
    rm -f "$log"
  done
done
[ "$status" -ne 0 ] || echo "oclgrind: ${#programs[@]} programs, compiled and interpreted, nothing to tell"
if [ $# -ge 3 ] && [ -n "$3" ]; then
  log=$(mktemp)
  WEFT_JIT=always WEFT_OPENCL_CHECK=0 "$2" "$3" --executor opencl --every 20 --counters >"$log" 2>&1 || status=1
  grep -Eq 'Invalid (read|write)|data race|divergence' "$log" && status=1
  [ "$status" -eq 0 ] || grep -E -m 40 'failed|differ|Invalid|data race|divergence' "$log"
  tail -n 2 "$log"
  rm -f "$log"
fi
exit $status
