#!/usr/bin/env bash
# build.sh PROGRAM DIR: makes the Debian packages of this PROGRAM in DIR, by debhelper. What the program says of itself, completions and man
# pages, is asked of it. JARI_VERSION is another version than Cargo.toml's, for trying an upgrade; JARI_MAINTAINER, as
# "Name <address>", is whom Debian's tools name to whoever has a question.
set -euo pipefail
program=$(realpath "${1:?"say which program"}") out=$(realpath "${2:?"say where to"}")
cd "$(dirname "$0")/../.."
deploy/debian/needs.sh debhelper fakeroot
maintainer=${JARI_MAINTAINER:-Jari <jari@localhost>}
version=${JARI_VERSION:-$(scripts/version.sh)}
[ -f web/dist/index.html ] || { echo "build.sh: there are no pages in web/dist: scripts/pages.sh build" >&2; exit 1; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# The same files give the same packages.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || stat -c %Y Cargo.toml)
export SOURCE_DATE_EPOCH
tree=$scratch/jari files=$scratch/jari/files
mkdir -p "$files/completions" "$files/man" "$files/tls"
cp -R deploy/debian "$tree/debian"
rm "$tree"/debian/*.sh "$tree/debian/README.md"
sed -i "s/^Maintainer: .*/Maintainer: $maintainer/" "$tree/debian/control"
install -m 755 "$program" "$files/jari"
"$files/jari" completions bash > "$files/completions/jari"
"$files/jari" completions zsh > "$files/completions/_jari"
"$files/jari" completions fish > "$files/completions/jari.fish"
"$files/jari" man --dir "$files/man"
scripts/licences.py > "$files/third-party-licences.txt"
cp -R deploy/nginx "$files/nginx"
cp deploy/tls/https.sh "$files/tls/"
cp -R web/dist "$files/pages"
cp deploy/systemd/gateway.env "$files/"
cp CHANGELOG.md "$tree/"
# By the names that debhelper knows them by.
cp deploy/systemd/jari.service deploy/systemd/jari.sysusers deploy/systemd/jari.default "$tree/debian/"
for unit in jari-gateway.service jari-https.service jari-https.timer; do
  sed 's|/opt/jari/deploy/|/usr/share/jari/|' "deploy/tls/$unit" > "$tree/debian/jari-gateway.$unit"
done
cat > "$tree/debian/changelog" <<C
jari ($version-1) unstable; urgency=medium

  * Version $version; the program's own changelog says what is new.

 -- $maintainer  $(date -u -R -d "@$SOURCE_DATE_EPOCH")
C
cd "$tree"
if ! fakeroot debian/rules binary > "$scratch/log" 2>&1; then tail -n 20 "$scratch/log" >&2; exit 1; fi
mv "$scratch"/*.deb "$out/"
ls "$out"/jari*_"$version"-1_*.deb
