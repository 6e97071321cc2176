#!/usr/bin/env bash
# Another package depends on this one by path and by version: both must build and run.
# A dependency by version is refused by SwiftPM if the package uses unsafeFlags.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT

git clone --quiet . "$temporary/weft"
git -C "$temporary/weft" tag --force 0.1.0 >/dev/null
if [ -n "$(git status --porcelain)" ]; then
  echo "test-clients: by version, only what is committed is tested" >&2
fi

# client NAME DEPENDENCY
client() {
  local directory=$temporary/$1
  mkdir -p "$directory/Sources/Client"
  cat >"$directory/Package.swift" <<EOF
// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "$1",
  dependencies: [$2],
  targets: [
    .executableTarget(
      name: "Client", dependencies: [.product(name: "Weft", package: "weft")])
  ],
  swiftLanguageModes: [.v6]
)
EOF
  cat >"$directory/Sources/Client/main.swift" <<'EOF'
import Weft

let a = zeros([2]), b = ones([2]), c = arange(2)
let s = 0.5, t = 2.0, n = 3
// Twenty operators over arrays, literals and Swift numbers must type-check quickly.
let long =
  2 * a + 3 * b - c / 4 + s * a * b - t / (a + 1) + n * c - 1.5 * b * b + a / t - 7 + c * n * s
let longer =
  (a + 1) * (b - 2) / (c + 3) - (s * a + t * b) * (n * c - 1) + 2.0 * (a - b) * (b - c) + 1 / (a + 5)
let plain = 1 << 4 + 2 * 3
print(try (a + 1).toArray(of: Double.self), plain, long.shape, longer.dtype)
EOF
  local output
  output=$(swift run --quiet --package-path "$directory" \
    -Xswiftc -Xfrontend -Xswiftc -warn-long-expression-type-checking=100 \
    -Xswiftc -Xfrontend -Xswiftc -warn-long-function-bodies=1000 Client 2>"$directory/log") || {
    cat "$directory/log" >&2
    echo "test-clients: $1 failed" >&2
    return 1
  }
  if grep -q "Client/main.swift.*type-check" "$directory/log"; then
    grep "type-check" "$directory/log" >&2
    echo "test-clients: $1: an expression takes too long to type-check" >&2
    return 1
  fi
  if [ "$output" != "[1.0, 1.0] 22 [Optional(2)] float64" ]; then
    echo "test-clients: $1 printed '$output'" >&2
    return 1
  fi
  echo "test-clients: $1 ok"
}

# The folder a dependency by path lies in gives the package its identity, so it is named weft.
mkdir "$temporary/path"
ln -s "$PWD" "$temporary/path/weft"
client by-path ".package(path: \"$temporary/path/weft\")"
client by-version ".package(url: \"file://$temporary/weft\", exact: \"0.1.0\")"
