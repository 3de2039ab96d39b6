#!/bin/bash
# Five machines with ProgIDs of their own (F-17, D2-03, D2-07): they fail one after the other, and
# always the best one that is left is active; when they come back, so does machine 1, or each better one if
# that is the policy. Fifteen at the end. Each row is one client.
#
# usage: machines.sh [BIN64 [BIN32]]
. "$(dirname "$0")/evidence.sh"

items=200
e2e_machines=(A B C D E)

# five_on: the redundant server with all of them behind RMSim.A.1, which has two already.
five_on()
{
    local name options=()
    for name in C D E; do
        options+=(--machine "localhost/RMSim.$name.1")
    done
    redundancy_on warm "${options[@]}"
}

begin()
{
    started=$(now_ms)
    fresh "$@"
    probe_start --items $items --status-loop 20
}

# fail_to NAME NUMBER: when NAME dies, NUMBER serves.
fail_to()
{
    fault "$1" kill
    wait_active "$2" 5000
    wait_updates $((items * 2))
}

finish()
{
    probe_stop
    settle
    at_most bad_updates 0
    at_most failed_calls 0
}

# one_after_the_other MODE: the last one left serves; with all back, machine 1.
one_after_the_other()
{
    local name
    begin "$1"
    wait_all_ready
    fail_to A 2
    fail_to B 3
    fail_to C 4
    fail_to D 5
    for name in A B C D; do
        fault "$name" clear
    done
    wait_active 1 15000
    wait_updates $((items * 2))
    finish
    # Each takeover costs at most what a single one may.
    judge_failover kill "$2"
    row_end "machines/$1/one-after-the-other" "$started"
}

# A standby's death is nobody's business, and a dead one is passed over.
out_of_turn()
{
    begin warm
    wait_all_ready
    fault C kill
    wait_machine 3 connection down 5000
    want "A is still active" is_active 1
    fail_to A 2
    fail_to B 4
    fault B clear
    fault C clear
    wait_machine 2 ready true 15000
    wait_machine 3 ready true 15000
    wait_updates $((items * 20))
    want "machine 4 stays until the primary is back" is_active 4
    fail_to D 2
    fault A clear
    wait_active 1 15000
    wait_updates $((items * 2))
    finish
    judge_failover kill 150
    row_end machines/warm/out-of-turn "$started"
}

# Policy "best": every better machine that comes back is returned to.
return_to_the_best()
{
    begin warm returnPolicy=best
    wait_all_ready
    fault B kill
    fault C kill
    fail_to A 4
    fault C clear
    wait_active 3 15000
    fault B clear
    wait_active 2 15000
    fault A clear
    wait_active 1 15000
    wait_updates $((items * 2))
    finish
    judge_failover kill 150
    row_end machines/warm/return-to-the-best "$started"
}

# Cold mode connects one at a time: the next in turn that can be started.
cold_in_turn()
{
    begin cold returnPolicy=primary
    fault B refuse on
    fail_to A 3
    fail_to C 4
    fail_to D 5
    [ "$(starts)" = "A C D E" ] || complain "started were: $(starts), instead of A C D E"
    fault A clear
    fail_to E 1
    probe_stop
    settle
    at_most gap_ms $((100 + e2e_ping_interval + $(proof create_ms) + 300))
    proof_figures
    row_end machines/cold/in-turn "$started"
}

# As many as there can be: all are connected, each has the client's items, the next one serves.
fifteen()
{
    local name options=()
    e2e_machines=(A B C D E F G H I J K L M N O)
    for name in "${e2e_machines[@]:5}"; do
        options+=(--add-machine "localhost/RMSim.$name.1")
    done
    machines_on
    must rmctl set "$E2E_SERVER" "${options[@]}"
    begin warm returnPolicy=primary
    wait_all_ready
    fail_to A 2
    for name in B C D E F G H I J K L M N; do
        fault "$name" kill
    done
    wait_active 15 10000
    wait_updates $((items * 2))
    fault A clear
    wait_active 1 15000
    wait_updates $((items * 2))
    finish
    proof_figures
    row_end machines/warm/fifteen "$started"
}

e2e_record=1
e2e_begin "$@"
machines_on
five_on
one_after_the_other warm 150
one_after_the_other hot 50
out_of_turn
return_to_the_best
cold_in_turn
fifteen
redundancy_off
e2e_end
