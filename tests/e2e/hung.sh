#!/bin/bash
# Machines that hang, and who need not care: a client that leaves, whichever machine hangs; a client
# whose standby hangs; one that comes while a machine takes longer to be created than connectTimeout.
# And a write that is repeated where that was chosen (C-20).
#
# usage: hung.sh [BIN64 [BIN32]]
. "$(dirname "$0")/evidence.sh"

items=200
standby_ms=150 # the most that a call may take because of a standby: nothing, but the computer is busy

# begin MODE APARTMENT [OPTIONS of the probe...]
begin()
{
    local mode=$1 apartment=$2
    shift 2
    started=$(now_ms)
    fresh "$mode"
    probe_start --items $items --status-loop 20 --apartment "$apartment" "$@"
    wait_all_ready
    wait_updates $((items * 5))
}

# ended MACHINE: so that the next row need not wait until the process is rid of its client.
ended()
{
    fault "$1" kill
    fault "$1" clear
}

# The session is left while a machine hangs that was given up already.
leave_after()
{
    begin "$1" "$2"
    fault A hang
    wait_active 2 5000
    probe_stop
    short_calls "$(limit_ms "$1")"
    ended A
    row_end "hung/$1/$2/leave-after-the-switch" "$started"
}

# ... or hangs only since a moment ago, and nobody knows.
leave_at_once()
{
    begin "$1" "$2"
    fault A hang
    probe_stop
    short_calls "$(limit_ms "$1")"
    ended A
    row_end "hung/$1/$2/leave-at-once" "$started"
}

# A standby that hangs costs the client nothing: not while it is found out, not while it lasts, not when
# the client leaves.
standby()
{
    begin "$1" "$2" --add-loop 100
    fault B hang
    wait_until 5000 is_lost 2 || complain "nobody has noticed that machine 2 hangs"
    wait_updates $((items * 10))
    want "machine 1 is active" is_active 1
    probe_stop
    at_most lost 0
    at_most bad_updates 0
    short_calls $standby_ms
    ended B
    row_end "hung/$1/$2/standby" "$started"
}

# ... nor does one whose ping is overdue but excused, as it was given items to add.
standby_at_work()
{
    begin "$1" "$2" --tour-loop 50
    must rmsim /fault B hang --at IOPCItemMgt.AddItems
    wait_updates $((items * 10))
    want "machine 2 is not given up" machine_is 2 connection up
    probe_stop
    short_calls $standby_ms
    ended B
    row_end "hung/$1/$2/standby-at-work" "$started"
}

# What hung may die as well: nothing of it is left, and nobody is said to be stuck in it any more.
dies_at_last()
{
    started=$(now_ms)
    # Under Wine an attempt to connect that has met the hung process waits half a minute for its start, dead or
    # not. Attempts that overlap may take each other's sign of life, and then each waits as long: so this one is
    # not given up before.
    fresh warm connectTimeout=40000
    probe_start --items $items --status-loop 20
    wait_all_ready
    fault A hang
    wait_active 2 5000
    wait_until 20000 is_stuck || complain "nobody says that calls are stuck"
    fault A kill
    wait_until 10000 is_unstuck || complain "calls are still said to be stuck in a process that is gone"
    fault A clear
    wait_active 1 60000
    wait_updates $((items * 5))
    probe_stop
    settle
    row_end hung/warm/mta/dies-at-last "$started"
}

# is_lost MACHINE: given up, and being tried again now and then.
is_lost()
{
    ! machine_is "$1" connection up
}

is_stuck()
{
    [ "$(session_value workersAbandoned)" -gt 0 ]
}

is_unstuck()
{
    [ "$(session_value workersAbandoned)" -eq 0 ]
}

# A machine whose server takes 15 s to be created, with a connectTimeout of 4 s: told, and no client waits
# for it.
created_too_slowly()
{
    started=$(now_ms)
    fresh warm connectTimeout=4000
    must rmsim /fault B slow IClassFactory.CreateInstance 15000
    probe_start --items $items --status-loop 20
    wait_status_event 'Failed to connect to .* on secondary machine' 10000
    wait_updates $((items * 5))
    want "machine 1 is active" is_active 1
    fault B clear
    wait_machine 2 connection up 20000
    probe_stop
    at_most lost 0
    short_calls $standby_ms
    must rmctl set "$E2E_SERVER" connectTimeout=30000
    row_end hung/warm/mta/created-too-slowly "$started"
}

unknown='The connection to server' # as the event of a write of unknown outcome begins

# The machine dies within a write: by default that fails, and is told; it can be repeated instead.
write_is_repeated()
{
    started=$(now_ms)
    fresh warm unknownWrites=repeat
    probe_start --items $items --status-loop 20 --write-loop 50 --write-item Memory.I4
    wait_all_ready
    wait_updates $((items * 5))
    fault A kill IOPCSyncIO.Write
    wait_active 2 5000
    wait_updates $((items * 5))
    check "events of writes of unknown outcome" "$(status_events "$unknown")" -eq 0
    probe_stop
    settle
    at_most failed_calls 0
    at_most writes_failed 0
    check "writes" "$(proof writes)" -gt 0
    check "writes that reached B" "$(written B | wc -l)" -gt 0
    fault A clear
    must rmctl set "$E2E_SERVER" unknownWrites=fail
    row_end hung/write-is-repeated "$started"
}

# ... but not one that was accepted, which the client no longer waits for: each of these gets its answer, once,
# and none reaches both machines.
accepted_write_is_not_repeated()
{
    local events
    started=$(now_ms)
    machine_on A --async-delay 300
    fresh warm unknownWrites=repeat
    probe_start --items $items --status-loop 20 --async --write-loop 50 --write-item Memory.I4
    wait_all_ready
    wait_updates $((items * 5))
    fault A kill
    wait_active 2 5000
    wait_updates $((items * 5))
    events=$(status_events "$unknown")
    probe_stop
    settle
    at_most failed_calls 0
    at_most async_unanswered 0
    check "writes of unknown outcome" "$(proof writes_unknown)" -gt 0
    check "events of them" "$events" -eq "$(proof writes_unknown)"
    check "writes that reached both" "$(sort <(written A) <(written B) | uniq -d | wc -l)" -eq 0
    fault A clear
    machine_on A
    must rmctl set "$E2E_SERVER" unknownWrites=fail
    row_figures="writes=$(proof writes) unknown=$(proof writes_unknown)"
    row_end hung/accepted-write-is-not-repeated "$started"
}

e2e_record=1
e2e_begin "$@"
machines_on
redundancy_on warm
for mode in cold warm hot; do
    for apartment in mta sta; do
        leave_after $mode $apartment
        leave_at_once $mode $apartment
        [ $mode = cold ] || standby $mode $apartment
    done
done
standby_at_work warm mta
standby_at_work hot sta
dies_at_last
created_too_slowly
write_is_repeated
accepted_write_is_not_repeated
redundancy_off
e2e_end
