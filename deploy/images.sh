#!/usr/bin/env bash
# Builds the images of deploy/Dockerfile. JARI_VERSION is their tag; with JARI_BUILD_NETWORK=host cargo, npm and apt-get use this machine's
# network, where a container's own reaches no registry of packages.
set -euo pipefail
cd "$(dirname "$0")/.."
version=${JARI_VERSION:-$(scripts/version.sh)}
revision=$(git rev-parse HEAD 2>/dev/null || echo unknown)
for target in ticketing-core queue-service staff-api web jari; do
  DOCKER_BUILDKIT=1 docker build --file deploy/Dockerfile --target "$target" --tag "jari/$target:$version" \
    --build-arg VERSION="$version" --build-arg REVISION="$revision" --network "${JARI_BUILD_NETWORK:-default}" .
done
