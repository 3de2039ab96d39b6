#!/bin/bash
# A session is created quickly while the standby is dead or hung: at most 50 ms over a client's own
# connection to the primary, which takes the same start of a server process. Limits: design.md 8. Clients of 32
# bit, too, where a standby is in the way.
#
# usage: create.sh [BIN64 [BIN32]]
. "$(dirname "$0")/lib.sh"

margin=50
rounds=5

has_data()
{
    wait_updates 1000
}

# row NAME: with the standby as it is now; in turn directly and through us, so that both see the same
# computer.
row()
{
    local started round direct through
    started=$(now_ms)
    : >"$RM_TMP/direct"
    : >"$RM_TMP/through"
    for ((round = 0; round < rounds; round++)); do
        # A client that asks for a local server alone never gets to us.
        create_ms "$RM_TMP/direct" has_data --clsctx local
        create_ms "$RM_TMP/through" has_data
    done
    direct=$(median "$RM_TMP/direct")
    through=$(median "$RM_TMP/through")
    [ "$through" -le $((direct + margin)) ] ||
        complain "creation takes $through ms, direct $direct ms: more than $margin ms over"
    row_figures="direct_ms=$direct through_ms=$through"
    row_end "create/$1" "$started"
}

# row_32 NAME: the same with a client of 32 bit.
row_32()
{
    [ -n "$e2e_bin32" ] || return
    e2e_client_bits=32
    row "32/$1"
    e2e_client_bits=64
}

e2e_begin "$@"
machines_on
redundancy_on warm
row standby-well
fault B kill
row standby-dead
row_32 standby-dead
fault B clear
fault B hang
row standby-hung
row_32 standby-hung
fault B clear
redundancy_off
e2e_end
