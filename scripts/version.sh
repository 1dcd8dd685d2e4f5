#!/usr/bin/env bash
# The version, which stands in Cargo.toml alone. "check TAG" says whether a tag can be released: it is that version, and CHANGELOG.md
# has a section for it. "notes" prints that section.
set -euo pipefail
cd "$(dirname "$0")/.."
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
fail() { echo "release: $*" >&2; exit 1; }
notes() { awk -v heading="## $version" 'index($0, "## ") == 1 { within = ($0 == heading || index($0, heading " ") == 1); next } within' CHANGELOG.md; }
case "${1:-}" in
  '') echo "$version" ;;
  notes) notes ;;
  check)
    tag=${2:?"say which tag"}
    [ "$tag" = "v$version" ] || fail "the tag is $tag and the version in Cargo.toml $version: tag v$version, or change the version"
    grep -q '[^[:space:]]' <<<"$(notes)" || fail "CHANGELOG.md says nothing under \"## $version\": what is under \"## Unreleased\" belongs there"
    [ "$(grep -m 1 '^## ' CHANGELOG.md | cut -d ' ' -f 2)" = "$version" ] || fail "CHANGELOG.md begins with something else than \"## $version\""
    ;;
  *) fail "say nothing, \"check TAG\" or \"notes\"" ;;
esac
