#!/bin/bash
# Warm mode: the active machine is killed, hangs or asks its clients to leave, under a client in a
# multithreaded and in a single-threaded apartment; the standby takes over, the primary comes back and
# is returned to. The client subscribes to 1,000 counters that change every 100 ms and asks for the
# status in a loop. Limits: design.md 8. With the second folder also a 32-bit client of 64-bit machines and
# the reverse.
#
# usage: warm.sh [BIN64 [BIN32]]
. "$(dirname "$0")/evidence.sh"

margin_ms=150

# row FAULT APARTMENT [BITS of the client, BITS of the machines]
row()
{
    local started client=${3:-64} server=${4:-64}
    if [ "$server" != "$e2e_server_bits" ]; then
        e2e_server_bits=$server
        machines_on
    fi
    e2e_client_bits=$client
    started=$(now_ms)
    fresh warm
    play_failover "$1" 10000 --apartment "$2" --status-loop 20
    judge_failover "$1" "$margin_ms"
    row_end "warm/$1/$2/client$client/server$server" "$started"
}

# The settings change under the client, and a machine that hangs is found by the new ones (RM-230).
settings_row()
{
    local started
    started=$(now_ms)
    fresh warm pingInterval=6000 pingTimeout=1000
    probe_start
    wait_all_ready
    settings_taken mode=hot
    settings_taken mode=warm pingInterval="$e2e_ping_interval" pingTimeout="$e2e_ping_timeout"
    wait_updates $e2e_updates
    check "connections to A" "$(log_count A 'has connected')" -eq 1
    fault A hang
    wait_active 2 4000
    wait_updates $e2e_updates
    probe_stop
    judge_failover hang $margin_ms
    row_end warm/settings "$started"
}

e2e_record=1
e2e_begin "$@"
machines_on
redundancy_on warm
for apartment in mta sta; do
    for fault in kill hang shutdown; do
        row "$fault" "$apartment"
    done
done
settings_row
if [ -n "$e2e_bin32" ]; then
    row kill mta 32 64
    row hang sta 32 64
    row kill sta 64 32
    row shutdown mta 64 32
fi
redundancy_off
e2e_end
