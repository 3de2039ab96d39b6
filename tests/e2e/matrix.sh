#!/bin/bash
# Mode x fault x apartment x bitness of the client x bitness of the servers x kind of the machines,
# pairwise: each two values of two columns meet in a row. Each row is one client of 1,000 counters that change every 100 ms and that
# asks for the status in a loop; its proof is held against design.md 8.
#
#   kill, hang, shutdown   of the active machine, and its return (cold: none)
#   lost                   both machines die, and come back
#   refuse                 the primary can't be started when the client connects; it comes later. Then
#                          the machine that is active dies
#   notready               the primary dies, and is back in time, but not configured for some seconds, with
#                          all items bad: nothing of that may reach the client
#
#   da2, da3               OPC Data Access 2.05a; 3.0 as well
#   odd                    3.0, all objects in one apartment, handles with high bits, updates in batches of
#                          100 items, rates that are multiples of 70 ms
#
# usage: matrix.sh [BIN64 [BIN32]]
. "$(dirname "$0")/evidence.sh"

period_ms=100
unready_ms=3000
odd_rate_ms=70
odd_options=(--apartment sta --high-handles --odd-rates --batch 100)
# mode fault apartment client server machines
rows=(
    'warm lost     mta 64 64 da2'
    'hot  hang     sta 32 64 da2'
    'cold notready mta 64 64 da2'
    'cold kill     sta 64 64 da3'
    'hot  shutdown sta 64 64 da3'
    'cold lost     sta 64 64 odd'
    'hot  refuse   mta 64 64 odd'
    'warm kill     sta 32 64 odd'
    'hot  notready mta 32 64 odd'
    'hot  kill     mta 64 32 da2'
    'warm shutdown mta 64 32 da2'
    'cold refuse   mta 64 32 da2'
    'cold hang     sta 64 32 da3'
    'hot  lost     mta 32 32 da3'
    'warm refuse   sta 32 32 da3'
    'warm notready sta 64 32 da3'
    'warm hang     mta 64 32 odd'
    'cold shutdown mta 32 32 odd'
)

# play_active MODE FAULT: the active machine's fault, and its end.
play_active()
{
    fault A "$2"
    takeover 2
    fault A clear
    returned "$1"
}

# play_lost MODE: nobody is left; the client is told so once, and B comes back first.
play_lost()
{
    fault B kill
    fault A kill
    wait_line "$probe_out" 'quality items=1000 .* now=0x0018' 10000 || complain "the client was not told"
    fault B clear
    wait_active 2 10000
    wait_line "$probe_out" 'quality items=[0-9]+ .* before=0x0018 now=0x00C0' 10000 ||
        complain "the client's data did not come back"
    wait_updates $e2e_updates
    fault A clear
    returned "$1"
}

# play_refused MODE: B serves; A is back; then the active one dies.
play_refused()
{
    local active=B other=1
    fault A clear
    returned "$1"
    if [ "$1" != cold ]; then
        active=A
        other=2
    fi
    fault $active kill
    takeover $other
}

# play_not_ready MODE: the return waits until the primary is RUNNING; cold mode does not look at it until
# the secondary dies.
play_not_ready()
{
    local since
    fault A kill
    wait_active 2 10000
    since=$(now_ms)
    fault A not-ready $((unready_ms / 1000))
    fault A refuse off
    if [ "$1" = cold ]; then
        wait_until $((unready_ms + 100)) false
        want "B is active" is_active 2
        fault B kill
        wait_active 1 10000
    else
        wait_machine 1 connection up $unready_ms
        want "the primary does not say that it is running" machine_is 1 running false
        want "B is active" is_active 2
        wait_active 1 15000
        check "ms until the return" $(($(now_ms) - since)) -ge $unready_ms
    fi
    wait_updates $e2e_updates
}

# judge MODE FAULT: gaps and calls; a client that lost both is without data for as long as it lasts.
judge()
{
    local detection
    case $2 in
        refuse | notready) detection=$(detection_ms kill) ;;
        *) detection=$(detection_ms "$2") ;;
    esac
    at_most doubled 0
    at_most reordered 0
    if [ "$2" = lost ]; then
        at_most bad_updates 1000
        check "quality changes" "$(proof quality_changes)" -eq 2000
    else
        at_most bad_updates 0
        at_most gap_ms $((period_ms + grid_ms + detection + $(margin_ms "$1")))
    fi
    at_most failed_calls 0
    at_most slowest_call_ms $((e2e_ping_interval + e2e_ping_timeout + 100 +
        ($([ "$1" = cold ] && margin_ms cold || echo 0))))
    proof_figures
}

# servers_of BITS KIND: what the machines' programs are from now on, and the rate that the client asks for.
# Updates that do not come with the counters' changes come up to a rate later.
servers_of()
{
    rate_ms=$period_ms
    grid_ms=0
    if [ "$2" = odd ]; then
        rate_ms=$odd_rate_ms
        grid_ms=$odd_rate_ms
    fi
    [ "$1 $2" != "$servers" ] || return
    servers="$1 $2"
    e2e_server_bits=$1
    case $2 in
        da2) e2e_server_da=2 && machines_on ;;
        da3) e2e_server_da=3 && machines_on ;;
        odd) e2e_server_da=3 && machines_on "${odd_options[@]}" ;;
    esac
}

row()
{
    local mode=$1 fault=$2 apartment=$3 client=$4 server=$5 kind=$6 started name
    name=matrix/$mode/$fault/$apartment/client$client/server$server/$kind
    started=$(now_ms)
    if [ -z "$e2e_bin32" ] && [ "$client$server" != 6464 ]; then
        say "SKIP $name: no 32-bit programs"
        e2e_skipped=$((e2e_skipped + 1))
        return
    fi
    e2e_client_bits=$client
    fresh "$mode"
    servers_of "$server" "$kind"
    if [ "$fault" = refuse ]; then
        fault A kill
    fi
    if probe_start --apartment "$apartment" --status-loop 20 --rate $rate_ms; then
        [ "$fault" = refuse ] || wait_all_ready
        wait_updates $e2e_updates
        case $fault in
            lost) play_lost "$mode" ;;
            refuse) play_refused "$mode" ;;
            notready) play_not_ready "$mode" ;;
            *) play_active "$mode" "$fault" ;;
        esac
    fi
    probe_stop
    judge "$mode" "$fault"
    row_end "$name" "$started"
}

e2e_record=1
e2e_begin "$@"
servers=
servers_of 64 da2
redundancy_on warm
for columns in "${rows[@]}"; do
    # shellcheck disable=SC2086
    row $columns
done
redundancy_off
e2e_end
