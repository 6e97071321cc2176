#!/usr/bin/env bash
# Installs what the package links against or opens, and a bare Debian lacks. Does nothing, and
# needs neither a network nor root, where all of it is there.
set -euo pipefail

# libopenblas-dev alone may be satisfied by the serial or the OpenMP build.
packages=(libopenblas-dev libopenblas-pthread-dev zlib1g)
# LLVM's runtime library, the first that there is; without it kernels are interpreted.
llvm_packages=(libllvm19 libllvm22 libllvm21 libllvm20 libllvm18 libllvm17 libllvm16 libllvm15)
# An OpenCL driver for processors and the loader; without them there is no OpenCL executor.
opencl_packages=(ocl-icd-libopencl1 pocl-opencl-icd)
# SuiteSparse: systems with sparse matrices.
sparse_packages=(libsuitesparse-dev)
# What arrays in files are compressed and laid out with.
file_packages=(libzstd1 libblosc1 libhdf5-103-1)

say() { echo "install-dependencies: $*"; }

if ! command -v swift >/dev/null; then
  say "Swift 6.2 or later must be installed first" >&2
  exit 1
fi
if ! command -v dpkg-query >/dev/null; then
  say "not a Debian system; needed: OpenBLAS (pthreads) with its headers, zlib; of use: LLVM 15 to 22, OpenCL, SuiteSparse, zstd, blosc, HDF5"
  exit 0
fi

is_installed() {
  [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null || true)" = installed ]
}
can_install() { [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; }

export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Package lists may be old or absent: they are fetched only when the first try fails.
install() {
  local command=(apt-get install --yes --quiet=2 --no-install-recommends "$@")
  { "${command[@]}" || { apt-get update --quiet=2 && "${command[@]}"; }; } >"$log" 2>&1
}

missing=()
for package in "${packages[@]}"; do
  is_installed "$package" || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  if ! can_install; then
    say "missing; as root: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  say "installing ${missing[*]}"
  install "${missing[@]}" || { cat "$log" >&2; exit 1; }
fi

# Optional: nothing here fails the set-up.
want() {
  local purpose=$1 absent=()
  shift
  for package in "$@"; do
    is_installed "$package" || absent+=("$package")
  done
  [ ${#absent[@]} -gt 0 ] || return 0
  if can_install; then
    say "installing ${absent[*]}"
    install "${absent[@]}" || say "$purpose: ${absent[*]} cannot be installed: $(tail -n 1 "$log")"
  else
    say "for $purpose; as root: apt-get install ${absent[*]}"
  fi
}
want "the OpenCL executor" "${opencl_packages[@]}"
want "sparse systems" "${sparse_packages[@]}"
want "Zarr arrays with zstd and blosc, HDF5 files" "${file_packages[@]}"
if is_installed "${llvm_packages[0]}"; then
  [ ${#missing[@]} -gt 0 ] || say "nothing to do"
  exit 0
elif ! can_install; then
  say "kernels are faster with LLVM; as root: apt-get install ${llvm_packages[0]}"
  exit 0
fi
known() { apt-cache show --no-all-versions "$1" >/dev/null 2>&1; }
known "${llvm_packages[0]}" || apt-get update --quiet=2 >"$log" 2>&1 || true
for package in "${llvm_packages[@]}"; do
  if is_installed "$package"; then
    say "LLVM: there is no ${llvm_packages[0]} here, $package serves"
    exit 0
  fi
  known "$package" || continue
  say "installing $package"
  if install "$package"; then
    exit 0
  fi
  say "LLVM: $package cannot be installed: $(tail -n 1 "$log")"
done
say "LLVM: no version that is known here can be installed; kernels will be interpreted"
