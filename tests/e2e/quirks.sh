#!/bin/bash
# Habits of servers that clients of one server never meet: what was found out is worked around, told
# once, and shown by rmctl status (rm/quirk.h; D2-16).
#
# usage: quirks.sh [BIN64 [BIN32]]
. "$(dirname "$0")/evidence.sh"

items=200

# A standby that forgets its items when their group is activated, which is when it takes over, gets
# them once more, and the client doesn't notice but by the time it takes.
forgotten_items()
{
    started=$(now_ms)
    machine_on A --forgetful
    machine_on B --forgetful
    fresh warm
    probe_start --items $items --status-loop 20
    wait_all_ready
    wait_updates $((items * 5))
    a_dies $items
    wait_status_event '[^\"]* does not know items of group' 5000
    want "it is known of the server" machine_is 2 forgetsItems true
    want "machine 2 has all items" machine_is 2 refusedItems 0
    leaves_unharmed
    row_end quirks/items/forgotten-ones-are-added-again "$started"
}

# A server that refuses groups which are inactive is a standby with active ones.
no_inactive_groups()
{
    started=$(now_ms)
    machine_on A --no-inactive
    machine_on B --no-inactive
    fresh warm
    probe_start --items $items --status-loop 20
    wait_all_ready
    want "machine 2 has all items" machine_is 2 refusedItems 0
    want "it is known of the server" machine_is 2 staysActive true
    check "events of it" "$(status_events '[^\"]* refuses groups that are inactive')" -eq 1
    wait_updates $((items * 5))
    a_dies $items
    a_returns $items
    leaves_unharmed
    check "events of something refused" "$(status_events '[^\"]* refused group')" -eq 0
    row_end quirks/groups/none-can-be-inactive "$started"
}

# A server whose names of groups are shared by all clients has the client's name already, of one that has crashed
# (C-03): the standby's group gets a suffix.
taken_name()
{
    started=$(now_ms)
    machine_on A
    machine_on B --taken-names 'rmprobe #####'
    fresh warm
    probe_start --items $items --status-loop 20
    wait_all_ready
    want "machine 2 has all items" machine_is 2 refusedItems 0
    check "events of something refused" "$(status_events '[^\"]* refused group')" -eq 0
    a_dies $items
    leaves_unharmed
    row_end quirks/groups/a-name-that-is-taken "$started"
}

# What is known of a server can be set by hand: standbys with active groups, of one that would have inactive
# ones. The client gets nothing from them before they are needed, and nothing twice.
set_by_hand()
{
    started=$(now_ms)
    machine_on B
    fresh warm standbyGroups=active
    probe_start --items $items --status-loop 20
    wait_all_ready
    wait_updates $((items * 5))
    check "deliveries of the standby" "$(journal_count B delivery)" -gt 0
    a_dies $items
    a_returns $items
    leaves_unharmed
    must rmctl set "$E2E_SERVER" standbyGroups=inactive
    row_end quirks/groups/active-standbys-set-by-hand "$started"
}

# How long a server takes to add an item, and whether it keeps a keep-alive time: known without asking for more
# than the client wants.
what_was_measured()
{
    started=$(now_ms)
    e2e_server_da=3
    machine_on A
    machine_on B --slow-add 5
    e2e_server_da=2
    fresh warm
    probe_start --items $items
    wait_all_ready
    check "microseconds to add an item to machine 2" "$(machine_value 2 addUs)" -ge 4000
    check "microseconds to add an item to machine 1" "$(machine_value 1 addUs)" -lt 4000
    want "status says it" status_has "ms to add an item"
    want "machine 1, of Data Access 3.0, keeps a keep-alive time" machine_is 1 keepAlive true
    probe_stop
    machine_on A
    machine_on B
    fresh warm
    probe_start --items $items
    wait_machine 1 keepAlive false 5000
    probe_stop
    row_end quirks/times/adding-and-keep-alive "$started"
}

e2e_record=1
e2e_begin "$@"
machines_on
redundancy_on warm
forgotten_items
machine_on A
machine_on B
no_inactive_groups
taken_name
set_by_hand
what_was_measured
redundancy_off
e2e_end
