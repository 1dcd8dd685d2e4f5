#!/usr/bin/env bash
# Starts what this machine is for, as /etc/jari/machine.env says, at the commit that /opt/jari is at. Called again it starts anew what has changed:
#
#   cd /opt/jari && git fetch && git checkout COMMIT && deploy/azure/machine/start.sh
set -euo pipefail
settings=${JARI_MACHINE_SETTINGS:-/etc/jari/machine.env}
set -a
# shellcheck source=/dev/null
. "$settings"
set +a
cd "$(dirname "$0")/../../.."
here=deploy/azure/machine
data=/srv/jari-data
JARI_VERSION=$(git rev-parse HEAD)
export JARI_VERSION JARI_SECRETS=$data/secrets JARI_BIND=0.0.0.0
export JARI_CERTIFICATE_DIR=$data/tls JARI_ACME_DIR=$data/acme

compose_program=docker-compose
! docker compose version >/dev/null 2>&1 || compose_program="docker compose"

# files: what compose is to read, from the root.
files() {
  if [ "$JARI_ROLE" = all ]; then echo "-f $PWD/deploy/compose.yaml"; else echo "-f $PWD/$here/compose.yaml"; fi
  [ -z "${JARI_DOMAIN:-}" ] || echo "-f $PWD/deploy/compose.tls.yaml"
}

# services: which of them are this machine's; all, where nothing is said.
services() { if [ "$JARI_ROLE" != all ]; then tr ',' ' ' <<<"$JARI_ROLE"; fi; }

# https: a timer that fetches the certificate and renews it. The name may lead here only later: then it is tried again.
https() {
  install -d -m 755 /etc/jari "$JARI_CERTIFICATE_DIR" "$JARI_ACME_DIR"
  cat > /etc/jari/gateway.env <<ENV
JARI_DOMAIN=$JARI_DOMAIN
JARI_ACME_EMAIL=$JARI_ACME_EMAIL
JARI_CERTIFICATE_DIR=$JARI_CERTIFICATE_DIR
JARI_ACME_DIR=$JARI_ACME_DIR
JARI_CERTBOT_DIR=$data/certbot
JARI_COMPOSE=$compose
ENV
  cp deploy/tls/jari-https.service deploy/tls/jari-https.timer /etc/systemd/system/
  systemctl daemon-reload
  systemctl enable --quiet --now jari-https.timer
  systemctl start jari-https ||
    echo "start.sh: there is no certificate yet. Once $JARI_DOMAIN leads here: systemctl start jari-https" >&2
}

# loader: a machine that only makes load.
loader() {
  [ -x /opt/locust/bin/locust ] || python3 -m venv /opt/locust
  /opt/locust/bin/pip install --quiet --disable-pip-version-check "locust==$JARI_LOCUST_VERSION"
  ln -sf /opt/locust/bin/locust /usr/local/bin/locust
  docker pull --quiet "$JARI_IMAGES/jari:$JARI_VERSION"
  # The tool from its image, in the folder where one is.
  cat > /usr/local/bin/jari <<JARI
#!/bin/sh
exec docker run --rm --network host --user "\$(id -u):\$(id -g)" --volume "\$PWD:/work" --workdir /work \\
  --ulimit nofile=200000:200000 --env JARI_URL --env JARI_OPERATOR_KEY "$JARI_IMAGES/jari:$JARI_VERSION" "\$@"
JARI
  chmod 755 /usr/local/bin/jari
}

mkdir -p "$data"
if [ "$JARI_ROLE" = load ]; then
  loader
  exit
fi
if [ -n "${JARI_VAULT:-}" ]; then "$here/read-vault.sh"; else deploy/secrets.sh; fi
# One for https.sh too, which calls it from elsewhere.
compose="$compose_program -p jari $(files | xargs)"
# shellcheck disable=SC2046,SC2086 # words
$compose up --detach --no-build $(services)
[ -z "${JARI_DOMAIN:-}" ] || https
