#!/bin/bash
# The COM objects of redundancymaster.dll over two simulated machines, for a multithreaded and a
# single-threaded client, in 64 bit and, with the second folder, in 32 bit. RM_PROXY_SUITE says which
# tests: base (default), da3 (tests/com/proxy_da3), server (tests/com/proxy_server), silence
# (tests/com/proxy_silence), million (million.sh).
# Usage: run.sh BIN64 [BIN32] (environment: WINEPREFIX). Ends with "N passed, N failed, N skipped";
# exit status 0 if nothing failed.
set -u
bin64=$(realpath "${1:?usage: run.sh BIN64 [BIN32]}")
bin32=${2:+$(realpath "$2")}
: "${WINEPREFIX:?the Wine prefix to use}"
export WINEPREFIX WINEDEBUG=${WINEDEBUG--all}
export WINEDLLOVERRIDES=${WINEDLLOVERRIDES-mscoree,mshtml=;winedbg.exe=d}
passed=0 failed=0 skipped=0
work=$(mktemp -d)
log=$work/log

suite=${RM_PROXY_SUITE-base}
ping_ms=500
case $suite in
    base) redundant=(PA/PB PDA/PDB) ;;
    million) redundant=(PA/PB) ping_ms=60000 ;; # both machines are at work for seconds at a time
    da3) redundant=(P3A/P3B P3C/PB PGA/PGB) ;;
    server) redundant=(QA/QB QC/QD) ;;
    silence) redundant=(VC2A/VC2B VW2A/VW2B VH2A/VH2B VC3A/VC3B VW3A/VW3B VH3A/VH3B) ;;
esac
machines=()
for name in "${redundant[@]}"; do machines+=("${name%/*}" "${name#*/}"); done

options_of() # MACHINE
{
    case $1 in
        PDA) echo --async-delay 60000 ;;
        P3A) echo --da 3 --objects ;;
        P3C) echo --da 3 ;;
        P3B) echo --da 3 --counters 50 ;;
        V?3?) echo --da 3 ;;
        PG?) echo --da 3 --public-groups --period 20 ;;
        QA | QB) echo --da 3 --persist --security --journal "Z:$home/journals" ;;
        QC | QD) echo --multiple --public-groups --enum-connections ;;
    esac
}

# rmctl looks for both DLLs beside itself.
home=$work/home
mkdir -p "$home/x86"
tests="proxy_test.exe server_test.exe"
for name in rmctl.exe redundancymaster.dll rmsim.exe $tests; do cp "$bin64/$name" "$home/" || exit 1; done
[ -n "$bin32" ] && for name in redundancymaster.dll rmsim.exe $tests; do cp "$bin32/$name" "$home/x86/"; done
mkdir "$home/journals"

in_home() # SECONDS PROGRAM ARGUMENTS...; never with a pipe, which Wine's own processes would keep open
{
    (cd "$home" && timeout "$1" wine "${@:2}" </dev/null >"$log" 2>&1)
}

finish()
{
    local name
    for name in "${redundant[@]}"; do in_home 30 ./rmctl.exe remove "RMSim.${name%/*}.1"; done
    for name in "${machines[@]}"; do
        in_home 20 ./rmsim.exe /fault "$name" kill --away
        in_home 20 ./rmsim.exe /fault "$name" clear
        in_home 20 ./rmsim.exe /unregserver "$name"
    done
    rm -rf "$work"
}
trap finish EXIT

must()
{
    "$@" && return
    echo "FAILED: ${*:2}"
    cat "$log"
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
}

run() # BITS PROGRAM APARTMENT ARGUMENTS...
{
    local folder=. name status runs oks
    [ "$1" = 32 ] && folder=x86
    for name in "${machines[@]}"; do in_home 20 ./rmsim.exe /fault "$name" clear; done
    # rmctl.exe is found in the current folder, for either bitness: that one has the settings.
    (cd "$home" && timeout 300 wine "$folder/$2.exe" "${@:3}" </dev/null >"$log" 2>&1)
    status=$?
    runs=$(grep -c '^\[ RUN ' "$log") oks=$(grep -c '^\[       OK \]' "$log")
    passed=$((passed + oks)) failed=$((failed + runs - oks))
    [ "$status" -eq 0 ] && return
    [ "$runs" -eq "$oks" ] && failed=$((failed + 1))
    echo "FAILED: ${*:2}, $1 bit (exit status $status); it was at: $(grep '^\[ RUN ' "$log" | tail -n 1 | tr -d '\r')"
    grep -v -e '^\[ RUN ' -e '^\[       OK \]' "$log"
}

(wineserver -p) >/dev/null 2>&1 </dev/null
in_home 60 regsvr32 /s "Z:$bin64/opcda_ps.dll"
[ -n "$bin32" ] && in_home 60 'C:\windows\syswow64\regsvr32.exe' /s "Z:$bin32/opcda_ps.dll"
for name in "${machines[@]}"; do
    # shellcheck disable=SC2046
    must in_home 30 ./rmsim.exe /regserver "$name" $(options_of "$name")
done
mode_of() # REDUNDANT, and what it needs beside
{
    case $1 in
        VC*) echo cold --callbackCheck 1000 --returnPolicy stay ;;
        VW*) echo warm --callbackCheck 1000 --returnPolicy stay ;;
        VH*) echo hot --callbackCheck 1000 --returnPolicy stay ;;
        *) echo warm ;;
    esac
}

for name in "${redundant[@]}"; do
    # shellcheck disable=SC2046
    must in_home 30 ./rmctl.exe add "RMSim.${name%/*}.1" --machine localhost \
        --machine "localhost/RMSim.${name#*/}.1" \
        --mode $(mode_of "$name") --pingInterval 250 --pingTimeout "$ping_ms" --returnDelay 500 --reconnectInterval 250
    must in_home 30 ./rmctl.exe enable "RMSim.${name%/*}.1"
done

run_suite() # BITS APARTMENT
{
    local name
    case $suite in
        base) run "$1" proxy_test "$2" ;;
        da3)
            run "$1" proxy_test "$2" da3
            run "$1" proxy_test "$2" gaps
            ;;
        server) run "$1" server_test "$2" "Z:$home/journals" ;;
        silence) run "$1" proxy_test "$2" silence ;;
        million)
            # A machine that had a million items takes its time to end, and would be asked while it does.
            for name in "${machines[@]}"; do in_home 60 ./rmsim.exe /fault "$name" kill --away; done
            run "$1" proxy_test "$2" million
            grep -E '^(direct|through) ' "$log"
            ;;
    esac
}

for apartment in mta sta; do
    run_suite 64 $apartment
    if [ -n "$bin32" ]; then
        run_suite 32 $apartment
    else
        echo "SKIPPED: 32 bit, $apartment: no second folder was given"
        skipped=$((skipped + 1))
    fi
done

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
