#!/bin/bash
# Mode x fault x apartment x bitness of the client x bitness of the servers, pairwise: each two values of
# two columns meet in a row. Each row is one client of 1,000 counters that change every 100 ms and that
# asks for the status in a loop; its proof is held against design.md 8.
#
#   kill, hang, shutdown   of the active machine, and its return (cold: none)
#   lost                   both machines die, and come back
#   refuse                 the primary can't be started when the client connects; it comes later. Then
#                          the machine that is active dies
#
# usage: matrix.sh [BIN64 [BIN32]]
. "$(dirname "$0")/evidence.sh"

period_ms=100
updates=5000
# mode fault apartment client server
rows=(
    'cold kill     sta 64 64'
    'hot  shutdown sta 64 64'
    'cold lost     sta 64 64'
    'warm lost     mta 64 64'
    'hot  refuse   mta 64 64'
    'warm kill     sta 32 64'
    'hot  hang     sta 32 64'
    'hot  kill     mta 64 32'
    'cold hang     sta 64 32'
    'warm hang     mta 64 32'
    'warm shutdown mta 64 32'
    'cold refuse   mta 64 32'
    'cold shutdown mta 32 32'
    'hot  lost     mta 32 32'
    'warm refuse   sta 32 32'
)

# A takeover's share of the gap, beyond the period and the detection.
margin_ms()
{
    case $1 in
        cold) printf '%d' $(($(proof create_ms) + 300)) ;;
        warm) printf 150 ;;
        hot) printf 50 ;;
    esac
}

# returned MODE: A is active again, where that mode does it.
returned()
{
    if [ "$1" != cold ]; then
        wait_active 1 10000
        wait_updates $updates
    fi
}

# play_active MODE FAULT: the active machine's fault, and its end.
play_active()
{
    fault A "$2"
    wait_active 2 10000
    wait_updates $updates
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
    wait_line "$probe_out" 'quality items=1000 .* before=0x0018 now=0x00C0' 10000 ||
        complain "the client's data did not come back"
    wait_updates $updates
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
    wait_active $other 10000
    wait_updates $updates
}

# judge MODE FAULT: gaps and calls; a client that lost both is without data for as long as it lasts.
judge()
{
    local detection
    detection=$(detection_ms "${2/refuse/kill}")
    at_most doubled 0
    at_most reordered 0
    if [ "$2" = lost ]; then
        at_most bad_updates 1000
        check "quality changes" "$(proof quality_changes)" -eq 2000
    else
        at_most bad_updates 0
        at_most gap_ms $((period_ms + detection + $(margin_ms "$1")))
    fi
    at_most failed_calls 0
    at_most slowest_call_ms $((e2e_ping_interval + e2e_ping_timeout + 100 +
        ($([ "$1" = cold ] && margin_ms cold || echo 0))))
    proof_figures
}

# servers_of BITS: what the machines' programs are from now on.
servers_of()
{
    if [ "$1" != "$e2e_server_bits" ]; then
        e2e_server_bits=$1
        machines_on
    fi
}

row()
{
    local mode=$1 fault=$2 apartment=$3 client=$4 server=$5 started
    started=$(now_ms)
    if [ -z "$e2e_bin32" ] && [ "$client$server" != 6464 ]; then
        say "SKIP matrix/$mode/$fault/$apartment/client$client/server$server: no 32-bit programs"
        e2e_skipped=$((e2e_skipped + 1))
        return
    fi
    e2e_client_bits=$client
    fresh "$mode"
    servers_of "$server"
    if [ "$fault" = refuse ]; then
        fault A kill
    fi
    if probe_start --apartment "$apartment" --status-loop 20; then
        [ "$fault" = refuse ] || wait_all_ready
        wait_updates $updates
        case $fault in
            lost) play_lost "$mode" ;;
            refuse) play_refused "$mode" ;;
            *) play_active "$mode" "$fault" ;;
        esac
    fi
    probe_stop
    judge "$mode" "$fault"
    row_end "matrix/$mode/$fault/$apartment/client$client/server$server" "$started"
}

e2e_begin "$@"
machines_on
redundancy_on warm
for columns in "${rows[@]}"; do
    # shellcheck disable=SC2086
    row $columns
done
redundancy_off
e2e_end
