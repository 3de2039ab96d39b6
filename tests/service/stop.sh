#!/bin/bash
# The service is stopped under a client that runs: its peers are told and leave, those who
# follow its events end well, sessions carry on without its verdicts and come back; and the same when it crashes.
#
# usage: stop.sh [BIN64 [BIN32]]
. "$(dirname "$0")/../e2e/evidence.sh"
. "$(dirname "$0")/lib.sh"

items=50
left="Disconnected from the RedundancyMaster Service"

# terminal_start: the service in a terminal that script(1) makes; terminal_stop: Ctrl+C there, which stops it as
# Windows' service manager does.
terminal_start()
{
    local keys=$RM_TMP/keys
    rm -f "$keys"
    mkfifo "$keys"
    : >"$RM_TMP/service.out"
    WINELOADER=$RM_WINE64 timeout 300 script -qefc "stty rows 30 cols 200; exec $RM_WINE64 '$e2e_bin/rmservice.exe' --console \
        --config '$(windows_path "$RM_TMP/redundancymaster.xml")' --data '$(windows_path "$service_data")'" /dev/null \
        >"$RM_TMP/service.out" 2>&1 <"$keys" &
    terminal_pid=$!
    exec {terminal_input}>"$keys"
    wait_line "$RM_TMP/service.out" 'is ready' 20000 || die "the service is not ready: $(tail -n 3 "$RM_TMP/service.out")"
}

terminal_stop()
{
    local before
    before=$(now_ms)
    printf '\003' >&"$terminal_input"
    wait "$terminal_pid" || complain "the service ended with an error"
    grep -q "has stopped." "$RM_TMP/service.out" || complain "the service does not say that it has stopped"
    check "ms that stopping takes" $(($(now_ms) - before)) -le 5000
    row_figures+=" stop_ms=$(($(now_ms) - before))"
    exec {terminal_input}>&-
}

# followers_start: one who follows events, and one who watches, until followers_end.
followers_start()
{
    : >"$RM_TMP/follow.out"
    : >"$RM_TMP/watch.out"
    run_win64 "$e2e_bin/rmctl.exe" events "$E2E_SERVER" --follow >"$RM_TMP/follow.out" 2>&1 </dev/null &
    follow_pid=$!
    run_win64 "$e2e_bin/rmctl.exe" status --watch --lines >"$RM_TMP/watch.out" 2>&1 </dev/null &
    watch_pid=$!
    wait_line "$RM_TMP/follow.out" 'Connected to' 10000 || complain "nothing is followed: $(cat "$RM_TMP/follow.out")"
    wait_until 1500 false # the other one says nothing of what was there
}

# follow_ended STATUS: by itself, with that exit status and RM-250 as the last event.
follow_ended()
{
    local status=0
    wait "$follow_pid" || status=$?
    check "exit status of 'events --follow'" "$status" -eq "$1"
    check "events of the end" "$(grep -c "Informational .* rmctl.exe ([0-9]*) .*$left" "$RM_TMP/follow.out")" -eq 1
    wait_line "$RM_TMP/watch.out" "RedundancyMaster  rmservice.exe \([0-9]*\)  $left" 5000 || complain "the watch does not say it: $(tail -n 3 "$RM_TMP/watch.out")"
}

watch_ended()
{
    wait_line "$RM_TMP/watch.out" 'Connected to the RedundancyMaster Service' 10000 || complain "the watch does not say that it is back"
    pkill -TERM -P "$watch_pid"
    wait "$watch_pid" 2>/dev/null
}

is_tested()
{
    [ "$(rmctl status | grep -c '^  monitor [12]    passed')" -eq 2 ]
}

# a_goes_bad: by its monitor item, once the service tests both; so B is active.
a_goes_bad()
{
    wait_until 20000 is_tested || complain "not all machines are tested"
    fault A quality Memory.I4 bad
    wait_active 2 10000
}

# begin START: the service has judged A to be in error, so the client is on B.
begin()
{
    started=$(now_ms)
    fresh hot pingTimeout=5000 busyGrace=10000
    "$1"
    reset_events
    probe_start --items $items
    wait_all_ready
    a_goes_bad
    followers_start
}

# is_left_alone: without a verdict nothing is known against A.
is_left_alone()
{
    wait_active 1 15000
    fault A quality Memory.I4 own
}

# comes_back: with its session and its verdicts, and events are there once.
comes_back()
{
    terminal_start
    a_goes_bad
    check "sessions that the service knows" "$(sessions_known)" -eq 1
    watch_ended
    fault A quality Memory.I4 own
    wait_active 1 20000
    check "events with the same number" "$(events --process rmprobe --json | grep -o '"number": *[0-9]*' | sort | uniq -d | wc -l)" -eq 0
    leaves_unharmed
    at_most lost 0
    terminal_stop
    row_end "service/stop/$1" "$started"
}

stopped()
{
    begin terminal_start
    terminal_stop
    follow_ended 0
    is_left_alone
    comes_back stopped
}

# Peers that hold their connection and never read don't hold it.
deaf()
{
    started=$(now_ms)
    terminal_start
    rm -f "$RM_TMP/deaf.stop"
    : >"$RM_TMP/deaf.out"
    of_bits 64 service_peer.exe crowd 20 "$(windows_path "$RM_TMP/deaf.stop")" >"$RM_TMP/deaf.out" 2>&1 </dev/null &
    deaf_pid=$!
    wait_line "$RM_TMP/deaf.out" '^held 20' 10000 || complain "no peers: $(cat "$RM_TMP/deaf.out")"
    terminal_stop
    : >"$RM_TMP/deaf.stop"
    wait "$deaf_pid"
    row_end service/stop/deaf-peers "$started"
}

crashed()
{
    begin service_start
    service_kill
    follow_ended 1
    grep -q 'The service has stopped answering' "$RM_TMP/follow.out" || complain "it does not say that nobody has stopped it"
    is_left_alone
    comes_back crashed
}

peer_bits=64
e2e_begin "$@"
service_data=$RM_TMP/data
machines_on
redundancy_on hot
must rmctl monitor "$E2E_SERVER" add Memory.I4 --updateRate 100
if command -v script >/dev/null; then
    stopped
    deaf
    crashed
else
    say "SKIP service/stop: script (bsdutils) isn't here"
    e2e_skipped=$((e2e_skipped + 1))
fi
redundancy_off
e2e_end
