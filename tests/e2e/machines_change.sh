#!/bin/bash
# The list of machines changes while the client runs (RM-230): machines are added, removed, replaced and moved,
# in each mode, the active one among them. The client subscribes to 1,000 counters that change every 100 ms; it
# is not restarted, loses nothing that a failover wouldn't cost, and gets nothing twice.
#
# usage: machines_change.sh [--short] [BIN64 [BIN32]]; --short: one row
. "$(dirname "$0")/evidence.sh"

items=1000
period_ms=100
short=
if [ "$1" = --short ]; then
    short=1
    shift
fi

# begin MODE [NAME...]: the client, with A, B and these machines, all of them ready for it.
begin()
{
    local mode=$1 name options=()
    shift
    started=$(now_ms)
    fresh "$mode"
    redundancy_off
    for name in "$@"; do
        options+=(--machine "$e2e_host/RMSim.$name.1")
    done
    redundancy_on "$mode" "${options[@]}"
    probe_start --items $items --period $period_ms
    if [ "$mode" != cold ]; then
        wait_machine $((2 + $#)) ready true 15000
        wait_machine 2 ready true 15000
    fi
    wait_updates $((items * 5))
}

# list_becomes WHAT OPTIONS...: of rmctl set; the running client has it, and says so.
list_becomes()
{
    local what=$1
    shift
    must rmctl set "$E2E_SERVER" "$@"
    wait_status_event "The list of machines of server '$E2E_SERVER' was changed: $what\"" 3000
}

# is_served_by NAME: by the machine that the session says is active.
is_served_by()
{
    local number
    number=$(session_value active)
    [ "${number:-0}" -gt 0 ] && machine_is "$number" progid "RMSim.$1.1"
}

# wait_served_by NAME
wait_served_by()
{
    wait_until 10000 is_served_by "$1" || complain "machine $1 was not active within 10 s"
    wait_updates $((items * 5))
}

# is_left NAME: no client has it open any more.
is_left()
{
    wait_until 10000 has_no_process "$1" || complain "machine $1 still has a client"
}

never_left()
{
    check "times that a machine became active" "$(session_value generation)" -eq 1
    check "connections to A" "$(log_count A 'has connected')" -eq 1
}

row()
{
    row_end "machines-change/$e2e_client_bits/$1" "$started"
}

# A third machine comes, and takes over when the others are gone.
added()
{
    begin "$1"
    list_becomes "'$e2e_host/RMSim.C.1' is added as machine 3" --add-machine "$e2e_host/RMSim.C.1"
    [ "$1" = cold ] || wait_machine 3 ready true 10000
    wait_updates $((items * 5))
    never_left
    fault B kill
    [ "$1" = cold ] || wait_machine 2 connection down 5000
    fault A kill
    wait_served_by C
    survives kill "$1"
    row "$1-standby-added"
}

# The client doesn't notice; and the machine is free to be switched off.
removed()
{
    begin "$1" C
    list_becomes "'$e2e_host/$E2E_STANDBY' is removed, '$e2e_host/RMSim.C.1' is machine 2 now" --remove-machine 2
    is_left B
    wait_updates $((items * 5))
    never_left
    if [ "$1" != cold ]; then
        check "B's Disconnected events" \
            "$(status_events "Disconnected from '$E2E_SERVER' on removed machine '$e2e_host'")" -eq 1
    fi
    want "there are two machines" machine_is 2 progid RMSim.C.1
    fault A kill
    wait_served_by C
    survives kill "$1"
    row "$1-standby-removed"
}

replaced()
{
    begin "$1"
    list_becomes "'$e2e_host/$E2E_STANDBY' is removed, '$e2e_host/RMSim.C.1' is added as machine 2" \
        --replace-machine "2=$e2e_host/RMSim.C.1"
    is_left B
    [ "$1" = cold ] || wait_machine 2 ready true 10000
    wait_updates $((items * 5))
    never_left
    fault A kill
    wait_served_by C
    survives kill "$1"
    row "$1-standby-replaced"
}

# Primary and secondary change places: the policy returns to the primary that is one now.
exchanged()
{
    begin "$1"
    list_becomes "'$e2e_host' is machine 2 now, '$e2e_host/$E2E_STANDBY' is machine 1 now" --order 2,1
    wait_served_by B
    want "B is machine 1" is_active 1
    check "connections to A" "$(log_count A 'has connected')" -eq 1
    check "connections to B" "$(log_count B 'has connected')" -eq 1
    unharmed
    row "$1-exchanged"
}

# The active one is to be switched off.
active_removed()
{
    begin "$1" C
    list_becomes "'$e2e_host' is removed, '$e2e_host/$E2E_STANDBY' is machine 1 now, \
'$e2e_host/RMSim.C.1' is machine 2 now" --remove-machine 1
    wait_served_by B
    is_left A
    wait_updates $((items * 5))
    want "B is machine 1" is_active 1
    survives removal "$1"
    row "$1-active-removed"
}

# Two others in the place of both: the active one serves until one of them can. That one has sent nothing before,
# as a standby in warm mode.
all_replaced()
{
    begin "$1"
    must rmctl set "$E2E_SERVER" --replace-machine "1=$e2e_host/RMSim.C.1" --replace-machine "2=$e2e_host/RMSim.D.1"
    wait_served_by C
    is_left A
    is_left B
    survives removal warm
    [ "$1" != hot ] || at_most lost 0
    row "$1-all-replaced"
}

# With nobody fit to take over, the active one goes on, says so, and is left as soon as there is one.
none_is_fit()
{
    begin warm
    fault B kill
    wait_machine 2 connection down 5000
    fault C refuse on
    must rmctl set "$E2E_SERVER" --replace-machine "1=$e2e_host/RMSim.C.1"
    wait_status_event "Server '$E2E_SERVER' on removed machine '$e2e_host' goes on serving" 3000
    wait_updates $((items * 10))
    want "A is still active, behind the others" is_active 3
    want "rmctl says what it is" status_has "REMOVED from the list"
    check "times that a machine became active" "$(session_value generation)" -eq 1
    fault B clear
    wait_served_by B
    is_left A
    fault C clear
    survives removal warm
    row active-removed-none-is-fit
}

# What operators have said stays with the machine that it was said of.
commands_follow()
{
    begin warm C
    must rmctl maintenance "$E2E_SERVER" 2 on
    must rmctl prefer "$E2E_SERVER" 3
    wait_served_by C
    list_becomes "'$e2e_host/$E2E_STANDBY' is machine 3 now, '$e2e_host/RMSim.C.1' is machine 2 now" --order 1,3,2
    wait_updates $((items * 20)) # a return would have been made
    want "C is active, as machine 2" is_active 2
    want "B is in maintenance, as machine 3" machine_is 3 mode maintenance
    must rmctl maintenance "$E2E_SERVER" 3 off
    wait_machine 3 mode normal 3000
    must rmctl prefer "$E2E_SERVER" 1
    wait_served_by A
    unharmed
    row commands-follow-their-machine
}

e2e_machines=(A B C D)
e2e_begin "$@"
machines_on
redundancy_on warm
e2e_client_bits=${RM_E2E_BITS:-64}
if [ -n "$short" ]; then
    active_removed hot
else
    for mode in hot warm cold; do
        added $mode
        removed $mode
        replaced $mode
        active_removed $mode
    done
    for mode in hot warm; do
        exchanged $mode
        all_replaced $mode
    done
    none_is_fit
    commands_follow
fi
redundancy_off
e2e_end
