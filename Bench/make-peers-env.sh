#!/usr/bin/env bash
# Makes the Python environment of the peers, outside the repository, and prints where it is.
#
#   make-peers-env.sh [DIR]     default: $WEFT_BENCH_ENV, else ~/.cache/weft-bench-env
#
# NumPy is needed; every other peer is optional: what does not install within PEER_TIMEOUT
# seconds (default 300) is left out and named. A complete environment needs no network.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
env=${1:-${WEFT_BENCH_ENV:-${XDG_CACHE_HOME:-$HOME/.cache}/weft-bench-env}}
stamp=$env/requirements.done
timeout=${PEER_TIMEOUT:-300}

if cmp -s "$here/requirements.txt" "$stamp"; then
  echo "$env"
  exit 0
fi
if [ ! -x "$env/bin/python" ]; then
  python3 -m venv "$env" || {
    echo "make-peers-env: python3 with the venv module is needed (apt install python3-venv)" >&2
    exit 1
  }
fi

missing=()
while read -r requirement; do
  case $requirement in '' | '#'*) continue ;; esac
  if timeout "$timeout" "$env/bin/pip" install --quiet --disable-pip-version-check \
    --only-binary :all: "$requirement" >&2; then
    echo "make-peers-env: $requirement" >&2
  else
    missing+=("$requirement")
    echo "make-peers-env: not installed: $requirement" >&2
  fi
done <"$here/requirements.txt"

"$env/bin/python" -c 'import numpy' || exit 1
if [ ${#missing[@]} -eq 0 ]; then cp "$here/requirements.txt" "$stamp"; fi
echo "$env"
