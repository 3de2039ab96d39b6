#!/bin/bash
# Settings change while the client runs (RM-230): it loses nothing, gets nothing twice and is not restarted;
# and a fault afterwards shows that the new ones are in force. The client subscribes to 1,000 counters
# that change every 100 ms.
#
# usage: settings.sh [BIN64 [BIN32]]
. "$(dirname "$0")/evidence.sh"

items=1000
period_ms=100
snapshots='HKLM\SOFTWARE\RedundancyMaster\Snapshot'

# begin MODE [SETTING=VALUE...]: the client, and all machines ready for it.
begin()
{
    started=$(now_ms)
    fresh "$@"
    probe_start --items $items --period $period_ms
    [ "$1" = cold ] || wait_all_ready
    wait_updates $((items * 5))
}

# row NAME
row()
{
    row_end "settings/$e2e_client_bits/$1" "$started"
}

# Every number and policy, one after the other; the active machine and its data don't notice.
numbers()
{
    local setting
    begin warm
    for setting in pingInterval=400 pingTimeout=600 fall=2 rise=1 returnDelay=200 busyGrace=500 connectTimeout=20000 \
        reconnectInterval=400 startPolicy=first preferredMachine=1 readyPercent=50 flapLimit=5 flapWindow=60000 \
        acknowledge=return linkGroup=7 callbackCheck=0 standbyGroups=active returnPolicy=best unknownWrites=repeat; do
        settings_taken "$setting"
        wait_updates $((items * 2))
    done
    # All of it at once, back to what it was.
    must rmctl set "$E2E_SERVER" pingInterval="$e2e_ping_interval" pingTimeout="$e2e_ping_timeout" fall=1 rise=2 \
        returnDelay=500 busyGrace=10000 connectTimeout=30000 reconnectInterval=250 startPolicy=primary \
        preferredMachine=0 readyPercent=0 flapLimit=0 flapWindow=600000 acknowledge=none linkGroup=0 \
        callbackCheck=10000 standbyGroups=inactive returnPolicy=primary unknownWrites=fail
    wait_status_event "New settings of server '$E2E_SERVER' are in force: returnPolicy primary, unknownWrites fail" 3000
    wait_updates $((items * 5))
    want "A is active" is_active 1
    check "times that a machine became active" "$(session_value generation)" -eq 1
    check "connections to A" "$(log_count A 'has connected')" -eq 1
    check "connections to B" "$(log_count B 'has connected')" -eq 1
    unharmed
    row every-number-and-policy
}

# A machine that hangs is found by the new times: by those of before it takes up to seven seconds.
detection()
{
    begin warm pingInterval=6000 pingTimeout=1000
    settings_taken pingInterval="$e2e_ping_interval" pingTimeout="$e2e_ping_timeout"
    fault A hang
    wait_active 2 4000
    wait_updates $((items * 5))
    survives hang warm
    row a-shorter-interval-finds-a-hung-machine
}

# A machine whose status takes two seconds is not left, once it may take four.
patience()
{
    begin warm
    settings_taken pingTimeout=4000
    fault A slow IOPCServer.GetStatus 2000
    wait_updates $((items * 40))
    want "A is active" is_active 1
    check "times that a machine became active" "$(session_value generation)" -eq 1
    fault A clear
    wait_updates $((items * 5))
    unharmed
    must rmctl set "$E2E_SERVER" pingTimeout="$e2e_ping_timeout"
    row a-longer-timeout-keeps-a-slow-machine
}

# Whether a return is made is judged by the policy of now, and its delay counts from when A was well.
return_policy()
{
    begin warm returnPolicy=stay
    fault A kill
    wait_active 2 5000
    fault A clear
    wait_machine 1 ready true 10000
    wait_updates $((items * 10)) # twice the delay
    want "B is active" is_active 2
    settings_taken returnPolicy=primary
    wait_active 1 3000
    wait_updates $((items * 5))
    survives kill warm
    row another-policy-makes-the-return
}

acknowledge()
{
    begin warm
    settings_taken acknowledge=writes
    fault A kill
    wait_active 2 5000
    wait_until 3000 status_has acknowledge || complain "writes are not held"
    settings_taken acknowledge=none
    wait_updates $((items * 5))
    fault A clear
    probe_stop
    settle
    row_figures="gap_ms=$(proof gap_ms)"
    row acknowledge-holds-writes
}

# has_rested NAME: it has sent nothing for half a second.
has_rested()
{
    local before
    before=$(journal_count "$1" delivery)
    wait_updates $((items * 5))
    [ "$(journal_count "$1" delivery)" -eq "$before" ]
}

# rests NAME: it sends nothing any more; what was on its way when the setting was changed still comes.
rests()
{
    wait_until 3000 has_rested "$1" || complain "$1 still delivers"
}

# Up and down through the modes: the standby follows, the active machine's data goes on.
modes()
{
    begin cold
    want "B has no process" has_no_process B
    settings_taken mode=warm
    wait_machine 2 ready true 10000
    rests B
    settings_taken mode=hot
    wait_until 5000 has_delivered B || complain "B does not deliver in hot mode"
    wait_updates $((items * 5))
    settings_taken mode=warm
    wait_updates $((items * 5))
    rests B
    settings_taken mode=cold
    wait_until 10000 has_no_process B || complain "B still has a client"
    settings_taken mode=hot
    wait_machine 2 ready true 10000
    wait_updates $((items * 5))
    settings_taken mode=cold
    wait_until 10000 has_no_process B || complain "B still has a client"
    want "A is active" is_active 1
    check "times that a machine became active" "$(session_value generation)" -eq 1
    check "connections to A" "$(log_count A 'has connected')" -eq 1
    unharmed
    row modes-up-and-down
}

# mode_in_force FROM TO: after the change a killed machine costs what it costs in the new mode, and the next one
# goes back.
mode_in_force()
{
    begin "$1"
    settings_taken mode="$2"
    [ "$2" = cold ] || wait_all_ready
    wait_updates $((items * 5))
    fault A kill
    wait_active 2 10000
    wait_updates $((items * 5))
    survives kill "$2"
    row "$1-to-$2-is-in-force"
}

# A block that can't be read, another list of machines, none at all: the client goes on.
not_to_be_used()
{
    local class
    begin warm
    class=$(capture run_win64 reg query "$snapshots" /reg:64 | grep -oE '\{[0-9A-Fa-f-]{36}\}' | head -n 1)
    must capture run_win64 reg add "$snapshots" /v "$class" /t REG_BINARY /d 524D5331 /f /reg:64
    wait_status_event "The new settings of server '$E2E_SERVER' can't be used" 3000
    wait_updates $((items * 10))
    check "events about it" "$(status_events 'The new settings')" -eq 1
    settings_taken fall=2
    must rmctl set "$E2E_SERVER" rise=3 --add-machine "$e2e_host/$E2E_OTHER"
    wait_status_event "The list of machines of server '$E2E_SERVER' was changed" 3000
    wait_status_event "New settings of server '$E2E_SERVER' are in force: rise 3" 3000
    must rmctl set "$E2E_SERVER" fall=1 rise=2 --remove-machine 3
    wait_status_event "New settings of server '$E2E_SERVER' are in force: fall 1, rise 2" 3000
    must rmctl disable "$E2E_SERVER"
    wait_updates $((items * 10))
    must rmctl enable "$E2E_SERVER"
    settings_taken fall=2
    unharmed
    must rmctl set "$E2E_SERVER" fall=1
    row what-cannot-be-used-changes-nothing
}

E2E_OTHER=RMSim.C.1
e2e_record=1
e2e_begin "$@"
machines_on
redundancy_on warm
e2e_client_bits=${RM_E2E_BITS:-64}
numbers
detection
patience
return_policy
acknowledge
modes
mode_in_force cold warm
mode_in_force cold hot
mode_in_force warm hot
mode_in_force hot warm
mode_in_force hot cold
not_to_be_used
redundancy_off
e2e_end
