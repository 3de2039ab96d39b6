#!/bin/bash
# Usage: run.sh BIN64 [BIN32]   - the simulator's conformance tests. WINEPREFIX names a primed prefix; the
# folders have rmsim.exe, sim_test.exe and opcda_ps.dll. The last line is "N passed, N failed, N skipped".
set -u
if [ $# -gt 1 ]; then # each bitness by a run of its own
    passed=0 failed=0
    output=$(mktemp) || exit 2
    for folder in "$@"; do
        "$0" "$folder" >"$output" 2>&1 # no pipe: Wine's services may keep it open
        sed '$d' "$output"
        read -r good _ bad _ < <(tail -n 1 "$output")
        case $good-${bad:-none} in
            *[!0-9]*-* | *-*[!0-9]*) good=0 bad=1 ;; # no totals
        esac
        passed=$((passed + good)) failed=$((failed + bad))
    done
    rm -f "$output"
    echo "$passed passed, $failed failed, 0 skipped"
    [ "$failed" = 0 ]
    exit
fi
bin=$(cd "$1" && pwd) || exit 2
regsvr=regsvr32
case $bin in
    */i686/*) regsvr='C:\windows\syswow64\regsvr32.exe' ;;
esac
: "${WINEPREFIX:?names the Wine prefix}"
export WINEPREFIX WINEDEBUG=${WINEDEBUG:--all}
export WINEDLLOVERRIDES=${WINEDLLOVERRIDES:-mscoree,mshtml=;winedbg.exe=d}

work=$(mktemp -d)
machines="SimTestA SimTestB SimTestC SimTestD SimTestE SimTestF SimTestG SimTestH SimTestM"
passed=0
failed=0

run() # SECONDS PROGRAM ...
{
    local limit=$1
    shift
    timeout -k 5 "$limit" wine "$@" </dev/null
}

check() # WHAT STATUS
{
    if [ "$2" = 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $1"
    fi
}

clean_up()
{
    for machine in $machines; do
        # Not killed: rpcss never forgets a killed server that several clients shared (Wine 8).
        run 20 "$bin/rmsim.exe" /fault "$machine" shutdown >/dev/null 2>&1
        run 20 "$bin/rmsim.exe" /unregserver "$machine" >/dev/null 2>&1
    done
    rm -rf "$work"
}
trap clean_up EXIT

run 30 "$regsvr" /s "$bin/opcda_ps.dll"
check "opcda_ps.dll is registered" $?
folder=$(run 20 winepath -w "$work" | tr -d '\r')
run 20 "$bin/rmsim.exe" /regserver SimTestA --journal "$folder" --log "$folder\\log.txt"
check "SimTestA is registered" $?
run 20 "$bin/rmsim.exe" /regserver SimTestB --skew 250 --async-delay 300
check "SimTestB is registered" $?
run 20 "$bin/rmsim.exe" /regserver SimTestC --da 3 --period 20 --journal "$folder"
check "SimTestC is registered" $?
run 20 "$bin/rmsim.exe" /regserver SimTestD --da 3
run 20 "$bin/rmsim.exe" /regserver SimTestD --da 3only
check "SimTestD is registered, another time" $?
run 20 "$bin/rmsim.exe" /regserver SimTestE
check "SimTestE is registered" $?
run 20 "$bin/rmsim.exe" /regserver SimTestG --plant SimTest && run 20 "$bin/rmsim.exe" /regserver SimTestH --plant SimTest
check "SimTestG and SimTestH of one plant are registered" $?
run 20 "$bin/rmsim.exe" /regserver SimTestM --multiple --public-groups --persist --security --enum-connections
check "SimTestM is registered" $?
# 250 characters as Wine sees it: itself it can be started.
deep=$work/$(printf "%$((237 - ${#work}))s" '' | tr ' ' d)
mkdir "$deep" && cp "$bin/rmsim.exe" "$deep"
run 20 "$deep/rmsim.exe" /regserver SimTestT >"$work/deep.txt" 2>&1
[ $? = 1 ] && grep -q 'the path of rmsim is too long' "$work/deep.txt"
check "a path that COM doesn't start is refused" $?
! run 20 reg query 'HKLM\SOFTWARE\Classes\RMSim.SimTestT.1' >/dev/null 2>&1
check "nothing of SimTestT was registered" $?

# In a fresh prefix activation hangs until the wineserver was restarted once (Wine 8).
if ! run 10 "$bin/sim_test.exe" --try >/dev/null 2>&1; then
    wineserver -k
    (wineserver -p; wineboot) >/dev/null 2>&1 </dev/null
fi

# What does not end in that time hangs: beside twenty busy processes it takes five times as long as alone.
run 400 "$bin/sim_test.exe" >"$work/out.txt" 2>&1
status=$?
tr -d '\r' <"$work/out.txt" >"$work/plain.txt"
grep -vE '^\[( RUN|       OK|==|--|  PASSED)|^[0-9]+ process(es)? ' "$work/plain.txt"
good=$(grep -c '^\[       OK' "$work/plain.txt")
bad=$(grep '^\[  FAILED  \] [a-z_]*$' "$work/plain.txt" | sort -u | wc -l)
passed=$((passed + good))
failed=$((failed + bad))
if [ "$status" -ge 124 ]; then
    echo "sim_test did not end; it was at: $(grep '^\[ RUN' "$work/plain.txt" | tail -n 1)"
fi
[ "$status" = 0 ] || [ "$bad" -gt 0 ]
check "sim_test ends in order (status $status)" $?

# The journal: every tick of every counter that was delivered, once and in order; every write.
for file in "$work"/SimTestA-*.journal; do
    run 20 "$bin/rmsim.exe" /journal "$folder\\${file##*/}"
done | tr -d '\r' >"$work/journal.txt"
awk -F'\t' '
    $2 == "start" { split("", last) }
    $2 == "delivery" && $4 == "change" && $9 ~ /^Counters/ && $7 == 0 {
        key = $5 " " $10
        if (key in last && $11 != last[key] + 1) { print "not in order:", $0; wrong = 1 }
        last[key] = $11
        seen++
    }
    END { exit wrong || seen < 40 }' "$work/journal.txt"
check "the journal has each tick once and in order" $?
awk -F'\t' '$2 == "write" && $6 == "Memory.I4" && $7 == 4711 && $5 == "0x00000000" { seen++ }
    END { exit seen != 1 }' "$work/journal.txt"
check "the journal has the write of 4711 once" $?
for file in "$work"/SimTestC-*.journal; do
    run 20 "$bin/rmsim.exe" /journal "$folder\\${file##*/}"
done | tr -d '\r' >"$work/journal3.txt"
awk -F'\t' '$2 == "write" && $6 == "Memory.I4" && $7 == 815 && $5 == "0x00000000" { seen++ }
    END { exit seen != 2 }' "$work/journal3.txt"
check "the journal has the writes of 815 without a group" $?
awk -F'\t' '$2 == "delivery" && $4 == "alive" && $8 == 0 { seen++ }
    END { exit seen < 4 }' "$work/journal3.txt"
check "the journal has the keep-alives" $?
awk -F'\t' '$2 == "delivery" { sent[FNR] = 1; out++ } $2 == "result" && $4 == "0x00000000" { back++ }
    END { exit !(out > 0 && back > 0) }' "$work/journal.txt"
check "the journal has the answers to deliveries" $?
grep -q 'session: the client is "sim_test"' "$work/log.txt"
check "the log names the client" $?

run 20 "$bin/rmsim.exe" /unregserver SimTestM
check "SimTestM is unregistered" $?
! run 20 reg query 'HKLM\SOFTWARE\Classes\RMSim.SimTestM.1' >/dev/null 2>&1
check "nothing of SimTestM is left" $?

echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
