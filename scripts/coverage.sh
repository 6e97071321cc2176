#!/usr/bin/env bash
# Writes Docs/coverage.md: NumPy's golden vectors by function, executor and dtype.
# Usage: coverage.sh WEFT_GOLDEN FOLDER EXECUTOR...     (blas/never: blas with WEFT_JIT=never)
set -euo pipefail
run=$1 folder=$2
shift 2
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
rows=$(mktemp)
trap 'rm -f "$rows" "$rows.one"' EXIT
executors=()
for executor in "$@"; do
  jit=${executor#*/}
  [ "$jit" != "$executor" ] || jit=auto
  rm -f "$rows.one"
  # Cases that fail are counted, not fatal.
  WEFT_JIT=$jit WEFT_OPENCL_CHECK=0 "$run" "$folder" --umath --executor "${executor%%/*}" \
    --coverage "$rows.one" >/dev/null || true
  if [ ! -e "$rows.one" ]; then
    echo "coverage: $executor is not here" >&2
    continue
  fi
  executors+=("$executor")
  awk -F'\t' -v OFS='\t' -v executor="$executor" '{ $1 = executor; print }' "$rows.one" >>"$rows"
done
awk -F'\t' -v executors="${executors[*]}" '
  BEGIN {
    n = split(executors, executor, " ")
    columns = split("bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 " \
      "complex64 complex128 none", dtype, " ")
  }
  {
    passed[$1, $2, $3] += $4; all[$2, $3] += ($1 == executor[1]) * $5
    functions[$2] = 1; total[$1] += $5; good[$1] += $4
  }
  END {
    print "# Coverage\n"
    print "Written by `make coverage`: NumPy'"'"'s golden vectors and accuracy tables, by function and by the dtype of the first"
    print "array (`none`: no array). A number is of cases that pass on every executor here; where some fail, each executor'"'"'s"
    print "passed of all stand in the order below. `graph` are compositions of many functions.\n"
    print "| executor | passed | cases |\n|---|---|---|"
    for (i = 1; i <= n; i++) printf "| %s | %d | %d |\n", executor[i], good[executor[i]], total[executor[i]]
    printf "\n| function |"
    for (c = 1; c <= columns; c++) printf " %s |", dtype[c]
    printf "\n|---|"
    for (c = 1; c <= columns; c++) printf "---|"
    print ""
    count = 0
    for (name in functions) names[++count] = name
    for (i = 2; i <= count; i++) {
      name = names[i]
      for (j = i - 1; j >= 1 && names[j] > name; j--) names[j + 1] = names[j]
      names[j + 1] = name
    }
    for (k = 1; k <= count; k++) {
      name = names[k]
      printf "| `%s` |", name
      for (c = 1; c <= columns; c++) {
        cases = all[name, dtype[c]]
        text = ""
        if (cases > 0) {
          same = 1
          for (i = 1; i <= n; i++) if (passed[executor[i], name, dtype[c]] != cases) same = 0
          if (same) text = cases
          else for (i = 1; i <= n; i++)
            text = text (i > 1 ? ", " : "") passed[executor[i], name, dtype[c]] + 0 "/" cases
        }
        printf " %s |", text
      }
      print ""
    }
  }' "$rows" >"$root/Docs/coverage.md"
