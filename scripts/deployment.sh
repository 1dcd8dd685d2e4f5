#!/usr/bin/env bash
# Checks what only runs elsewhere: the workflows of GitHub, by actionlint (which has shellcheck look at their scripts) and by zizmor;
# the manifests of Kubernetes, as kustomize makes them, against the schemas of its API; the machines of Azure, against the provider's arguments, by
# checkov, and by the schema of the cloud-init that they have.
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
with_tools() { if [ -d .tools/venv ]; then .tools/venv/bin/python "$@"; else PYTHONPATH=${PYTHONPATH:-.tools/lib} python3 "$@"; fi; }

workflows() {
  quietly actionlint .github/workflows/*.yml
  quietly zizmor --offline --no-progress .github
  # Backticks in single quotes are Markdown.
  git ls-files -z '*.sh' | quietly xargs -0 shellcheck --exclude SC2016
  # They would see what must not be: an expression in a script, an action by its tag.
  mkdir -p "$scratch/.github/workflows"
  sed -e 's/run: make check/run: echo ${{ github.event.pull_request.title }}/' -e 's/checkout@[0-9a-f]*/checkout@v7/' \
    .github/workflows/ci.yml > "$scratch/.github/workflows/bad.yml"
  refuses 'untrusted' actionlint "$scratch/.github/workflows/bad.yml"
  refuses 'unpinned-uses' zizmor --offline --no-progress "$scratch/.github"
  # Every step of CI and of a release that runs something runs a target of the Makefile, but for those with a name: what an image lacks.
  local workflow
  for workflow in ci release; do
    while read -r target; do grep -q "^$target:" Makefile || { echo "$workflow.yml: the Makefile has no target $target" >&2; exit 1; }; done \
      < <(sed -nE 's/^ *- run: make ([a-z-]+).*/\1/p' ".github/workflows/$workflow.yml")
    if grep -E '^ *- run: ' ".github/workflows/$workflow.yml" | grep -qv 'run: make '; then
      echo "$workflow.yml: it runs more than targets of the Makefile" >&2
      exit 1
    fi
  done
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
  sed 's/name: jari_people_waiting/name: jari_people_there/' "$scratch/production.yaml" > "$scratch/bad.yaml"
  refuses 'nothing says jari_people_there' with_tools scripts/manifests.py "$scratch/bad.yaml"
  sed 's/livenessProbe:/startupProbe:/; /^kind: PodDisruptionBudget/,/^---/s/app: redis$/app: others/' "$scratch/production.yaml" > "$scratch/bad.yaml"
  refuses 'nginx has no livenessProbe' with_tools scripts/manifests.py "$scratch/bad.yaml"
  refuses 'redis has no PodDisruptionBudget' with_tools scripts/manifests.py "$scratch/bad.yaml"
}

azure() {
  local cloud_init=$scratch/cloud-init.yaml
  quietly with_tools scripts/azure.py deploy/azure .tools/azurerm.tgz
  quietly checkov --directory deploy/azure --framework terraform --config-file deploy/azure/checkov.yaml --skip-download --compact --quiet
  # As Terraform fills it in.
  sed "s/\${[a-z_]*}/eA==/" deploy/azure/machine/cloud-init.yaml > "$cloud_init"
  quietly cloud_init_schema "$cloud_init"
  # They would see what must not be: an argument that there is not, one that is missing, a machine that takes passwords, a key that cloud-init does not know.
  cp -R deploy/azure "$scratch/azure"
  sed -i 's/vtpm_enabled  /vtpm_enable  /; /^  size  /d' "$scratch/azure/modules/machine/main.tf"
  refuses 'there is no vtpm_enable' with_tools scripts/azure.py "$scratch/azure" .tools/azurerm.tgz
  refuses 'size is missing' with_tools scripts/azure.py "$scratch/azure" .tools/azurerm.tgz
  sed -i 's/disable_password_authentication = true/disable_password_authentication = false/' "$scratch/azure/scale-set/main.tf"
  refuses 'CKV_AZURE_49' checkov --directory "$scratch/azure" --framework terraform --config-file deploy/azure/checkov.yaml --skip-download --compact --quiet
  sed -i 's/encoding: b64/encodin: b64/' "$cloud_init"
  refuses "'encodin' was unexpected" cloud_init_schema "$cloud_init"
  vault
}

# cloud_init_schema FILE: it tells what is wrong, and ends as if nothing were.
cloud_init_schema() {
  PYTHONPATH=.tools/cloud-init/usr/lib/python3/dist-packages:.tools/lib with_tools -m cloudinit.config.schema --config-file "$1" > "$scratch/schema" 2>&1 || true
  cat "$scratch/schema"
  grep -q '^Valid cloud-config' "$scratch/schema"
}

# A machine reads from the vault what its services need, and nothing else; here the vault is a file for each question.
vault() {
  local answers=$scratch/vault read=$scratch/read
  mkdir -p "$answers/metadata/identity/oauth2" "$answers/secrets"
  echo '{"access_token": "the token"}' > "$answers/metadata/identity/oauth2/token"
  for name in secret-key entry-key operator-key service-key database-url redis-url postgres-password redis-password; do
    echo "{\"value\": \"the $name\"}" > "$answers/secrets/$name"
  done
  python3 -u -m http.server --directory "$answers" --bind 127.0.0.1 0 > "$scratch/vault.log" 2>&1 &
  vault_id=$!
  until grep -q 'Serving HTTP' "$scratch/vault.log"; do kill -0 "$vault_id"; done
  local url
  url=$(sed -n 's/.*(\(http:.*\)\/).*/\1/p' "$scratch/vault.log")
  JARI_VAULT=a JARI_ROLE=postgres,redis JARI_SECRETS=$read JARI_IDENTITY_URL=$url JARI_VAULT_URL=$url quietly deploy/azure/machine/read-vault.sh
  kill "$vault_id"
  [ "$(cd "$read" && head -v -- *)" = "$(printf '==> postgres-password <==\nthe postgres-password\n==> redis-password <==\nthe redis-password\n==> redis.conf <==\nrequirepass the redis-password')" ] ||
    { ls -l "$read" >&2; echo "WRONG: a machine with the stores has read something else" >&2; exit 1; }
  JARI_VAULT=a JARI_ROLE=stores JARI_SECRETS=$read refuses 'stores is no role' deploy/azure/machine/read-vault.sh
}

workflows
manifests
azure
echo "The workflows, the manifests and the machines are as they should be."
