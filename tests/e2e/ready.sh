#!/bin/bash
# What is known of the standbys while all is well (C-07): what they refuse, what they have otherwise,
# what begins with bad quality there; by events, rmctl status and rmctl compare; and rmctl compare as an
# OPC client of its own.
#
# usage: ready.sh [BIN64 [BIN32]]
. "$(dirname "$0")/evidence.sh"

items=200
compare_bits=64

# compare STATUS ARGUMENTS...: rmctl compare; its output in $compared, errors in $compare_errors.
compare()
{
    local wanted=$1 status
    shift
    of_bits $compare_bits rmctl.exe --config "$(windows_path "$RM_TMP/redundancymaster.xml")" compare "$E2E_SERVER" "$@" \
        >"$RM_TMP/compare.out" 2>"$RM_TMP/compare.err" </dev/null
    status=$?
    compared=$(tr -d '\r' <"$RM_TMP/compare.out")
    compare_errors=$(tr -d '\r' <"$RM_TMP/compare.err")
    if [ $status -ne "$wanted" ]; then
        complain "rmctl compare $*: exit status $status, not $wanted"
        complain "$(head -n 5 <<<"$compared") $compare_errors"
    fi
}

# has TEXT [TIMES]: that many lines of the last comparison have it.
has()
{
    local count
    count=$(grep -cF -- "$1" <<<"$compared")
    [ "$count" -eq "${2:-1}" ] || complain "$count lines of rmctl compare have '$1', not ${2:-1}: $(head -n 8 <<<"$compared")"
}

# Three items refused, ten of another type: five of these are named, the rest is counted, and none of it is
# told again when the client adds more.
differences_are_known()
{
    started=$(now_ms)
    machine_on B --refuse-items 'Counters.C000[1-3]' --retype 'Counters.C001#'
    fresh warm
    probe_start --items $items
    wait_machine 2 refusedItems 3 10000
    wait_machine 2 differingItems 10 5000
    wait_status_event "[^\"]*refuses further items" 5000
    check "events of refused items" "$(status_events '[^"]* refused item ')" -eq 3
    check "events of other types" "$(status_events '[^"]*not configured as the active machine: item')" -eq 5
    check "events of further ones" "$(status_events '[^"]*refuses further items, or has them otherwise than the active machine: 5\.')" -eq 1
    want "98 %" machine_is 2 readyPercent 98
    want "all of machine 1" machine_is 1 readyPercent 100
    want "status tells it" status_has "ready 98 % (3 of 200 items refused, 10 differ)"
    compare 1
    has "machine 2 'localhost': item 'Counters.C0002' is refused there (0xC0040007: OPC: no such item)"
    has "is of type R8 there, of type I4 on machine 1 'localhost'" 10
    has "13 differences; compared: 200 items of 1 session on 2 machines."
    compare 1 --json
    has '"kind": "type"' 10
    has '"result": "different"'
    fault B refuse-items 'Counters.C000[1-9]' on
    check "events at the end" "$(status_events '[^"]*refuses further items')" -eq 1
    probe_stop
    row_end ready/warm/differences-are-known "$started"
    machine_on B
}

# What the standby refuses at a later time, and takes again, is seen without a switch.
limits_are_lifted()
{
    started=$(now_ms)
    fresh warm
    fault B refuse-items 'Counters.C01##' on
    probe_start --items $items
    wait_machine 2 refusedItems 100 10000
    want "50 %" machine_is 2 readyPercent 50
    check "named" "$(status_events '[^"]* refused item ')" -eq 5
    check "counted" "$(status_events '[^"]*refuses further items, or has them otherwise than the active machine: 95\.')" -eq 1
    compare 1
    has "is refused there" 32
    has "68 more; the list is cut here."
    has "100 differences; compared: 200 items"
    fault B refuse-items 'Counters.C01##' off
    wait_machine 2 readyPercent 100 15000
    compare 0
    has "0 differences"
    probe_stop
    row_end ready/warm/refusals-come-and-go "$started"
}

# The share that the machine has is what readyPercent decides by.
a_share_decides()
{
    started=$(now_ms)
    machine_on B --refuse-items 'Counters.C00##'
    fresh warm readyPercent=60
    probe_start --items $items
    wait_machine 2 readyPercent 50 10000
    wait_until 5000 status_has "50 %" || complain "status does not say 50 %"
    rmctl status --json | grep -q '"objection": "it does not have enough' || complain "nothing is said against machine 2"
    must rmctl set "$E2E_SERVER" readyPercent=0
    probe_stop
    row_end ready/warm/the-share-decides "$started"
    machine_on B
}

# Ten items are bad on the standby from the start; that is told when it lasts, and ends by itself.
bad_from_the_start()
{
    started=$(now_ms)
    fresh hot
    fault B quality Counters.C0007 bad
    probe_start --items $items
    wait_machine 2 badItems 1 10000
    wait_status_event "[^\"]*is connected, but item 'Counters.C0007' has bad quality there (0x00), good on the active machine" 2000
    want "status tells it" status_has "ready 100 % (1 has bad quality)"
    want "status has the buffer" status_has "; buffer "
    want "status has the clock" status_has "ms to the active machine)"
    compare 1
    has "item 'Counters.C0007' has bad quality there"
    fault B quality Counters.C0007 own
    wait_machine 2 badItems 0 10000
    check "events of it" "$(status_events '[^"]*has bad quality there')" -eq 1
    compare 0
    want "the buffer's size" test "$(machine_value 2 bufferBytesMax)" -gt 0
    want "nothing was dropped" machine_is 2 bufferDropped 0
    check "clocks, of the standby only" "$(rmctl status --json | grep -c skewToActiveUs)" -eq 1
    probe_stop
    row_end ready/hot/bad-from-the-start "$started"
}

# other_b DA: machines of that interface; B is configured otherwise.
other_b()
{
    e2e_server_da=$1
    machine_on A
    machine_on B --without 'Memory.Bulk.M00#' --retype 'Wave.*' --read-only 'Analog.*' --refuse-items 'Random.Walk1'
}

# compared_as_client DA
compared_as_client()
{
    started=$(now_ms)
    other_b "$1"
    fresh warm
    compare 2
    [[ $compare_errors == *"No client has '$E2E_SERVER' open"* ]] || complain "no advice: $compare_errors"
    compare 1 --branch ""
    has "item 'Memory.Bulk.M007' is missing there, it is on machine 1 'localhost'"
    has "is missing there" 9
    has "item 'Wave.Sine3' is of type I4 there, of type R8 on machine 1 'localhost'"
    has "of type" 20
    has "item 'Analog.Setpoint' is read only there, read and write on machine 1 'localhost'"
    has "read only there" 2
    has "item 'Random.Walk1' is refused there"
    has "32 differences"
    compare 1 --branch Wave
    has "20 differences"
    compare 0 --branch Counters
    has "0 differences; compared: 1000 entries of 1 branch on 2 machines."
    compare 1 --branch Memory --depth 1
    has "9 differences; compared: 130 entries of 3 branches on 2 machines."
    compare 0 --branch Memory.Array --json
    has '"result": "same"'
    compare 2 --branch Nowhere
    [[ $compare_errors == *"there is no branch 'Nowhere'"* ]] || complain "not said: $compare_errors"
    compare 1 --item Wave.Sine1 --item Counters.C0001 --item Memory.Bulk.M001
    has "2 differences; compared: 3 items on 2 machines."
    has "item 'Memory.Bulk.M001' is refused there"
    compare 2 --item No.Such
    [[ $compare_errors == *"item 'No.Such' is refused, as on every machine (0xC0040007"* ]] || complain "not said: $compare_errors"
    compare 0 --item Counters.C0001
    for name in A B; do
        wait_until 15000 has_no_process $name || complain "rmctl has left $name's server running"
    done
    row_end "ready/compare/as-a-client-da$1-$compare_bits-bit" "$started"
    e2e_server_da=2
    machine_on A
    machine_on B
}

# A server that hangs, or is gone, does not hold up rmctl.
deadlines()
{
    local before took
    started=$(now_ms)
    fresh warm
    probe_start --items 10 # so that both servers run
    wait_all_ready
    fault B hang
    before=$(now_ms)
    compare 2 --branch "" --timeout 2
    took=$(($(now_ms) - before))
    check "ms until rmctl has given up" $took -le 12000
    [[ $compare_errors == *"machine 2 'localhost': no answer to "*" for 2 s; it is left out from here on"* ]] ||
        complain "not said: $compare_errors"
    fault B clear
    fault B kill
    compare 2 --item Counters.C0001
    [[ $compare_errors == *"machine 2 'localhost': the start of the server failed with 0x"* ]] ||
        complain "not said: $compare_errors"
    compare 2
    [[ $compare_errors == *"it is not connected: 0x"* ]] || complain "not said: $compare_errors"
    fault B clear
    probe_stop
    row_figures="given_up_ms=$took"
    row_end ready/compare/deadlines "$started"
}

e2e_begin "$@"
machines_on
redundancy_on warm
differences_are_known
limits_are_lifted
a_share_decides
bad_from_the_start
compared_as_client 2
if [ -n "$e2e_bin32" ]; then
    compare_bits=32
fi
compared_as_client 3
compare_bits=64
deadlines
redundancy_off
e2e_end
