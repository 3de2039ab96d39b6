#!/bin/bash
# Who talks to the service's pipe: peers that keep to the rules are served whatever others do, and those are
# cut off, with the reason told; many at once; who comes too often.
#
# usage: peers.sh [BIN64 [BIN32]]
. "$(dirname "$0")/../e2e/lib.sh"
. "$(dirname "$0")/../e2e/evidence.sh"
. "$(dirname "$0")/lib.sh"

# peer_start NAME ARGUMENTS...: until peers_stop; what it says is in $RM_TMP/NAME.out. Its last argument is the
# file that ends it.
peer_start()
{
    local name=$1
    shift
    : >"$RM_TMP/$name.out"
    of_bits "$peer_bits" service_peer.exe "$@" "$(windows_path "$RM_TMP/peers.stop")" >"$RM_TMP/$name.out" 2>&1 </dev/null &
    peer_pids+=($!)
}

peers_stop()
{
    : >"$RM_TMP/peers.stop"
    wait "${peer_pids[@]}"
    peer_pids=()
    rm -f "$RM_TMP/peers.stop"
}

# is_cut PART LEAST_MS MOST_MS REASON: a bad peer, while a good one is served all the time.
is_cut()
{
    local answer ms
    started=$(now_ms)
    answer=$(peer "$1")
    ms=$(sed -nE 's/^cut after ([0-9]+) ms.*/\1/p' <<<"$answer")
    check "it was cut off after ms ($answer)" "${ms:-99999}" -ge "$2"
    check "it was cut off after ms ($answer)" "${ms:-99999}" -le "$3"
    wait_until 2000 grep -qF "was cut off from the service: $4." "$RM_TMP/service.out" ||
        complain "the service does not tell the reason '$4': $(tail -n 1 "$RM_TMP/service.out")"
    row_figures="cut_ms=${ms:-?}"
    row_end "service/peers/$peer_bits/$1" "$started"
}

bad_peers()
{
    is_cut rubbish 0 1000 'what it sends is no frame'
    is_cut answer 0 1000 'what it sends is no request'
    is_cut early 0 1000 'it does not begin with HELLO'
    is_cut halved 0 1000 'what it sends is no message'
    is_cut flood 0 15000 'it sends too much at a time'
    must peer events 500 Peer.Deaf.1
    is_cut deaf 0 15000 'it does not read what it is told'
    is_cut silent 4500 7500 'it says nothing'
    is_cut unfinished 9500 12500 'it leaves a message unfinished'
}

# What it doesn't know is answered, and it goes on serving.
strangers()
{
    local part
    for part in stranger newer; do
        started=$(now_ms)
        check "answer to $part" "$(peer $part)" = answered
        row_end "service/peers/$peer_bits/$part" "$started"
    done
}

# 7 programs with 29 sessions each are there at once, each on a connection of its own, while another one has
# 100 on its only connection. All are gone when their programs are.
crowd()
{
    local i
    started=$(now_ms)
    for i in 1 2 3 4 5 6 7; do
        peer_start "crowd$i" crowd 29
    done
    peer_start sessions sessions 100
    for i in 1 2 3 4 5 6 7; do
        wait_line "$RM_TMP/crowd$i.out" '^held 29' 30000 || complain "program $i: $(cat "$RM_TMP/crowd$i.out")"
    done
    wait_line "$RM_TMP/sessions.out" '^held 100' 10000 || complain "the single one: $(cat "$RM_TMP/sessions.out")"
    check "sessions that the service knows" "$(sessions_known)" -eq 303
    peers_stop
    wait_until 5000 knows_none || complain "$(sessions_known) sessions are left"
    row_end "service/peers/$peer_bits/crowd" "$started"
}

# One program gets 32 connections.
greedy()
{
    started=$(now_ms)
    peer_start greedy crowd 40
    wait_line "$RM_TMP/greedy.out" '^held' 30000 || complain "no answer: $(cat "$RM_TMP/greedy.out")"
    check "connections of one program" "$(sed -n 's/^held //p' "$RM_TMP/greedy.out")" -eq 32
    peers_stop
    row_end "service/peers/$peer_bits/greedy" "$started"
}

# since TIME: how many events there are.
since()
{
    rmctl events Peer.Once.1 --since "$1" | grep -c 'of a test'
}

# An event that is handed over twice is stored once, and none is shown that would write on a terminal.
events_once()
{
    started=$(now_ms)
    check "events stored" "$(peer events 120 Peer.Once.1 | sed -n 's/^stored //p')" -eq 120
    rmctl events Peer.Once.1 --last 0 >"$RM_TMP/once.out"
    check "events shown" "$(grep -c 'event [0-9]* of a test' "$RM_TMP/once.out")" -eq 120
    check "control characters" "$(tr -d '\n' <"$RM_TMP/once.out" | grep -c '[[:cntrl:]]')" -eq 0
    # They are a millisecond apart, in 2026.
    check "events since the 60th" "$(since 2026-11-22T16:07:40.557Z)" -eq 61
    check "events since the 61st, as --json has it" "$(since "$(rmctl events Peer.Once.1 --last 60 --json | sed -nE '1s/.*"time": *"([^"]*)".*/\1/p')")" -eq 60
    check "events since a day" "$(since 2026-11-22)" -eq 120
    check "events since a minute" "$(since "2026-11-22 16:07")" -eq 120
    check "events since the next one" "$(since "2026-11-23 16:07:00")" -eq 0
    check "events of the last 90000 days" "$(since 90000d)" -eq 120
    check "events of no time" "$(rmctl events Peer.Once.1 --since yesterday | grep -c "is no time: give 30m")" -eq 1
    check "events about machine 2" "$(rmctl events Peer.Once.1 --machine 2 | grep -c 'of a test')" -eq 0
    check "events saved" "$(rmctl events Peer.Once.1 --last 0 --save "$(windows_path "$RM_TMP/once.txt")" | grep -c '^120 events')" -eq 1
    check "lines of the file" "$(grep -c 'service_peer.exe (' "$RM_TMP/once.txt")" -eq 120
    must rmctl events Peer.Once.1 --reset
    check "events after --reset" "$(rmctl events Peer.Once.1 | grep -c 'of a test')" -eq 0
    row_end "service/peers/$peer_bits/events" "$started"
}

all_rows()
{
    peer_bits=$1
    service_start
    peer_start steady steady
    wait_line "$RM_TMP/steady.out" '^ready' 10000 || complain "no good peer"
    strangers
    events_once
    bad_peers
    started=$(now_ms)
    peers_stop
    check "slowest answer that a good peer got, in ms" "$(sed -n 's/.*slowest_ms=//p' "$RM_TMP/steady.out")" -le 250
    row_figures=$(tail -n 1 "$RM_TMP/steady.out")
    row_end "service/peers/$peer_bits/good" "$started"
    crowd
    greedy
    service_kill
}

peer_pids=()
e2e_begin "$@"
all_rows 64
[ -z "$e2e_bin32" ] || all_rows 32
e2e_end
