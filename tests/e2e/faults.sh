#!/bin/bash
# Faults of the active machine that leave it alive: the client's objects are disconnected, it hangs and
# goes on, callbacks stop, qualities turn bad, values stay, items are refused. Nothing of the client's hangs,
# is doubled or comes out of order. A short silence, bad quality and old values are no reason to switch.
# A call that is late is one to ask for the status, whose answer decides.
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

# ---- the status that is asked for beside a late call -------------------------------------------------

far_ms=20000  # until the next scheduled ping: none of these rows would end in time by that
grace_ms=1500 # busyGrace

# begin_asked MODE OPTIONS of rmprobe...
begin_asked()
{
    local mode=$1
    shift
    started=$(now_ms)
    fresh "$mode" pingInterval=$far_ms busyGrace=$grace_ms
    probe_start --items 200 "$@"
    wait_all_ready
    wait_updates 1000
    want "A is active" is_active 1
}

# end_asked NAME LEAST MOST: so many milliseconds the slowest call has taken.
end_asked()
{
    probe_stop
    settle
    at_most failed_calls 0
    at_most slowest_call_ms "$3"
    check "slowest call, in ms" "$(proof slowest_call_ms)" -ge "$2"
    proof_figures
    row_figures+=" slowest_call=$(proof slowest_call)"
    row_end "faults/$1" "$started"
}

long_call=IOPCItemProperties.GetItemProperties

# A call takes its time; the status is answered beside it, so nobody is left, however long that is.
long_call_hangs()
{
    begin_asked "$1" --apartment "$2" --tour-loop 50
    fault A hang $long_call
    wait_until $((grace_ms * 2)) false
    want "A is active" is_active 1
    fault A clear
    wait_updates 1000
    want "A is active" is_active 1
    check "promotions" "$(session_value generation)" -eq 1
    end_asked "$1/$2/long-call-hangs" $((grace_ms * 2 - 500)) $((grace_ms * 2 + 1000))
}

# gone NAME: and back, while the client is there: its next attempt gets what Wine still has of the old process.
gone()
{
    fault "$1" kill
    fault "$1" clear
    wait_machine 1 connection up 15000
}

holds_a_call()
{
    rmsim /fault "$1" status | grep -q 'waiting=[1-9]'
}

# The status is not answered either: such a call excuses that for busyGrace.
long_call_and_status_hang()
{
    begin_asked "$1" --apartment "$2" --tour-loop 50
    fault A hang $long_call
    wait_until 5000 holds_a_call A || complain "the client does not make that call"
    fault A hang IOPCServer.GetStatus
    wait_active 2 $((grace_ms * 2 + 2000))
    wait_updates 1000
    gone A
    end_asked "$1/$2/long-call-and-status-hang" $grace_ms $((grace_ms + e2e_ping_timeout * 2 + 100))
}

# Nothing excuses a short call: it is late after a ping's time, and the status then has as long.
short_call_hangs()
{
    begin_asked "$1" --apartment "$2" --tour-loop 50
    must rmsim /fault A hang --at IOPCGroupStateMgt.SetState
    wait_active 2 5000
    wait_updates 1000
    gone A
    end_asked "$1/$2/short-call-and-status-hang" $e2e_ping_timeout $((e2e_ping_timeout * 3 + 100))
}

asked_beside_calls()
{
    local apartment
    for apartment in mta sta; do
        long_call_hangs warm $apartment
        long_call_and_status_hang warm $apartment
        short_call_hangs warm $apartment
    done
    must rmctl set "$E2E_SERVER" pingInterval=$e2e_ping_interval busyGrace=10000
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
asked_beside_calls
e2e_record= # A is in trouble for most of the row, and about such times the journals say nothing
hung_after_connecting
redundancy_off
e2e_end
