#!/bin/bash
# Nothing that the client has already is sent again after a switch (C-21): neither what never changes, nor
# the newest of what does, in each mode, with the machines' clocks equal or 5 s apart.
#
# usage: once.sh [BIN64 [BIN32]]
. "$(dirname "$0")/evidence.sh"

still_items=(Memory.I2 Memory.R8 Memory.String Memory.Date Memory.Array.I4 Memory.Bulk.M00{1..9})
counters=(Counters.C000{1..5})
e2e_updates=25 # of five counters: half a second's

# sent_again: what the client got twice, an item to a line: a value that never changes, or a counter's number.
sent_again()
{
    awk -F '\t' '$2 == "change" && $3 ~ /^Memory/ && ++still[$3] == 2 { print $3 " with the time stamp " $6 }
                 $2 == "change" && $3 ~ /^Counters/ && ++number[$3 " = " $4] == 2 { print $3 " = " $4 }' \
        "$RM_TMP/probe.record"
}

# came_once: how many of the items that never change the client got.
came_once()
{
    awk -F '\t' '$2 == "change" && $3 ~ /^Memory/ { still[$3] } END { for (item in still) n++; print n + 0 }' \
        "$RM_TMP/probe.record"
}

# off NUMBER OTHER: by how much they differ.
off()
{
    printf '%d' $(($1 > $2 ? $1 - $2 : $2 - $1))
}

# once MODE SKEW_MS: A dies, B takes over; A comes back and is returned to, or B dies as well.
once()
{
    local line mode=$1 item words=()
    started=$(now_ms)
    e2e_clocks_differ=$(($2 != 0))
    machine_on A --plant once
    machine_on B --plant once --skew "$2"
    fresh "$mode"
    for item in "${still_items[@]}" "${counters[@]}"; do
        words+=(--item "$item")
    done
    probe_start "${words[@]}" --period 0
    [ "$mode" = cold ] || wait_all_ready
    takeover 1
    [ "$mode" = cold ] || check "ms by which the standby's clock is ahead, of $2: off" \
        "$(off $(($(machine_value 2 skewToActiveUs) / 1000)) "$2")" -le 100
    fault A kill
    takeover 2
    fault A clear
    [ "$mode" != cold ] || fault B kill
    takeover 1
    probe_stop
    settle
    at_most failed_calls 0
    check "items that never change, which came" "$(came_once)" -eq ${#still_items[@]}
    while read -r line; do
        complain "sent again: $line"
    done < <(sent_again | head -n 5)
    row_end "once/$e2e_client_bits/$mode/clocks-$2-ms-apart" "$started"
}

all_rows()
{
    local mode skew
    e2e_client_bits=$1
    e2e_server_bits=$1
    for mode in cold warm hot; do
        for skew in 0 5000 -5000; do
            once "$mode" "$skew"
        done
    done
}

e2e_record=1
e2e_begin "$@"
machines_on
redundancy_on warm
# A third server of the plant, so that the plant's memory and its time stamps outlive the moment in which cold
# mode has neither machine.
machine_on K --plant once
holder_start RMSim.K.1
all_rows 64
[ -z "$e2e_bin32" ] || all_rows 32
holder_stop
redundancy_off
e2e_end
