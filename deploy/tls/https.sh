#!/usr/bin/env bash
# HTTPS with Let's Encrypt, in one command: has certbot fetch a certificate for JARI_DOMAIN where there is none or where it soon ends,
# installs it, renders the gateway's configuration, and has nginx take it up without cutting a request or a stream. Called again it
# renews what is due and does nothing otherwise: the timer beside it calls it twice a day. What it is given goes to certbot, such as
# --force-renewal. README.md in this folder has the variables.
set -euo pipefail
# nginx's processes, which are not root, read the challenges, and in its container the certificate; what is secret is closed by itself.
umask 022
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
domain=${JARI_DOMAIN:-} email=${JARI_ACME_EMAIL:-}
gateway=${JARI_GATEWAY_DIR:-/etc/jari-gateway}
tls=${JARI_CERTIFICATE_DIR:-/etc/jari-tls}
certbot_files=${JARI_CERTBOT_DIR:-/var/lib/jari-certbot}
server=${JARI_ACME_SERVER:-https://acme-v02.api.letsencrypt.org/directory}
export JARI_ACME_DIR=${JARI_ACME_DIR:-/var/www/acme}
export JARI_TLS_CERTIFICATE=$tls/current/chain.pem JARI_TLS_KEY=$tls/current/key.pem

fail() { echo "https: $*" >&2; exit 1; }

check() {
  [ -n "$domain" ] || fail "JARI_DOMAIN is not set: it is the name under which people open the pages, as tickets.example.org"
  [[ $domain =~ ^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$ ]] || fail "JARI_DOMAIN is \"$domain\", which is no name of a host"
  [ -n "$email" ] || fail "JARI_ACME_EMAIL is not set: Let's Encrypt wants to know whom to write to about the account"
  [[ $email =~ ^[^@[:space:]]+@[^@[:space:]]+\.[^@[:space:]]+$ ]] || fail "JARI_ACME_EMAIL is \"$email\", which is no address of e-mail"
  command -v certbot >/dev/null || fail "certbot is missing: apt-get install certbot"
  [ -n "${JARI_COMPOSE:-}" ] || nginx_is_running || fail "nginx does not run in $gateway: systemctl start jari-gateway"
}

nginx_is_running() { [ -s "$gateway/nginx.pid" ] && kill -0 "$(<"$gateway/nginx.pid")" 2>/dev/null; }

# reload: nginx checks what it is to take up; if that is wrong it goes on with what it has.
reload() {
  if [ -n "${JARI_COMPOSE:-}" ]; then
    # shellcheck disable=SC2086 # a command and its arguments
    $JARI_COMPOSE exec -T nginx gateway reload
  else
    "$here/../nginx/render.sh" "$gateway"
    PATH=$PATH:/usr/sbin nginx -p "$gateway" -c nginx.conf -e error.log -s reload
  fi
}

# obtain ARGUMENT…: certbot has a certificate that is not about to end.
obtain() {
  local log=$certbot_files/last-run.log
  mkdir -p "$certbot_files" "$JARI_ACME_DIR"
  chmod 700 "$certbot_files"
  if certbot certonly --non-interactive --agree-tos --no-eff-email --email "$email" --server "$server" \
    --webroot --webroot-path "$JARI_ACME_DIR" --domain "$domain" --cert-name jari --key-type ecdsa \
    --keep-until-expiring --renew-with-new-domains \
    --config-dir "$certbot_files/config" --work-dir "$certbot_files/work" --logs-dir "$certbot_files/logs" "$@" >"$log" 2>&1; then return; fi
  if grep -q 'Certificate Authority failed to download' "$log"; then
    fail "http://$domain/.well-known/acme-challenge/ does not lead here: the name must be this machine's, and port 80 open" \
      "($(sed -n 's/^ *Detail: *//p' "$log" | head -1))"
  fi
  fail "certbot got no certificate: $(tail -n 1 "$log") (more is in $log)"
}

# install_certificate NAME: both files change at once, by one link.
install_certificate() {
  local from=$certbot_files/config/live/jari to=$tls/$1
  mkdir -p "$to"
  install -m 644 "$from/fullchain.pem" "$to/chain.pem"
  install -m 600 "$from/privkey.pem" "$to/key.pem"
  # In its container nginx is 10001, not root.
  if [ -n "${JARI_COMPOSE:-}" ]; then chown 10001 "$to/key.pem"; fi
  ln -sfn "$1" "$tls/next"
  mv -T "$tls/next" "$tls/current"
}

check
obtain "$@"
name=$(sha256sum "$certbot_files/config/live/jari/fullchain.pem" | cut -c 1-16)
if [ "$(cat "$tls/taken-up" 2>/dev/null)" = "$name" ]; then
  echo "https: the certificate for $domain is not due; nothing was changed"
  exit
fi
install_certificate "$name"
reload
# Only now: what nginx did not take up is tried again the next time.
echo "$name" > "$tls/taken-up"
find "$tls" -mindepth 1 -maxdepth 1 -type d ! -name "$name" -exec rm -r {} +
echo "https: $domain has a certificate until $(openssl x509 -noout -enddate -in "$tls/current/chain.pem" | cut -d= -f2)"
