#!/bin/bash
# rmprobe directly against a simulated server: what it proves when all is well, and that it notices
# when it is not. Usage: run.sh BIN64 [BIN32] (environment: WINEPREFIX, with the proxy/stub registered).
# Ends with "N passed, N failed, N skipped"; exit status 0 if nothing failed.
set -u
bin64=$(cd "${1:?usage: run.sh BIN64 [BIN32]}" && pwd) || exit 1
bin32=${2:+$(cd "$2" && pwd)}
: "${WINEPREFIX:?WINEPREFIX must name a Wine prefix}"
export WINEPREFIX
export WINEDEBUG=${WINEDEBUG--all} WINEDLLOVERRIDES=${WINEDLLOVERRIDES-mscoree,mshtml=;winedbg.exe=d}

machine=Probe
server=RMSim.$machine.1
work=$(mktemp -d)
out=$work/out
passed=0 failed=0 skipped=0
probe_pid=

sim()
{
    timeout 30 wine "$bin64/rmsim.exe" "$@" >"$work/sim" 2>&1 </dev/null
}

finish()
{
    : >"$work/stop"
    [ -z "$probe_pid" ] || wait "$probe_pid"
    sim /fault $machine kill
    sim /fault $machine clear
    sim /unregserver $machine
    rm -rf "$work"
}
trap finish EXIT

# probe BIN OPTIONS...
probe()
{
    local bin=$1
    shift
    timeout 60 wine "$bin/rmprobe.exe" "$@" >"$out" 2>&1 </dev/null
}

# start OPTIONS...: in the background, until stop
start()
{
    rm -f "$work/stop"
    : >"$out"
    probe "$bin64" $server --seconds 0 --stop-file "Z:${work//\//\\}\\stop" --events --live "$@" &
    probe_pid=$!
}

stop()
{
    : >"$work/stop"
    wait "$probe_pid"
    status=$?
    probe_pid=
}

# wait_line REGEX: at most 20 s
wait_line()
{
    local end=$((SECONDS + 20)) idle
    exec {idle}<> <(:)
    while ! grep -qE -- "$1" "$out" && [ $SECONDS -lt $end ]; do
        read -r -t 0.05 -u "$idle"
    done
    exec {idle}<&-
}

# judge "what this shows" EXPECTED_STATUS STATUS REGEX...: each has a line in the output
judge()
{
    local what=$1 expected=$2 got=$3 regex
    shift 3
    for regex in "$@"; do
        if ! grep -qE -- "$regex" "$out"; then
            failed=$((failed + 1))
            echo "FAIL $what: no line like '$regex'"
            sed 's/^/    | /' "$out"
            return
        fi
    done
    if [ "$got" -ne "$expected" ]; then
        failed=$((failed + 1))
        echo "FAIL $what: exit status $got instead of $expected"
        sed 's/^/    | /' "$out"
        return
    fi
    passed=$((passed + 1))
    echo "PASS $what"
}

perfect='^PROOF items=[0-9]+ expected=[1-9][0-9]* received=[1-9][0-9]* lost=0 doubled=0 again=0 reordered=0 .*verdict=PASS reason=""$'

test_usage()
{
    probe "$bin64" --help
    judge "help" 0 $? '--apartment mta.sta' '^Exit status: 0 pass, 1 fail, 2 wrong usage, 3'
    probe "$bin64" $server --nonsense
    judge "wrong usage is 2" 2 $? 'unknown option --nonsense'
    probe "$bin64" $server --record 'Z:\no\such\folder\record'
    judge "a record that can't be written" 2 $? "can't write"
    probe "$bin64" No.Such.Server.1
    judge "no such server is 3" 3 $? '0x800401F3'
    probe "$bin64" --list
    judge "lists the servers" 0 $? "^${server//./\\.} +\{.*\}  DA .*2\.0"
    probe "$bin64" $server --browse-only --items 3 --filter 'Counters.*2'
    judge "browses" 0 $? '^Counters\.C0002$' '^Counters\.C0022$'
}

# apartments BIN "bits"
test_apartments()
{
    local apartment loops=(--read-loop 50 --write-loop 50 --write-item Memory.I4 --status-loop 50)
    for apartment in mta sta; do
        probe "$1" $server --apartment $apartment --seconds 2 --items 1000 --groups 3 "${loops[@]}" \
            --max-lost 0 --max-failed 0 --max-bad 0
        judge "$2, $apartment: 1,000 items, reading and writing" 0 $? '^READY items=1000$' "$perfect"
        probe "$1" $server --apartment $apartment --seconds 2 --async "${loops[@]}" --max-failed 0
        judge "$2, $apartment: asynchronous" 0 $? "$perfect" ' async=[1-9][0-9]* async_unanswered=0 '
        probe "$1" $server --apartment $apartment --seconds 2 --add-loop 50 --browse-loop 50 --max-failed 0
        judge "$2, $apartment: adding items and browsing" 0 $? "$perfect" '^browses: [1-9].* result 0$' \
            'IOPCItemMgt::RemoveItems +[1-9]' ' adds=[1-9][0-9]* browses=[1-9]'
        probe "$1" $server --apartment $apartment --seconds 2 --tour-loop 50 --max-failed 0
        judge "$2, $apartment: all that is no data" 0 $? "$perfect" 'group::Unadvise +[1-9]' \
            'IEnumOPCItemAttributes::Next +[1-9]' 'IOPCItemProperties::GetItemProperties +[1-9]'
        probe "$1" $server --apartment $apartment --seconds 2 --callbacks-in-callback --max-failed 0
        judge "$2, $apartment: calls from inside callbacks" 0 $? "$perfect"
    done
}

# record_is BIN WHAT OPTIONS...: what the client recorded is what the machine journalled.
record_is()
{
    local bin=$1 what=$2 file status
    shift 2
    rm -f "$work"/*.journal "$work/journals"
    sim /regserver $machine --journal "Z:${work//\//\\}"
    probe "$bin" $server --seconds 1 --max-failed 0 --record "Z:${work//\//\\}\\record" "$@"
    status=$?
    for file in "$work"/*.journal; do
        sim /journal "Z:${file//\//\\}" && cat "$work/sim" >>"$work/journals"
    done
    awk -f "$(dirname "$0")/../e2e/record.awk" "$work/record" "$work/journals" >>"$out" 2>&1 || status=1
    judge "$what" 0 $status 'verdict=PASS' '^journal=ok updates=[1-9]'
    sim /regserver $machine
}

# test_record BIN "bits"
test_record()
{
    local items=() id
    for id in Memory.Array.I4 Memory.Array.String Memory.R4 Memory.R8 Memory.String Memory.Bool Memory.Date \
        Memory.Currency Memory.I8 Wave.Sine1 Random.Walk1 CountersR8.C0001 Quality.Uncertain Counters.C0001; do
        items+=(--item "$id")
    done
    record_is "$1" "$2: what was received is recorded" --items 1000 --groups 3
    record_is "$1" "$2: answers to reads and refreshes, too" --async --read-loop 50
    record_is "$1" "$2: values of all types" --period 0 "${items[@]}"
}

test_refused()
{
    probe "$bin64" $server --seconds 1 --item Counters.C0001 --item No.Such.Item
    judge "an item that was refused" 1 $? '^READY items=1$' 'verdict=FAIL reason="refused items 1"$'
}

# With a fault in force the probe must say so, and come to an end.
test_faults()
{
    local apartment
    for apartment in mta sta; do
        start --apartment $apartment --status-loop 50 --max-failed 0
        wait_line '^READY'
        sim /fault $machine kill
        wait_line '^EVENT .* failed call=IOPCServer::GetStatus hr=0x800706B[AE]'
        stop
        judge "$apartment: the server is killed" 1 "$status" '^EVENT .* failed call=' \
            'verdict=FAIL reason=".*failed calls [1-9]'

        start --apartment $apartment --status-loop 50 --grace 500
        wait_line '^READY'
        sim /fault $machine hang
        wait_line '^LIVE .*IOPCServer::GetStatus out for'
        stop
        judge "$apartment: the server hangs" 1 "$status" 'still out: IOPCServer::GetStatus' \
            'slowest_call=IOPCServer::GetStatus .*reason="IOPCServer::GetStatus never came back'
        sim /fault $machine kill
        sim /fault $machine clear
    done
    start
    wait_line '^READY'
    sim /fault $machine shutdown
    wait_line '^EVENT .* shutdown '
    stop
    judge "the server asks to leave" 0 "$status" '^EVENT .* shutdown reason="..*"' "$perfect"
}

sim /regserver $machine || { cat "$work/sim"; echo "0 passed, 1 failed, 0 skipped"; exit 1; }
test_usage
test_apartments "$bin64" "64 bit"
test_record "$bin64" "64 bit"
if [ -n "$bin32" ]; then
    test_apartments "$bin32" "32 bit"
    test_record "$bin32" "32 bit"
else
    skipped=$((skipped + 13))
    echo "SKIP 32 bit"
fi
test_refused
test_faults
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
