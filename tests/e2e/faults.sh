#!/bin/bash
# Faults of the active machine that leave it alive: the client's objects are disconnected, it hangs and
# goes on, callbacks stop, qualities turn bad, values stay, items are refused. Nothing of the client's hangs,
# is doubled or comes out of order. A short silence, bad quality and old values are no reason to switch.
#
# usage: faults.sh [BIN64 [BIN32]]
. "$(dirname "$0")/evidence.sh"

fault_ms=1500
stuck='Calls to server' # as that event begins

# begin MODE
begin()
{
    started=$(now_ms)
    fresh "$1"
    probe_start --status-loop 20
    wait_all_ready
    wait_updates $e2e_updates
}

# Of the client's run, whatever the fault was.
judge_calls()
{
    settle
    at_most failed_calls 0
    at_most slowest_call_ms $((e2e_ping_interval + e2e_ping_timeout + 100))
    proof_figures
}

# disconnected MODE OBJECTS: the process lives on and lets everybody in again.
disconnected()
{
    begin "$1"
    fault A disconnect "$2"
    if [ "$2" = all ]; then
        wait_active 2 5000
    fi
    wait_updates $e2e_updates
    wait_active 1 15000
    wait_all_ready
    wait_updates $e2e_updates
    check "events about calls that are stuck" "$(status_events "$stuck")" -eq 0
    probe_stop
    judge_calls
    at_most bad_updates 0
    at_most gap_ms $((100 + $(detection_ms disconnect) + $(margin_ms "$1")))
    row_end "faults/$1/disconnect-$2" "$started"
}

is_stuck()
{
    [ "$(session_value workersAbandoned)" -gt 0 ]
}

is_unstuck()
{
    [ "$(session_value workersAbandoned)" -eq 0 ]
}

# hung MODE: calls are out on a machine that answers nothing; that is said when it has lasted, and taken
# back when they have come back.
hung()
{
    begin "$1"
    fault A hang
    wait_active 2 5000
    check "calls said to be stuck at once" "$(session_value workersAbandoned)" -eq 0
    check "events about that at once" "$(status_events "$stuck")" -eq 0
    wait_until 15000 is_stuck || complain "nobody says that calls are stuck"
    wait_status_event "$stuck" 5000
    fault A clear
    wait_until 15000 is_unstuck || complain "calls are still said to be stuck"
    wait_active 1 15000
    wait_updates $e2e_updates
    probe_stop
    judge_calls
    row_end "faults/$1/hang" "$started"
}

workers_max=32 # of a process, stuck on dead machines; what is out when they are reached comes to that
workers_out=4

has_stuck()
{
    [ "$(session_value workersAbandoned)" -ge "$1" ]
}

# Lets everybody in and then hangs: each new connection costs a worker, but not for ever.
hung_after_connecting()
{
    machine_on A --multiple # one process for all activations, which then take milliseconds
    begin warm
    fault A hang IOPCServer.GetStatus
    wait_active 2 5000
    wait_until 60000 has_stuck $workers_max || complain "$(session_value workersAbandoned) workers are stuck"
    if wait_until 6000 has_stuck $((workers_max + workers_out + 1)); then
        complain "workers that are stuck become ever more: $(session_value workersAbandoned)"
    fi
    wait_updates $e2e_updates
    fault A clear
    wait_until 15000 is_unstuck || complain "calls are still said to be stuck"
    wait_active 1 15000
    wait_updates $e2e_updates
    probe_stop
    judge_calls
    machine_on A
    row_end faults/warm/hang-after-connecting "$started"
}

# steady MODE FAULT...: for a while; machine 1 stays the active one.
steady()
{
    local mode=$1
    shift
    begin "$mode"
    fault A "$@"
    wait_until $fault_ms false
    want "A is active" is_active 1
    fault A clear
    wait_updates $e2e_updates
    want "A is active" is_active 1
    probe_stop
    judge_calls
    case $1 in
        stop-callbacks)
            at_most lost 0 # they come late
            at_most bad_updates 0
            at_most gap_ms $((fault_ms + 1500))
            ;;
        quality)
            # What is bad is no counter value: each missing one was told, as bad.
            check "bad updates" "$(proof bad_updates)" -ge 1000
            check "lost without being told" "$(proof lost)" -le "$(proof bad_updates)"
            at_most gap_ms $((fault_ms + 1500))
            check "quality changes" "$(proof quality_changes)" -eq 2000
            ;;
        freeze)
            at_most bad_updates 0
            check "values that never were" "$(proof lost)" -ge 1000
            ;;
        refuse-items)
            at_most lost 0
            at_most bad_updates 0
            at_most gap_ms 350
            ;;
    esac
    row_end "faults/$mode/$1" "$started"
}

e2e_record=1
e2e_begin "$@"
machines_on
redundancy_on warm
for mode in warm hot; do
    disconnected $mode all
    disconnected $mode group
    hung $mode
    steady $mode stop-callbacks
    steady $mode quality Counters bad
    steady $mode freeze Counters
    steady $mode refuse-items '*' on
done
e2e_record= # A is in trouble for most of the row, and about such times the journals say nothing
hung_after_connecting
redundancy_off
e2e_end
