#!/usr/bin/env bash
# Makes the inputs of the workloads once: make-inputs.sh PYTHON SCRIPT SCALE DIR
set -euo pipefail

python=$1 script=$2 scale=$3 directory=$4
[ ! -e "$directory/complete" ] || exit 0
if [ ! -f "$script" ]; then
  echo "make-inputs: no $script; give it as INPUTS_SCRIPT=FILE or made inputs as INPUTS=DIR" >&2
  exit 1
fi
mkdir -p "$directory"
# The script takes its random graphs from a module of the peers beside it.
PYTHONPATH="$(dirname "$script")/peers" "$python" "$script" "$directory" --scale "$scale" --no-big
touch "$directory/complete"
