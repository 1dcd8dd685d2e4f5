#!/usr/bin/env bash
# Writes nginx's configuration from the templates here into a directory, which is to be nginx's prefix:
#
#   JARI_STATIC_DIR=/srv/jari deploy/nginx/render.sh /etc/jari-gateway
#   nginx -p /etc/jari-gateway -c nginx.conf
#
# Everything that is wrong with the variables is said at once, and then nothing is written. "--variables" lists them.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# Name, default ("!" means: must be set), shape, what it is.
variables=(
  'JARI_GATEWAY_LISTEN|8080|listen|The address and port where everybody comes in, without TLS'
  'JARI_STATIC_DIR|!|path|The folder with the pages'
  'JARI_CORE_SERVERS|127.0.0.1:8081|servers|Every instance of ticketing-core'
  'JARI_QUEUE_SERVERS|127.0.0.1:8082|servers|Every instance of queue-service'
  'JARI_STAFF_SERVERS|127.0.0.1:8083|servers|Every instance of staff-api'
  'JARI_TRUSTED_PROXIES||networks|Load balancers in front, whose X-Forwarded-For is believed'
  'JARI_LIMIT_EXEMPT||networks|Addresses that the limits do not count'
  'JARI_LIMIT_ENTER_RATE|20r/s|rate|Times that an address may enter a line'
  'JARI_LIMIT_ENTER_BURST|1000|number|So many may come at once'
  'JARI_LIMIT_HOLDS_RATE|20r/s|rate|Times that an address may ask for seats'
  'JARI_LIMIT_HOLDS_BURST|500|number|So many may come at once'
  'JARI_LIMIT_LOOKUPS_RATE|20r/s|rate|Times that an address may look a code up'
  'JARI_LIMIT_LOOKUPS_BURST|200|number|So many may come at once'
  'JARI_TLS_CERTIFICATE||path|The chain of certificates; with it, TLS is spoken and the plain address only leads there'
  'JARI_TLS_KEY||path|The key of the certificate'
  'JARI_TLS_LISTEN|443|listen|The address and port of TLS'
  'JARI_ACME_DIR|/var/www/acme|path|Where challenges for a certificate are answered from'
  'JARI_NGINX_READ_TIMEOUT|35s|seconds|A service that says nothing for so long is given up; it answers within 30 s'
  'JARI_NGINX_WORKERS|auto|workers|How many processes nginx has'
  'JARI_NGINX_USER||word|Whom they run as, where nginx is started by root'
  'JARI_NGINX_ACCESS_LOG|/dev/stdout|path|Where requests are logged'
  'JARI_NGINX_ERROR_LOG|stderr|path|Where faults of nginx are logged'
)
declare -A shapes=(
  [listen]='([0-9.]+:|\[[0-9a-fA-F:]+\]:)?[0-9]{1,5}'
  [path]='[A-Za-z0-9_./-]+'
  [servers]='[A-Za-z0-9.:_-]+( [A-Za-z0-9.:_-]+)*'
  [networks]='[0-9a-fA-F.:]+(/[0-9]{1,3})?( [0-9a-fA-F.:]+(/[0-9]{1,3})?)*'
  [rate]='[1-9][0-9]*r/[sm]'
  [seconds]='[1-9][0-9]*s'
  [number]='[0-9]+'
  [workers]='auto|[1-9][0-9]*'
  [word]='[a-z_][a-z0-9_-]*'
)

if [ "${1:-}" = --variables ]; then
  for entry in "${variables[@]}"; do
    IFS='|' read -r name default _ what <<<"$entry"
    case $default in
      '!') printf '| `%s` | must be set | %s |\n' "$name" "$what" ;;
      '') printf '| `%s` | – | %s |\n' "$name" "$what" ;;
      *) printf '| `%s` | `%s` | %s |\n' "$name" "$default" "$what" ;;
    esac
  done
  exit
fi
target=${1:?"say which directory to write to"}

declare -A values
wrong=()
for entry in "${variables[@]}"; do
  IFS='|' read -r name default shape _ <<<"$entry"
  value=${!name:-$default}
  # Commas and spaces both separate lists.
  case $shape in servers | networks) value=$(tr ',' ' ' <<<"$value" | xargs) ;; esac
  if [ "$value" = '!' ]; then
    wrong+=("$name is not set")
  elif [ -n "$value" ] && ! [[ $value =~ ^(${shapes[$shape]})$ ]]; then
    wrong+=("$name is \"$value\", which is no $shape")
  fi
  values[$name]=$value
done
for name in "${!JARI_LIMIT_@}" "${!JARI_NGINX_@}" "${!JARI_TLS_@}"; do
  [ -n "${values[$name]+known}" ] || wrong+=("$name is not a variable of the gateway")
done
if [ -n "${values[JARI_TLS_CERTIFICATE]}" ] && [ -z "${values[JARI_TLS_KEY]}" ]; then
  wrong+=("JARI_TLS_KEY is not set, JARI_TLS_CERTIFICATE is")
elif [ -z "${values[JARI_TLS_CERTIFICATE]}" ] && [ -n "${values[JARI_TLS_KEY]}" ]; then
  wrong+=("JARI_TLS_CERTIFICATE is not set, JARI_TLS_KEY is")
fi
if [ ${#wrong[@]} -gt 0 ]; then
  printf 'gateway: %s\n' "${wrong[@]}" >&2
  exit 1
fi

# lines BEFORE AFTER WORD…: a line for each word.
lines() {
  local before=$1 after=$2
  shift 2
  for word; do printf '    %s%s%s\n' "$before" "$word" "$after"; done
}
# shellcheck disable=SC2086 # one word an address
{
  values[CORE_LINES]=$(lines 'server ' ' max_fails=3 fail_timeout=2s;' ${values[JARI_CORE_SERVERS]})
  values[QUEUE_LINES]=$(lines 'server ' ' max_fails=3 fail_timeout=2s;' ${values[JARI_QUEUE_SERVERS]})
  values[STAFF_LINES]=$(lines 'server ' ' max_fails=3 fail_timeout=2s;' ${values[JARI_STAFF_SERVERS]})
  values[EXEMPT_LINES]=$(lines '' ' 1;' ${values[JARI_LIMIT_EXEMPT]})
  values[TRUSTED_PROXY_LINES]=$(lines 'set_real_ip_from ' ';' ${values[JARI_TRUSTED_PROXIES]})
}
values[USER_LINE]=${values[JARI_NGINX_USER]:+"user ${values[JARI_NGINX_USER]};"}
server=plain
values[HSTS_LINE]=
if [ -n "${values[JARI_TLS_CERTIFICATE]}" ] && [ ! -e "${values[JARI_TLS_CERTIFICATE]}" ]; then
  echo "gateway: there is no ${values[JARI_TLS_CERTIFICATE]} yet: until there is, nothing is answered but challenges" >&2
  server=challenges
elif [ -n "${values[JARI_TLS_CERTIFICATE]}" ]; then
  server=tls
  values[HSTS_LINE]='add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;'
fi

# fill FILE: the file with its ${NAME} replaced.
fill() {
  local text before name
  text=$(<"$1")
  while [[ $text =~ \$\{([A-Z_]+)\} ]]; do
    name=${BASH_REMATCH[1]}
    [ -n "${values[$name]+known}" ] || { echo "gateway: $1 names $name, which is not a variable" >&2; exit 1; }
    before=${text%%"\${$name}"*}
    text=$before${values[$name]}${text#*"\${$name}"}
  done
  printf '%s\n' "$text"
}
mkdir -p "$target/tmp" "$target/cache"
cp "$here"/*.conf "$target/"
for template in nginx upstreams limits routes headers acme; do
  fill "$here/$template.conf.template" > "$target/$template.conf"
done
fill "$here/$server.conf.template" > "$target/server.conf"
