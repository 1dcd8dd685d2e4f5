#!/usr/bin/env bash
# Builds the images, starts the system of deploy/compose.yaml as a project of its own, and tries what it promises: seats are bought through
# the gateway, every container is restarted in turn, everything goes down and comes up again, and what was sold is still sold. Then the
# image with everything in one program. Ends at the first thing that is wrong; what it has started goes away with it.
set -euo pipefail
cd "$(dirname "$0")/.."
docker info >/dev/null || { echo "No container engine answers: start one and try again." >&2; exit 1; }
compose_program=(docker compose)
"${compose_program[@]}" version >/dev/null 2>&1 || compose_program=(docker-compose)
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -1)
scratch=$(mktemp -d)
project=jari-test
alone=$project-alone
export JARI_VERSION=$version JARI_SECRETS=$scratch/secrets JARI_NETWORK=${JARI_NETWORK:-172.30.214} JARI_PORT=${JARI_PORT:-18090} JARI_BIND=127.0.0.1
url=http://127.0.0.1:$JARI_PORT
url_alone=http://127.0.0.1:$((JARI_PORT + 1))
containers="postgres redis ticketing-core queue-service staff-api nginx"

compose() { "${compose_program[@]}" -p "$project" -f deploy/compose.yaml "$@"; }
fail() { echo "WRONG: $*" >&2; exit 1; }
step() { current=$*; echo "== $*"; }

end() {
  local code=$?
  if [ "$code" != 0 ]; then
    compose logs --no-color --tail 20 2>&1 || true
    echo "WRONG, at: $current" >&2
  fi
  compose down --volumes --remove-orphans >"$scratch/down.log" 2>&1 || cat "$scratch/down.log" >&2
  docker rm --force --volumes "$alone" >/dev/null 2>&1 || true
  docker volume rm "$alone" >/dev/null 2>&1 || true
  rm -rf "$scratch"
  exit "$code"
}
current=start
trap end EXIT

# quietly COMMAND…: what it says is of interest only if it fails.
quietly() { "$@" >"$scratch/said" 2>&1 || { cat "$scratch/said" >&2; fail "$*"; }; }

# within SECONDS COMMAND…: asks each half second until it succeeds.
within() {
  local left=$(($1 * 2))
  shift
  until "$@"; do
    [ $((left -= 1)) -gt 0 ] || fail "not in time: $*"
    sleep 0.5
  done
}

container_of() { compose ps -q "$1"; }
is_healthy() { [ "$(docker inspect --format '{{.State.Health.Status}}' "$1" 2>/dev/null)" = healthy ]; }
all_are_healthy() { for name in $containers; do is_healthy "$(container_of "$name")" || return 1; done; }
# answers URL PATH STATUS
answers() { [ "$(curl --silent --max-time 5 --output /dev/null --write-out '%{http_code}' "$1$2")" = "$3" ]; }
field() { python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }

# tool URL ARGUMENT…: jari from its image, which needs nothing of this machine but the network and the keys.
tool() {
  local url=$1
  shift
  docker run --rm --network host --read-only --cap-drop ALL --user "$(id -u):$(id -g)" --volume "$scratch/tickets:/tickets" --workdir /tickets \
    --volume "$JARI_SECRETS:/run/secrets:ro" --env JARI_URL="$url" "jari/jari:$version" "$@"
}

# Everything bought: where, which reservation, and the receipt that shows it.
bought=()
buy() {
  local told
  told=$(tool "$1" buy --event "$2" --quantity 2 --json)
  bought+=("$1 $(field reservation_id <<<"$told") $(field receipt_token <<<"$told")")
}
is_sold() {
  local told
  told=$(curl --silent --max-time 5 --header "Authorization: Bearer $3" "$1/api/reservations/$2")
  # The first ones have gone in.
  [[ $(field state <<<"$told" 2>/dev/null) =~ ^(confirmed|checked_in)$ ]]
}
still_sold() {
  local one
  for one in "${bought[@]}"; do
    # shellcheck disable=SC2086 # three words
    within 15 is_sold $one
  done
}

mkdir -m 777 "$scratch/tickets"
deploy/secrets.sh

step "images"
deploy/images.sh
docker images --format '{{.Repository}}:{{.Tag}}  {{.Size}}' | grep -E "^jari/[a-z-]+:$version " | sort
[ "$(docker images --quiet 'jari/*' --filter "reference=jari/*:$version" | sort -u | wc -l)" = 5 ] || fail "there are not five images"
for image in ticketing-core queue-service staff-api web jari; do
  [ "$(docker inspect --format '{{.Config.User}}' "jari/$image:$version")" = 10001:10001 ] || fail "$image runs as root"
done

step "up"
keys_before=$(cat "$JARI_SECRETS"/*)
deploy/secrets.sh
[ "$keys_before" = "$(cat "$JARI_SECRETS"/*)" ] || fail "keys that were there did not stay"
# Every key by itself on a line, to look for.
for key in "$JARI_SECRETS"/*-key "$JARI_SECRETS"/*-password; do echo "$(<"$key")"; done > "$scratch/keys"
quietly compose up --detach --no-build
within 120 all_are_healthy

step "every container is as it should be"
for name in $containers; do
  container=$(container_of "$name")
  told=$(docker inspect --format '{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}} {{.HostConfig.Memory}} {{.HostConfig.NanoCpus}}' "$container")
  [[ $told =~ ^true\ \[ALL\]\ \[no-new-privileges:true\]\ [1-9][0-9]*\ [1-9][0-9]*$ ]] || fail "$name: $told"
  # Whom the first process really runs as, and how many files it may open.
  docker exec "$container" grep -qE '^Uid:\s+[1-9]' /proc/1/status || fail "$name runs as root"
  docker exec "$container" grep -qE '^Max open files +20000 ' /proc/1/limits || fail "$name may not open 20,000 files"
  ! docker inspect "$container" | grep -qF -f "$scratch/keys" || fail "$name: a key can be read in what it was told"
  open=$(docker port "$container")
  if [ "$name" = nginx ]; then expected="8080/tcp -> 127.0.0.1:$JARI_PORT"; else expected=; fi
  [ "$open" = "$expected" ] || fail "$name is open at: $open"
done
[ "$(docker exec "$(container_of postgres)" sh -c 'PGPASSWORD=$(cat /run/secrets/postgres-password) psql -h 127.0.0.1 -U jari -Atc "show fsync; show synchronous_commit; show data_checksums" jari' | xargs)" = "on on on" ] ||
  fail "PostgreSQL may lose what it has answered"
[[ $(docker exec "$(container_of redis)" redis-cli ping 2>&1) == NOAUTH* ]] || fail "Redis asks nobody for a password"
[ "$(docker exec "$(container_of redis)" sh -c 'REDISCLI_AUTH=$(cat /run/secrets/redis-password) redis-cli config get appendonly' | xargs)" = "appendonly yes" ] ||
  fail "Redis keeps nothing"
within 30 answers "$url" /api/events 200
answers "$url" / 200 || fail "the pages are not there"
answers "$url" /gate 200 || fail "the page for the door is not there"
answers "$url" /metrics 404 || fail "figures can be read from outside"

step "a sale, from the seat map to the door"
printf 'section,row,seats,category,price\nStalls,A,1-400,R,1000\n' > "$scratch/tickets/hall.csv"
tool "$url" event create gala --name Gala --venue Hall --starts-at 2030-01-01T10:00:00Z --currency KRW --map hall.csv --open --data /run/secrets >/dev/null
buy "$url" gala
[ -s "$scratch/tickets/ticket.pdf" ] || fail "no ticket was written"
key=$(tool "$url" staff-key add --name North --event gala --json --data /run/secrets | field key)
let_in=$(curl --silent "$url/staff/events/gala/check-ins" --header "Authorization: Bearer $key" --header 'Content-Type: application/json' \
  --data "{\"code\": \"$(field code < "$scratch/tickets/reservation.json")\"}" --output "$scratch/let-in" --write-out '%{http_code}')
[[ $let_in == 20? ]] || fail "the door says $let_in: $(cat "$scratch/let-in")"

for name in $containers; do
  step "$name is restarted"
  quietly compose restart "$name"
  within 60 all_are_healthy
  within 30 answers "$url" /api/events/gala 200
  still_sold
  buy "$url" gala
done

step "down, and up again"
quietly compose down
quietly compose up --detach --no-build
within 120 all_are_healthy
still_sold
buy "$url" gala
seats=$(curl --silent "$url/api/events/gala/availability" | field sold)
[ "$seats" = $((${#bought[@]} * 2)) ] || fail "$seats seats are sold, ${#bought[@]} times two were bought"

! compose logs 2>&1 | grep -qF -f "$scratch/keys" || fail "a key can be read in the log"

step "everything in one program"
alone_up() {
  docker run --detach --name "$alone" --read-only --cap-drop ALL --security-opt no-new-privileges:true --volume "$alone:/var/lib/jari" \
    --publish "${url_alone#http://}:8080" "jari/jari:$version" serve --demo >/dev/null
}
alone_up
within 60 is_healthy "$alone"
[ "$(curl --silent "$url_alone/")" = "$(curl --silent "$url/")" ] || fail "it does not have the pages"
buy "$url_alone" spring-gala
docker exec "$alone" jari event list --json | grep -q spring-gala || fail "the operator has no key in the container"
docker rm --force "$alone" >/dev/null
alone_up
within 60 is_healthy "$alone"
still_sold
docker exec "$alone" jari audit >/dev/null || fail "the audit found something"

echo "containers: everything is as it should be; ${#bought[@]} times two seats were bought and none was lost."
