#!/usr/bin/env bash
# publish.sh NAMESPACE COMMIT: builds every image of deploy/Dockerfile with provenance and an SBOM and pushes it to NAMESPACE on Docker Hub
# under the commit; when all are there, they become latest. Who calls it is logged in.
set -euo pipefail
cd "$(dirname "$0")/.."
namespace=${1:?"say the namespace on Docker Hub"} commit=${2:?"say the commit"}
targets="ticketing-core queue-service staff-api web jari"
# Attestations need a builder of its own: the engine's can't write them.
docker buildx create --name jari-publish --driver docker-container >/dev/null
trap 'docker buildx rm jari-publish >/dev/null' EXIT
for target in $targets; do
  docker buildx build --builder jari-publish --file deploy/Dockerfile --target "$target" --tag "$namespace/$target:$commit" \
    --build-arg VERSION="$(scripts/version.sh)" --build-arg REVISION="$commit" \
    --provenance=mode=max --sbom=true --push .
done
for target in $targets; do
  docker buildx imagetools create --tag "$namespace/$target:latest" "$namespace/$target:$commit"
done
