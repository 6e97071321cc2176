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

print(try (zeros([2]) + 1).toArray(of: Double.self))
EOF
  local output
  output=$(swift run --quiet --package-path "$directory" Client) || {
    echo "test-clients: $1 failed" >&2
    return 1
  }
  if [ "$output" != "[1.0, 1.0]" ]; then
    echo "test-clients: $1 printed '$output', not '[1.0, 1.0]'" >&2
    return 1
  fi
  echo "test-clients: $1 ok"
}

# The folder a dependency by path lies in gives the package its identity, so it is named weft.
mkdir "$temporary/path"
ln -s "$PWD" "$temporary/path/weft"
client by-path ".package(path: \"$temporary/path/weft\")"
client by-version ".package(url: \"file://$temporary/weft\", exact: \"0.1.0\")"
