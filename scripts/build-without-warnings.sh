#!/usr/bin/env bash
# Builds the package with its tests and fails on any warning in the package's own sources.
# The files that warned are touched, so that the next build warns again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT
swift build --build-tests "$@" 2>&1 | tee "$log"

warnings=$(grep -E "^$PWD/(Sources|Tests|Bench|Examples|Package\.swift).*: warning:" "$log" | sort -u || true)
if [ -n "$warnings" ]; then
  cut -d: -f1 <<<"$warnings" | sort -u | xargs -d '\n' touch
  printf 'warnings in our own sources:\n%s\n' "$warnings" >&2
  exit 1
fi
