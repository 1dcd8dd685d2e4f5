#!/usr/bin/env bash
# bare-root.sh PROGRAM: shows that this PROGRAM needs nothing of a Linux but its kernel: in a root where there is nothing else, not even a shell or
# a folder, it serves, answers for its health and sells. Needs root; ends with one line of counts.
set -euo pipefail
program=$(realpath "${1:?"say which program"}")
[ "$(id -u)" = 0 ] || { echo "bare-root.sh: only root can give a program another root: call it with sudo" >&2; exit 1; }
scratch=$(mktemp -d) served=
end() {
  local code=$?
  [ -z "$served" ] || kill "$served" 2>/dev/null || true
  [ "$code" = 0 ] || { cat "$scratch"/*.log >&2 2>/dev/null || true; echo "      Tests  0 passed, 1 failed"; }
  rm -rf "$scratch"
  exit "$code"
}
trap end EXIT
fail() { echo "WRONG: $*" >&2; exit 1; }
if readelf --wide --program-headers "$program" | grep -q INTERP; then fail "$program asks for a loader"; fi
if readelf --wide --dynamic "$program" | grep NEEDED; then fail "$program needs libraries"; fi
root=$scratch/root
mkdir "$root"
cp "$program" "$root/jari"
# It makes its data there, as somebody who is nobody in particular.
chown 10001:10001 "$root"
address=127.$((64 | $$ >> 14 & 0x3F)).$(($$ >> 6 & 0xFF)).$((($$ & 0x3F) << 2 | 2))
(exec env -i PATH=/usr/sbin:/usr/bin chroot --userspec=10001:10001 "$root" /jari serve --demo --listen "$address:8080" --internal-listen "$address:9090") > "$scratch/serve.log" 2>&1 &
served=$!
left=300
until grep -q '^Jari is open' "$scratch/serve.log"; do
  kill -0 "$served" 2>/dev/null || fail "it has ended"
  [ $((left -= 1)) -gt 0 ] || fail "it is not open after 30 seconds"
  sleep 0.1
done
inside() { env -i PATH=/usr/sbin:/usr/bin chroot --userspec=10001:10001 "$root" /jari "$@" 2> "$scratch/inside.log"; }
exec 3<>"/dev/tcp/$address/9090"
printf 'GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n' >&3
grep -q 'HTTP/1.1 200' <&3 || fail "/healthz does not answer"
inside health --internal-listen "$address:9090"
sold=$(inside buy --event spring-gala --quantity 2 --json --url "http://$address:8080")
grep -q '"code"' <<<"$sold" || fail "nothing was sold: $sold"
kill "$served"
wait "$served" || fail "it did not end well"
served=
inside audit > "$scratch/audit.log" || fail "the audit"
[ "$(find "$root" -maxdepth 1 -type f ! -name 'ticket*' ! -name 'reservation*' | wc -l)" = 1 ] || fail "there is more than the program: $(ls "$root")"
echo "it serves, answers and sells in a root that has nothing else"
echo "      Tests  1 passed, 0 failed"
