#!/bin/bash
# tests/service/run.sh [BIN64 [BIN32]]: rmservice with the real service manager of Wine, by rmctl
# service, and in a terminal. One line per row; "N passed, N failed, N skipped" at the end.
#
# Wine's manager keeps no recovery settings, and there everybody may do everything: what rmctl gives to the
# manager, and says where that refuses, is shown by manager_test, with a manager of its own.
# shellcheck source=../../tools/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../tools/lib.sh"

bin=$(realpath "${1:-$RM_ROOT/build/x86_64/bin}")
bin32=${2:+$(realpath "$2")}
passed=0
failed=0
skipped=0
instance=e2e
service=RedundancyMaster.$instance
services='HKLM\System\CurrentControlSet\Services'
usage=2

# row NAME COMMAND...: passes if the command does.
row()
{
    local name=$1 started
    started=$(now_ms)
    shift
    if "$@"; then
        say "PASS $name $(seconds_since "$started") s"
        passed=$((passed + 1))
    else
        say "FAIL $name $(seconds_since "$started") s"
        sed 's/^/    | /' "$RM_TMP/out" "$RM_TMP/err" 2>/dev/null
        failed=$((failed + 1))
    fi
}

skip()
{
    say "SKIP $1: $2"
    skipped=$((skipped + 1))
}

# says STATUS TEXT... -- COMMAND...: its exit status, and texts in its output or errors; none with a "!".
says()
{
    local wanted=$1 texts=() text status=0
    shift
    while [ "$1" != -- ]; do
        texts+=("$1")
        shift
    done
    shift
    "$@" >"$RM_TMP/out" 2>"$RM_TMP/err" </dev/null || status=$?
    if [ "$status" -ne "$wanted" ]; then
        say "    exit status $status instead of $wanted"
        return 1
    fi
    for text in "${texts[@]}"; do
        if cat "$RM_TMP/out" "$RM_TMP/err" | grep -qF -- "${text#!}"; then
            [[ $text == '!'* ]] || continue
            say "    '${text#!}' is there"
            return 1
        elif [[ $text != '!'* ]]; then
            say "    '$text' is missing"
            return 1
        fi
    done
}

# A folder as an installed product has it, with a space in its name.
make_home()
{
    home="$RM_TMP/Redundancy Master"
    mkdir -p "$home" "$RM_TMP/alone"
    cp "$bin/rmctl.exe" "$bin/rmservice.exe" "$home/"
    cp "$bin/rmctl.exe" "$RM_TMP/alone/"
    [ -z "$bin32" ] || cp "$bin32/rmctl.exe" "$home/rmctl32.exe"
}

rmctl()
{
    run_win64 "$home/rmctl.exe" service "$@" --instance $instance
}

rmctl32()
{
    run_win32 "$home/rmctl32.exe" service "$@" --instance $instance
}

rmservice()
{
    run_win64 "$home/rmservice.exe" "$@"
}

# What the manager and the event log have in the registry.
dump()
{
    run_win64 reg query "$services" /s >"$RM_TMP/$1" 2>/dev/null </dev/null
}

value() # VALUE TEXT: of the service's key
{
    says 0 "$2" -- run_win64 reg query "$services\\$service" /v "$1"
}

# The process of the service, as Linux sees it.
service_pid()
{
    local file pid
    for file in /proc/[0-9]*/cmdline; do
        pid=${file#/proc/}
        pid=${pid%/cmdline}
        if grep -qaF rmservice.exe "$file" 2>/dev/null &&
            grep -qzxF "WINEPREFIX=$WINEPREFIX" "/proc/$pid/environ" 2>/dev/null && is_wine_process "$pid"; then
            echo "$pid"
            return 0
        fi
    done
    return 1
}

no_process()
{
    ! service_pid >/dev/null
}

# ---- rows -----------------------------------------------------------------------------------------

# manager_tests BIN [PROGRAM]: a row for each of its tests.
manager_tests()
{
    local run=run_win64 program=${2:-manager_test} name status=0
    local log=$RM_TMP/$program part=${program%_test}
    [ "$1" = "$bin" ] || run=run_win32
    $run "$1/$program.exe" >"$log" 2>&1 </dev/null || status=$?
    cp "$log" "$RM_TMP/out"
    while read -r name; do
        row "$part${run#run_win}/$name" grep -q "^\[       OK \] $name" "$log"
    done < <(tr -d '\r' <"$log" | sed -n 's/^\[ RUN      \] //p')
    row "$part${run#run_win}" [ "$status" -eq 0 ]
}

command_line_rows()
{
    row "rmservice/version" says 0 "rmservice " -- rmservice --version
    row "rmservice/help" says 0 "Usage: rmservice --console" "--instance NAME" "Exit status" -- rmservice --help
    row "rmservice/unknown-option" says $usage "There is no option '--frob'" "rmservice --help" -- rmservice --frob
    row "rmservice/value-missing" says $usage "'--data' needs a value" -- rmservice --console --data
    row "rmservice/bad-instance" says $usage "'a b' can't be the name of an instance: give 1 to 32 letters" -- \
        rmservice --console --instance "a b"
    row "rmservice/long-instance" says $usage "can't be the name" -- \
        rmservice --console --instance 123456789012345678901234567890123
    row "rmservice/no-service-manager" says $usage "rmctl service install" "rmservice --console" -- rmservice
    row "rmctl/help" says 0 "install | remove" "--password-stdin" -- run_win64 "$home/rmctl.exe" service --help
    row "rmctl/no-verb" says $usage "Say what: install, remove, start, stop or status" -- rmctl
    row "rmctl/unknown-verb" says $usage "not 'frob'" -- rmctl frob
    row "rmctl/bad-instance" says $usage "can't be the name of an instance" -- \
        run_win64 "$home/rmctl.exe" service status --instance a.b
    row "rmctl/bad-start" says $usage "auto, delayed or manual, not 'never'" -- rmctl install --start never
    row "rmctl/option-of-install" says $usage "'--account' goes with 'install'" -- rmctl remove --account x
    row "rmctl/password-without-account" says $usage "goes with '--account'" -- rmctl install --password-stdin
    row "rmctl/no-terminal-for-a-password" says 1 "--password-stdin" "Nothing was changed" -- rmctl install --account operator
    row "rmctl/no-rmservice" says 1 "There is no '" "rmservice.exe'" "Nothing was changed" -- \
        run_win64 "$RM_TMP/alone/rmctl.exe" service install --instance $instance
    row "rmctl/start-what-is-not-there" says 1 "is not installed" "rmctl service install" -- rmctl start
    row "rmctl/stop-what-is-not-there" says 1 "is not installed" -- rmctl stop
    row "rmctl/remove-what-is-not-there" says 0 "is not installed. Nothing was changed" -- rmctl remove
    row "rmctl/status-of-nothing" says 0 "$service: not installed" -- rmctl status
    row "rmctl/status-of-nothing-json" says 0 '"installed": false' '!"state"' -- rmctl status --json
}

manager_rows()
{
    local image
    image="\"$(windows_path "$home/rmservice.exe")\" --instance \"$instance\""
    row "install" says 0 "Installed the service '$service'" "This system keeps no local groups" -- rmctl install
    row "install/quoted-path" value ImagePath "$image"
    row "install/description" value Description "OPC"
    row "install/display-name" value DisplayName "RedundancyMaster ($instance)"
    row "install/account" value ObjectName LocalSystem
    row "install/automatic" value Start 0x2
    row "install/event-source" says 0 "rmservice.exe" "0x7" -- \
        run_win64 reg query "$services\\EventLog\\Application\\$service"
    row "status/stopped" says 0 "$service: stopped" "auto" "LocalSystem" "source registered" -- rmctl status
    row "install/again-the-same" says 0 "installed like that already" '!Changed' -- rmctl install
    row "start" says 0 "'$service' runs now, process " -- rmctl start
    row "start/again" says 0 "runs already, process " -- rmctl start
    row "status/running" says 0 "$service: running, process " -- rmctl status
    row "status/json" says 0 '"state": "running"' '"start": "auto"' '"account": "LocalSystem"' '"ours": true' \
        '"eventSource": true' -- rmctl status --json
    row "second-process-refused" says 1 "'RedundancyMaster.E2E' runs on this computer already" "has its pipe)" '!is ready' -- \
        rmservice --console --instance E2E
    row "install/running" says 0 "Changed the program from" "--data" "bring the changes into use" -- \
        rmctl install --data 'C:\rm data\'
    row "stop" says 0 "'$service' has stopped" -- rmctl stop
    row "stop/process-is-gone" no_process
    row "stop/again" says 0 "had stopped already" -- rmctl stop
    row "install/other-options" says 0 "Changed the start from auto to manual" "Changed the account from LocalSystem to" \
        "--config" -- rmctl install --start manual --account LocalService --config 'C:\rm data\x.xml'
    row "install/keeps-what-is-not-named" value ImagePath "$image --config \"C:\\rm data\\x.xml\" --data \"C:\\rm data\\\\\""
    row "install/manual" value Start 0x3
    row "start/with-options" says 0 "runs now" -- rmctl start
    row "killed/stop" killed
    row "killed/remove" says 0 "Removed the service" -- rmctl remove
    row "install/once-more" says 0 "Installed" -- rmctl install
    row "start/once-more" says 0 "runs now" -- rmctl start
    row "remove/running" says 0 "Removed the service '$service'" -- rmctl remove
    row "remove/process-is-gone" no_process
    row "remove/again" says 0 "Nothing was changed" -- rmctl remove
}

# Wine's manager goes on taking a service that was killed for running, and can't start it again.
killed()
{
    local pid
    pid=$(service_pid) && kill -KILL "$pid" && wait_until 5000 no_process && says 0 "has stopped" -- rmctl stop
}

other_rows()
{
    row "foreign/made" says 0 -- run_win64 sc create $service binPath= 'C:\windows\system32\svchost.exe'
    row "foreign/install-refused" says 1 "belongs to another program" "--instance" -- rmctl install
    row "foreign/remove-refused" says 1 "belongs to another program" -- rmctl remove
    row "foreign/shown" says 0 "another product's" -- rmctl status
    row "foreign/taken-away" says 0 -- run_win64 sc delete $service
    row "source/made" says 0 -- run_win64 reg add "$services\\EventLog\\Application\\$service" \
        /v EventMessageFile /d 'C:\other.dll' /f
    row "source/left-as-it-is" says 0 "Another program has a source of this name" "Installed" -- rmctl install
    row "source/remove" says 0 "Removed" -- rmctl remove
    row "source/still-there" says 0 'C:\other.dll' -- run_win64 reg query "$services\\EventLog\\Application\\$service"
    row "source/taken-away" says 0 -- run_win64 reg delete "$services\\EventLog\\Application\\$service" /f
    row "program-gone/installed" says 0 "Installed" -- rmctl install
    mv "$home/rmservice.exe" "$home/away.exe"
    row "program-gone/start" says 1 "was not started: its program is not there" -- rmctl start
    mv "$home/away.exe" "$home/rmservice.exe"
    row "program-gone/remove" says 0 "Removed" -- rmctl remove
}

# In a terminal that script(1) makes. Ctrl+C is what reaches a program there; Ctrl+Break and the closing of a
# terminal have to be tried on Windows.
in_terminal()
{
    local keys=$RM_TMP/keys terminal=$RM_TMP/terminal console status=0
    rm -f "$keys"
    mkfifo "$keys"
    WINELOADER=$RM_WINE64 timeout 60 script -qefc \
        "stty rows 30 cols 100; exec $RM_WINE64 '$home/rmservice.exe' --console --instance $1" /dev/null \
        >"$terminal" 2>"$RM_TMP/err" <"$keys" &
    console=$!
    exec {input}>"$keys"
    if wait_until 20000 grep -q "is ready. Ctrl+C stops it." "$terminal" &&
        says 1 "runs on this computer already" -- rmservice --console --instance "$1"; then
        printf '\003' >&"$input"
    else
        status=1
    fi
    exec {input}>&-
    wait "$console" || status=1
    cp "$terminal" "$RM_TMP/out"
    [ "$status" -eq 0 ] && grep -q "has stopped." "$terminal"
}

rows_32()
{
    manager_tests "$bin32"
    manager_tests "$bin32" operators_test
    manager_tests "$bin32" owner_test
    row "32-bit/version" says 0 "rmservice " -- run_win32 "$bin32/rmservice.exe" --version
    row "32-bit/no-service-manager" says $usage "rmservice --console" -- run_win32 "$bin32/rmservice.exe"
    row "32-bit/install" says 0 "Installed the service '$service'" -- rmctl32 install
    row "32-bit/same-as-64-bit" says 0 "installed like that already" -- rmctl install
    row "32-bit/start" says 0 "runs now" -- rmctl32 start
    row "32-bit/second-process-refused" says 1 "runs on this computer already" -- \
        run_win32 "$bin32/rmservice.exe" --console --instance $instance
    row "32-bit/remove" says 0 "Removed" -- rmctl32 remove
}

start_script
if [ -z "${RM_WINE_IS_READY:-}" ]; then
    wine_create "$RM_TMP/wine" || die "Wine can't make a prefix"
    wine_restart
fi
make_home
dump before
manager_tests "$bin"
manager_tests "$bin" operators_test
manager_tests "$bin" owner_test
command_line_rows
manager_rows
other_rows
if command -v script >/dev/null; then
    row "console/ctrl-c" in_terminal $instance
else
    skip "console/ctrl-c" "script (bsdutils) isn't here"
fi
if [ -n "$bin32" ]; then
    rows_32
else
    skip "32-bit" "no second folder was given"
fi
dump after
cp "$RM_TMP/after" "$RM_TMP/out"
row "nothing-is-left" diff "$RM_TMP/before" "$RM_TMP/after"
cleanup
trap - EXIT
say "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
