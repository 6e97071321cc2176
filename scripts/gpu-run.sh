#!/usr/bin/env bash
# The golden cases and the benchmarks on an OpenCL device, from a folder that gpu-package.sh made.
# Usage: run.sh OUT [gpu|cpu|INDEX|NAME]     every part has a limit; what it says goes to OUT too
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$1
export WEFT_OPENCL_DEVICE=${2:-gpu} WEFT_EXECUTOR=opencl WEFT_OPENCL_CHECK=0
export LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export PATH="$here/bin:$PATH" WEFT_CACHE_DIR=${WEFT_CACHE_DIR:-$out/cache}
scale=${SCALE:-1} # of the benchmarks' arrays: a divisor, for a try on a small machine
mkdir -p "$out/inputs"
# A container may have NVIDIA's driver without the file that names it.
if [ -z "${OCL_ICD_VENDORS:-}" ] && ! ls /etc/OpenCL/vendors/*.icd >/dev/null 2>&1; then
  mkdir -p "$out/vendors"
  echo libnvidia-opencl.so.1 >"$out/vendors/nvidia.icd"
  export OCL_ICD_VENDORS="$out/vendors/"
fi
part() { # NAME SECONDS COMMAND...
  local name=$1 limit=$2
  shift 2
  echo "== $name"
  timeout "$limit" "$@" >"$out/$name.log" 2>&1
  local code=$?
  tail -n "${LINES_OF_PART:-12}" "$out/$name.log"
  echo "-- $name: exit $code after $SECONDS s"
}

part executors 60 weft executors
if [ -d "$here/golden" ]; then
  WEFT_JIT=auto part golden-interpreted 120 weft-golden "$here/golden" --executor opencl --counters
  WEFT_JIT=always part golden-compiled "${COMPILED_SECONDS:-240}" \
    weft-golden "$here/golden" --executor opencl --counters --every "${EVERY:-8}"
fi

inputs() {
  local n=$((10000000 / scale)) m=$((20000000 / scale)) rows=$((5000 / scale)) side=$((2048 / scale))
  local make
  make() { weft eval "$2" --out "$out/inputs/$1.npy" --executor auto; }
  for t in 32 64; do
    for name in a b c; do
      make "w02_${name}_f$t" "random.normal(($n,), dtype='float$t', key=$t)"
    done
    make "w03_S_f$t" "random.uniform(($n,), 10, 200, dtype='float$t', key=1)"
    make "w03_K_f$t" "random.uniform(($n,), 10, 200, dtype='float$t', key=2)"
    make "w03_T_f$t" "random.uniform(($n,), 0.05, 3, dtype='float$t', key=3)"
    for name in a b; do
      make "w04_${name}_f$t" "random.normal(($m,), dtype='float$t', key=4)"
    done
    make "w04_x_f$t" "random.normal(($rows, 4000), dtype='float$t', key=5)"
  done
  local lines=$((8192 / scale))
  make w05_x "random.normal(($lines, 1024), scale=3, dtype='float32', key=6)"
  make w05_g "random.uniform((1024,), 0.5, 1.5, dtype='float32', key=7)"
  make w05_b "random.normal((1024,), dtype='float32', key=8)"
  make w07_u "random.uniform(($side, $side), dtype='float32', key=9)"
  echo "{\"n2\": $n, \"n3\": $n, \"n4\": $m, \"x4\": [$rows, 4000], \"x5\": [$lines, 1024]," \
    "\"n7\": $side, \"steps7\": 50}" >"$out/inputs/params.json"
}
export -f inputs
export out scale
part inputs 120 bash -c inputs
for workload in W02 W03 W04 W05 W07; do
  part "$workload" 60 weft-bench --inputs "$out/inputs" --workloads "$workload" \
    --repeats 20 --seconds 1
done

# What the device copies, and multiplies, in a second, as the traces of single kernels have it.
rate() { # NAME PROGRAM INPUT QUANTITY UNIT
  rm -f "$out/$1.trace"
  WEFT_TRACE="$out/$1.trace" part "$1" 60 weft eval "$2" --in "x=$3" --out "$out/$1.npy"
  grep -o '"device ns": *[0-9]*' "$out/$1.trace" | grep -o '[0-9]*$' | sort -n | tail -n 1 |
    awk -v q="$4" -v unit="$5" -v name="$1" '{ printf "%s: %.1f %s\n", name, q / $1, unit }'
  rm -f "$out/$1.npy"
}
n=$((4096 / scale))
weft eval "random.uniform(($n, $n), dtype='float32', key=1)" --out "$out/inputs/square.npy" \
  --executor auto
rate copy "-x" "$out/inputs/w04_a_f64.npy" $((16 * 20000000 / scale)) GB/s
rate sgemm "x @ x" "$out/inputs/square.npy" $((2 * n * n * n)) GFLOP/s
python3 -c 'import cupy' 2>/dev/null && echo "CuPy is here: run Bench/paired.py beside it" ||
  echo "no CuPy here"
