# The service as a test has it: rmservice on a console, with logs of its own. Sourced after tests/e2e/lib.sh.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # what the scripts of tests/e2e have
# shellcheck disable=SC2120 # functions whose arguments only other scripts give

# service_start: it serves when this returns. Its logs are in $service_data. What it reports to Windows' event log,
# warnings and errors, Wine prints between what it says itself.
service_start()
{
    service_data=$RM_TMP/data
    : >"$RM_TMP/service.out"
    WINEDEBUG=-all,warn+eventlog,err+eventlog WINELOADER=$RM_WINE64 "$RM_WINE64" "$e2e_bin/rmservice.exe" --console \
        --config "$(windows_path "$RM_TMP/redundancymaster.xml")" --data "$(windows_path "$service_data")" >"$RM_TMP/service.out" 2>&1 </dev/null &
    service_pid=$!
    wait_line "$RM_TMP/service.out" 'is ready' 20000 || die "the service is not ready: $(tail -n 3 "$RM_TMP/service.out")"
}

# service_with_client MODE: the service, its log empty, and a client of $items items that has all machines; nothing is
# commanded. Pings have time, so that nothing but what a row does is a reason to switch.
service_with_client()
{
    fresh "$1" pingTimeout=5000 busyGrace=10000
    must rmctl disable "$E2E_SERVER"
    must rmctl enable "$E2E_SERVER"
    service_start
    reset_events
    probe_start --items "$items"
    wait_all_ready
}

# service_kill: as if it had crashed.
service_kill()
{
    kill -9 "$service_pid"
    wait "$service_pid" 2>/dev/null
    service_pid=
}

# reset_events: none of the server is left.
reset_events()
{
    must rmctl events "$E2E_SERVER" --reset >/dev/null
}

# events [OPTIONS of rmctl events...]: of the server, as rmctl shows them.
events()
{
    rmctl events "$E2E_SERVER" --last 0 "$@"
}

# service_events TEXT: how many events in the service's log have it.
service_events()
{
    events | grep -cF "$1"
}

has_event()
{
    events | grep -qF "$1"
}

# wait_event TEXT MS
wait_event()
{
    wait_until "$2" has_event "$1" || complain "no event '$1' in the service's log"
}

has_events()
{
    [ "$(service_events "$1")" -ge "$2" ]
}

# wait_events TEXT N MS: that so many have it.
wait_events()
{
    wait_until "$3" has_events "$1" "$2" ||
        complain "the service's log has $(service_events "$1") events '$1' instead of $2"
}

# shown: the texts of the server's events, a line each.
shown()
{
    events --json | sed -nE 's/.*"text": ?"(.*)"\}?$/\1/p'
}

# is_shown [FILTER]: these events, line by line, and no others; which code a server fails with is its own affair.
is_shown()
{
    diff - <(shown | sed 's/(Error = 0x[0-9A-F]\{8\})/(Error = 0x%08X)/' | "${1:-cat}") >"$RM_TMP/shown.diff" || {
        complain "the log has other events than wanted (<):"
        e2e_complaints+=("$(cat "$RM_TMP/shown.diff")")
    }
}

# ---- the pipe's other peers ---------------------------------------------------------------------------

peer_bits=64

# peer ARGUMENTS...: of $peer_bits.
peer()
{
    capture of_bits "$peer_bits" service_peer.exe "$@"
}

# sessions_known: how many the service has.
sessions_known()
{
    peer count | sed -n 's/^sessions //p'
}

knows_none()
{
    [ "$(sessions_known)" = 0 ]
}
