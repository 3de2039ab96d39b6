#!/bin/bash
# The black-box report: after each fault there is one, it is JSON, and its first lines name the cause; what
# could not be written harms nobody, and the folder stays bounded.
#
# usage: blackbox.sh [BIN64 [BIN32]]
. "$(dirname "$0")/evidence.sh"

items=200
first_data_ms=1500 # after a switch, on a busy machine
settle_ms=6000     # 2 s after the switch, the worker, the disk

# The folder of reports, as Linux sees it.
reports=

report_names()
{
    find "$reports" -maxdepth 1 -name '*.json' -printf '%f\n' 2>/dev/null | sort
}

report_count()
{
    report_names | wc -l
}

has_reports()
{
    [ "$(report_count)" -ge "$1" ]
}

# begin MODE [SETTING=VALUE...]: a client, and no report yet.
begin()
{
    started=$(now_ms)
    fresh "$@"
    rm -rf "$reports"
    probe_start --items $items --groups 2 --status-loop 20
    wait_all_ready
    wait_updates $((items * 5))
}

# report_read N: the values of the N-th report into $report, one line each.
report_read()
{
    local name
    wait_until "$settle_ms" has_reports "$1" || complain "no report number $1 within $settle_ms ms"
    name=$(report_names | sed -n "$1p")
    report=$(awk -f "$(dirname "$0")/json.awk" "$reports/$name" 2>&1) || complain "$name: $(tail -n 1 <<<"$report")"
    say "    $(sed -n 's/^summary\[0\]=//p' <<<"$report")"
}

# says KEY REGEX: that value of the report that was read last.
says()
{
    grep -qE "^$1=$2\$" <<<"$report" || complain "$1 is not '$2' but '$(sed -n "s/^$1=//p" <<<"$report" | head -n 1)'"
}

# count_of REGEX: lines of that report.
count_of()
{
    grep -cE "$1" <<<"$report"
}

# switched FROM TO CAUSE
switched()
{
    says 'promotions\[0\].from' "$1"
    says 'promotions\[0\].to' "$2"
    says 'promotions\[0\].cause' "$3"
}

row()
{
    probe_stop
    at_most failed_calls 0
    row_end "blackbox/$1" "$started"
}

killed()
{
    begin warm
    fault A kill
    wait_active 2 5000
    report_read 1
    switched 1 2 'transport lost'
    says 'summary\[0\]' '.*lost machine 1 \(localhost\): .* failed with 0x800706B[AEF] .*Switched to machine 2 .*'
    row kill
}

e2e_begin "$@"
reports=$WINEPREFIX/drive_c/ProgramData/RedundancyMaster/blackbox
machines_on
redundancy_on warm
killed
redundancy_off
e2e_end
