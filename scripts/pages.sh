#!/usr/bin/env bash
# The pages in web/, with the packages that the lockfile names: builds (build), checks (check) or tests (test) them, or walks them in
# a browser against the programs in a folder (e2e FOLDER), which also makes pictures of all of them (screenshots PROGRAM), or
# measures how smooth they are (bench PROGRAM).
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
  e2e)
    npm run --silent build -- --logLevel=error
    log=$(mktemp); bad=0
    trap 'rm -f "$log"' EXIT
    for who in ops gate line map buyers; do node "e2e/$who.mjs" "$2/jari" | tee -a "$log" || bad=$((bad + 1)); done
    # And where everything is many programs.
    node e2e/cluster.mjs "$2/local-cluster" | tee -a "$log" || bad=$((bad + 1))
    echo "      Tests  $(grep -c ': passed$' "$log" || true) passed, $bad failed"
    [ "$bad" = 0 ]
    ;;
  screenshots)
    npm run --silent build -- --logLevel=error
    out=../target/screenshots; rm -rf "$out"; mkdir -p "$out" ../docs/pictures
    for who in ops gate line map buyers; do node "e2e/$who.mjs" "$2" "$out"; done
    node e2e/pictures.mjs "$2" ../docs/pictures
    node scripts/contactSheet.mjs "$out"
    ;;
  bench)
    npm run --silent build -- --logLevel=error
    node e2e/frames.mjs "$2" ../bench-results
    ;;
  *) echo "say build, check, test, e2e, screenshots or bench" >&2; exit 2 ;;
esac
