#!/usr/bin/env bash
# operator-test.sh DIST: boots an empty Debian with systemd in a folder and a network of its own, and does by the letter what docs/OPERATING.md says under
# "From a release to a sale", with the files that "make release" has put into DIST. Only two things are not as an operator has them: the name
# leads to loopback, and Debian's pebble stands in Let's Encrypt's place. Then it renews, upgrades, and starts the machine again. Needs root,
# Debian's debootstrap, systemd-container and pebble, and its registry; takes some minutes.
set -euo pipefail
dist=$(realpath "${1:?"say where the release is"}")
cd "$(dirname "$0")/.."
[ "$(id -u)" = 0 ] || { echo "operator-test.sh: only root can boot a machine in a folder: call it with sudo" >&2; exit 1; }
ls "$dist"/jari_*.deb >/dev/null || { echo "operator-test.sh: there is no release in $dist: make release" >&2; exit 1; }
deploy/debian/needs.sh debhelper fakeroot debootstrap systemd-container iproute2 pebble curl openssl
name=jari-operator-$$
scratch=$(mktemp -d "/var/tmp/$name-XXXXXX")
root=$scratch/root machine="" servers=() current="nothing yet"
touch "$scratch/log" "$scratch/console"
end() {
  local code=$?
  [ -z "$machine" ] || kill -KILL "$machine" 2>/dev/null || true
  for server in "${servers[@]}"; do kill "$server" 2>/dev/null || true; done
  ip netns delete "$name" 2>/dev/null || true
  if [ "$code" != 0 ]; then
    tail -n 20 "$scratch/console" "$scratch/log" >&2
    journalctl --directory "$root/var/log/journal" --no-pager --lines 30 --quiet >&2 || true
    echo "WRONG, at: $current" >&2
  fi
  rm -rf "$scratch"
  exit "$code"
}
trap end EXIT
fail() { echo "WRONG: $*" >&2; exit 1; }
step() { current=$*; echo "== $*"; }
quietly() { "$@" > "$scratch/log" 2>&1 || fail "$*"; }

# block N: the N-th piece of shell in that section of the page.
block() {
  awk -v wanted="$1" '/^## /{within = ($0 == "## From a release to a sale")} within && /^```$/{if (inside) inside = 0} inside && n == wanted
    within && /^```sh$/{inside = 1; n++}' docs/OPERATING.md
}
boot() {
  systemd-nspawn --quiet --register=no --keep-unit --directory "$root" --machine "$name" --boot --resolv-conf=off \
    --network-namespace-path="/run/netns/$name" </dev/null > "$scratch/console" 2>&1 &
  machine=$!
  local left=120
  # As soon as its systemd can be asked, it is waited for.
  until inside systemctl is-system-running --wait > "$scratch/state" 2>/dev/null || [ "$(cat "$scratch/state")" = degraded ]; do
    kill -0 "$machine" 2>/dev/null || fail "the machine has ended"
    [ $((left -= 1)) -gt 0 ] || fail "the machine is not up after a minute: $(cat "$scratch/state")"
    sleep 0.5
  done
}
off() { kill -TERM "$machine"; wait "$machine" || true; machine=; }
# inside COMMAND…: on the machine, as its root.
inside() {
  local first
  first=$(pgrep --parent "$machine" --oldest) || return 1
  nsenter --target "$first" --mount --uts --ipc --net --pid --wdns=/root/release -- env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive "$@"
}
# letter FILE: what the operator pastes into a shell; the first line that fails ends it.
letter() {
  cp "$1" "$root/root/page.sh"
  inside bash -e /root/page.sh > "$scratch/log" 2>&1 || fail "the page, at: $(cat "$1")"
}
outside() { ip netns exec "$name" "$@"; }
page() { outside curl --silent --show-error --fail --cacert "$scratch/root.pem" --resolve "tickets.example.org:443:127.0.0.1" "https://tickets.example.org$1"; }
serial() { outside openssl s_client -connect 127.0.0.1:443 -servername tickets.example.org </dev/null 2>/dev/null | openssl x509 -noout -serial; }
# until WHAT COMMAND…: for what another process does in its own time.
until_so() {
  local what=$1 left=300
  shift
  until "$@" >/dev/null 2>&1; do [ $((left -= 1)) -gt 0 ] || fail "not in time: $what"; sleep 0.1; done
}
is() { [ "$2" = "$3" ] || fail "$1: $3, not $2"; echo "   $1: $3"; }
sold() { inside jari audit --data /var/lib/jari --json | grep -o '"reservations": *[0-9]*' | grep -o '[0-9]*$' | tail -n 1; }

step "an empty Debian"
quietly debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus bookworm "$root"
cp /etc/apt/sources.list "$root/etc/apt/" 2>/dev/null || true
mkdir -p "$root/root/release" "$root/var/log/journal"
cp "$dist"/* "$root/root/release/"
# What Debian's registry has comes in before: the machine's network is its own, and leads nowhere.
quietly chroot "$root" apt-get update
quietly chroot "$root" sh -c 'cd /root/release && apt-get install --yes --download-only ./jari_*_amd64.deb ./jari-gateway_*_all.deb'
echo "127.0.0.1 localhost tickets.example.org" > "$root/etc/hosts"
# A page that says less would be tried less.
is "pieces of shell on the page" 4 "$(for n in 1 2 3 4 5; do block $n | head -n 1; done | wc -l)"

step "a network, and who gives certificates in it"
ip netns add "$name"
outside ip link set lo up
openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=pebble -addext subjectAltName=IP:127.0.0.9 \
  -keyout "$scratch/acme-key.pem" -out "$scratch/acme.pem" 2>/dev/null
cat > "$scratch/pebble.json" <<P
{"pebble": {"listenAddress": "127.0.0.9:14000", "managementListenAddress": "127.0.0.9:15000", "certificate": "$scratch/acme.pem",
 "privateKey": "$scratch/acme-key.pem", "httpPort": 80, "tlsPort": 443, "ocspResponderURL": ""}}
P
ip netns exec "$name" pebble-challtestsrv -defaultIPv4 127.0.0.1 -defaultIPv6 "" -dns01 127.0.0.9:18053 -http01 "" -https01 "" -tlsalpn01 "" \
  -management 127.0.0.9:18055 > "$scratch/names.log" 2>&1 &
servers+=($!)
PEBBLE_VA_NOSLEEP=1 PEBBLE_WFE_NONCEREJECT=0 ip netns exec "$name" pebble -config "$scratch/pebble.json" -dnsserver 127.0.0.9:18053 > "$scratch/pebble.log" 2>&1 &
servers+=($!)
until_so "pebble answers" outside curl --silent --fail --cacert "$scratch/acme.pem" https://127.0.0.9:15000/roots/0
outside curl --silent --fail --cacert "$scratch/acme.pem" https://127.0.0.9:15000/roots/0 > "$scratch/root.pem"

step "the machine's first start"
boot

step "the packages, by the page"
block 1 > "$scratch/page"
letter "$scratch/page"
is "jari.service" active "$(inside systemctl is-active jari)"
is "its user" jari "$(inside sh -c 'stat -c %U /proc/$(systemctl show --property MainPID --value jari)')"
is "its data" "700 jari" "$(inside stat -c '%a %U' /var/lib/jari)"
grep -q '^Max open files *20000 ' <(inside sh -c 'cat /proc/$(systemctl show --property MainPID --value jari)/limits') || fail "it may open too few files"
is "what it warns of" "" "$(inside journalctl --unit jari --priority warning --quiet --output cat)"

step "HTTPS, by the page"
# Who gives certificates here, and that it is trusted.
printf 'JARI_ACME_SERVER=https://127.0.0.9:14000/dir\nREQUESTS_CA_BUNDLE=/root/acme.pem\n' >> "$root/etc/jari/gateway.env"
cp "$scratch/acme.pem" "$root/root/acme.pem"
cp "$scratch/root.pem" "$root/usr/local/share/ca-certificates/pebble.crt"
quietly inside update-ca-certificates
block 2 > "$scratch/page"
letter "$scratch/page"
until_so "TLS is spoken" page /
page / | grep -q '<title>' || fail "there are no pages"
page /gate > /dev/null || fail "there is no page for the door"
is "the timer" active "$(inside systemctl is-active jari-https.timer)"

step "an event, a sale and an audit, by the page"
{ block 3; block 4; } > "$scratch/page"
letter "$scratch/page"
grep -qi 'every promise\|all .* hold\|held' "$scratch/log" || fail "the audit says nothing of promises"
is "sales" 1 "$(sold)"
page /api/events | grep -q first-night || fail "the event is not public"

step "a renewal"
before=$(serial)
quietly inside systemd-run --quiet --wait --property=EnvironmentFile=/etc/jari/gateway.env /usr/share/jari/tls/https.sh --force-renewal
renewed() { [ "$(serial)" != "$before" ]; }
until_so "the new certificate is served" renewed
quietly inside systemctl start jari-https
inside journalctl --unit jari-https --output cat | grep -q 'not due' || fail "what is not due is not left alone"

step "an upgrade"
mkdir "$scratch/next" "$scratch/program"
dpkg-deb -x "$dist"/jari_*_amd64.deb "$scratch/program"
DPKG_DEB_COMPRESSOR_TYPE=gzip DPKG_DEB_COMPRESSOR_LEVEL=1 JARI_VERSION=99.0.0 deploy/debian/build.sh "$scratch/program/usr/bin/jari" "$scratch/next" >/dev/null
cp "$scratch"/next/*.deb "$root/root/"
process=$(inside systemctl show --property MainPID --value jari)
quietly inside sh -c 'apt-get install --yes /root/jari_99*.deb /root/jari-gateway_99*.deb'
[ "$(inside systemctl show --property MainPID --value jari)" != "$process" ] || fail "the old program still runs"
is "the gateway" active "$(inside systemctl is-active jari-gateway)"
is "the timer" active "$(inside systemctl is-active jari-https.timer)"
quietly inside systemctl reload jari-gateway
is "sales" 1 "$(sold)"
page /api/events | grep -q first-night || fail "the event is gone"
is "what has failed" "" "$(inside systemctl --failed --plain --no-legend --quiet)"

step "started again"
off
boot
until_so "TLS is spoken" page /
quietly inside jari buy --event first-night --quantity 2 --url https://tickets.example.org
is "sales" 2 "$(sold)"
off
echo "      Tests  1 passed, 0 failed"
