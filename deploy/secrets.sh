#!/usr/bin/env bash
# Makes the keys and passwords that deploy/compose.yaml and compose.observe.yaml hand to their containers, a file each, in deploy/secrets or in
# JARI_SECRETS. A key that is there already stays; what holds a password as a part is written anew.
set -euo pipefail
cd "$(dirname "$0")"
directory=${JARI_SECRETS:-secrets}
# Only their owner enters the directory. The files are open, because in a container they are read by users who are not known here.
mkdir -p "$directory"
chmod 700 "$directory"
cd "$directory"
for name in secret-key entry-key service-key operator-key postgres-password redis-password grafana-password; do
  [ -s "$name" ] || head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n' > "$name"
done
echo "postgres://jari:$(<postgres-password)@postgres:5432/jari" > database-url
echo "redis://:$(<redis-password)@redis:6379" > redis-url
echo "requirepass $(<redis-password)" > redis.conf
chmod 644 -- *
