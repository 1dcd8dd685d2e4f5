#!/usr/bin/env bash
# Runs every test and ends with one plain line of counts.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.tools/bin:$PATH"
# The closing lines are read below: without colours they are plain text, whatever the caller asked of cargo.
export CARGO_TERM_COLOR=never
log=$(mktemp)
trap 'rm -f "$log"' EXIT
cargo-nextest nextest run --workspace --locked --no-fail-fast --status-level fail --final-status-level fail 2>&1 | tee "$log" || failed=1
cargo test --workspace --locked --doc --quiet 2>&1 | tee -a "$log" || failed=1
scripts/pages.sh test 2>&1 | tee -a "$log" || failed=1
# In a real browser, against the programs that the tests above have built.
scripts/pages.sh e2e "$(scripts/target.sh)/debug" 2>&1 | tee -a "$log" || failed=1
# The Debian packages of that program, in a Debian of their own.
deploy/debian/test.sh "$(scripts/target.sh)/debug/jari" 2>&1 | tee -a "$log" || failed=1
# The runners' own lines: "Tests  13 passed (13)", "Summary […] 120 tests run: 119 passed, 1 failed, 0 skipped", "test result: ok. 2 passed; 0 failed; …".
count() { python3 - "$log" "$1" <<'P'
import re, sys
lines = [l for l in open(sys.argv[1], errors="replace") if re.match(r"\s*Summary |test result: |\s*Tests  ", l)]
print(sum(int(n) for l in lines for n in re.findall(r"(\d+) (?:" + sys.argv[2] + r")\b", l)))
P
}
passed=$(count passed); bad=$(count "failed|exec failed|timed out"); skipped=$(count "skipped|ignored")
if ! grep -qE '^ *Summary ' "$log"; then echo "the tests were not run: see above" >&2; failed=1; fi
[ "$passed" -gt 0 ] || { echo "no test ran" >&2; failed=1; }
echo "$passed passed, $bad failed, $skipped skipped"
exit "${failed:-0}"
