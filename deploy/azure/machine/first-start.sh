#!/usr/bin/env bash
# What cloud-init starts on a new machine, told by /etc/jari/machine.env: mounts the disk for the data, has Docker keep its volumes there, takes this
# repository at the commit, and starts what the machine is for. Called again it goes on where it ended.
set -euo pipefail
settings=${JARI_MACHINE_SETTINGS:-/etc/jari/machine.env}
set -a
# shellcheck source=/dev/null
. "$settings"
set +a
data=/srv/jari-data
say() { echo "jari-first-start: $*"; }

mount_data() {
  [ -n "${JARI_DATA_DISK:-}" ] || return 0
  # It is attached after the machine has started.
  local tries=120
  until [ -b "$JARI_DATA_DISK" ]; do
    [ $((tries -= 1)) -gt 0 ] || { say "there is no disk $JARI_DATA_DISK: is it attached?" >&2; exit 1; }
    sleep 5
  done
  # What holds something already is not made anew.
  blkid "$JARI_DATA_DISK" >/dev/null || mkfs.ext4 -q -L jari-data "$JARI_DATA_DISK"
  grep -q '^LABEL=jari-data ' /etc/fstab ||
    echo "LABEL=jari-data $data ext4 defaults,nofail,x-systemd.required-by=docker.service,x-systemd.before=docker.service 0 2" >> /etc/fstab
  systemctl daemon-reload
  mountpoint -q "$data" || mount "$data"
}

move_docker() {
  mkdir -p /etc/docker
  echo "{\"data-root\": \"$data/docker\", \"live-restore\": true}" > /etc/docker/daemon.json
  systemctl restart docker
}

take_repository() {
  [ -d /opt/jari/.git ] || git clone --quiet "$JARI_REPOSITORY" /opt/jari
  git -C /opt/jari fetch --quiet origin
  git -C /opt/jari checkout --quiet --detach "$JARI_COMMIT"
}

mkdir -p "$data"
mount_data
move_docker
take_repository
say "starting as $JARI_ROLE at $JARI_COMMIT"
/opt/jari/deploy/azure/machine/start.sh
say "done"
