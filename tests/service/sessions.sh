#!/bin/bash
# Sessions of real clients and the service: they are registered, their events are in its log; it is killed and comes
# back, it comes late, its log can't be written; and no client notices any of that.
#
# usage: sessions.sh [BIN64 [BIN32]]
. "$(dirname "$0")/../e2e/lib.sh"
. "$(dirname "$0")/../e2e/evidence.sh"
. "$(dirname "$0")/lib.sh"

items=100

# begin MODE: machines that are well, a client with items, all machines ready.
begin()
{
    started=$(now_ms)
    fresh "$1"
    probe_start --items $items --status-loop 20
    wait_all_ready
}

# ends_unharmed: the client leaves, and it has lost nothing and seen nothing bad.
ends_unharmed()
{
    leaves_unharmed
    at_most lost 0
    at_most doubled 0
    at_most reordered 0
}

# The events of a failover and a return, word for word, each with its process (RM-241 .. RM-262).
word_for_word()
{
    reset_events
    begin warm
    check "sessions that the service knows" "$(sessions_known)" -eq 1
    a_dies $items
    wait_event "Failed to connect to '$E2E_SERVER' on primary machine" 15000
    a_returns $items
    ends_unharmed
    is_shown <<END
Connected to 'RMSim.A.1' on primary machine 'localhost'.
Promoted active connection for server 'RMSim.A.1' to primary machine 'localhost'
Connected to 'RMSim.A.1' on secondary machine 'localhost'.
Unable to retrieve status for server 'RMSim.A.1' on primary machine 'localhost'. Server communications has been lost
Promoted active connection for server 'RMSim.A.1' to secondary machine 'localhost'
Failed to connect to 'RMSim.A.1' on primary machine 'localhost' (Error = 0x%08X).
Connected to 'RMSim.A.1' on primary machine 'localhost'.
Promoted active connection for server 'RMSim.A.1' to primary machine 'localhost'
Disconnected from 'RMSim.A.1' on primary machine 'localhost'.
Disconnected from 'RMSim.A.1' on secondary machine 'localhost'.
END
    check "events with the client's name" "$(events | grep -c 'rmprobe.exe ([0-9]*) ')" -eq 10
    check "errors" "$(events --severity error | wc -l)" -eq 2
    check "promotions" "$(events --event promoted | wc -l)" -eq 3
    check "events about machine 2" "$(events --machine 2 | wc -l)" -eq 3
    check "errors about machine 2" "$(events --machine 2 --severity error --since 1h | wc -l)" -le 1
    wait_until 5000 knows_none || complain "the service still knows $(sessions_known) sessions"
    row_end "service/sessions/$e2e_client_bits/word-for-word" "$started"
}

# The service is killed under a client in hot mode; the active machine dies meanwhile; then the service is back.
killed()
{
    reset_events
    begin hot
    want "status says that the service runs" status_has "The service runs (process"
    service_kill
    want "status says that it doesn't" status_has "The service does not run"
    wait_updates $((items * 5))
    a_dies $items
    wait_updates $((items * 5))
    service_start
    wait_event "to secondary machine" 10000
    check "sessions that the service knows" "$(sessions_known)" -eq 1
    is_active 2 || complain "machine 2 is not active any more"
    a_returns $items
    ends_unharmed
    check "losses told" "$(service_events 'Server communications has been lost')" -eq 1
    check "promotions" "$(events --event promoted | wc -l)" -eq 3
    check "events that came twice" "$(events | sort | uniq -d | wc -l)" -eq 0
    row_end "service/sessions/$e2e_client_bits/service-killed" "$started"
}

# A client that was there first: what has happened to it until then is in the log as well.
late()
{
    reset_events
    service_kill
    begin warm
    service_start
    wait_event "Connected to '$E2E_SERVER' on secondary machine" 10000
    check "events of the start" "$(shown | wc -l)" -eq 3
    ends_unharmed
    wait_event "Disconnected from '$E2E_SERVER' on secondary machine" 5000
    row_end "service/sessions/$e2e_client_bits/service-late" "$started"
}

# What was answered is in the log, whenever the service dies.
killed_while_storing()
{
    local round stored known
    started=$(now_ms)
    for round in 1 2 3 4 5; do
        : >"$RM_TMP/storing.out"
        peer events 2000 "Peer.Kill.$round" >"$RM_TMP/storing.out" &
        storing_pid=$!
        wait_until 10000 log_is_there "Peer.Kill.$round" || complain "nothing is stored"
        wait_until $((RANDOM % 300)) false
        service_kill
        wait "$storing_pid"
        service_start
        stored=$(sed -n 's/^stored //p' "$RM_TMP/storing.out")
        known=$(rmctl events "Peer.Kill.$round" --last 0 | grep -c 'of a test')
        check "events in the log, of $stored that were stored" "$known" -ge "${stored:-9999}"
        check "events in the log" "$known" -le $((${stored:-0} + 1))
        row_figures+=" $stored/$known"
    done
    row_end "service/sessions/killed-while-storing" "$started"
}

log_is_there()
{
    [ -s "$service_data/events-$1.log" ]
}

# Something else is where the log should be: that is said once, the service goes on, and nothing is lost.
unwritable()
{
    started=$(now_ms)
    service_kill
    rm -f "$service_data/events-$E2E_SERVER.log"
    mkdir "$service_data/events-$E2E_SERVER.log"
    service_start
    begin warm
    wait_until 5000 grep -q "can't be written" "$RM_TMP/service.out" || complain "nothing is said"
    check "sessions that the service knows" "$(sessions_known)" -eq 1
    a_dies $items
    check "how often it is said" "$(grep -c "can't be written" "$RM_TMP/service.out")" -eq 1
    check "events shown that are on no disk" "$(shown | wc -l)" -eq 0
    rmdir "$service_data/events-$E2E_SERVER.log"
    wait_event "to secondary machine" 10000
    wait_until 5000 grep -q "are written to .* again" "$RM_TMP/service.out" || complain "nothing is said of the end"
    ends_unharmed
    check "events with the same number" "$(events --json | grep -o '"number": *[0-9]*' | sort | uniq -d | wc -l)" -eq 0
    check "events of the beginning" "$(service_events "Connected to '$E2E_SERVER' on primary machine")" -eq 1
    row_end "service/sessions/$e2e_client_bits/log-unwritable" "$started"
}

all_rows()
{
    e2e_client_bits=$1
    service_start
    word_for_word
    killed
    late
    unwritable
    service_kill
}

e2e_record=1
e2e_begin "$@"
machines_on
redundancy_on warm
all_rows 64
service_start
killed_while_storing
service_kill
[ -z "$e2e_bin32" ] || all_rows 32
redundancy_off
e2e_end
