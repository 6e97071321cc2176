#!/usr/bin/env bash
# Runs programs that need more memory than `ulimit -v` grants: each must end with a value or an
# error message, never by a signal. Usage: test-memory-limit.sh WEFT
set -euo pipefail
weft=$1
programs=(
  'ones(60000000).sum()'
  'x = arange(40000000) % 1000; sort(x)[:3]'
  'x = arange(40000000) * 0.5; (x + 1).mean() + (x * x).max()'
  'argsort(arange(30000000) % 77)[-1]'
  'x = ones((2000, 2000)); (x @ x)[0, 0]'
  'x = ones((1500, 1500)) + 1500 * eye(1500); linalg.inv(x)[0, 0]'
  'fft.fft(arange(20000000))[0]'
  'unique(arange(30000000) // 3).sum()'
  'x = arange(50000000); x[x % 2 == 0].sum()'
  'nonzero(arange(40000000))[0][-1]'
  'cumsum(arange(60000000))[-1]'
  'concatenate([arange(30000000), arange(30000000)]).sum()'
  'einsum("ij,jk->ik", ones((1500, 1500)), ones((1500, 1500)))[0, 0]'
  'x = arange(30000000).reshape(3000, 10000); x.T.copy()[5, 7]'
  'median(arange(40000000))'
  'random.normal((40000000,), key=1).std()'
  'histogram(arange(30000000) % 91, bins=10)'
  'argmax(arange(60000000).reshape(6, -1), axis=1)'
)
status=0
count=0
refused=0
for limit in ${LIMITS:-300000 600000 900000 1300000}; do
  for executor in reference blas; do
    for jit in never always; do
      [ "$executor" = blas ] || [ "$jit" = never ] || continue
      for program in "${programs[@]}"; do
        code=0
        output=$(ulimit -v "$limit" && WEFT_JIT=$jit WEFT_CACHE_DIR=off WEFT_THREADS=2 \
          timeout 120 "$weft" eval "$program" --executor "$executor" 2>&1) || code=$?
        count=$((count + 1))
        case $code in
          0) ;;
          1 | 2)
            refused=$((refused + 1))
            if ! grep -q 'error' <<<"$output"; then
              echo "no message ($code): ulimit -v $limit, $executor/$jit: $program"
              status=1
            fi
            ;;
          *)
            echo "exit $code: ulimit -v $limit, $executor/$jit: $program: $(tail -n 1 <<<"$output" | cut -c1-200)"
            status=1
            ;;
        esac
      done
    done
  done
done
echo "test-memory-limit: $count runs, $refused refused with a message"
exit $status
