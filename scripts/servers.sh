#!/usr/bin/env bash
# Installs the servers that the tests and the cluster run on, and what else is named: Debian's packages of those that are missing.
set -euo pipefail
missing=""
[ -x /usr/sbin/nginx ] || command -v nginx >/dev/null || missing+=" nginx"
command -v redis-server >/dev/null || missing+=" redis-server"
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || missing+=" postgresql"
# Machines that are network namespaces.
command -v ip >/dev/null || [ -x /usr/sbin/ip ] || missing+=" iproute2"
for program in "$@"; do command -v "$program" >/dev/null || missing+=" $program"; done
[ -n "$missing" ] || exit 0
if ! command -v apt-get >/dev/null; then echo "These programs are needed, install them and try again:$missing" >&2; exit 1; fi
as_root=; [ "$(id -u)" = 0 ] || as_root=sudo
$as_root apt-get update -qq
# shellcheck disable=SC2086 # one word a package
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
