#!/usr/bin/env bash
# The gateway in its container: writes nginx's configuration from the variables and becomes nginx. "gateway health" asks the one that runs;
# "gateway reload" has it read the configuration and the certificate anew, without a request or a stream being cut.
set -euo pipefail
prefix=/run/jari-gateway

if [ "${1:-}" = health ]; then
  listen=${JARI_GATEWAY_LISTEN:-8080}
  # Bash opens the connection, so that the image needs no other program for it.
  exec 3<>"/dev/tcp/127.0.0.1/${listen##*:}"
  printf 'GET / HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\n\r\n' >&3
  read -r -t 3 answer <&3
  # The pages, or the way to TLS.
  [[ $answer == "HTTP/1.1 "[23]* ]] || { echo "nginx says: $answer" >&2; exit 1; }
  exit
fi

/usr/local/share/jari-gateway/render.sh "$prefix"
if [ "${1:-}" = reload ]; then
  [ -r "${JARI_TLS_KEY:-/dev/null}" ] || { echo "gateway: $JARI_TLS_KEY can't be read by $(id -u)" >&2; exit 1; }
  exec nginx -p "$prefix" -c nginx.conf -e stderr -s reload
fi
exec nginx -p "$prefix" -c nginx.conf -e stderr -g "daemon off;"
