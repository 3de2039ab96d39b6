#!/bin/bash
# The connection modes, sentence by sentence: each row is one of RM-130 .. RM-157 (features.md 1.8), shown
# by what the two simulated machines journal and log, by the session's status, and by the client's
# proof. The rows of a mode share one client, as the first start of a machine takes a second.
#
# usage: modes.sh [BIN64 [BIN32]]; all rows in both bitnesses if the second folder is given
. "$(dirname "$0")/evidence.sh"

items=200
period_ms=100
# Beyond detection and, in cold mode, the start of the server: design.md 8.
hot_ms=50
warm_ms=150
cold_ms=300

# begin MODE [SETTING=VALUE...]: a client with three groups that reads, and writes a growing number, all
# the time.
begin()
{
    fresh "$@"
    probe_start --items $items --groups 3 --period $period_ms --read-loop 50 --write-loop 50 \
        --write-item Memory.I4
}

# periods N: until the client has seen N updates of each item.
periods()
{
    wait_updates $((items * $1))
}

# row NAME: of what has been found since the row before.
row()
{
    row_end "modes/$e2e_client_bits/$1" "$row_started"
    row_started=$(now_ms)
}

# gap_within MS: of the client's whole run, beyond the update period and the detection of a process that
# is gone.
gap_within()
{
    at_most gap_ms $((period_ms + $(detection_ms kill) + $1))
    row_figures="gap_ms=$(proof gap_ms)"
}

# writes_in_turn NAME...: every number that the client wrote arrived on one machine only and once, in the
# order of the machines that were active; what was out when a machine died may be missing.
writes_in_turn()
{
    local name arrived sent
    sent=$(($(proof writes) - $(proof writes_failed) - $(proof writes_unknown)))
    for name in "$@"; do
        written "$name"
    done >"$RM_TMP/written"
    arrived=$(sort -nu "$RM_TMP/written" | wc -l)
    check "numbers that arrived" "$(wc -l <"$RM_TMP/written")" -eq "$arrived"
    check "numbers that arrived" "$arrived" -ge "$sent"
    for name in "$@"; do
        check "writes on $name" "$(written "$name" | wc -l)" -gt 0
        want "$name was written to in order" sort -nc <(written "$name")
    done
    row_figures="sent=$sent arrived=$arrived"
}

# written_in_between INNER OUTER: OUTER was written to before and after INNER, but not meanwhile.
written_in_between()
{
    local first last
    first=$(written "$1" | head -n 1)
    last=$(written "$1" | tail -n 1)
    check "writes on $2 while $1 was active" \
        "$(written "$2" | awk -v a="${first:-0}" -v b="${last:-0}" '$1 + 0 >= a + 0 && $1 + 0 <= b + 0' | wc -l)" -eq 0
}

# both_are_pinged: with GetStatus slow on both machines, both latencies show it; without, both forget it.
both_are_pinged()
{
    local name number
    for name in A B; do
        fault "$name" slow IOPCServer.GetStatus 60
    done
    for number in 1 2; do
        wait_until 3000 ping_takes "$number" -ge 60 || complain "machine $number is not pinged"
    done
    for name in A B; do
        fault "$name" clear
    done
    for number in 1 2; do
        wait_until 3000 ping_takes "$number" -lt 60 || complain "machine $number is not pinged again"
    done
}

# ---- cold -----------------------------------------------------------------------------------------
# CX-20: groups, items and callbacks are made anew on the machine that takes over.

cold_takeover()
{
    begin cold
    periods 5
    check "items on A" "$(items_of A)" -eq $items
    check "deliveries of A" "$(journal_count A delivery)" -gt 0
    check "writes on A" "$(journal_count A write)" -gt 0
    check "starts of B" "$(log_count B start:)" -eq 0
    row RM-131-cold-requests-go-to-the-primary

    fault A kill
    wait_active 2 5000
    periods 5
    want "B is active" is_active 2
    row RM-132-cold-the-secondary-follows
    check "items on B" "$(items_of B)" -eq $items
    check "deliveries of B" "$(journal_count B delivery)" -gt 0
    row RM-134-cold-subscriptions-are-added

    fault A clear
    periods 20
    want "B is still active" is_active 2
    check "starts of A" "$(log_count A start:)" -eq 1
    row RM-139-cold-no-return
    want "A has no process that could be polled" has_no_process A
    check "calls on B" "$(calls B)" -gt 0
    row RM-136-cold-the-inactive-machine-is-not-polled

    fault B kill
    wait_active 1 5000
    periods 5
    row RM-135-cold-the-next-loss-goes-back
    probe_stop
    cold_proof
}

# A machine that hangs is left, and let go as soon as it answers again. The client's write that is out
# excuses it for no time here.
cold_hung()
{
    begin cold busyGrace=0
    periods 5
    fault A hang
    wait_active 2 8000
    periods 5
    fault A clear
    wait_until 15000 has_no_process A || complain "A still has a client"
    want "B is still active" is_active 2
    probe_stop
    settle
    must rmctl set "$E2E_SERVER" busyGrace=10000
    row RM-130-cold-a-hung-machine-is-let-go
}

cold_proof()
{
    local answered delivered
    settle
    [ "$(starts)" = "A B A" ] || complain "started were: $(starts), instead of A B A"
    row RM-130-cold-one-server-at-a-time
    # What a machine delivered when it was killed may have no answer.
    answered=$(($(journal_count A result) + $(journal_count B result)))
    delivered=$(($(journal_count A delivery) + $(journal_count B delivery)))
    check "callbacks" "$(callbacks)" -ge "$answered"
    check "callbacks" "$(callbacks)" -le "$delivered"
    at_most bad_updates 0
    row_figures="callbacks=$(callbacks) delivered=$delivered"
    row RM-138-cold-no-callback-during-failover
    gap_within $(($(proof create_ms) + cold_ms))
    row RM-137-cold-failover-time
}

# The order in which machines refused to start.
refusals()
{
    sed -nE 's/^[^ ]+ ([AB]) .*start: refused/\1/p' "$RM_TMP/machines.log" | tr -d '\n'
}

cold_alternates()
{
    begin cold
    periods 5
    fault B refuse on
    fault A kill
    wait_until 10000 log_at_least A refused 3 || complain "A was not tried three times"
    fault B clear
    wait_active 2 5000
    periods 5
    probe_stop
    settle
    [[ $(refusals) =~ ^(BA)+B?$ ]] || complain "tried in this order: $(refusals)"
    row_figures="tried=$(refusals)"
    row RM-133-cold-alternates-until-one-connects
}

# ---- warm -----------------------------------------------------------------------------------------

warm_at_rest()
{
    local before calls started
    begin warm
    wait_machine 1 connection up 5000
    wait_machine 2 connection up 5000
    row RM-140-warm-both-are-connected
    wait_machine 2 ready true 5000
    periods 5
    check "deliveries of A" "$(journal_count A delivery)" -gt 0
    check "deliveries of B" "$(journal_count B delivery)" -eq 0
    row RM-141-warm-callbacks-only-from-the-primary
    both_are_pinged
    row RM-144-warm-both-are-pinged
    before=$(calls B)
    started=$(now_ms)
    periods 10
    calls=$(($(calls B) - before))
    # One more for a ping at each end.
    check "calls on the standby" "$calls" -le $((($(now_ms) - started) / e2e_ping_interval + 2))
    check "connections to A" "$(log_count A 'has connected')" -eq 1
    check "connections to B" "$(log_count B 'has connected')" -eq 1
    row_figures="calls=$calls"
    row RM-148-warm-two-connections-little-traffic
}

warm_takeover()
{
    local delivered calls started
    fault A kill
    wait_active 2 5000
    periods 5
    check "deliveries of B" "$(journal_count B delivery)" -gt 0
    check "items on B" "$(items_of B)" -eq $items
    check "connections to B" "$(log_count B 'has connected')" -eq 1
    row RM-142-warm-callbacks-begin-on-the-secondary
    wait_until 5000 log_at_least A refused 3 || complain "A was not tried again and again"
    row RM-145-warm-a-failed-server-is-tried-again
    want "B is active" is_active 2
    wait_machine 1 connection down 5000 # not just being tried
    row RM-146-warm-the-one-that-communicates-is-active
    fault A clear
    wait_active 1 10000
    periods 5
    row RM-147-warm-the-primary-is-returned-to
    delivered=$(journal_count B delivery)
    calls=$(calls B)
    started=$(now_ms)
    periods 10
    check "deliveries of B after the return" "$(journal_count B delivery)" -eq "$delivered"
    check "calls on B after the return" $(($(calls B) - calls)) -le \
        $((($(now_ms) - started) / e2e_ping_interval + 2))
    check "times that a machine became active" "$(session_value generation)" -eq 3
    fault B kill
    wait_machine 2 connection down 5000
    periods 5
    want "A is still active" is_active 1
    row RM-146-warm-losing-the-standby-changes-nothing
    probe_stop
    settle
    gap_within $warm_ms
    row RM-142-warm-failover-time
    writes_in_turn A B
    written_in_between B A
    check "callbacks" "$(callbacks)" -le $(($(journal_count A delivery) + $(journal_count B delivery)))
    row RM-143-warm-reads-and-writes-on-the-active-only
}

warm_without_return()
{
    begin warm returnPolicy=stay
    wait_machine 2 ready true 5000
    fault A kill
    wait_active 2 5000
    fault A clear
    wait_machine 1 ready true 5000
    # Twice the delay of a return.
    periods 10
    want "B is still active" is_active 2
    probe_stop
    settle
    row RM-147-warm-no-return-when-not-checked
}

# updates_of NAME: how many it has sent, each item by itself.
updates_of()
{
    journal "$1" | awk -F '\t' '$2 == "delivery" && $4 == "change" { n++ } END { print n + 0 }'
}

# has_forwarded N: by the session's count, which is published now and then.
has_forwarded()
{
    [ "$(session_value updatesForwarded)" -ge "$1" ]
}

# ---- hot ------------------------------------------------------------------------------------------
# D2-10: the standby samples and buffers, and nothing of it is forwarded.

hot_at_rest()
{
    local a b forwarded
    begin hot returnPolicy=primary
    wait_machine 1 connection up 5000
    wait_machine 2 connection up 5000
    row RM-150-hot-both-are-connected
    wait_machine 2 ready true 5000
    a=$(journal_count A result)
    b=$(journal_count B result)
    periods 10
    a=$(($(journal_count A result) - a))
    b=$(($(journal_count B result) - b))
    check "answered callbacks of A" "$a" -gt 0
    check "answered callbacks of B" "$b" -gt 0
    row RM-151-hot-both-deliver
    wait_until 3000 has_forwarded "$(updates_of A)" || complain "not all updates of A are forwarded"
    forwarded=$(session_value updatesForwarded)
    check "forwarded updates" "$forwarded" -le "$(updates_of A)"
    row_figures="forwarded=$forwarded"
    row RM-152-hot-only-the-primary-is-forwarded
    check "callbacks of B, of 100 of A" $((b * 100 / (a > 0 ? a : 1))) -ge 80
    row_figures="A=$a B=$b"
    row RM-156-hot-traffic-of-both
    both_are_pinged
}

hot_takeover()
{
    fault A kill
    wait_active 2 5000
    periods 5
    wait_until 5000 log_at_least A refused 3 || complain "A was not tried again and again"
    fault A clear
    wait_active 1 10000
    periods 5
    row RM-155-hot-pings-reconnects-return
    check "items on B" "$(items_of B)" -eq $items
    check "connections to B" "$(log_count B 'has connected')" -eq 1
    check "times that a machine became active" "$(session_value generation)" -eq 3
    probe_stop
    settle
    gap_within $hot_ms
    row RM-153-hot-data-of-the-secondary-at-once
    at_most lost $((items * ($(detection_ms kill) + hot_ms + period_ms) / period_ms))
    row_figures="lost=$(proof lost)"
    row RM-157-hot-loss-window-is-the-detection
    writes_in_turn A B
    written_in_between B A
    row RM-154-hot-writes-on-the-active-only
}

# ---- all modes ------------------------------------------------------------------------------------

# because TEXT: the newest report says why a machine was asked out of turn.
because()
{
    local file
    file=$(find "$(reports_folder)" -maxdepth 1 -name "*.json" 2>/dev/null | sort | tail -n 1)
    [ -n "$file" ] && grep -q "\"because\": *\"$1\"" "$file"
}

# process_ends MODE: nobody calls, and pings are 20 s apart. What tells is the end of the process itself, of
# the active machine and of the standby (design.md 3.6).
process_ends()
{
    fresh "$1" pingInterval=20000 returnPolicy=stay
    probe_start --items $items --period $period_ms
    [ "$1" = cold ] || wait_machine 2 ready true 5000
    periods 5
    fault A kill
    wait_active 2 3000
    periods 5
    wait_until 6000 because 'its process on this computer has ended' || complain "no report says what told it"
    fault A clear
    if [ "$1" != cold ]; then
        wait_machine 1 ready true 5000
        fault A kill
        wait_machine 1 connection down 5000 # not just being tried
    fi
    periods 5
    probe_stop
    settle
    at_most gap_ms $((period_ms + $(margin_ms "$1")))
    row_figures="gap_ms=$(proof gap_ms)"
    must rmctl set "$E2E_SERVER" pingInterval=$e2e_ping_interval returnPolicy=primary
    row "design-3.6-$1-a-process-that-ends"
}

# all_rows BITS: with the client, its redundancymaster.dll and the machines of that bitness.
all_rows()
{
    e2e_client_bits=$1
    e2e_server_bits=$1
    machines_on
    cold_takeover
    cold_hung
    cold_alternates
    warm_at_rest
    warm_takeover
    warm_without_return
    hot_at_rest
    hot_takeover
    for mode in cold warm hot; do
        process_ends "$mode"
    done
}

e2e_record=1
e2e_begin "$@"
machines_on
redundancy_on warm
row_started=$(now_ms)
all_rows 64
[ -z "$e2e_bin32" ] || all_rows 32
redundancy_off
e2e_end
