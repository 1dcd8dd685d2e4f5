#!/usr/bin/env bash
# test.sh PROGRAM [PACKAGES]: tries the Debian packages of this PROGRAM, which are made first unless PACKAGES is a folder that has them: lintian
# looks at them, systemd at the units, and in a Debian of its own (debootstrap) the program is installed, sells, is upgraded, removed and purged.
# Needs root and Debian's registry; ends with one line of counts. systemd itself runs in none of this: "make operator-test" boots it.
set -euo pipefail
program=$(realpath "${1:?"say which program"}") packages=${2:-}
cd "$(dirname "$0")/../.."
[ "$(id -u)" = 0 ] || { echo "test.sh: only root can install packages, also in a folder: call it with sudo" >&2; exit 1; }
deploy/debian/needs.sh debhelper fakeroot lintian debootstrap systemd
scratch=$(mktemp -d /var/tmp/jari-package-XXXXXX)
root=$scratch/root served=
end() {
  local code=$?
  [ -z "$served" ] || kill "$served" 2>/dev/null || true
  ! mountpoint -q "$root/proc" || umount "$root/proc"
  [ "$code" = 0 ] || { tail -n 20 "$scratch/log" >&2; echo "      Tests  $passed passed, 1 failed"; }
  rm -rf "$scratch"
  exit "$code"
}
passed=0
trap end EXIT
fail() { echo "WRONG: $*" >&2; exit 1; }
# test NAME: what follows shows this.
test_that() { echo "$*"; passed=$((passed + 1)); }
quietly() { "$@" > "$scratch/log" 2>&1 || fail "$*"; }
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"; }
# What systemd would do for jari.service: its user, its folder, its settings.
as_jari() { chroot --userspec=jari:jari "$root" env -i PATH=/usr/bin "${settings[@]}" "$@"; }
# An address of loopback that no other process chooses, so that the ports are its own.
address=127.$((64 | $$ >> 14 & 0x3F)).$(($$ >> 6 & 0xFF)).$((($$ & 0x3F) << 2 | 1))
settings=(JARI_DATA=/var/lib/jari "JARI_LISTEN=$address:8080" "JARI_INTERNAL_LISTEN=$address:9090" "JARI_URL=http://$address:8080" RUST_LOG=off)

serve() {
  local left=300
  # The program itself in the place of this shell, so that a signal reaches it.
  (exec chroot --userspec=jari:jari "$root" env -i PATH=/usr/bin "${settings[@]}" /usr/bin/jari serve "$@") > "$scratch/log" 2>&1 &
  served=$!
  until grep -q '^Jari is open' "$scratch/log"; do
    kill -0 "$served" 2>/dev/null || fail "jari serve has ended"
    [ $((left -= 1)) -gt 0 ] || fail "jari serve is not open after 30 seconds"
    sleep 0.1
  done
}
stop() { kill "$served"; wait "$served" || fail "jari serve did not end well"; served=; }
buy() { as_jari sh -c 'cd /tmp && /usr/bin/jari buy --event spring-gala --quantity 2 --json'; }
sold() { as_jari /usr/bin/jari audit --json | grep -o '"reservations": *[0-9]*' | grep -o '[0-9]*$' | tail -n 1; }

# Debug information would only take its time here; a next version is the same program by another name.
export DPKG_DEB_COMPRESSOR_TYPE=gzip DPKG_DEB_COMPRESSOR_LEVEL=1
mkdir "$scratch/next"
if [ -z "$packages" ]; then
  packages=$scratch/packages
  mkdir "$packages"
  deploy/debian/build.sh "$program" "$packages" > /dev/null
fi
JARI_VERSION=99.0.0 deploy/debian/build.sh "$program" "$scratch/next" > /dev/null
package=$(ls "$packages"/jari_*.deb) gateway=$(ls "$packages"/jari-gateway_*.deb)

# The first upload to Debian would close a wish of Debian's; this is none.
quietly lintian --no-cfg --allow-root --fail-on error,warning --suppress-tags initial-upload-closes-no-bugs "$package" "$gateway"
test_that "lintian finds neither errors nor warnings"

quietly debootstrap --variant=minbase --include=systemd-standalone-sysusers bookworm "$root"
mount -t proc proc "$root/proc"
cp "$package" "$scratch"/next/jari_*.deb "$root/"
# Nothing is to be started here.
printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
quietly inside dpkg -i "/$(basename "$package")"
[ "$(inside jari --version)" = "jari $(scripts/version.sh)" ] || fail "it says another version"
inside test -L /etc/systemd/system/multi-user.target.wants/jari.service || fail "jari.service is not to be started with the machine"
for file in /usr/share/man/man1/jari-event-create.1.gz /usr/share/bash-completion/completions/jari /usr/share/doc/jari/copyright \
  /usr/share/doc/jari/third-party-licences.txt.gz /usr/lib/systemd/system/jari.service; do
  [ -e "$root$file" ] || fail "there is no $file"
done
inside getent passwd jari | grep -q ':/var/lib/jari:/usr/sbin/nologin$' || fail "there is no user jari: $(inside getent passwd jari)"
test_that "it is installed with its user, unit, man pages and completions"

mkdir "$scratch/unit" "$scratch/gateway"
# With the paths of this machine.
sed "s|/usr/bin/jari|$program|; s|^EnvironmentFile=.*|EnvironmentFile=$root/etc/default/jari|" "$root/usr/lib/systemd/system/jari.service" > "$scratch/unit/jari.service"
quietly env SYSTEMD_LOG_LEVEL=warning systemd-analyze verify --man=no --recursive-errors=yes "$scratch/unit/jari.service"
[ ! -s "$scratch/log" ] || fail "systemd-analyze verify"
dpkg-deb -x "$gateway" "$scratch/gateway"
! grep -rn /opt/jari "$scratch/gateway/lib/systemd" || fail "a unit names what the package does not bring"
grep -rhoE '(/usr/share/jari|/etc/jari)/[a-z./]+' "$scratch/gateway/lib/systemd" > "$scratch/named"
while read -r path; do
  [ -e "$scratch/gateway$path" ] || fail "a unit of jari-gateway names $path, which is not there"
done < "$scratch/named"
quietly systemd-analyze security --offline=yes --threshold=15 --no-pager "$scratch/unit/jari.service"
grep '^→ Overall' "$scratch/log" || true
sed 's/^User=.*//; s/^Protect.*//; s/^Private.*//; s/^CapabilityBoundingSet=.*//' "$scratch/unit/jari.service" > "$scratch/unit/open.service"
if systemd-analyze security --offline=yes --threshold=15 --no-pager "$scratch/unit/open.service" > "$scratch/log" 2>&1; then fail "a unit that shuts nothing is found to be safe"; fi
test_that "systemd finds the unit sound, and little that is left open in it"

# The folder that systemd makes of StateDirectory=.
inside install -d -m 700 -o jari -g jari /var/lib/jari
serve --demo
as_jari jari health
bought=$(buy)
grep -q '"code"' <<<"$bought" || fail "nothing was sold: $bought"
stop
[ "$(sold)" = 1 ] || fail "the audit finds $(sold) sales"
[ -z "$(inside find /var/lib/jari -perm /077)" ] || fail "others may look at the data"
test_that "it sells as its user, and what it keeps is its own"

echo 'RUST_LOG=warn' >> "$root/etc/default/jari"
quietly inside dpkg -i "/$(basename "$scratch"/next/jari_*.deb)"
[ "$(inside dpkg-query --show --showformat='${Version}' jari)" = 99.0.0-1 ] || fail "the version is that of before"
inside grep -q '^RUST_LOG=warn$' /etc/default/jari || fail "what was set is lost"
serve
grep -q '"code"' <<<"$(buy)" || fail "the next version sells nothing"
stop
[ "$(sold)" = 2 ] || fail "the audit finds $(sold) sales after the upgrade"
test_that "an upgrade keeps what was sold and what was set"

quietly inside dpkg --remove jari
[ ! -e "$root/usr/bin/jari" ] || fail "the program is there after its removal"
[ -e "$root/etc/default/jari" ] && [ -e "$root/var/lib/jari/jari.db" ] || fail "settings or data have gone with the program"
quietly inside dpkg --purge jari
grep -q 'stays in /var/lib/jari' "$scratch/log" || fail "the operator is not told where what was sold is"
[ ! -e "$root/etc/default/jari" ] || fail "the settings are there after a purge"
[ -e "$root/var/lib/jari/jari.db" ] || fail "what was sold has gone with a purge"
! find "$root/etc/systemd" -name 'jari*' | grep . || fail "systemd would still start it"
quietly inside dpkg -i "/$(basename "$package")"
[ "$(sold)" = 2 ] || fail "the audit finds $(sold) sales after all that"
test_that "removed and purged it leaves what was sold, and finds it when it is back"
echo "      Tests  $passed passed, 0 failed"
