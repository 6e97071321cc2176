#!/usr/bin/env bash
# Writes a report of a run and looks at it in a browser: check-report.sh WEFT OUT
# In OUT: report.html, and with chromium (apt: chromium) report-light.png and report-dark.png.
set -euo pipefail
weft=$1
out=$2
mkdir -p "$out"
WEFT_MEMORY_LIMIT=${WEFT_MEMORY_LIMIT:-64MB} "$weft" eval \
  'y = (x - x.mean(0)) / x.std(0); (y.T.dot(y) / 20000).max()' --random x=20000x200:float64:7 \
  --executor chunked --progress off --report "$out/report.html"
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -z "$browser" ]; then
  echo "check-report: no browser here (apt: chromium); wrote $out/report.html"
  exit 0
fi
picture() { # NAME FLAGS...
  local name=$1
  shift
  "$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1240,2600 \
    --virtual-time-budget=2000 "$@" --screenshot="$out/report-$name.png" \
    "file://$(realpath "$out/report.html")" >"$out/browser.log" 2>&1
  test -s "$out/report-$name.png"
  echo "check-report: $out/report-$name.png"
}
picture light
picture dark --blink-settings=preferredColorScheme=0
# What the browser made of the page: pictures, rows, nothing loaded from elsewhere.
"$browser" --headless --no-sandbox --disable-gpu --virtual-time-budget=2000 --dump-dom \
  "file://$(realpath "$out/report.html")" >"$out/dom.html" 2>>"$out/browser.log"
grep -q '<svg' "$out/dom.html"
grep -q 'id="steps"' "$out/dom.html"
if grep -Eq '(src|href)=' "$out/dom.html"; then
  echo "check-report: the page refers to something outside" >&2
  exit 1
fi
