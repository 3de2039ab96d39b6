#!/bin/bash
# Figures for a monitoring system, of a session that runs: by rmctl, from the service and without it, and in the
# service's file. promtool finds no fault with them.
#
# usage: metrics.sh [BIN64 [BIN32]]
# shellcheck source=../e2e/evidence.sh
. "$(dirname "$0")/../e2e/evidence.sh"
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

# figure NAME[{LABELS}]: its value in $figures.
figure()
{
    awk -v name="redundancymaster_$1" 'substr($0, 1, length(name) + 1) == name " " { print $NF }' "$figures"
}

look()
{
    rmctl metrics "$@" >"$figures"
}

# is_figure NAME VALUE: of rmctl metrics, now.
is_figure()
{
    look
    [ "$(figure "$1")" = "$2" ]
}

# wait_figure NAME VALUE
wait_figure()
{
    wait_until 5000 is_figure "$1" "$2" || complain "$1 is '$(figure "$1")', not $2"
}

# checked WHAT: promtool has nothing to say about $figures.
checked()
{
    [ -n "$promtool" ] || return
    "$promtool" check metrics <"$figures" >"$RM_TMP/promtool.out" 2>&1 || complain "promtool, of $1: $(head -n 5 "$RM_TMP/promtool.out")"
    [ ! -s "$RM_TMP/promtool.out" ] || complain "promtool says, of $1: $(head -n 5 "$RM_TMP/promtool.out")"
}

of_server="{server=\"$E2E_SERVER\"}"
of_machine_1="{server=\"$E2E_SERVER\",machine=\"1\",host=\"localhost\"}"

with_the_service()
{
    local started before
    started=$(now_ms)
    rm -rf "$RM_TMP/data"
    fresh hot
    service_start
    probe_start --items 100
    wait_all_ready
    wait_figure "sessions$of_server" 1
    wait_figure "items$of_server" 100
    wait_figure "machine_sessions{server=\"$E2E_SERVER\",machine=\"2\",host=\"localhost\",state=\"up\"}" 1
    wait_figure "machine_active_sessions$of_machine_1" 1
    check "service_up" "$(figure service_up)" -eq 1
    awk -v seconds="$(figure "machine_ping_latency_seconds$of_machine_1")" 'BEGIN { exit !(seconds > 0 && seconds < 10) }' ||
        complain "the latency is '$(figure "machine_ping_latency_seconds$of_machine_1")'"
    checked "the service's"
    look --openmetrics
    grep -q '^# TYPE redundancymaster_switches counter' "$figures" || complain "OpenMetrics names a counter otherwise"
    [ "$(tail -n 1 "$figures")" = '# EOF' ] || complain "there is no end"
    fault A kill
    wait_active 2 10000
    wait_figure "switches_total{server=\"$E2E_SERVER\",cause=\"transport lost\"}" 1
    fault A clear
    wait_active 1 20000
    wait_figure "switches_total{server=\"$E2E_SERVER\",cause=\"return\"}" 1
    wait_updates 500
    look
    before=$(figure "updates_forwarded_total$of_server")
    probe_stop
    # Callbacks have several items each; all that the client got is counted, also what came last.
    wait_figure "sessions$of_server" 0
    check "updates that were counted" "$(figure "updates_forwarded_total$of_server")" -ge "$before"
    check "updates that were counted, by the client's own count" "$(figure "updates_forwarded_total$of_server")" -ge "$(proof received)"
    check "switches once the session is over" "$(figure "switches_total{server=\"$E2E_SERVER\",cause=\"transport lost\"}")" -eq 1
    settle
    row_end service/metrics/with-the-service "$started"
}

# The second session's counts are added to the first one's.
counters_go_on()
{
    local started before
    started=$(now_ms)
    look
    before=$(figure "updates_forwarded_total$of_server")
    probe_start --items 10
    wait_updates 100
    probe_stop
    wait_figure "sessions$of_server" 0
    check "updates of both sessions" "$(figure "updates_forwarded_total$of_server")" -ge $((before + $(proof received)))
    row_end service/metrics/counters-go-on "$started"
}

# What the two clients got is in it.
has_file()
{
    [ "$(tail -n 1 "$RM_TMP/data/metrics.prom" 2>/dev/null)" = '# EOF' ] &&
        grep -qF "updates_forwarded_total$of_server $1" "$RM_TMP/data/metrics.prom"
}

in_a_file()
{
    local started
    started=$(now_ms)
    look
    wait_until 20000 has_file "$(figure "updates_forwarded_total$of_server")" || complain "the service's file does not say it"
    figures=$RM_TMP/data/metrics.prom
    checked "the service's file"
    figures=$RM_TMP/figures
    must rmctl metrics --output "$(windows_path "$RM_TMP/own.prom")"
    figures=$RM_TMP/own.prom
    checked "rmctl's file"
    [ ! -e "$RM_TMP/own.prom.new" ] || complain "something is left over"
    figures=$RM_TMP/figures
    rmctl metrics --output "$(windows_path "$RM_TMP/nowhere/own.prom")" | grep -qF "can't be written" || complain "a folder that isn't there is not told"
    row_end service/metrics/in-a-file "$started"
}

without_the_service()
{
    local started
    started=$(now_ms)
    service_kill
    look
    check "service_up" "$(figure service_up)" -eq 0
    [ -z "$(figure "sessions$of_server")" ] || complain "there is a session"
    checked "that of nobody"
    probe_start --items 10
    wait_updates 50
    wait_figure "sessions$of_server" 1
    check "updates" "$(figure "updates_forwarded_total$of_server")" -gt 0
    checked "rmctl's own"
    probe_stop
    row_end service/metrics/without-the-service "$started"
}

e2e_begin "$@"
figures=$RM_TMP/figures
promtool=$(promtool_path)
if [ -z "$promtool" ]; then
    say "SKIP service/metrics/promtool: it is not here (tools/setup)"
    e2e_skipped=$((e2e_skipped + 1))
fi
machines_on
redundancy_on hot
with_the_service
counters_go_on
in_a_file
without_the_service
redundancy_off
e2e_end
