#!/usr/bin/env bash
# needs.sh PACKAGE…: installs those of Debian's packages that are missing.
set -euo pipefail
missing=()
for package in "$@"; do dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package"); done
[ ${#missing[@]} -gt 0 ] || exit 0
if ! command -v apt-get >/dev/null; then echo "These packages of Debian are needed: ${missing[*]}" >&2; exit 1; fi
as_root=; [ "$(id -u)" = 0 ] || as_root=sudo
$as_root apt-get update -qq
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
