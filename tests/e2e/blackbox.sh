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

# begin MODE [SETTING=VALUE...]: a client on machine 1, and no report yet. Wine may refuse to start a machine
# whose last process has just ended: then the session begins on the other one, and reports its return.
begin()
{
    started=$(now_ms)
    fresh "$@"
    rm -rf "$reports"
    probe_start --items $items --groups 2 --status-loop 20
    wait_all_ready
    wait_active 1 10000
    [ "$(session_value generation)" -eq 1 ] || wait_until "$settle_ms" has_reports 1
    rm -rf "$reports"
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
    row_end "blackbox/$e2e_client_bits/$1" "$started"
}

# What rmctl makes of the report that was read last, the N-th.
rmctl_shows()
{
    local name list
    name=$(report_names | sed -n "$1p")
    rmctl blackbox >"$RM_TMP/list"
    want "rmctl lists the report" grep -qF "$name" "$RM_TMP/list"
    want "rmctl lists its sentence" grep -qF "$(sed -n 's/^summary\[0\]=//p' <<<"$report")" "$RM_TMP/list"
    rmctl blackbox --json >"$RM_TMP/list"
    list=$(awk -f "$(dirname "$0")/json.awk" "$RM_TMP/list" 2>&1) || complain "the list is not JSON: $list"
    want "the newest comes first" grep -qxF "reports[0].file=$(report_names | tail -n 1)" <<<"$list"
    rmctl blackbox show "$name" >"$RM_TMP/shown"
    want "rmctl shows the report as it is" cmp -s "$reports/$name" "$RM_TMP/shown"
}

# One fault that a stranger has to name, and the return from it.
killed()
{
    begin warm
    fault A kill
    wait_active 2 5000
    report_read 1
    switched 1 2 'transport lost'
    says 'summary\[0\]' '.*lost machine 1 \(localhost\): .* failed with 0x800706B[AEF] .*Switched to machine 2 .*'
    says 'promotions\[0\].code' '0x800706B[AEF]'
    says process rmprobe.exe
    says 'machines\[0\].connection' '(down|connecting)'
    check "calls that failed" "$(count_of '^failedCalls\[[0-9]*\].outcome=the connection was lost')" -ge 1
    check "seconds with callbacks of machine 1" "$(count_of 'machines\[0\].callbacks=[1-9]')" -ge 1
    check "seconds with callbacks of machine 2" "$(count_of 'machines\[1\].callbacks=[1-9]')" -ge 1
    check "first data of machine 2" "$(sed -n 's/.*firstDataAfterMs=//p' <<<"$report")" -le "$first_data_ms"
    fault A clear
    wait_active 1 20000
    report_read 2
    switched 2 1 return
    says 'summary\[0\]' '.*machine 1 \(localhost\) is well again and better placed. Returned to machine 1 .*'
    check "reports" "$(report_count)" -eq 2
    rmctl_shows 2
    row kill-and-return
}

hung()
{
    begin warm
    fault A hang
    wait_active 2 5000
    report_read 1
    switched 1 2 'ping timeout'
    says 'summary\[0\]' '.*lost machine 1 \(localhost\): it hangs, .*The status ping of [0-9:.]* was not answered .*'
    check "pings missed" "$(count_of '\.what=ping missed$')" -eq 1
    check "calls left unanswered" "$(count_of '^failedCalls\[[0-9]*\].outcome=not answered when')" -ge 1
    fault A kill # it would be long in going
    row hang
}

# The server lives and answers, but slower than is allowed.
slow()
{
    begin warm
    must rmsim /fault A slow IOPCServer.GetStatus 3000
    wait_active 2 5000
    report_read 1
    switched 1 2 'ping timeout'
    fault A kill
    row slow
}

shut_down()
{
    begin warm
    fault A shutdown
    wait_active 2 5000
    report_read 1
    switched 1 2 'server shutdown'
    says 'summary\[0\]' '.*the server on machine 1 \(localhost\) asked its clients to leave \(shutdown request.*'
    row shutdown
}

# The process lives on, and takes the client in again.
disconnected()
{
    begin warm
    fault A disconnect all
    wait_active 2 5000
    report_read 1
    switched 1 2 'transport lost'
    says 'promotions\[0\].code' 0x80010108
    says 'summary\[0\]' '.*failed with 0x80010108 \(the server has disconnected this client.s object\)\. .*'
    row disconnect
}

# Nobody stands by: the other one is started first.
cold()
{
    begin cold
    fault A kill
    wait_active 2 10000
    report_read 1
    switched 1 2 'found again'
    says 'promotions\[0\].lostCause' 'transport lost'
    says 'summary\[0\]' '.*lost machine 1 .* failed with 0x800706B.*, the first that could be connected.*'
    row cold
}

not_running()
{
    begin warm
    fault A not-ready 60
    wait_active 2 5000
    report_read 1
    switched 1 2 'not running'
    says 'summary\[0\]' '.*machine 1 \(localhost\) answers, but its server is not in the state RUNNING\. .*'
    check "the ping that said so" "$(count_of '\.running=false$')" -ge 1
    fault A clear
    row not-running
}

# Nobody knows whether it runs: what it answers is told.
status_fails()
{
    begin warm
    fault A fail IOPCServer.GetStatus 0x80004005
    wait_active 2 5000
    wait_status_event 'Server .* its status call fails (Error = 0x80004005)' 1000
    report_read 1
    switched 1 2 'status fails'
    says 'summary\[0\]' '.*machine 1 \(localhost\) answers, but its server.s status call fails with 0x80004005 \(.*'
    fault A clear
    probe_stop # whose own status calls have got that error, too
    row_end "blackbox/$e2e_client_bits/status-fails" "$started"
}

commanded()
{
    begin warm
    must rmctl switch "$E2E_SERVER" 2
    wait_active 2 5000
    report_read 1
    switched 1 2 operator
    says 'summary\[0\]' '.*an operator commanded it: switch to machine 2 \(user .*'
    must rmctl automatic "$E2E_SERVER"
    row commanded
}

# Both are gone, then one is found again. The client's calls fail meanwhile.
all_lost()
{
    begin warm
    fault B kill
    wait_machine 2 connection down 5000
    fault A kill
    report_read 1
    says 'promotions\[0\].cause' 'all machines lost'
    says 'summary\[0\]' '.*lost machine 1 .*No machine is left: .*'
    fault B clear
    wait_active 2 10000
    report_read 2
    switched 1 2 'found again'
    says 'promotions\[0\].lostCause' 'transport lost'
    says 'summary\[0\]' '.*lost machine 1 .* failed with 0x800706B.*Switched to machine 2 \(localhost\), the first that could be connected.*'
    probe_stop
    row_end "blackbox/$e2e_client_bits/all-lost" "$started"
}

# The client leaves before the report is due: it is written all the same.
left()
{
    begin warm
    fault A kill
    wait_active 2 5000
    probe_stop
    at_most failed_calls 0
    report_read 1
    switched 1 2 'transport lost'
    row_end "blackbox/$e2e_client_bits/client-leaves" "$started"
}

fill_folder()
{
    local i
    mkdir -p "$reports"
    for i in $(seq -w 203); do
        echo '{}' >"$reports/20200101T000${i}Z-x.json"
    done
    echo '{}' >"$reports/20200101T000204Z-unfinished.json.new"
    echo '{}' >"$reports/notes.json"
}

# The oldest go, and nothing that is not a report.
bounded()
{
    begin warm
    fill_folder
    fault A kill
    wait_active 2 5000
    wait_until "$settle_ms" has_new_report || complain "no report within $settle_ms ms"
    check "files" "$(find "$reports" -type f | wc -l)" -eq 201
    want "the oldest is gone" test ! -e "$reports/20200101T000005Z-x.json"
    want "a younger one is there" test -e "$reports/20200101T000006Z-x.json"
    want "another file is there" test -e "$reports/notes.json"
    row bounded
}

has_new_report()
{
    [ -n "$(find "$reports" -name '202[^0]*.json')" ] && [ "$(find "$reports" -type f | wc -l)" -le 201 ]
}

failure='The black-box report of a switch'

# Where the folder should be there is a file: an event, once, and the client is unharmed.
unwritable()
{
    begin warm
    mkdir -p "$(dirname "$reports")"
    : >"$reports"
    fault A kill
    wait_active 2 5000
    wait_status_event "$failure" $settle_ms
    fault A clear
    wait_active 1 20000
    wait_until $settle_ms false
    check "events that it could not be written" "$(status_events "$failure")" -eq 1
    want "the file is as it was" test -f "$reports" -a ! -s "$reports"
    rm -f "$reports"
    wait_all_ready
    fault A kill
    wait_active 2 5000
    report_read 1
    switched 1 2 'transport lost'
    row unwritable
}

# The administrator's own folder.
elsewhere()
{
    local former=$reports key='HKLM\SOFTWARE\RedundancyMaster'
    begin warm
    mkdir -p "$RM_TMP/mine"
    must capture run_win64 reg add "$key" /v BlackBoxFolder /d "$(windows_path "$RM_TMP/mine")" /f /reg:64
    reports=$RM_TMP/mine
    fault A kill
    wait_active 2 5000
    report_read 1
    want "nothing in the usual folder" test ! -e "$former"
    must capture run_win64 reg delete "$key" /v BlackBoxFolder /f /reg:64
    reports=$former
    row elsewhere
}

e2e_begin "$@"
reports=$(reports_folder)
machines_on
redundancy_on warm
killed
hung
slow
shut_down
disconnected
not_running
status_fails
commanded
cold
all_lost
left
bounded
unwritable
elsewhere
if [ -n "$e2e_bin32" ]; then
    e2e_client_bits=32
    killed
fi
redundancy_off
e2e_end
