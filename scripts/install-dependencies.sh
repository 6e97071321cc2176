#!/usr/bin/env bash
# Installs what the package links against and a bare Debian lacks. Does nothing, and needs
# neither a network nor root, where all of it is there.
set -euo pipefail

# libopenblas-dev alone may be satisfied by the serial or the OpenMP build.
packages=(libopenblas-dev libopenblas-pthread-dev zlib1g)

if ! command -v swift >/dev/null; then
  echo "install-dependencies: Swift 6.2 or later must be installed first" >&2
  exit 1
fi
if ! command -v dpkg-query >/dev/null; then
  echo "install-dependencies: not a Debian system; needed: OpenBLAS (pthreads) with its headers, zlib"
  exit 0
fi

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done

if [ ${#missing[@]} -eq 0 ]; then
  echo "install-dependencies: nothing to do"
elif [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "install-dependencies: missing; as root: apt-get install ${missing[*]}" >&2
  exit 1
else
  echo "install-dependencies: installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  install=(apt-get install --yes --quiet=2 --no-install-recommends "${missing[@]}")
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  # Package lists may be old or absent: they are fetched only when the first try fails.
  if ! { "${install[@]}" || { apt-get update --quiet=2 && "${install[@]}"; }; } >"$log" 2>&1; then
    cat "$log" >&2
    exit 1
  fi
fi
