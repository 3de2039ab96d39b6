#!/bin/bash
# What a standby's server sets limits to: clients (its licence, mostly) and groups. The client notices
# nothing, the session says so once and goes on, and asks less and less often (design.md 3.7). And a
# server of one thread, which keeps the others waiting.
#
# usage: limits.sh [BIN64 [BIN32]]
. "$(dirname "$0")/evidence.sh"

items=200
refused='Standby refused: '     # the session's event
refusal='a client was refused' # in the machine's log
first_delay_ms=250 # --reconnectInterval; doubled with each refusal, up to a minute

# gives_way: the client that has B's only connection leaves.
gives_way()
{
    holder_stop
    wait_until 5000 has_no_process B || complain "the other client's process of B is still there"
}

# begin: a client whose standby is full.
begin()
{
    started=$(now_ms)
    fresh warm
    holder_start "$E2E_STANDBY" # has the only connection that B gives away
    probe_start --items $items --status-loop 20
    wait_status_event "$refused" 10000
    refused_at=$(now_ms)
}

refusals()
{
    log_count B "$refusal"
}

# most_refusals MS: how many attempts fit into that time since the first; each waits twice as long.
most_refusals()
{
    local count=1 delay=$first_delay_ms at=0
    while [ $((at += delay)) -le "$1" ]; do
        count=$((count + 1))
        delay=$((delay * 2))
    done
    printf '%d' "$count"
}

# is_in_peace: told once, asked no more often than that.
is_in_peace()
{
    check "events of the refusal" "$(status_events "$refused")" -eq 1
    check "refusals" "$(refusals)" -le "$(most_refusals $(($(now_ms) - refused_at + 500)))"
    want "machine 1 is active" is_active 1
    want "machine 2 is not ready" machine_is 2 ready false
    row_figures="refusals=$(refusals)"
}

# Nothing was lost: the client had its data from A all the time.
unnoticed()
{
    settle
    at_most lost 0
    at_most bad_updates 0
    at_most failed_calls 0
    at_most gap_ms 250
}

# Once the other client has left, the standby becomes ready by itself.
limit_is_lifted()
{
    begin
    wait_until 10000 log_at_least B "$refusal" 3 || complain "B is not asked again"
    is_in_peace
    gives_way
    wait_machine 2 ready true 8000
    check "events of the refusal" "$(status_events "$refused")" -eq 1
    wait_updates $((items * 5))
    probe_stop
    unnoticed
    row_end limits/clients/standby-ready-when-one-leaves "$started"
}

# The next attempt would be in 16 s; but now the standby is needed.
active_dies()
{
    begin
    wait_until 16500 false
    is_in_peace
    gives_way
    fault A kill
    wait_active 2 5000
    wait_updates $((items * 5))
    probe_stop
    settle
    at_most failed_calls 0
    at_most bad_updates $items # until B has let us in, a second after the start of its process
    row_end limits/clients/tried-at-once-when-the-active-dies "$started"
}

# A standby that takes only one of the client's two groups is there for that one.
too_many_groups()
{
    started=$(now_ms)
    machine_on B --max-groups 1
    fresh warm
    probe_start --items $items --groups 2 --status-loop 20
    wait_status_event '[^\"]* refused group' 10000
    wait_updates $((items * 20))
    check "events of the refused group" "$(status_events '[^\"]* refused group')" -eq 1
    check "starts of B" "$(log_count B start:)" -eq 1
    want "machine 1 is active" is_active 1
    want "machine 2 is connected" machine_is 2 connection up
    probe_stop
    unnoticed
    row_end limits/groups/session-goes-on "$started"
}

# A standby that takes 30 items in one call gets all 200 all the same, and serves them.
too_many_items_in_a_call()
{
    started=$(now_ms)
    machine_on B --max-add 30
    fresh warm
    probe_start --items $items --status-loop 20
    wait_all_ready
    want "machine 2 has all items" machine_is 2 refusedItems 0
    check "its limit, as found" "$(machine_value 2 addLimit)" -le 30
    check "its limit, as found" "$(machine_value 2 addLimit)" -gt 0
    want "status says it" status_has "takes at most $(machine_value 2 addLimit) items in a call"
    wait_updates $((items * 5))
    a_dies $items
    leaves_unharmed
    check "events of something refused" "$(status_events '[^\"]* refused')" -eq 0
    row_end limits/items/in-portions "$started"
}

# A standby whose server can't be started is no standby that refuses, whatever COM calls it.
no_server_is_no_refusal()
{
    started=$(now_ms)
    fresh warm
    probe_start --items $items --status-loop 20
    wait_all_ready
    wait_updates $items
    fault B kill
    wait_status_event 'Failed to connect' 10000
    wait_updates $((items * 20))
    check "events of a refusal" "$(status_events "$refused")" -eq 0
    probe_stop
    unnoticed
    row_end limits/clients/no-server-is-no-refusal "$started"
}

# A single-threaded server adds one client's items for seconds, which is no reason for another client,
# of another process, to leave it: what is out on a machine excuses it in all sessions of the computer.
another_is_busy()
{
    local adder
    started=$(now_ms)
    fresh warm
    probe_start --items 5
    wait_all_ready
    wait_updates 50
    : >"$RM_TMP/adder.out"
    RM_WINE_LIMIT=120 of_bits 64 rmprobe.exe "$E2E_SERVER" --items 200 --seconds 8 \
        >"$RM_TMP/adder.out" 2>&1 </dev/null &
    adder=$!
    wait "$adder" || complain "the other client failed: $(tail -n 1 "$RM_TMP/adder.out")"
    wait_updates 50
    check "events of a machine that answers no pings" "$(status_events 'Unable to retrieve status')" -eq 0
    check "promotions" "$(status_events 'Promoted active connection')" -eq 1
    probe_stop
    at_most failed_calls 0
    at_most bad_updates 0
    row_end limits/threads/another-client-is-busy "$started"
}

e2e_record=1
e2e_begin "$@"
machines_on
redundancy_on warm --reconnectInterval $first_delay_ms
no_server_is_no_refusal
machine_on B --max-clients 1
limit_is_lifted
active_dies
too_many_groups
too_many_items_in_a_call
# With other names: Wine's RPC never forgets a process of several clients that was.
redundancy_off
machines_off
e2e_record=
e2e_machines=(LimitA LimitB)
E2E_SERVER=RMSim.LimitA.1
E2E_STANDBY=RMSim.LimitB.1
machines_on --multiple --apartment sta --slow-add 15
redundancy_on warm --reconnectInterval $first_delay_ms
another_is_busy
redundancy_off
e2e_end
