#!/bin/bash
# Two installations on one computer: the installed product, and an instance TEST in a folder of its own. Each has a
# service, a client and its events, and neither sees anything of the other's.
#
# usage: instances.sh [BIN64 [BIN32]]
# shellcheck source=../e2e/evidence.sh
. "$(dirname "$0")/../e2e/evidence.sh"
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

other_server=RMSim.C.1
other_home=

# The folder of TEST, as an installer would leave it; its 32-bit DLL is in a subfolder.
make_other()
{
    other_home=$RM_TMP/other
    mkdir -p "$other_home/x86"
    cp "$e2e_bin/rmctl.exe" "$e2e_bin/rmservice.exe" "$e2e_bin/redundancymaster.dll" "$other_home/"
    [ -z "$e2e_bin32" ] || cp "$e2e_bin32/redundancymaster.dll" "$other_home/x86/"
    printf 'TEST\r\n' >"$other_home/redundancymaster.instance"
}

# other COMMAND...: TEST's rmctl.
other()
{
    capture run_win64 "$other_home/rmctl.exe" "$@"
}

other_service_start()
{
    : >"$RM_TMP/otherservice.out"
    WINELOADER=$RM_WINE64 "$RM_WINE64" "$other_home/rmservice.exe" --console --data "$(windows_path "$RM_TMP/otherdata")" \
        >"$RM_TMP/otherservice.out" 2>&1 </dev/null &
    other_service_pid=$!
    wait_line "$RM_TMP/otherservice.out" 'is ready' 20000 || die "TEST's service is not ready: $(cat "$RM_TMP/otherservice.out")"
}

# other_probe_start [BITS]
other_probe_start()
{
    rm -f "$RM_TMP/other.stop"
    : >"$RM_TMP/otherprobe.out"
    RM_WINE_LIMIT=600 of_bits "${1:-64}" rmprobe.exe "$other_server" --items 100 --rate 100 --period 100 --seconds 0 \
        --stop-file "$(windows_path "$RM_TMP/other.stop")" --live >"$RM_TMP/otherprobe.out" 2>&1 </dev/null &
    other_probe_pid=$!
    wait_line "$RM_TMP/otherprobe.out" '^READY' 30000 || complain "TEST's client did not get its first values: $(tail -n 1 "$RM_TMP/otherprobe.out")"
}

other_probe_stop()
{
    : >"$RM_TMP/other.stop"
    wait "$other_probe_pid"
    grep -q '^PROOF' "$RM_TMP/otherprobe.out" || complain "TEST's client ended without a proof"
}

other_has_event()
{
    other events "$other_server" --last 0 | grep -qF "$1"
}

# lacks WHAT TEXT COMMAND...: its output hasn't got that text.
lacks()
{
    local what=$1 text=$2
    shift 2
    "$@" >"$RM_TMP/lacks.out"
    grep -qF "$text" "$RM_TMP/lacks.out" && complain "$what shows $text"
}

has_key()
{
    run_win64 reg query "HKLM\\SOFTWARE\\$1" >/dev/null 2>&1 </dev/null
}

# A class belongs to one installation.
one_at_a_time()
{
    local started
    started=$(now_ms)
    must other add "$E2E_SERVER" --machine localhost --machine localhost/RMSim.B.1
    other enable "$E2E_SERVER" >"$RM_TMP/enable.out" && complain "TEST has taken the class over"
    grep -qF "enabled by another installation" "$RM_TMP/enable.out" || complain "that is not told: $(cat "$RM_TMP/enable.out")"
    must other remove "$E2E_SERVER"
    has_key 'RedundancyMaster.TEST' && complain "TEST has left something in the registry"
    row_end service/instances/one-at-a-time "$started"
}

# beside BITS: of TEST's client.
beside()
{
    local started fall=$(($1 / 32 + 1)) # another one each time
    started=$(now_ms)
    fresh warm
    rm -rf "$RM_TMP/data" "$RM_TMP/otherdata"
    service_start
    other_service_start
    probe_start --items 100
    other_probe_start "$1"
    wait_event "Connected to '$E2E_SERVER' on secondary machine" 20000
    wait_until 20000 other_has_event "Connected to '$other_server' on secondary machine" || complain "TEST's service has no events of its client"
    [ -e "$RM_TMP/otherdata/events-$other_server.log" ] || complain "TEST's log is not in its folder"
    [ ! -e "$RM_TMP/otherdata/events-$E2E_SERVER.log" ] || complain "TEST's service has the product's events"
    [ ! -e "$service_data/events-$other_server.log" ] || complain "the product's service has TEST's events"
    lacks "the product's status" "$other_server" rmctl status
    lacks "TEST's status" "$E2E_SERVER" other status
    lacks "TEST's list" "$E2E_SERVER" other list
    other status | grep -qF "The service runs (process" || complain "TEST's status doesn't find its service"
    other status | grep -qF "rmprobe.exe" || complain "TEST's status lacks its session"
    must other switch "$other_server" 2
    other status --json | grep -qE '"active": *2' || complain "TEST's client doesn't obey its rmctl"
    is_active 1 || complain "the product's client has obeyed TEST's rmctl"
    must other set "$other_server" fall=$fall
    wait_until 5000 other_has_event "New settings of server '$other_server' are in force: fall $fall" || complain "TEST's client hasn't got its settings"
    fault A kill
    wait_event "Promoted active connection for server '$E2E_SERVER' to secondary machine" 10000
    kill -9 "$other_service_pid"
    wait "$other_service_pid" 2>/dev/null
    wait_updates 50
    check "sessions that the product's service knows" "$(sessions_known)" -eq 1
    must other automatic "$other_server"
    other_probe_stop
    leaves_unharmed
    service_kill
    fault A clear
    row_end "service/instances/beside-$1" "$started"
}

# Who can't know whose programs these are does nothing.
no_name()
{
    local started
    started=$(now_ms)
    echo 'no name' >"$other_home/redundancymaster.instance"
    other list >"$RM_TMP/list.out" && complain "rmctl works"
    grep -qF "redundancymaster.instance' names no instance" "$RM_TMP/list.out" || complain "rmctl doesn't say it: $(cat "$RM_TMP/list.out")"
    run_win64 "$other_home/rmservice.exe" --console >"$RM_TMP/service.out" 2>&1 </dev/null && complain "rmservice works"
    grep -qF "names no instance" "$RM_TMP/service.out" || complain "rmservice doesn't say it: $(cat "$RM_TMP/service.out")"
    # The real server, C itself.
    must of_bits 64 rmprobe.exe "$other_server" --items 10 --seconds 1 >/dev/null
    echo TEST >"$other_home/redundancymaster.instance"
    row_end service/instances/no-name "$started"
}

e2e_begin "$@"
e2e_machines=(A B C D)
machines_on
redundancy_on warm
e2e_machines=(A B)
make_other
one_at_a_time
must other add "$other_server" --machine localhost --machine localhost/RMSim.D.1 --pingTimeout 5000
must other enable "$other_server"
beside 64
[ -z "$e2e_bin32" ] || beside 32
no_name
must other disable "$other_server"
has_key 'RedundancyMaster.TEST' && die "TEST has left something in the registry"
e2e_machines=(A B C D)
redundancy_off
e2e_end
