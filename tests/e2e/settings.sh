#!/bin/bash
# Settings change while the client runs (RM-230): it loses nothing, gets nothing twice and is not restarted;
# and a fault afterwards shows that the new ones are in force. The client subscribes to 1,000 counters
# that change every 100 ms.
#
# usage: settings.sh [BIN64 [BIN32]]
. "$(dirname "$0")/evidence.sh"
# shellcheck source=../service/lib.sh
. "$(dirname "$0")/../service/lib.sh"

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
        acknowledge=return linkGroup=7 callbackCheck=0 standbyGroups=active maxEvents=30000 returnPolicy=best unknownWrites=repeat; do
        settings_taken "$setting"
        wait_updates $((items * 2))
    done
    # All of it at once, back to what it was.
    must rmctl set "$E2E_SERVER" pingInterval="$e2e_ping_interval" pingTimeout="$e2e_ping_timeout" fall=1 rise=2 \
        returnDelay=500 busyGrace=10000 connectTimeout=30000 reconnectInterval=250 startPolicy=primary \
        preferredMachine=0 readyPercent=0 flapLimit=0 flapWindow=600000 acknowledge=none linkGroup=0 \
        callbackCheck=10000 standbyGroups=inactive maxEvents=5000 returnPolicy=primary unknownWrites=fail
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

# Silence is no reason to leave A, until it is looked for.
callback_check()
{
    begin warm callbackCheck=0
    fault A stop-callbacks
    sleep 3 # six times what is asked for below
    want "A is active" is_active 1
    settings_taken callbackCheck=500
    wait_active 2 10000
    wait_updates $((items * 5))
    fault A resume
    probe_stop
    settle
    at_most failed_calls 0
    row_figures="gap_ms=$(proof gap_ms)"
    must rmctl set "$E2E_SERVER" callbackCheck=10000
    row callback-check-finds-a-silent-machine
}

many=20
many_items=20

# many_start: so many clients, each with a proof of its own.
many_start()
{
    local i
    many_pids=()
    rm -f "$RM_TMP/many.stop"
    for ((i = 1; i <= many; i++)); do
        RM_WINE_LIMIT=600 of_bits "$e2e_client_bits" rmprobe.exe "$E2E_SERVER" --items $many_items --rate $period_ms \
            --period $period_ms --seconds 0 --stop-file "$(windows_path "$RM_TMP/many.stop")" --live \
            >"$RM_TMP/many.$i" 2>&1 </dev/null &
        many_pids+=($!)
    done
    for ((i = 1; i <= many; i++)); do
        wait_line "$RM_TMP/many.$i" '^READY' 60000 || complain "client $i: $(tail -n 1 "$RM_TMP/many.$i")"
    done
}

# many_have TEXT: all of the clients' sessions have an event with it.
many_have()
{
    [ "$(rmctl status --json | grep -c "\"text\": \"$1")" -ge $many ]
}

# many_wait TEXT
many_wait()
{
    wait_until 15000 many_have "$1" || complain "not each client says: $1"
}

# many_judge: each of them.
many_judge()
{
    local i slowest=0
    : >"$RM_TMP/many.stop"
    wait "${many_pids[@]}"
    for ((i = 1; i <= many; i++)); do
        probe_proof=$(grep '^PROOF ' "$RM_TMP/many.$i" | tail -n 1)
        [ -n "$probe_proof" ] || complain "client $i ended without a proof: $(tail -n 1 "$RM_TMP/many.$i")"
        settle
        at_most failed_calls 0
        at_most bad_updates 0
        at_most gap_ms $((period_ms + $(detection_ms kill) + $(margin_ms warm)))
        [ "$(proof gap_ms)" -le "$slowest" ] || slowest=$(proof gap_ms)
    done
    row_figures="clients=$many gap_ms=$slowest"
}

# Interval, timeout, mode, machines and a monitor item, while twenty clients run and the service judges for them:
# none of them notices more than a failover's gap, nor needs one.
twenty_clients()
{
    local period_ms=500 name
    started=$(now_ms)
    fresh warm
    for name in A B C; do
        machine_on "$name" --multiple # one process for all clients
    done
    service_start
    many_start
    must rmctl set "$E2E_SERVER" pingInterval=300 pingTimeout=400
    many_wait "New settings of server '$E2E_SERVER' are in force: pingInterval 300, pingTimeout 400"
    must rmctl set "$E2E_SERVER" mode=hot
    many_wait "New settings of server '$E2E_SERVER' are in force: mode hot"
    must rmctl monitor "$E2E_SERVER" add Counters.C0001 --trigger bad
    must rmctl set "$E2E_SERVER" --add-machine "$e2e_host/RMSim.C.1"
    many_wait "The list of machines of server '$E2E_SERVER' was changed: '$e2e_host/RMSim.C.1' is added as machine 3"
    many_wait "Connected to '$E2E_SERVER' on machine 3 '$e2e_host'"
    must rmctl set "$E2E_SERVER" --remove-machine 2
    many_wait "The list of machines of server '$E2E_SERVER' was changed: '$e2e_host/$E2E_STANDBY' is removed"
    must rmctl monitor "$E2E_SERVER" delete 1
    must rmctl set "$E2E_SERVER" --replace-machine "2=$e2e_host/$E2E_STANDBY" mode=warm
    many_wait "New settings of server '$E2E_SERVER' are in force: mode warm"
    want "A is active" is_active 1
    many_judge
    service_kill
    must rmctl set "$E2E_SERVER" pingInterval="$e2e_ping_interval" pingTimeout="$e2e_ping_timeout"
    row twenty-clients
}

# A block that can't be read, or none at all: the client goes on.
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
    must rmctl disable "$E2E_SERVER"
    wait_updates $((items * 10))
    must rmctl enable "$E2E_SERVER"
    settings_taken fall=2
    unharmed
    must rmctl set "$E2E_SERVER" fall=1
    row what-cannot-be-used-changes-nothing
}

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
callback_check
not_to_be_used
twenty_clients
redundancy_off
e2e_end
