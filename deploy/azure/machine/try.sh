#!/usr/bin/env bash
# try.sh: boots a real Debian 12 with systemd and cloud-init in a folder of its own, with what Terraform would hand to the machine of one-machine, and
# looks at what has become of it: the disk, Docker's folder, this repository at its commit, the keys, and how compose was called. Needs root, Debian's
# packages debootstrap and systemd-container, a loop device, and the registry of Debian's packages; takes some minutes. Docker's programs are
# stand-ins that write down how they were called: images are tried by "make containers-test".
set -euo pipefail
cd "$(dirname "$0")/../../.."
here=deploy/azure/machine
[ "$(id -u)" = 0 ] || { echo "try.sh: only root can boot a machine in a folder: call it with sudo" >&2; exit 1; }
for program in debootstrap systemd-nspawn losetup; do
  command -v "$program" >/dev/null || { echo "try.sh: $program is missing: apt-get install debootstrap systemd-container" >&2; exit 1; }
done
fail() { echo "WRONG: $*" >&2; exit 1; }
step() { echo "== $*"; }
scratch=$(mktemp -d /var/tmp/jari-machine-XXXXXX)
root=$scratch/root disk=
name=jari-try-$$
end() {
  local code=$?
  [ -z "${machine:-}" ] || kill -KILL "$machine" 2>/dev/null || true
  [ -z "$disk" ] || losetup --detach "$disk" || true
  if [ "$code" != 0 ] && [ -s "$root/var/log/cloud-init-output.log" ]; then tail -n 40 "$root/var/log/cloud-init-output.log" >&2; fi
  rm -rf "$scratch"
  exit "$code"
}
trap end EXIT

step "Debian, with cloud-init"
debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus,udev,iproute2,ca-certificates,e2fsprogs,mount,git bookworm "$root" > "$scratch/log" 2>&1 ||
  { tail -n 5 "$scratch/log" >&2; fail "debootstrap"; }
cp /etc/apt/sources.list "$root/etc/apt/" 2>/dev/null || true
chroot "$root" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends cloud-init locales openssh-server > "$scratch/log" 2>&1 ||
  { tail -n 5 "$scratch/log" >&2; fail "apt-get install cloud-init locales openssh-server"; }
# What the packages would bring, as far as the scripts call it.
for program in docker docker-compose; do
  printf '#!/bin/sh\n[ "$*" = "compose version" ] && exit 1\n{ echo "%s $*"; env | grep ^JARI_ | sort; } >> /var/log/called\n' "$program" > "$root/usr/bin/$program"
  chmod 755 "$root/usr/bin/$program"
done
printf '[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sh -c "cat /etc/docker/daemon.json >> /var/log/called || true"\n' > "$root/etc/systemd/system/docker.service"

step "what Terraform would hand to it"
truncate -s 256M "$scratch/disk"
disk=$(losetup --find --show "$scratch/disk")
git clone --quiet --bare . "$root/srv/jari.git"
commit=$(git rev-parse HEAD)
settings="JARI_REPOSITORY='/srv/jari.git'
JARI_COMMIT='$commit'
JARI_IMAGES='example'
JARI_ROLE='all'
JARI_PORT='80'
JARI_LIMIT_EXEMPT=''
JARI_DATA_DISK='$disk'
"
seed=$root/var/lib/cloud/seed/nocloud
mkdir -p "$seed"
echo "instance-id: $name" > "$seed/meta-data"
# The same file that Terraform fills in; of the packages only what is no stand-in here.
sed -e "s|\${settings}|$(base64 -w 0 <<<"$settings")|" -e "s|\${first_start}|$(base64 -w 0 "$here/first-start.sh")|" \
  -e 's/^packages: .*/packages: [ca-certificates]/' "$here/cloud-init.yaml" > "$seed/user-data"
# It has this machine's network, and is to leave it alone.
printf 'datasource_list: [NoCloud]\nnetwork: {config: disabled}\nlocale: false\n' > "$root/etc/cloud/cloud.cfg.d/99-try.cfg"

boot() {
  systemd-nspawn --quiet --register=no --keep-unit --directory "$root" --machine "$name" --boot --bind "$disk" \
    --resolv-conf=copy-host </dev/null > "$scratch/console" 2>&1 &
  machine=$!
}
# until_there FILE: what is written last.
until_there() {
  local left=600
  until [ -s "$root/$1" ]; do
    kill -0 "$machine" 2>/dev/null || { tail -n 20 "$scratch/console" >&2; fail "the machine has ended"; }
    [ $((left -= 1)) -gt 0 ] || { tail -n 20 "$scratch/console" >&2; fail "$1 is not there after five minutes"; }
    sleep 0.5
  done
}
# inside COMMAND…: on the machine.
inside() { nsenter --target "$(pgrep --parent "$machine" --oldest)" --mount --uts --ipc --net --pid -- "$@"; }
# is WHAT EXPECTED GOT
is() { [ "$2" = "$3" ] || fail "$1: $3, not $2"; echo "   $1: $3"; }
off() { kill -TERM "$machine"; wait "$machine" || true; machine=; }

step "its first start"
boot
until_there var/lib/cloud/data/result.json
is "what cloud-init says went wrong" "[]" "$(python3 -c 'import json, sys; print(json.load(sys.stdin)["v1"]["errors"])' < "$root/var/lib/cloud/data/result.json")"
is "the disk" "ext4 jari-data" "$(inside findmnt --noheadings --output FSTYPE,LABEL /srv/jari-data | xargs)"
is "the commit" "$commit" "$(inside git -C /opt/jari rev-parse HEAD)"
is "keys on the disk" 10 "$(inside find /srv/jari-data/secrets -type f | wc -l)"
is "Docker's folder" '{"data-root": "/srv/jari-data/docker", "live-restore": true}' "$(inside head -n 1 /var/log/called)"
is "compose" "docker-compose -p jari -f /opt/jari/deploy/compose.yaml up --detach --no-build" "$(inside grep '^docker-compose' /var/log/called)"
for setting in JARI_BIND=0.0.0.0 JARI_IMAGES=example JARI_PORT=80 JARI_ROLE=all JARI_SECRETS=/srv/jari-data/secrets "JARI_VERSION=$commit"; do
  inside grep -qx "$setting" /var/log/called || fail "compose was not told $setting"
done
keys=$(inside sh -c 'cat /srv/jari-data/secrets/*' | sha256sum)

step "called again"
inside /usr/local/sbin/jari-first-start
is "the keys" "$keys" "$(inside sh -c 'cat /srv/jari-data/secrets/*' | sha256sum)"
off

step "started again"
rm "$root/var/log/called" "$root/var/lib/cloud/data/result.json"
boot
until_there var/lib/cloud/data/result.json
# A machine in a folder has no udev, for whose names systemd waits before it mounts anything.
inside mount /srv/jari-data
is "the disk" "ext4 jari-data" "$(inside findmnt --noheadings --output FSTYPE,LABEL /srv/jari-data | xargs)"
is "the keys" "$keys" "$(inside sh -c 'cat /srv/jari-data/secrets/*' | sha256sum)"
off
echo "The machine is as it should be."
