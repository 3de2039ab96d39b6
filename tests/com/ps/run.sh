#!/bin/bash
# Usage: run.sh BIN_DIR64 [BIN_DIR32]
#
# Tries opcda_ps.dll in the Wine prefix of the environment: registration, then every interface between
# two processes, in 64 bit and, with the second folder, in 32 bit and across. Last line and status:
# "N passed, N failed, N skipped", 0 if nothing failed.
set -u

bin64=$(realpath "$1")
bin32=${2:+$(realpath "$2")}
: "${WINEPREFIX:?the Wine prefix to use}"
export WINEDEBUG=${WINEDEBUG:--all}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0 failed=0 skipped=0

wine_run() # SECONDS PROGRAM ARGUMENTS...; never with a pipe, which Wine's own processes would keep open
{
    timeout "$1" wine "${@:2}" </dev/null >"$log" 2>&1
}

register() # BITS BIN_DIR: the proxy/stub and the echo server
{
    local regsvr='C:\windows\system32\regsvr32.exe'
    [ "$1" = 32 ] && regsvr='C:\windows\syswow64\regsvr32.exe'
    wine_run 60 "$regsvr" /s "Z:$2/opcda_ps.dll" &&
        wine_run 60 "Z:$2/ps_server.exe" /regserver
}

check() # TEXT COMMAND...
{
    if "${@:2}"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "not ok - $1"
        cat "$log"
    fi
}

interfaces='HKLM\SOFTWARE\Classes\Interface'
foreign='{7AA83A01-6C77-11D3-84F9-00008630A38B}' # IOPCSecurityNT, marshaled by the class of that id
ours='{84B58056-EBD9-4AD5-946D-18F2D3AE4D2F}'
owner_is() # IID CLSID
{
    wine_run 30 reg query "$interfaces\\$1\\ProxyStubClsid32" /ve /reg:64 && grep -qi -- "$2" "$log"
}

registration() # another DLL's interface is left alone, by registration and by its removal
{
    local iid='{39C13A4D-011E-11D0-9675-0020AFD8ADB3}' # IOPCServer
    local regsvr='C:\windows\system32\regsvr32.exe'
    wine_run 30 reg add "$interfaces\\$foreign\\ProxyStubClsid32" /ve /d "$foreign" /reg:64 /f
    check 'registers' wine_run 60 "$regsvr" /s "Z:$bin64/opcda_ps.dll"
    check 'leaves the interface of another proxy alone' owner_is "$foreign" "$foreign"
    check 'takes a free interface' owner_is "$iid" "$ours"
    check 'unregisters' wine_run 60 "$regsvr" /u /s "Z:$bin64/opcda_ps.dll"
    check 'does not unregister the interface of another proxy' owner_is "$foreign" "$foreign"
    if owner_is "$iid" "$ours"; then
        failed=$((failed + 1))
        echo 'not ok - an interface is still registered'
    else
        passed=$((passed + 1))
    fi
    wine_run 30 reg delete "$interfaces\\$foreign" /reg:64 /f
}

marshaling() # CLIENT_BIN_DIR SERVER_BITS TEXT
{
    local status good bad
    CMOCKA_MESSAGE_OUTPUT=TAP wine_run 60 "Z:$1/ps_test.exe" "$2"
    status=$?
    good=$(grep -c '^ok ' "$log")
    bad=$(grep -c '^not ok ' "$log")
    # A test that did not come to its end says so by its status only.
    if [ "$status" != 0 ] && [ "$bad" = 0 ]; then
        bad=1
    fi
    echo "$3: $good passed, $bad failed"
    if [ "$bad" != 0 ]; then
        grep -v '^ok ' "$log"
    fi
    passed=$((passed + good)) failed=$((failed + bad))
    tests_per_run=$((good + bad))
}

registration
check 'registers (64 bit)' register 64 "$bin64"
marshaling "$bin64" 64 '64-bit client, 64-bit server'
if [ -n "$bin32" ]; then
    check 'registers (32 bit)' register 32 "$bin32"
    marshaling "$bin32" 32 '32-bit client, 32-bit server'
    marshaling "$bin64" 32 '64-bit client, 32-bit server'
    marshaling "$bin32" 64 '32-bit client, 64-bit server'
    wine_run 30 "Z:$bin32/ps_server.exe" /unregserver
else
    skipped=$((3 * tests_per_run))
    echo 'SKIPPED: 32 bit and across, as there is no folder of 32-bit programs'
fi
wine_run 30 "Z:$bin64/ps_server.exe" /unregserver

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
