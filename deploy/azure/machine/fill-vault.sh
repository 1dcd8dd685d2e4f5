#!/usr/bin/env bash
# fill-vault.sh VAULT: makes the keys and passwords of a system of several machines, in a folder ./secrets-of-VAULT that you keep elsewhere, and puts
# them into the vault. What is in that folder already stays.
set -euo pipefail
vault=${1:?"say the name of the vault"}
folder=$PWD/secrets-of-$vault
JARI_SECRETS=$folder "$(dirname "$0")/../../secrets.sh"
for name in secret-key entry-key operator-key service-key postgres-password redis-password database-url redis-url; do
  # Without the line's end, which is none of the secret.
  printf %s "$(<"$folder/$name")" > "$folder/.value"
  az keyvault secret set --vault-name "$vault" --name "$name" --file "$folder/.value" --encoding utf-8 --output none
done
rm -f "$folder/.value"
echo "The vault $vault is filled. Keep $folder elsewhere: without these keys no ticket is valid."
