#!/bin/bash
# No machine is left, and back again (F-10), or all are gone at once (CX-24); nobody there when the client
# connects (F-11). The client reads from cache and device, writes and asks for the status all the time.
#
# usage: lost.sh [BIN64 [BIN32]]
. "$(dirname "$0")/evidence.sh"

items=200
unavailable=0x800706BA

# begin MODE: a client that uses all ways to data.
begin()
{
    started=$(now_ms)
    fresh "$@"
    probe_start --items $items --read-loop 50 --write-loop 50 --write-item Memory.I4 --status-loop 20
}

has_event()
{
    [ "$(event_count "$1")" -gt 0 ]
}

wait_event()
{
    wait_until "$2" has_event "$1" || complain "the client did not see: $1"
}

# only_code METHOD CODE: the method has failed, and with that code only.
only_code()
{
    check "failed $1" "$(method_failed "$1")" -gt 0
    check "$1 failed with another code" \
        "$(grep -E "^EVENT .*failed call=$1 " "$probe_out" | grep -vcE "hr=($2)")" -eq 0
}

# both_lost MODE: every way to data says what a server says whose device is gone; it all comes back by
# itself.
both_lost()
{
    local lost=2 name=both-lost-and-back
    if [ "$e2e_server_da" != 2 ]; then
        lost=6 name+=-da$e2e_server_da
    fi
    begin "$1"
    wait_updates $((items * 3))
    if [ "$1" != cold ]; then
        wait_machine 2 ready true 5000
    fi
    fault B kill
    fault A kill
    # 2 is OPC_STATUS_FAILED, 6 OPC_STATUS_COMM_FAULT, 0018 bad by communication failure, 00C0 good.
    wait_event "state before=1 now=$lost" 10000
    wait_event "quality items=$items .* before=0x00C0 now=0x0018" 5000
    wait_event 'failed call=IOPCSyncIO::Read.device ' 5000
    wait_event 'failed call=IOPCSyncIO::Write ' 5000
    is_active 0 || complain "a machine is active"
    fault B clear
    wait_active 2 5000
    wait_event "state before=$lost now=1" 5000
    wait_event "quality items=$items .* before=0x0018 now=0x00C0" 5000
    wait_updates $((items * 3))
    fault A clear
    if [ "$1" != cold ]; then
        wait_active 1 10000
        wait_updates $((items * 3))
    fi
    probe_stop
    judge_lost
    row_end "lost/$1/$name" "$started"
}

judge_lost()
{
    settle
    check "bad updates" "$(proof bad_updates)" -eq $items
    check "quality changes" "$(proof quality_changes)" -eq $((2 * items))
    only_code IOPCSyncIO::Read.device $unavailable
    only_code IOPCSyncIO::Write "$unavailable|0x800706BE"
    check "failed reads from cache" "$(method_failed IOPCSyncIO::Read.cache)" -eq 0
    check "failed GetStatus" "$(method_failed IOPCServer::GetStatus)" -eq 0
    check "bad values read from cache" "$(sed -nE 's/^reads: .*bad quality ([0-9]+),.*/\1/p' "$probe_out")" -gt 0
    # Nothing is waited for when nobody is there; what was out may wait for the search, in cold mode for
    # the start of a server.
    at_most slowest_call_ms $((e2e_ping_interval + e2e_ping_timeout + 100))
    proof_figures
}

# first MODE NAME ACTIVE: with that machine away when the client connects, the other one serves.
first()
{
    started=$(now_ms)
    fresh "$1"
    fault "$2" kill
    probe_start --items $items --status-loop 20
    wait_updates $((items * 3))
    want "machine $3 is active" is_active "$3"
    probe_stop
    settle
    at_most bad_updates 0
    at_most failed_calls 0
    row_figures="create_ms=$(proof create_ms)"
    row_end "lost/$1/connects-without-$2" "$started"
}

# processes NAME: of that machine, as the kernel knows them.
processes()
{
    rmsim /fault "$1" status | sed -nE 's/^process.*\thost_pid=([0-9]+)\t.*/\1/p'
}

has_lost_event()
{
    [ "$(lost_events)" -gt 0 ]
}

# lost_events: that nobody is left, whichever way it is said.
lost_events()
{
    status_events '\(No machine\|All machines\) of server'
}

# all_at_once MODE: as if this computer's own cable had been pulled: nobody answers from one moment on (CX-24).
# That is one event; nobody is promoted while it lasts, and who comes back first serves.
all_at_once()
{
    local mode=$1 a b
    started=$(now_ms)
    fresh "$mode"
    probe_start --items $items --status-loop 20
    wait_all_ready
    wait_updates $((items * 3))
    want "machine 1 is active" is_active 1
    must rmsim /fault A refuse on
    must rmsim /fault B refuse on
    mapfile -t a < <(processes A)
    mapfile -t b < <(processes B)
    kill -STOP "${a[@]}" "${b[@]}"
    wait_until 5000 has_lost_event || complain "no event says that nobody is left"
    wait_until 3000 false # for ten attempts to reconnect
    want "no machine is active" is_active 0
    check "events of the loss" "$(lost_events)" -eq 1
    [ "$mode" = cold ] || # it connects the other one, and can't
        check "of them, of all at once" "$(status_events 'All machines of server')" -eq 1
    check "promotions" "$(session_value generation)" -eq 1
    [ ${#b[@]} -eq 0 ] || kill -CONT "${b[@]}"
    fault B clear
    wait_active 2 10000
    wait_updates $((items * 3))
    check "events of the loss" "$(lost_events)" -eq 1
    check "promotions" "$(session_value generation)" -eq 2
    kill -CONT "${a[@]}"
    fault A clear
    if [ "$mode" != cold ]; then
        wait_active 1 10000
        check "promotions" "$(session_value generation)" -eq 3
    fi
    wait_updates $((items * 3))
    probe_stop
    short_calls "$(limit_ms "$mode")"
    proof_figures
    row_end "lost/$mode/all-at-once" "$started"
}

# Their hosts are this computer by its own name: COM activates here, and the state machine, which knows no
# names, takes it for another one.
all_of_other_computers()
{
    local mode
    redundancy_off
    e2e_host=$(hostname)
    redundancy_on warm
    for mode in cold warm hot; do
        all_at_once $mode
    done
    redundancy_off
    e2e_host=localhost
    redundancy_on warm
}

# connect_code [OPTIONS of rmprobe...]: what the client's creation fails with.
connect_code()
{
    capture of_bits "$e2e_client_bits" rmprobe.exe "$E2E_SERVER" --items 1 --seconds 1 "$@" |
        sed -nE "s/.*can't connect to [^ ]*: (0x[0-9A-F]{8}).*/\\1/p"
}

# nobody MODE FAULT-OF-A...: creation fails as it does without us, with the code of the primary.
nobody()
{
    local mode=$1 direct through
    shift
    started=$(now_ms)
    fresh "$mode"
    fault A "$@"
    fault B kill
    # A client that asks for a local server alone never gets to us.
    direct=$(connect_code --clsctx local)
    through=$(connect_code)
    [ -n "$direct" ] || complain "the client could connect directly"
    [ "$through" = "$direct" ] || complain "creation fails with ${through:-nothing}, directly with $direct"
    : >"$probe_out"
    row_figures="code=$through"
    row_end "lost/$mode/connects-to-nobody-$1" "$started"
}

# use_up: Wine starts a server whose class object makes no server objects once more when it gives up. That
# process would serve the client of another row, without the time of a start.
use_up()
{
    fault A clear
    capture of_bits 64 rmprobe.exe "$E2E_SERVER" --items 1 --seconds 1 --clsctx local >/dev/null
}

e2e_record=1
e2e_begin "$@"
machines_on
redundancy_on warm
probe_out=$RM_TMP/probe.out
for mode in cold warm hot; do
    nobody $mode fail IClassFactory.CreateInstance 0x80040112
    use_up
    both_lost $mode
    first $mode A 2
    first $mode B 1
    nobody $mode kill
done
all_of_other_computers
e2e_server_da=3 && machines_on
both_lost warm
redundancy_off
e2e_end
