#!/usr/bin/env bash
# Runs `swift test` with the given arguments, and repeats at the end what failed: thousands of lines
# lie between a failure and the end, and a log that is cut off keeps the end.
set -uo pipefail

log=$(mktemp)
trap 'rm -f "$log"' EXIT
"${SWIFT:-swift}" test "$@" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}
if [ "$status" -ne 0 ]; then
  echo "run-tests: what failed:"
  # An issue and the lines with its values; a known issue has another mark.
  grep -A 3 -E '✘.* recorded an issue|error: |Fatal error|unexpected signal' "$log" |
    grep -v -E '^(◇|✔|--)' | head -n 40
fi
exit "$status"
