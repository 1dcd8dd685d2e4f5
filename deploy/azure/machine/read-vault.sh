#!/usr/bin/env bash
# Reads the secrets that this machine's role needs from the vault JARI_VAULT, as the machine that it is, into JARI_SECRETS.
set -euo pipefail
: "${JARI_VAULT:?}" "${JARI_ROLE:?}" "${JARI_SECRETS:?}"
# Where a machine asks who it is, and where the vault is; others for tests.
identity=${JARI_IDENTITY_URL:-http://169.254.169.254}
vault=${JARI_VAULT_URL:-https://$JARI_VAULT.vault.azure.net}

declare -A needs=(
  [nginx]=""
  [ticketing-core]="secret-key entry-key operator-key service-key database-url redis-url"
  [queue-service]="secret-key entry-key database-url redis-url"
  [staff-api]="secret-key entry-key service-key"
  [postgres]="postgres-password"
  [redis]="redis-password"
)
field() { python3 -c 'import json, sys; sys.stdout.write(json.load(sys.stdin)[sys.argv[1]])' "$1"; }
# The rights of a new machine take some minutes to be known everywhere.
ask() { curl --silent --show-error --fail --retry 120 --retry-delay 15 --retry-all-errors --config -; }

wanted=$(for role in ${JARI_ROLE//,/ }; do
  [ -n "${needs[$role]+known}" ] || { echo "read-vault.sh: $role is no role: $(printf '%s ' "${!needs[@]}")" >&2; exit 1; }
  printf '%s\n' "${needs[$role]}"
done | xargs -n 1 | sort -u)
mkdir -p "$JARI_SECRETS"
chmod 700 "$JARI_SECRETS"
[ -n "$wanted" ] || exit 0
token=$(ask <<< "
url = \"$identity/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fvault.azure.net\"
header = \"Metadata: true\"" | field access_token)
for name in $wanted; do
  # By a file that curl reads: a token on a command line could be seen by others.
  ask <<< "
url = \"$vault/secrets/$name?api-version=7.4\"
header = \"Authorization: Bearer $token\"" | field value > "$JARI_SECRETS/.$name"
  mv "$JARI_SECRETS/.$name" "$JARI_SECRETS/$name"
done
if [ -s "$JARI_SECRETS/redis-password" ]; then echo "requirepass $(<"$JARI_SECRETS/redis-password")" > "$JARI_SECRETS/redis.conf"; fi
# In a container they are read by users who are not known here; the directory is closed.
chmod 644 "$JARI_SECRETS"/*
