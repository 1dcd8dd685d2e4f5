#!/usr/bin/env bash
# Checks what only runs elsewhere: the workflows of GitHub, by actionlint (which has shellcheck look at their scripts) and by zizmor;
# the manifests of Kubernetes, as kustomize makes them, against the schemas of its API.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.tools/bin:$PATH"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# quietly COMMAND…: what it says is of interest only if it fails.
quietly() { "$@" >"$scratch/said" 2>&1 || { cat "$scratch/said" >&2; echo "WRONG: $*" >&2; exit 1; }; }
# refuses PATTERN COMMAND…: it must fail, and say why.
refuses() {
  local why=$1
  shift
  if "$@" >"$scratch/said" 2>&1 || ! grep -q "$why" "$scratch/said"; then
    cat "$scratch/said" >&2
    echo "WRONG: this found nothing wrong with what is wrong: $*" >&2
    exit 1
  fi
}

# with_tools FILE…: Python with what .tools holds, which is a venv where the machine can make one.
with_tools() { if [ -d .tools/venv ]; then .tools/venv/bin/python "$@"; else PYTHONPATH=.tools/lib python3 "$@"; fi; }

workflows() {
  quietly actionlint .github/workflows/*.yml
  quietly zizmor --offline --no-progress .github
  quietly shellcheck scripts/*.sh
  # They would see what must not be: an expression in a script, an action by its tag.
  mkdir -p "$scratch/.github/workflows"
  sed -e 's/run: make check/run: echo ${{ github.event.pull_request.title }}/' -e 's/checkout@[0-9a-f]*/checkout@v7/' \
    .github/workflows/ci.yml > "$scratch/.github/workflows/bad.yml"
  refuses 'untrusted' actionlint "$scratch/.github/workflows/bad.yml"
  refuses 'unpinned-uses' zizmor --offline --no-progress "$scratch/.github"
  # Every step of CI that runs something runs a target of the Makefile, but for what its image lacks.
  while read -r target; do grep -q "^$target:" Makefile || { echo "ci.yml: the Makefile has no target $target" >&2; exit 1; }; done \
    < <(sed -n 's/^ *- run: make //p' .github/workflows/ci.yml)
  if grep -E '^ *- run: ' .github/workflows/ci.yml | grep -qv 'run: make '; then echo "ci.yml: it runs more than targets of the Makefile" >&2; exit 1; fi
}

manifests() {
  local overlay
  for overlay in laptop production; do
    kubectl kustomize "deploy/kubernetes/overlays/$overlay" > "$scratch/$overlay.yaml"
    quietly with_tools scripts/manifests.py "$scratch/$overlay.yaml"
  done
  # It would see what must not be: a field that there is not, a port that nobody has, a container that may become root.
  sed 's/readinessProbe:/readynessProbe:/' "$scratch/production.yaml" > "$scratch/bad.yaml"
  refuses 'readynessProbe' with_tools scripts/manifests.py "$scratch/bad.yaml"
  sed 's/allowPrivilegeEscalation: false/allowPrivilegeEscalation: true/' "$scratch/production.yaml" > "$scratch/bad.yaml"
  refuses 'is not restricted' with_tools scripts/manifests.py "$scratch/bad.yaml"
  sed 's/targetPort: internal/targetPort: inner/' "$scratch/production.yaml" > "$scratch/bad.yaml"
  refuses 'no port inner' with_tools scripts/manifests.py "$scratch/bad.yaml"
}

workflows
manifests
echo "The workflows and the manifests are as they should be."
