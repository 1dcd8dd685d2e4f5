#!/usr/bin/env bash
# release.sh [TAG]: makes what is released in target/dist, and tries it. The program is linked statically (musl), so that it runs on any Linux for
# x86-64; a TAG must agree with the version and the changelog. The same program gives the same packages.
set -euo pipefail
cd "$(dirname "$0")/.."
version=$(scripts/version.sh) target=x86_64-unknown-linux-musl
[ -z "${1:-}" ] || scripts/version.sh check "$1"
deploy/debian/needs.sh musl-tools binutils xz-utils
scripts/pages.sh build
if command -v rustup >/dev/null; then rustup target add $target; fi
out=$(scripts/target.sh)/dist
rm -rf "$out" && mkdir -p "$out"
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# Neither where it was built nor names for debuggers are in it.
export CC_x86_64_unknown_linux_musl=musl-gcc CARGO_PROFILE_RELEASE_STRIP=symbols
export CARGO_TARGET_X86_64_UNKNOWN_LINUX_MUSL_RUSTFLAGS="--remap-path-prefix=$PWD=. --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=/cargo"
cargo build --release --locked -p jari --target $target
program=$(scripts/target.sh)/$target/release/jari

# In one folder: the program, what it says of itself, the unit and its settings, the licences.
folder=jari-$version-linux-x86_64
files=$scratch/$folder
mkdir -p "$files/completions" "$files/man"
install -m 755 "$program" "$files/jari"
for shell in bash zsh fish; do "$program" completions $shell > "$files/completions/jari.$shell"; done
"$program" man --dir "$files/man"
scripts/licences.py > "$files/third-party-licences.txt"
cp LICENSE README.md README.ko.md CHANGELOG.md "$files/"
cp -R deploy/systemd "$files/systemd"
tar --directory "$scratch" --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --create "$folder" |
  xz -T0 > "$out/$folder.tar.xz"
deploy/debian/build.sh "$program" "$out" >/dev/null

# What they are made of: the program by CycloneDX's own tool, which writes beside every crate, the pages by npm's.
mkdir "$scratch/source" "$scratch/jari-pages"
git archive HEAD | tar --extract --directory "$scratch/source"
cargo install --quiet --locked cargo-cyclonedx@0.5.9 --root .tools/cyclonedx
.tools/cyclonedx/bin/cargo-cyclonedx cyclonedx --quiet --manifest-path "$scratch/source/services/jari/Cargo.toml" --format json --target $target \
  --spec-version 1.5 --no-build-deps --override-filename sbom
sed "s|$scratch/source/||" "$scratch/source/services/jari/sbom.json" > "$out/jari-$version-program.cdx.json"
cp web/package.json web/package-lock.json "$scratch/jari-pages/"
(cd "$scratch/jari-pages" && npm pkg set "version=$version" && npm sbom --package-lock-only --sbom-format cyclonedx) > "$out/jari-$version-pages.cdx.json"
# Not among the sums: it is what is written above the files.
(cd "$out" && sha256sum -- * > "$scratch/sums" && mv "$scratch/sums" SHA256SUMS)
scripts/version.sh notes > "$out/NOTES.md"

scripts/bare-root.sh "$program"
deploy/debian/test.sh "$program" "$out"
ls -l "$out"
