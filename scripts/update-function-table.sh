#!/usr/bin/env bash
# Writes Docs/numpy-to-weft.md from the script's function table.
set -euo pipefail
cd "$(dirname "$0")/.."
swift build -c release --product weft
"$(swift build -c release --show-bin-path)/weft" functions >Docs/numpy-to-weft.md
