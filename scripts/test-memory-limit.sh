#!/usr/bin/env bash
# Runs programs that need more memory than `ulimit -v` grants: each must end with a value or an
# error message, never by a signal and never not at all. Usage: test-memory-limit.sh WEFT
# LIMITS are in KiB.
set -euo pipefail
weft=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
programs=(
  'ones(60000000).sum()'
  'x = arange(12000000) % 1000; sort(x)[:3]'
  'x = arange(40000000) * 0.5; (x + 1).mean() + (x * x).max()'
  'argsort(arange(12000000) % 77)[-1]'
  'x = ones((2000, 2000)); (x @ x)[0, 0]'
  'x = ones((900, 900)) + 900 * eye(900); linalg.inv(x)[0, 0]'
  'fft.fft(arange(8000000))[0]'
  'unique(arange(12000000) // 3).sum()'
  'x = arange(30000000); x[x % 2 == 0].sum()'
  'nonzero(arange(30000000))[0][-1]'
  'cumsum(arange(60000000))[-1]'
  'concatenate([arange(30000000), arange(30000000)]).sum()'
  'einsum("ij,jk->ik", ones((900, 900)), ones((900, 900)))[0, 0]'
  'x = arange(30000000).reshape(3000, 10000); x.T.copy()[5, 7]'
  'median(arange(12000000))'
  'random.normal((20000000,), key=1).std()'
  'histogram(arange(30000000) % 91, bins=10)'
  'argmax(arange(60000000).reshape(6, -1), axis=1)'
  'array2string(arange(12000000), threshold=100000000)'
  'str(arange(4000000).tolist())'
  'arange(40000000).tobytes()[-1]'
  'save("FOLDER/x.npy", arange(20000000)); load("FOLDER/x.npy")[-1]'
  'arange(8000000).tofile("FOLDER/x.txt", sep=" "); fromfile("FOLDER/x.txt", sep=" ")[-1]'
  'repeat(arange(1000000), arange(1000000) % 2)[-1]'
)
pictures=('ones((4000, 4000))' 'full((3000, 3000, 3), 7, dtype=uint8)')
status=0
count=0
refused=0

# One run: a limit, an executor, WEFT_JIT, then what `weft eval` takes.
run() {
  local limit=$1 executor=$2 jit=$3 code=0 output
  shift 3
  output=$(ulimit -v "$limit" && WEFT_JIT=$jit WEFT_CACHE_DIR=off WEFT_THREADS=2 \
    timeout 120 "$weft" eval "$@" --files --executor "$executor" 2>&1 | tail -c 2000) || code=$?
  count=$((count + 1))
  case $code in
    0) ;;
    1 | 2)
      refused=$((refused + 1))
      grep -q 'error' <<<"$output" && return
      echo "no message ($code): ulimit -v $limit, $executor/$jit: $1"
      status=1
      ;;
    *)
      echo "exit $code: ulimit -v $limit, $executor/$jit: $1: $(tail -n 1 <<<"$output" | cut -c1-200)"
      status=1
      ;;
  esac
}

for limit in ${LIMITS:-150000 450000 600000}; do
  for executor in reference blas; do
    for jit in never always; do
      [ "$executor" = blas ] || [ "$jit" = never ] || continue
      for program in "${programs[@]}"; do
        run "$limit" "$executor" "$jit" "${program//FOLDER/$folder}"
      done
      for program in "${pictures[@]}"; do
        run "$limit" "$executor" "$jit" "$program" --out "$folder/x.png"
      done
    done
  done
done
# Limits close together, in which two compilers at a time, and BLAS, find just too little.
for limit in $(seq 300000 12500 600000); do
  run "$limit" blas always 'histogram(arange(30000000) % 91, bins=10)'
  run "$limit" blas never 'x = ones((900, 900)) + 900 * eye(900); linalg.inv(x)[0, 0]'
done

echo "test-memory-limit: $count runs, $refused refused with a message"
exit $status
