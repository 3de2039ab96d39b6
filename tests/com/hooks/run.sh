#!/bin/bash
# Hooks, status section and rmctl under Wine. Usage: run.sh BIN_DIR [BIN_DIR_32] (environment:
# WINEPREFIX). With BIN_DIR_32 the programs of the 32-bit build are tried too.
# Ends with "N passed, N failed, N skipped"; exit status 0 if nothing failed.
set -u
bin=$(cd "${1:?usage: run.sh BIN_DIR [BIN_DIR_32]}" && pwd) || exit 1
: "${WINEPREFIX:?WINEPREFIX must name a Wine prefix}"
# A folder with other letters than English ones can be made in no other locale.
export WINEPREFIX LC_ALL=C.UTF-8
export WINEDEBUG=${WINEDEBUG--all} WINEDLLOVERRIDES=${WINEDLLOVERRIDES-mscoree,mshtml=;winedbg.exe=d}
passed=0 failed=0 skipped=0
work=$(mktemp -d)
children=()
finish() {
    touch "$work/stop"
    for pid in "${children[@]}"; do kill "$pid" 2>/dev/null; done
    wait 2>/dev/null
    rm -rf "$work"
}
trap finish EXIT
(wineserver -p) >/dev/null 2>&1 </dev/null

pass() { passed=$((passed + 1)); }
fail() { failed=$((failed + 1)); echo "FAILED: $1"; sed 's/^/    /' "$work/out" "$work/err" 2>/dev/null; }
skip() { skipped=$((skipped + 1)); echo "SKIPPED: $1"; }

run_cmocka() { # DIRECTORY NAME
    local log=$work/$2.log runs oks
    (cd "$1" && timeout 100 wine "./$2.exe" >"$log" 2>&1 </dev/null)
    local status=$?
    runs=$(grep -c '^\[ RUN ' "$log") oks=$(grep -c '^\[       OK \]' "$log")
    passed=$((passed + oks)) failed=$((failed + runs - oks))
    if [ $status -ne 0 ]; then
        [ "$runs" -eq "$oks" ] && failed=$((failed + 1))
        echo "FAILED: $1/$2 (exit status $status)"
        cat "$log"
    fi
}

# rmctl in a directory of its own, with files that look like our DLL for both bitnesses.
home=$work/home
mkdir -p "$home/x86"
cp "$bin/rmctl.exe" "$home/"
fake_dll() { # FILE MACHINE
    { printf 'MZ'; head -c 58 /dev/zero; printf '\x40\0\0\0PE\0\0'; printf '%b' "$2"; head -c 64 /dev/zero; } >"$1"
}
fake_dll "$home/redundancymaster.dll" '\x64\x86'
fake_dll "$home/x86/redundancymaster.dll" '\x4c\x01'

rmctl=rmctl.exe
[ $# -gt 1 ] && cp "$2/rmctl.exe" "$home/rmctl32.exe"
ctl() { (cd "$home" && timeout 30 wine "./$rmctl" "$@" >"$work/out" 2>"$work/err" </dev/null); }
# expect STATUS "what this shows" [-o TEXT | -e TEXT | -n TEXT]... -- arguments of rmctl
# -o: in the output, -e: in the errors, -n: in neither.
expect() {
    local status=$1 what=$2 checks=() kind text
    shift 2
    while [ "$1" != -- ]; do checks+=("$1" "$2"); shift 2; done
    shift
    ctl "$@"
    local got=$?
    [ $got -eq "$status" ] || { fail "$what: exit status $got instead of $status"; return; }
    for ((i = 0; i < ${#checks[@]}; i += 2)); do
        kind=${checks[i]} text=${checks[i + 1]}
        case $kind in
        -o) grep -qF -- "$text" "$work/out" || { fail "$what: '$text' is missing"; return; } ;;
        -e) grep -qF -- "$text" "$work/err" || { fail "$what: '$text' is missing"; return; } ;;
        -n) ! grep -qF -- "$text" "$work/out" "$work/err" || { fail "$what: '$text'"; return; } ;;
        esac
    done
    pass
}
check() { # WHAT COMMAND...
    local what=$1
    shift
    if "$@"; then pass; else fail "$what"; fi
}

class='{F4CE0003-52A0-4C1B-9E5D-0C0FFEE00003}'
progid=RMCtlTest.Fake.1
hkcr='HKLM\SOFTWARE\Classes'
reg() { timeout 30 wine reg "$@" >/dev/null 2>&1 </dev/null; }
register() {
    reg add "$hkcr\\$progid\\CLSID" /ve /d "$class" /f
    reg add "$hkcr\\CLSID\\$class\\LocalServer32" /ve /d 'C:\opc\fake.exe' /f /reg:64
}
unregister() {
    reg delete "$hkcr\\$progid" /f
    reg delete "$hkcr\\CLSID\\$class" /f /reg:64
    reg delete "$hkcr\\CLSID\\$class" /f /reg:32
}
dump() {
    for view in 64 32; do
        timeout 30 wine reg query "$hkcr\\CLSID\\$class" /s /reg:$view 2>&1 </dev/null
        timeout 30 wine reg query 'HKLM\SOFTWARE\RedundancyMaster' /s /reg:$view 2>&1 </dev/null
    done
}

json_tool=
if command -v python3 >/dev/null && python3 -c '' 2>/dev/null; then json_tool=python3
elif command -v node >/dev/null; then json_tool=node; fi
# json WHAT EXPRESSION-IN-d VALUE: the last output parses, and the expression has the value.
json() {
    local got
    case $json_tool in
    python3) got=$(python3 -c 'import json,sys
d=json.load(open(sys.argv[1],encoding="utf-8")); print(eval(sys.argv[2]))' "$work/out" "$2" 2>&1) ;;
    node) got=$(node -e 'const d=JSON.parse(require("fs").readFileSync(process.argv[1],"utf8"));
let v=eval(process.argv[2]); console.log(v===true?"True":v===false?"False":v)' "$work/out" "$2" 2>&1) ;;
    *) skip "$1: neither python3 nor node is here"; return ;;
    esac
    if [ "$got" = "$3" ]; then pass; else fail "$1: '$got' instead of '$3'"; fi
}

for directory in "$bin" ${2:+"$2"}; do
    run_cmocka "$directory" hooks_test
    run_cmocka "$directory" status_test
done

unregister
rm -f "$home/redundancymaster.xml"
two=(--machine localhost --machine "localhost/Other.1")

expect 0 "version" -o "rmctl " -- --version
expect 0 "help lists the commands" -o "enable" -o "Exit status" -- --help
for command in add remove set validate list show enable disable status blackbox compare metrics; do
    expect 0 "help for $command" -o "Usage: rmctl $command" -- $command --help
done
expect 0 "help of set shows ranges" -o "100 .. 3600000 ms, default 2500" -o "cold | warm | hot" -- set --help
expect 2 "no command" -e "A command is missing" --
expect 2 "unknown command" -e "There is no command 'frobnicate'" -e "rmctl --help" -- frobnicate
expect 2 "unknown option" -e "'list' has no option '--frob'" -e "rmctl list --help" -- list --frob
expect 2 "one argument too many" -e "too many" -- show a b
expect 0 "no report of a switch yet" -o "0 reports in " -- blackbox
expect 1 "a report that isn't there" -e "rmctl blackbox" -- blackbox show x.json
expect 1 "a file that isn't in the folder" -e "rmctl blackbox" -- blackbox show '..\x.json'
expect 2 "reports: another word" -e "'show FILE'" -- blackbox list
expect 2 "ProgID missing" -e "needs a ProgID" -- show
expect 2 "value missing" -e "needs a value" -- add A.1 --machine
expect 2 "add with one machine" -e "at least 2 machines" -- add A.1 --machine localhost
expect 2 "value out of range" -e "100 to 3600000" -- add A.1 "${two[@]}" --pingInterval 99
expect 2 "malformed machine" -e "is no machine" -- add A.1 --machine /x --machine y
expect 2 "--config without a path" -e "needs the path" -- list --config
check "refused commands leave no file" test ! -e "$home/redundancymaster.xml"

expect 0 "list without a file" -o "There is no redundant server in" -o "rmctl add" -- list
expect 1 "show without a file" -e "rmctl add $progid" -- show $progid
expect 0 "add" -o "Added '$progid'" -o "Not enabled yet: run 'rmctl enable $progid'" \
    -- add $progid "${two[@]}" --pingInterval 500 --mode=hot
check "the file is beside rmctl" test -s "$home/redundancymaster.xml"
expect 1 "add twice" -e "already" -- add $progid "${two[@]}"
expect 1 "the same machine twice" -e "are the same" -- add A.1 --machine x --machine x
expect 0 "list" -o "$progid" -o "no " -o "hot" -o "2:localhost/Other.1" -- list
expect 0 "show" -o "pingInterval       500 ms" -o "secondary machine" -- show $progid
expect 0 "list --json" -- list --json
json "list --json" 'd["servers"][0]["machines"][1]["progid"]' Other.1
expect 0 "show --json" -- show $progid --json
json "show --json" 'd["settings"]["pingInterval"]' 500

expect 0 "set" -o "Changed" -- set $progid pingTimeout=250 mode=warm --add-machine opc-c
expect 0 "set was saved" -o "250 ms" -o "machine 3" -o "warm" -- show $progid
cp "$home/redundancymaster.xml" "$work/before.xml"
expect 2 "set out of range" -e "50 to 600000" -- set $progid mode=hot pingTimeout=1
expect 2 "set an unknown setting" -e "no setting 'colour'" -- set $progid colour=red
expect 2 "set without a value" -e "SETTING=VALUE" -- set $progid mode
expect 2 "set nothing" -e "nothing to set" -- set $progid
expect 2 "remove a machine that isn't there" -e "from 1 to 3" -- set $progid --remove-machine 4
expect 1 "too few machines left" -e "needs 2 to 15" -- set $progid --remove-machine 1 --remove-machine 2
expect 1 "set an unknown server" -e "rmctl list" -- set Nobody.1 mode=hot
check "refused changes change nothing" cmp -s "$home/redundancymaster.xml" "$work/before.xml"
expect 0 "machines removed by number" -- set $progid --remove-machine 2 --remove-machine 1 --add-machine opc-d
expect 0 "the right ones are left" -o "machine 1          opc-c" -o "machine 2          opc-d" -- show $progid
expect 0 "primary changed back" -- set $progid --remove-machine 1 --remove-machine 2 --add-machine localhost --add-machine localhost/Other.1
expect 0 "another file" -o "no redundant server" -- list --config "$(timeout 30 winepath -w "$work/other.xml" 2>/dev/null </dev/null)"

# Every setting, as the help tells it: the least and the most are taken, one beyond either is not.
check_settings() {
    local name least most unit preset at_least=() at_most=()
    ctl set --help && cp "$work/out" "$work/help"
    ctl show $progid --json
    tr -d '\n' <"$work/out" | grep -oE '"settings": *\{[^}]*' | grep -oE '"[A-Za-z]+":' | tr -d '":' |
        grep -v '^settings$' >"$work/names"
    while read -r name; do
        check "help of set has $name" grep -qE "^  $name +[a-z]" "$work/help"
    done <"$work/names"
    check "help of set has all settings" test "$(grep -c ', default ' "$work/help")" -eq "$(wc -l <"$work/names")"
    check "help of add has all settings" test "$(ctl add --help; grep -c ', default ' "$work/out")" -eq "$(wc -l <"$work/names")"
    while read -r name least most unit preset; do
        check "$name: the default is within its range" test "$preset" -ge "$least" -a "$preset" -le "$most"
        check "$name has a unit" test -n "$unit"
        at_least+=("$name=$least") at_most+=("$name=$most")
        [ "$least" -eq 0 ] || expect 2 "$name: too small" -e "from $least to $most" -- set $progid "$name=$((least - 1))"
        expect 2 "$name: too large" -e "from $least to $most" -- set $progid "$name=$((most + 1))"
    done < <(sed -nE '/^  [a-z]/{s/^  ([A-Za-z]+) .*/\1/;h}
        /^ +[0-9]+ \.\. /{G;s/^ +([0-9]+) \.\. ([0-9]+) ([a-z%]*), default ([0-9]+)\n(.*)/\5 \1 \2 \3 \4/p}' "$work/help")
    check "there are numbers" test ${#at_least[@]} -ge 8
    expect 0 "all at the least" -- set $progid "${at_least[@]}"
    expect 0 "all at the most" -- set $progid "${at_most[@]}"
    while read -r name choices; do
        for choice in ${choices//|/ }; do
            expect 0 "$name=$choice" -- set $progid "$name=$choice"
        done
        expect 2 "$name: no such choice" -e "choose one of" -- set $progid "$name=nothing"
    done < <(sed -nE '/^  [a-z]/{s/^  ([A-Za-z]+) .*/\1/;h}
        / \| .*, default /{G;s/^ +([a-z |]+), default [a-z]+\n(.*)/\2 \1/p}' "$work/help")
}
cp "$home/redundancymaster.xml" "$work/two.xml"
many=()
for ((i = 3; i <= 15; i++)); do many+=(--add-machine "opc-$i/Vendor.$i"); done
ctl set $progid "${many[@]}" # preferredMachine goes up to the number of machines
check_settings
cp "$work/two.xml" "$home/redundancymaster.xml"
expect 1 "a preferred machine that isn't there" -e "preferredMachine is 3" -- set $progid preferredMachine=3

# 2 to 15 machines, and their order.
expect 0 "13 machines added" -- set $progid "${many[@]}"
expect 0 "all 15 are there" -o "machine 15         opc-15  Vendor.15" -- show $progid
cp "$home/redundancymaster.xml" "$work/fifteen.xml"
expect 1 "a 16th machine" -e "15 machines" -- set $progid --add-machine opc-16
expect 1 "a 16th while adding" -e "15 machines" -- add B.1 "${many[@]/--add-machine/--machine}" "${two[@]}" --machine opc-16
remove=()
for ((i = 2; i <= 15; i++)); do remove+=(--remove-machine "$i"); done
expect 1 "only one is left" -e "needs 2 to 15" -- set $progid "${remove[@]}"
for order in 2,1 2,1,3,4,5,6,7,8,9,10,11,12,13,14,14 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14 \
    1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16 1,2,3,4,5,6,7,8,9,10,11,12,13,14,'15,' x ''; do
    expect 2 "no order: '$order'" -e "each number from 1 to 15 once" -- set $progid --order "$order"
done
expect 2 "order and removal in one call" -e "in a call of its own" -- set $progid --order 2,1 --remove-machine 3
check "refused machines change nothing" cmp -s "$home/redundancymaster.xml" "$work/fifteen.xml"
expect 0 "another order" -- set $progid --order 15,1,2,3,4,5,6,7,8,9,10,11,12,13,14
expect 0 "the last one is the primary" -o "machine 1          opc-15  Vendor.15" -o "machine 2          localhost" \
    -o "machine 15         opc-14  Vendor.14" -- show $progid
expect 0 "and back again" -- set $progid --order 2,3,4,5,6,7,8,9,10,11,12,13,14,15,1
check "as it was before" cmp -s "$home/redundancymaster.xml" "$work/fifteen.xml"
expect 0 "another one in the place of a machine" -- set $progid --replace-machine 14=opc-x/Vendor.X
expect 0 "the others keep their numbers" -o "machine 13         opc-13  Vendor.13" -o "machine 14         opc-x  Vendor.X" \
    -o "machine 15         opc-15  Vendor.15" -n "opc-14" -- show $progid
expect 2 "no machine of that number" -e "from 1 to 15" -- set $progid --replace-machine 16=opc-x
expect 2 "no number" -e "not of the form N=HOST" -- set $progid --replace-machine opc-x
expect 2 "replaced and another order" -e "in a call of its own" -- set $progid --order 2,1 --replace-machine 1=opc-x
expect 0 "a preferred machine" -- set $progid preferredMachine=15
expect 0 "it stays that machine" -o "preferredMachine is 14 now" -- set $progid --remove-machine 14
expect 0 "as long as it is there" -o "preferredMachine is 0 now" -- set $progid --remove-machine 14
cp "$work/fifteen.xml" "$home/redundancymaster.xml"
expect 0 "remove the middle" -- set $progid "${remove[@]:0:26}"
expect 0 "those behind move up" -o "machine 1          localhost" -o "machine 2          opc-15  Vendor.15" -n "machine 3" -- show $progid
cp "$work/two.xml" "$home/redundancymaster.xml"

printf '<redundancyMaster version="1">\n<server>\n</oops>\n' >"$work/broken.xml"
cp "$home/redundancymaster.xml" "$work/good.xml"
cp "$work/broken.xml" "$home/redundancymaster.xml"
for command in "list" "show $progid" "add B.1 --machine a --machine b" "set $progid mode=hot" \
    "remove $progid" "enable $progid"; do
    read -ra words <<<"$command"
    expect 1 "broken file: ${command%% *}" -e "redundancymaster.xml, line 3" -e "Nothing was changed" -- "${words[@]}"
done
check "a broken file stays as it is" cmp -s "$home/redundancymaster.xml" "$work/broken.xml"
cp "$work/good.xml" "$home/redundancymaster.xml"

expect 1 "enable what isn't installed" -e "No OPC server is registered as '$progid'" -- enable $progid
expect 1 "the same as JSON" -- enable $progid --json
json "an error as JSON" 'd["ok"]' False
register
dump >"$work/dump.before"
expect 2 "enable without a name" -e "either a ProgID or --all" -- enable
expect 0 "enable" -o "Enabled '$progid' for 64-bit and 32-bit clients" -o "Restart running clients" \
    -o "CLSCTX_LOCAL_SERVER" -o "no OPC server is registered as 'Other.1'" -- enable $progid
expect 0 "enable twice" -o "was enabled already" -- enable $progid
expect 0 "list shows it" -o "yes" -- list
expect 0 "status shows it" -o "$progid: no client has it open" -- status
expect 0 "set on an enabled server" -o "is enabled: running clients have these settings within a second" -- set $progid mode=hot
sed -i 's/hot/warm/' "$home/redundancymaster.xml"
expect 0 "an edited file is noticed" -o "give the settings to the clients with 'rmctl enable' $progid" -- list
expect 0 "and is given to the clients" -- enable $progid
expect 0 "then it is up to date" -n "give the settings" -- list
reg add "$hkcr\\CLSID\\$class\\InprocServer32" /ve /d 'C:\vendor\new.dll' /f /reg:64
expect 0 "a changed hook is noticed" -o "damaged" -o "repair it with 'rmctl enable' $progid" -- list
reg delete "$hkcr\\CLSID\\$class\\InprocServer32" /f /reg:64
expect 0 "a changed hook is repaired" -o "was not in place" -o "Enabled" -- enable $progid
mv "$home/redundancymaster.xml" "$work/away.xml"
expect 0 "enabled without settings" -o "is enabled on this computer, but is not in this file" -- list
expect 0 "disable needs no settings" -o "Disabled '$progid'" -o "Restart running clients" -- disable $progid
mv "$work/away.xml" "$home/redundancymaster.xml"
dump >"$work/dump.after"
check "disable restores the registry" cmp -s "$work/dump.before" "$work/dump.after"
expect 0 "disable twice" -o "is not enabled" -- disable $progid
expect 0 "enable all" -o "Enabled '$progid'" -- enable --all
expect 0 "disable all" -o "Disabled" -- disable --all
expect 0 "enable as JSON" -- enable $progid --json
json "success as JSON" 'd["ok"]' True
rm "$home/x86/redundancymaster.dll"
expect 0 "32-bit clients not served" -o "32-bit clients get no redundancy" -- enable $progid
expect 0 "remove disables first" -o "Disabled and removed '$progid'" -- remove $progid
dump >"$work/dump.after"
check "remove restores the registry" cmp -s "$work/dump.before" "$work/dump.after"
expect 1 "remove twice" -e "There is no redundant server" -- remove $progid

# The 32-bit rmctl on the same installation: the file, and both views of the registry, are the same.
expect_32() {
    local rmctl=rmctl32.exe
    expect "$@"
}
bits_agree() {
    fake_dll "$home/x86/redundancymaster.dll" '\x4c\x01'
    expect 0 "64-bit rmctl adds" -- add $progid "${two[@]}" --pingInterval 500
    expect 0 "and enables" -- enable $progid
    dump >"$work/dump.64"
    cp "$home/redundancymaster.xml" "$work/of64.xml"
    expect_32 0 "32-bit list of that" -o "yes" -n "damaged" -n "give the settings" -- list
    expect_32 0 "32-bit disable of that" -o "Disabled '$progid'" -- disable $progid
    dump >"$work/dump.after"
    check "32-bit disable restores the registry" cmp -s "$work/dump.before" "$work/dump.after"
    expect_32 0 "32-bit remove" -o "emoved '$progid'" -- remove $progid
    expect_32 0 "32-bit add" -o "Added '$progid'" -- add $progid "${two[@]}" --pingInterval 500
    check "the file is the same" cmp -s "$home/redundancymaster.xml" "$work/of64.xml"
    expect_32 0 "32-bit enable" -o "Enabled '$progid' for 64-bit and 32-bit clients" -- enable $progid
    dump >"$work/dump.32"
    check "both views are the same" cmp -s "$work/dump.64" "$work/dump.32"
    check "something was written" test "$(grep -c InprocServer32 "$work/dump.32")" -ge 2
    expect_32 0 "32-bit list" -o "yes" -- list
    expect_32 0 "32-bit status" -o "$progid: no client has it open" -- status
    expect_32 2 "32-bit range" -e "100 to 3600000" -- set $progid pingInterval=99
    expect 0 "64-bit list of that" -o "yes" -n "damaged" -n "give the settings" -- list
    expect 0 "64-bit disable of that" -o "Disabled '$progid'" -- disable $progid
    dump >"$work/dump.after"
    check "64-bit disable restores the registry" cmp -s "$work/dump.before" "$work/dump.after"
    expect_32 0 "32-bit disable twice" -o "is not enabled" -- disable $progid
    expect 0 "nothing is left" -- remove $progid
}
if [ $# -gt 1 ]; then bits_agree; else skip "the 32-bit rmctl: no second folder was given"; fi
unregister

wait_for() { # FILE TEXT: until the line is there
    for ((n = 0; n < 400; n++)); do
        grep -qF -- "$2" "$1" 2>/dev/null && return 0
        sleep 0.05
    done
    cp "$1" "$work/out" 2>/dev/null
    return 1
}
writer() { # STOP_FILE [crash|other|wide|hot]
    local server=Status.Test.1
    case ${2:-} in wide) server=Status.Wide.1 ;; hot) server=Status.Hot.1 ;; esac
    (cd "$bin" && exec timeout 40 wine ./status_writer.exe $server "Z:${1//\//\\}" ${2:+"$2"}) \
        >"$1.log" 2>&1 </dev/null &
    children+=($!)
    wait_for "$1.log" ready
}
expect 2 "--seconds without --watch" -e "goes with --watch" -- status --seconds 1
expect 0 "a watch that ends" -- status --watch --seconds 1
expect 2 "branch and item" -e "either --branch or --item" -- compare A.1 --branch x --item y
expect 2 "depth without branch" -e "goes with --branch" -- compare A.1 --depth 2
expect 2 "depth of nothing" -e "from 1 to 64" -- compare A.1 --branch x --depth 0
expect 2 "timeout without anything" -e "goes with --branch or --item" -- compare A.1 --timeout 2
expect 2 "compare a server that isn't set up" -e "rmctl" -- compare Nobody.1 --branch ""
check "a hot session" writer "$work/stop.hot" hot
hot_text=(-o "up, ready 98 % (3 of 150 items refused, 2 differ, 1 has bad quality); latency 1.5 ms, clock -1.3 ms (+1.2 ms to the active machine); buffer 12 updates, 3.1 % full, 5 dropped")
expect 0 "readiness, buffer and clock as text" "${hot_text[@]}" -o "First.1  ACTIVE: up, ready 100 %; latency 1.5 ms, clock -2.5 ms" -- status Status.Hot.1
[ $# -gt 1 ] && expect_32 0 "the same in 32 bit" "${hot_text[@]}" -- status Status.Hot.1
expect 0 "a server's habits as text" -o "its server takes at most 30 items in a call, takes 12.0 ms to add an item, forgets items that it has added, has no inactive groups" -- status Status.Hot.1
expect 0 "the same in the table" -o "ready 98 % (3 of 150 items refused, 2 differ, 1 has bad quality): rmctl compare" \
    -o "              buffer 12 updates, 3.1 % full, 5 dropped; clock +1.2 ms to the active" -- status --watch --table --seconds 1
expect 1 "compare lists what differs" -o "machine 2 'opc-ä': item 'Pump \"1\"' is refused there (0xC0040007: OPC: no such item)" \
    -o "machine 2 'opc-ä': item 'Pump.ä' is read only there, read and write on machine 1 'opc-ä'" \
    -o "machine 2 'opc-ä': 4 more; the list is cut here." -o "6 differences; compared: 150 items of 1 session on 2 machines." \
    -o "Give the machines the same configuration" -- compare Status.Hot.1
expect 1 "compare as JSON" -- compare Status.Hot.1 --json
json "its result" 'd["result"]' different
json "one of its lines" 'd["lines"][2]["name"]' 'Pump "1"'
json "codes have words" 'd["lines"][2]["there"]' '0xC0040007: OPC: no such item'
expect 0 "status as JSON" -- status Status.Hot.1 --json
json "readiness in JSON" 'd["servers"][0]["sessions"][0]["machines"][1]["readyPercent"]' 98
json "the buffer in JSON" 'd["servers"][0]["sessions"][0]["machines"][1]["bufferDropped"]' 5
json "a server's habits in JSON" 'd["servers"][0]["sessions"][0]["machines"][1]["forgetsItems"]' True
json "one that it hasn't got" 'd["servers"][0]["sessions"][0]["machines"][1]["keepAlive"]' False
json "what it costs to add items" 'd["servers"][0]["sessions"][0]["machines"][1]["addUs"]' 12000
json "the clock in JSON" 'd["servers"][0]["sessions"][0]["machines"][1]["skewToActiveUs"]' 1200
expect 2 "compare what nobody has open" -e "No client has 'Nobody.1' open" -e 'rmctl compare Nobody.1 --branch ""' -- compare Nobody.1
expect 2 "the same as JSON" -- compare Nobody.1 --json
json "it failed" 'd["ok"]' False
touch "$work/stop.hot"
check "a session appears" writer "$work/stop"
(cd "$home" && exec timeout 40 wine ./rmctl.exe status --watch --all --seconds 30) >"$work/watch" 2>&1 </dev/null &
children+=($!)
(cd "$home" && exec timeout 40 wine ./rmctl.exe status --watch --seconds 30 --json) >"$work/watch.json" 2>&1 </dev/null &
children+=($!)
check "watch shows past events" wait_for "$work/watch" "Promoted, says the test."
expect 0 "status as text" -o "Status.Test.1: active is machine 2, the secondary machine" \
    -o "latency 1.5 ms, clock -2.5 ms" -o "status_writer.exe (" -o "0x800706BA" -o "1000 items" \
    -o "Promoted, says the test." -- status
[ $# -gt 1 ] && expect_32 0 "32-bit status of a 64-bit session" -o "Status.Test.1: active is machine 2, the secondary machine" \
    -o "latency 1.5 ms, clock -2.5 ms" -o "1000 items" -o "Promoted, says the test." -- status
expect 2 "table and lines" -e "doesn't go with" -- status --watch --table --lines
expect 2 "table and JSON" -e "doesn't go with" -- status --watch --table --json
expect 2 "--table without --watch" -e "goes with --watch" -- status --table
expect 0 "a pipe gets lines" -n "machine" -- status --watch --seconds 1
expect 0 "the table" -o "Status.Test.1: machine 2 is ACTIVE; warm, 1 of 2 machines up" \
    -o "  machine 1   primary    opc-ä  First.1              standby  down: transport lost, 0x800706BA" \
    -o '  machine 2   secondary  opc-ä  Second "quoted" \.1  ACTIVE   up                 1.5 ms' \
    -o "to machine 2: transport lost (status_writer.exe)" -o "machine 2   1000 items, 0 values" \
    -o "  Promoted, says the test." -- status --watch --table --seconds 1
check "a blank line between two tables" test "$(grep -c '^RedundancyMaster, ' "$work/out")" -ge 2 -a \
    "$(grep -B1 '^RedundancyMaster, ' "$work/out" | grep -c '^$')" -eq "$(($(grep -c '^RedundancyMaster, ' "$work/out") - 1))"
check "a second session" writer "$work/stop.other" other
expect 0 "sessions differ" -o "Status.Test.1: SESSIONS DIFFER; warm, 2 of 2 machines up" -o "2 sessions" \
    -o "First.1              ACTIVE 1/2  up for 1 of 2      1.5 ms" \
    -o "ready 99 % (3 of 1000 items refused): rmctl compare" -o 'Second "quoted" \.1  ACTIVE 1/2  up, not ready      1.5 ms' \
    -o "to machine 2: transport lost (status_writer.exe)" -- status --watch --table --seconds 1
# On a terminal: in place, until Ctrl+C.
watch_on_console() {
    local console=$work/console keys=$work/keys
    mkfifo "$keys"
    (cd "$home" && exec timeout 40 script -qefc "stty rows 30 cols 100; exec wine ./rmctl.exe status --watch" /dev/null) \
        >"$console" 2>"$work/err" <"$keys" &
    children+=($!)
    exec 9>"$keys"
    wait_for "$console" "SESSIONS DIFFER" && grep -q $'\e\[' "$console" && printf '\003' >&9
    wait $!
    local status=$?
    exec 9>&-
    tr -d '\r' <"$console" >"$work/out"
    [ $status -eq 0 ] && tail -n 20 "$console" | grep -q SESSIONS
}
if command -v script >/dev/null; then
    check "a console gets a table in place, until Ctrl+C" watch_on_console
else
    skip "the table on a console: script (bsdutils) isn't here"
fi
expect 2 "compare of sessions of which one has no standby" -e "machine 1 'opc-ä': for status_writer.exe (" \
    -e "it is not connected: 0x800706BA: RPC server unavailable" -o "The comparison is NOT COMPLETE" -- compare Status.Test.1
touch "$work/stop.other"
check "the widest there is" writer "$work/stop.wide" wide
expect 0 "nothing active" -o "NO MACHINE IS ACTIVE (searching)" -o "machine 15 " -- status --watch --table --seconds 1
is_narrow() { awk '{ gsub(/[\200-\277]/, ""); if (length > 100) { print; wide = 1 } } END { exit wide }' "$work/out"; }
check "no line is wider than 100 columns" is_narrow
touch "$work/stop.wide"
expect 0 "status of one server" -o "not enabled on this computer, and no client" -- status Nobody.1
expect 0 "status as JSON" -- status --json
json "state in JSON" 'd["servers"][0]["sessions"][0]["active"]' 2
json "escapes in JSON" 'd["servers"][0]["sessions"][0]["machines"][1]["progid"]' 'Second "quoted" \.1'
json "UTF-8 in JSON" 'd["servers"][0]["sessions"][0]["machines"][0]["host"]' 'opc-ä'
# The JSON watch takes no notice of what was there at its first look: sessions are opened until it
# tells of one.
sees_new_session() {
    for ((k = 0; k < 8; k++)); do
        writer "$work/crash$k" crash
        for ((n = 0; n < 40; n++)); do
            grep -q opened "$work/watch.json" && break
            sleep 0.05
        done
        touch "$work/crash$k"
        grep -q opened "$work/watch.json" && return
    done
    return 1
}
check "watch shows a new session" sees_new_session
check "watch shows a process that ended" wait_for "$work/watch" "ended without closing it"
touch "$work/stop"
check "watch shows the last event of a session" wait_for "$work/watch" "Disconnected, says the test."
check "watch shows the end of a session" wait_for "$work/watch" "Session 7 closed."
check "watch has severity, server and process" \
    grep -Eq '^[0-9-]+ [0-9:]+\.[0-9]{3}  Informational  Status.Test.1  status_writer.exe \([0-9]+\)  Conn' "$work/watch"
check "watch --json shows it too" wait_for "$work/watch.json" "Session 7 closed."
starts_without_past() { ! head -1 "$work/watch.json" | grep -q says; }
check "without --all nothing of the past" starts_without_past
head -1 "$work/watch.json" >"$work/out"
json "a line of watch --json" 'd["server"]' Status.Test.1

echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
