#!/bin/bash
# One program of cmocka tests that needs nothing but itself. Usage: run_cmocka.sh PROGRAM BIN64 [BIN32]
# (environment: WINEPREFIX). Ends with "N passed, N failed, N skipped"; exit status 0 or 1.
set -u
program=$1
shift
passed=0 failed=0 skipped=0
for bin in "$@"; do
    log=$(cd "$bin" && timeout 60 wine "./$program.exe" 2>&1 </dev/null)
    status=$?
    runs=$(grep -c '^\[ RUN ' <<<"$log") oks=$(grep -c '^\[       OK \]' <<<"$log")
    passed=$((passed + oks)) failed=$((failed + runs - oks))
    if [ $status -ne 0 ]; then
        [ "$runs" -eq "$oks" ] && failed=$((failed + 1))
        echo "FAILED: $program in $bin (exit status $status)"
        echo "$log"
    fi
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
