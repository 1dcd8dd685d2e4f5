#!/usr/bin/env bash
# A standby of PostgreSQL that has all that was answered, and what to do when one of the two machines is lost; docs/OPERATING.md ("Losing
# PostgreSQL's machine") says when. SERVER and PRIMARY are what psql takes: postgres://user@host/database, or "host=… user=…".
#
#   standby.sh join DATA NAME PRIMARY   makes DATA the standby NAME of PRIMARY, with a role that may replicate; then start PostgreSQL on it
#   standby.sh require SERVER NAME…     from now on SERVER answers a commit when one of these standbys has it, too
#   standby.sh alone SERVER             from now on SERVER answers a commit when it has it alone
#   standby.sh promote SERVER           the standby SERVER takes over: only when the old one is off, and stays off until it has joined anew
#   standby.sh state SERVER             what it is, and who follows it
set -euo pipefail
# Debian keeps the programs of each version by themselves.
newest=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -1)
PATH=$PATH${newest:+:$newest}
# A standby that has been there is back within seconds; one that copies everything has begun before it is required.
seconds=60

fail() { echo "standby.sh: $*" >&2; exit 1; }
ask() { psql --no-psqlrc --no-align --tuples-only --quiet --set ON_ERROR_STOP=1 --dbname "$server" --command "$1"; }
is_name() { [[ $1 =~ ^[a-z0-9_-]+$ ]] || fail "\"$1\" is no name of a standby: take small letters, digits, - and _"; }
# answer_with NAMES: whom a commit waits for; nobody if empty.
answer_with() {
  ask "alter system set synchronous_standby_names = '$1'"
  ask "select pg_reload_conf()" >/dev/null
}
# within WHAT QUESTION: asks until the answer is t.
within() {
  local left=$((seconds * 5))
  until [ "$(ask "$2")" = t ]; do
    [ $((left -= 1)) -gt 0 ] || fail "after $seconds seconds $1"
    sleep 0.2
  done
}

join() {
  local data=$1 name=$2 primary=$3 before
  is_name "$name"
  if [ -d "$data" ] && pg_ctl status --pgdata "$data" >/dev/null 2>&1; then fail "PostgreSQL runs on $data: stop it first"; fi
  if [ -n "$(ls -A "$data" 2>/dev/null)" ]; then
    before=$data.until-$(date -u +%Y%m%dT%H%M%S)
    mv "$data" "$before"
    echo "What was in $data is in $before: throw it away when the standby follows."
  fi
  # What it is called goes into the settings that are written for it.
  PGAPPNAME=$name pg_basebackup --dbname "$primary" --pgdata "$data" --checkpoint fast --wal-method stream --write-recovery-conf --no-password
}

require() {
  local names=() quoted
  for name; do is_name "$name"; names+=("\"$name\""); done
  quoted=$(IFS=,; echo "${names[*]}")
  # Without one every commit would wait, and nothing would be sold.
  within "none of $* follows it: nothing was changed" \
    "select exists (select from pg_stat_replication where state = 'streaming' and application_name = any('{$quoted}'))"
  answer_with "ANY 1 ($quoted)"
  within "no standby is waited for" "select exists (select from pg_stat_replication where sync_state = 'quorum')"
}

promote() {
  [ "$(ask 'select pg_is_in_recovery()')" = t ] || fail "that is no standby: it takes over from nobody"
  # First, because nobody follows it yet.
  answer_with ""
  [ "$(ask "select pg_promote(true, $seconds)")" = t ] || fail "it has not taken over within $seconds seconds: look at its log"
}

state() {
  ask "select case when pg_is_in_recovery() then 'a standby' else 'the primary; a commit waits for: ' || coalesce(nullif(current_setting('synchronous_standby_names'), ''), 'nobody') end"
  ask "select application_name || ' at ' || client_addr || ': ' || state || ', ' || sync_state from pg_stat_replication"
}

what=${1:-}
case "$what $#" in
  "join 4") join "$2" "$3" "$4" ;;
  "require "[3-9]) server=$2; shift 2; require "$@" ;;
  "alone 2") server=$2; answer_with "" ;;
  "promote 2") server=$2; promote ;;
  "state 2") server=$2; state ;;
  *) sed -n '/^# *standby.sh /s/^# *//p' "$0" >&2; exit 2 ;;
esac
