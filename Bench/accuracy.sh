#!/bin/sh
# Writes Docs/accuracy.md: the largest errors of the kernel library's functions, and their speed.
# Usage: Bench/accuracy.sh [UMATH_FOLDER [STRIDE [SAMPLES]]]; a stride above 1 leaves float32 values out.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$root/../shared/data/golden/umath}
stride=${2:-1}
samples=${3:-20000000}
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
clang -std=gnu17 -O2 -march=native -mprefer-vector-width=512 -ffp-contract=off -Wno-pass-failed \
  -I"$root/Sources/Executors/CHost/include" "$root/Bench/accuracy.c" -o "$build/accuracy" -lm
"$build/accuracy" "$folder" "$stride" "$samples" >"$build/rows"
{
  cat <<TEXT
# Accuracy of the elementary functions

Written by \`make accuracy\`. The functions are those of the kernel library (\`Sources/IR/Kernel/Functions\`): one source
for compiled kernels and the tile interpreter, which give the same bits.

- float32, one operand: $([ "$stride" = 1 ] && echo "every value" || echo "every ${stride}th value"), against the library's float64 function.
- float64, and functions of two operands: random bits, random numbers of several ranges and special values, against the C
  library's 80-bit functions. Sums that may cancel (\`logaddexp\`) count in places of the greater operand.
- The error is in units in the last place (ULP) of the exact result; 0.5 is correct rounding. NaN, infinities and the sign of
  zero agree everywhere, or the error would read 1e9.
- NumPy: the largest distance from the correctly rounded results of NumPy's own tables, and the largest that they allow.
- ns: nanoseconds per element of the interpreter's loop over 4096 elements on this processor, one thread.

| function | dtype | values | max ULP | at | NumPy | ns |
|---|---|---|---|---|---|---|
TEXT
  sort -s "$build/rows"
} >"$root/Docs/accuracy.md"
