#!/bin/sh
# Say in one sentence what is missing to build steadyhue, if anything: ready.sh [PYTHON]
python=${1:-python3}

missing() {
  echo "steadyhue: $1" >&2
  exit 1
}

command -v "$python" >/dev/null ||
  missing "there is no $python; install Python 3.11 or newer (Debian: apt install python3 python3-venv python3-dev), or name one that is there: make PYTHON=python3.12"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
  missing "$python is $("$python" --version 2>&1), and 3.11 or newer is needed; name a newer one: make PYTHON=python3.12"
"$python" -c 'import venv, ensurepip' 2>/dev/null ||
  missing "$python cannot make virtual environments; install its venv module (Debian: apt install python3-venv)"
"$python" -c 'import os, sys, sysconfig; sys.exit(not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")))' ||
  missing "the headers of $python are missing; install them (Debian: apt install python3-dev)"
for compiler in "$CXX" c++ g++ clang++; do
  command -v "$compiler" >/dev/null && exit 0
done
missing "there is no C++ compiler; install one (Debian: apt install g++, macOS: xcode-select --install), or install a wheel, which needs none"
