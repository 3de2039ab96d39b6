#!/bin/bash
# Warm mode: the active machine is killed, hangs or asks its clients to leave, under a client in a
# multithreaded and in a single-threaded apartment; the standby takes over, the primary comes back and
# is returned to. The client subscribes to 1,000 counters that change every 100 ms and asks for the
# status in a loop. Limits: design.md 8.
#
# usage: warm.sh [BIN64]
. "$(dirname "$0")/evidence.sh"

margin_ms=150

# row FAULT APARTMENT
row()
{
    local started
    started=$(now_ms)
    fresh warm
    play_failover "$1" 10000 --apartment "$2" --status-loop 20
    judge_failover "$1" "$margin_ms"
    row_end "warm/$1/$2" "$started"
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
redundancy_off
e2e_end
