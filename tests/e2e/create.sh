#!/bin/bash
# A session is created quickly while the standby is dead or hung: at most 50 ms over a client's own
# connection to the primary, which takes the same start of a server process. Limits: design.md 8.
#
# usage: create.sh [BIN64]
. "$(dirname "$0")/lib.sh"

margin=50
rounds=5

# create_ms [OPTIONS of rmprobe...]: how long the client's CoCreateInstance took.
create_ms()
{
    if probe_start "$@"; then
        wait_updates 1000
    fi
    probe_stop
    proof create_ms
}

# median_of OPTIONS...: of as many clients as there are rounds.
median_of()
{
    local round
    for ((round = 0; round < rounds; round++)); do
        create_ms "$@"
        echo
    done | sort -n | sed -n "$((rounds / 2 + 1))p"
}

# row NAME: with the standby as it is now.
row()
{
    local started direct through
    started=$(now_ms)
    # A client that asks for a local server alone never gets to us.
    direct=$(median_of --clsctx local)
    through=$(median_of)
    [ "$direct" -lt 60000 ] || complain "no direct connection"
    [ "$through" -le $((direct + margin)) ] ||
        complain "creation takes $through ms, direct $direct ms: more than $margin ms over"
    row_figures="direct_ms=$direct through_ms=$through"
    row_end "create/$1" "$started"
}

e2e_begin "$@"
machines_on
redundancy_on warm
row standby-well
fault B kill
row standby-dead
fault B clear
fault B hang
row standby-hung
fault B clear
redundancy_off
e2e_end
