#!/usr/bin/env bash
# Puts what a machine with a GPU, but without Swift or a network, needs to run the golden cases and the
# benchmarks on it into one folder: programs, the libraries that they load, the vectors, `run.sh`.
# Usage: gpu-package.sh FOLDER_OF_PROGRAMS FOLDER [GOLDEN]
set -euo pipefail
programs=$1 folder=$2 golden=${3:-}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
rm -rf "$folder"
mkdir -p "$folder/bin" "$folder/lib"
for program in weft weft-golden weft-bench; do
  strip -o "$folder/bin/$program" "$programs/$program"
done

# The C library, and a driver's own libraries, are the other machine's.
needed() {
  ldd "$@" | awk '$2 == "=>" && $3 ~ /^\// { print $3 }' | sort -u |
    grep -Ev '/(libc|libm|libdl|libpthread|librt|ld-linux[^/]*)\.so' || true
}
find_library() { ldconfig -p | awk -v name="$1" '$1 == name { print $NF; exit }'; }
opened=()
for name in libOpenCL.so.1 libopenblas.so.0; do
  path=$(find_library "$name")
  if [ -n "$path" ]; then opened+=("$path"); else echo "gpu-package: no $name here" >&2; fi
done
needed "$folder"/bin/* "${opened[@]}" | while read -r library; do cp -L "$library" "$folder/lib/"; done
for library in "${opened[@]}"; do cp -L "$library" "$folder/lib/"; done
strip --strip-unneeded "$folder"/lib/* 2>/dev/null || true
[ -z "$golden" ] || cp -rL --no-preserve=mode "$golden" "$folder/golden"
cp "$root/gpu-run.sh" "$folder/run.sh"
du -sh "$folder"
