#!/usr/bin/env bash
# Builds (build), checks (check) or tests (test) the pages in web/, with the packages that the lockfile names.
set -euo pipefail
cd "$(dirname "$0")/../web"
command -v npm >/dev/null || { echo "Node.js 20.19 or newer is needed for the pages: install it and try again." >&2; exit 1; }
if ! cmp -s package-lock.json node_modules/.installed; then
  # Not npm ci: it asks for the packages of every platform, and the lockfile names those that there are.
  npm install --no-save --no-audit --no-fund --loglevel=error
  cp package-lock.json node_modules/.installed
fi
case "$1" in
  build) npm run --silent build -- --logLevel=warn ;;
  check) npm run --silent check && npm run --silent types -- --check && npm run --silent build -- --logLevel=warn && npm run --silent sizes ;;
  test) NO_COLOR=1 npm test --silent ;;
  *) echo "say build, check or test" >&2; exit 2 ;;
esac
