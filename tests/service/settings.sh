#!/bin/bash
# The settings file as it may be found: broken, gone, half written, unwritable. The service goes on with what was
# good last, says once what is wrong and where, and takes the file over again when that is put right.
#
# usage: settings.sh [BIN64 [BIN32]]
# shellcheck source=../e2e/evidence.sh
. "$(dirname "$0")/../e2e/evidence.sh"
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

saves=20 # that are killed

begin()
{
    started=$(now_ms)
    file=$RM_TMP/redundancymaster.xml
    rm -rf "$RM_TMP/data" "$file"
    cp "$RM_TMP/whole.xml" "$file"
    cp "$RM_TMP/whole.xml" "$file.good"
}

# end NAME
end()
{
    service_kill
    row_end "service/settings/$1" "$started"
}

says()
{
    grep -qF "$1" "$RM_TMP/service.out"
}

# wait_said TEXT
wait_said()
{
    wait_until 10000 says "$1" || complain "the service does not say '$1': $(tail -n 3 "$RM_TMP/service.out")"
}

# times TEXT: how often the service has said it.
times()
{
    grep -cF "$1" "$RM_TMP/service.out"
}

# goes_wrong WHAT TEXT: what rmctl set is, and that it says TEXT.
goes_wrong()
{
    rmctl set "$E2E_SERVER" fall=2 >"$RM_TMP/set.out" && complain "$1: it was changed"
    grep -qF "$2" "$RM_TMP/set.out" || complain "$1: '$2' is missing: $(cat "$RM_TMP/set.out")"
}

is_kept()
{
    cmp -s "$file" "$file.good"
}

# ---- ways to break it -------------------------------------------------------------------------------

make_wrong()
{
    sed -i 's|<fall>.*</fall>|<fall>0</fall>|' "$file"
}

make_half()
{
    head -c 300 "$RM_TMP/whole.xml" >"$file"
}

make_empty()
{
    : >"$file"
}

make_gone()
{
    rm "$file"
}

make_folder()
{
    rm "$file"
    mkdir "$file"
}

make_huge()
{
    truncate -s 100M "$file"
}

# ---- rows ---------------------------------------------------------------------------------------------

# broken HOW TEXT: while the service runs; it says TEXT, once, and that it is over.
broken()
{
    begin
    service_start
    "make_$1"
    wait_said "$2"
    wait_event "The settings file of server '$E2E_SERVER' can't be used" 5000
    if [ "$1" != gone ]; then
        rmctl status >"$RM_TMP/status.out"
        grep -qF "THE SETTINGS FILE CAN'T BE USED" "$RM_TMP/status.out" || complain "rmctl status does not show it"
        grep -qF "$2" "$RM_TMP/status.out" || complain "rmctl status does not say why"
    fi
    goes_wrong "rmctl set" "Nothing was changed"
    goes_wrong "rmctl set" "redundancymaster.xml.good"
    rm -rf "$file"
    cp "$file.good" "$file"
    wait_said "can be used again"
    wait_event "The settings file of server '$E2E_SERVER' can be used again" 5000
    check "times that it is told" "$(times 'The last good settings are in force')" -eq 1
    check "events" "$(service_events 'The settings file of server')" -eq 2
    must rmctl set "$E2E_SERVER" fall=2
    wait_until 5000 is_kept || complain "what was saved is not kept as the last good version"
    end "$1"
}

# The monitor items of the last good version are tested.
broken_at_start()
{
    begin
    make_wrong
    service_start
    wait_said "fall can't be '0': give a whole number from 1 to 10"
    says "redundancymaster.xml, line $(grep -n '<fall>' "$file" | cut -d: -f1):" || complain "the line is not told"
    probe_start --items 10
    wait_all_ready
    wait_event "Monitor item test passed for '$E2E_SERVER' on primary machine" 20000
    fault A quality Memory.I4 bad
    wait_active 2 10000
    leaves_unharmed
    fault A clear
    end at-start
}

nothing_good()
{
    begin
    rm "$file.good"
    make_half
    service_start
    wait_said "There is no last good version"
    cp "$RM_TMP/whole.xml" "$file"
    wait_said "can be used again"
    wait_until 5000 is_kept || complain "the last good version is not kept"
    end never-good
}

# An editor that writes in pieces, or renames: nobody is alarmed, and what it has written is taken over.
edited()
{
    local round
    begin
    service_start
    for round in 2 3 4; do
        sed "s|<fall>.*</fall>|<fall>$round</fall>|" "$RM_TMP/whole.xml" >"$RM_TMP/edited.xml"
        head -c 500 "$RM_TMP/edited.xml" >"$file"
        sleep 0.7
        tail -c +501 "$RM_TMP/edited.xml" >>"$file"
        wait_until 5000 is_kept || complain "it was not taken over"
        mv "$file" "$file~"
        sleep 0.7
        cp "$RM_TMP/whole.xml" "$file"
        wait_until 5000 is_kept || complain "what was renamed was not taken over"
    done
    check "alarms" "$(times 'Error')" -eq 0
    end edited
}

# in_force TEXT N: that so many times the client has told of these new settings.
in_force()
{
    local told
    told=$(status_events "New settings of server '$E2E_SERVER' are in force: $1\"")
    check "times that '$1' came into force" "$told" -eq "$2"
}

# A file that somebody has edited, or copied over, is in force for the running clients; a broken one changes nothing
# for them, and what rmctl sets is left to rmctl.
by_hand()
{
    begin
    must rmctl enable "$E2E_SERVER" >/dev/null
    service_start
    probe_start --items 10
    wait_all_ready
    sed -i 's|<pingInterval>.*</pingInterval>|<pingInterval>777</pingInterval>|' "$file"
    wait_status_event "New settings of server '$E2E_SERVER' are in force: pingInterval 777\"" 8000
    wait_said "The clients of '$E2E_SERVER' have the settings of"
    make_half
    wait_event "The settings file of server '$E2E_SERVER' can't be used" 8000
    in_force 'pingInterval 777' 1
    sed 's|<pingInterval>.*</pingInterval>|<pingInterval>888</pingInterval>|' "$RM_TMP/whole.xml" >"$file"
    wait_status_event "New settings of server '$E2E_SERVER' are in force: pingInterval 888\"" 8000
    settings_taken pingInterval=999
    settings_taken pingInterval=1111
    wait_until 5000 is_kept || complain "what rmctl has set was not taken over"
    check "times that the service has given them to the clients" "$(times "The clients of '$E2E_SERVER' have the settings of")" -eq 2
    in_force 'pingInterval 888' 1
    leaves_unharmed
    end by-hand
}

# set_killed MS VALUE: a save that is killed after so long.
set_killed()
{
    WINELOADER=$RM_WINE64 "$RM_WINE64" "$e2e_bin/rmctl.exe" --config "$(windows_path "$file")" \
        set "$E2E_SERVER" "pingInterval=$2" >/dev/null 2>&1 </dev/null &
    local pid=$!
    sleep "$(awk -v ms="$1" 'BEGIN { print ms / 1000 }')"
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
}

is_whole()
{
    [ "$(tail -n 1 "$1")" = '</redundancymaster>' ] && [ "$(grep -c '<machine ' "$1")" -eq 2 ]
}

killed_while_saving()
{
    local round ms value done_count=0
    begin
    service_start
    started_save=$(now_ms)
    must rmctl set "$E2E_SERVER" pingInterval=999
    ms=$(($(now_ms) - started_save))
    for ((round = 1; round <= saves; round++)); do
        set_killed $((ms * round * 3 / 2 / saves)) $((1000 + round))
        is_whole "$file" || complain "after $round: the file is not whole"
        value=$(sed -n 's|.*<pingInterval>\(.*\)</pingInterval>.*|\1|p' "$file")
        [ "$value" -eq $((1000 + round)) ] && done_count=$((done_count + 1))
    done
    must rmctl set "$E2E_SERVER" pingInterval=2500
    wait_until 5000 is_kept || complain "it was not taken over"
    check "alarms" "$(times 'Error')" -eq 0
    # shellcheck disable=SC2034 # row_end shows it
    row_figures="saved $done_count of $saves"
    end killed-while-saving
}

unwritable()
{
    begin
    chmod a-w "$file"
    goes_wrong "a read-only file" "can't be written"
    chmod u+w "$file"
    (trap '' XFSZ; ulimit -f 1; goes_wrong "a full disk" "can't be written"; printf '%s\n' "${e2e_complaints[@]}" >"$RM_TMP/full.out")
    while read -r complaint; do
        [ -z "$complaint" ] || complain "$complaint"
    done <"$RM_TMP/full.out"
    cmp -s "$file" "$RM_TMP/whole.xml" || complain "the file is another one"
    [ ! -e "$file.new" ] || complain "something is left over"
    rm "$file.good"
    mkdir "$file.good"
    service_start
    wait_said "The last good version of the settings can't be kept"
    must rmctl set "$E2E_SERVER" fall=2 >"$RM_TMP/set.out"
    rmctl set "$E2E_SERVER" fall=3 | grep -qF "can't be kept" || complain "rmctl does not say that it can't be kept"
    check "times that it is told" "$(times "can't be kept")" -eq 1
    rmdir "$file.good"
    end unwritable
}

holds()
{
    [ "$(events | wc -l)" -eq "$1" ]
}

# wait_holds N: events in the log.
wait_holds()
{
    wait_until 5000 holds "$1" || complain "the log has $(events | wc -l) events, not $1"
}

# takes_more N: one event more makes the log longer than N.
takes_more()
{
    must peer events 1 "$E2E_SERVER"
    [ "$(events | wc -l)" -gt "$1" ]
}

# RM-198: the log follows the setting while the service runs.
most_events()
{
    begin
    service_start
    must peer events 1300 "$E2E_SERVER"
    wait_holds 1300
    must rmctl set "$E2E_SERVER" maxEvents=1000
    wait_holds 1000
    shown | head -n 1 | grep -q '^event 301 ' || complain "the first is not the 301st: $(shown | head -n 1)"
    must rmctl set "$E2E_SERVER" maxEvents=1200
    wait_until 10000 takes_more 1000 || complain "the log has no room for more events"
    must peer events 300 "$E2E_SERVER"
    wait_holds 1200
    service_kill
    service_start
    wait_holds 1200
    rmctl set "$E2E_SERVER" maxEvents=999 | grep -qF 'from 1000 to 30000' || complain "999 is not refused"
    end most-events
}

# names_of KIND: of the schema's settings: the elements of a server that have a value, or an element's attributes.
names_of()
{
    case $1 in
        settings) sed -n 's|^  <xs:element name="\(.*\)" type="\1Element"/>|\1|p' "$schema" ;;
        *) sed -n "/<xs:element name=\"$1\">/,/<\/xs:element>/s|.*<xs:attribute name=\"\([a-zA-Z]*\)\".*|\1|p" "$schema" ;;
    esac
}

# helped COMMAND NAME: its help has that setting, and behind it a range or words, and the default.
helped()
{
    rmctl "$1" --help | grep -E -A 6 "^  (--)?$2( |$)" | grep -qE 'default|at most'
}

# Every setting of the file can be set by rmctl, and its help says how.
reachable()
{
    local name count=0 schema=$RM_ROOT/docs/redundancymaster.xsd
    begin
    for name in $(names_of settings); do
        count=$((count + 1))
        helped set "$name" || complain "help of set lacks $name"
        rmctl set "$E2E_SERVER" "$name=?" | grep -qF "$name can't be '?'" || complain "set doesn't know $name"
    done
    check "settings" "$count" -ge 21
    for name in $(names_of monitorItem); do
        count=$((count + 1))
        helped monitor "$name" || complain "help of monitor lacks $name"
        rmctl monitor "$E2E_SERVER" modify 1 "--$name" $'\001' | grep -qF "$name" || complain "monitor modify doesn't know $name"
    done
    for name in $(names_of monitorItems); do
        count=$((count + 1))
        helped monitor "$name" || complain "help of monitor lacks $name"
        rmctl monitor "$E2E_SERVER" set "--$name" '?' | grep -qF "$name can't be '?'" || complain "monitor set doesn't know $name"
    done
    check "settings and values of monitor items" "$count" -ge 33
    row_end service/settings/reachable "$started"
}

# What is broken is told, all of it, and nothing is changed.
validated()
{
    begin
    must rmctl validate >"$RM_TMP/validate.out"
    rmctl validate | grep -qF "is valid: 1 redundant server, 1 note." || complain "not valid: $(rmctl validate)"
    rmctl validate | grep -qF "machines 1 and 2 are the same computer" || complain "one computer is not told"
    sed -e 's|<fall>.*</fall>|<fall>0</fall>|' -e 's|<mode>.*</mode>|<mode>tepid</mode>|' "$file" >"$RM_TMP/other.xml"
    rmctl validate "$(windows_path "$RM_TMP/other.xml")" >"$RM_TMP/validate.out" && complain "exit status 0 in spite of faults"
    grep -qE "^line [0-9]+: mode can't be 'tepid'" "$RM_TMP/validate.out" || complain "the first fault is missing"
    grep -qE "^line [0-9]+: fall can't be '0'" "$RM_TMP/validate.out" || complain "the second fault is missing"
    grep -qF "2 faults: '" "$RM_TMP/validate.out" || complain "the number of faults is missing"
    rmctl validate --json "$(windows_path "$RM_TMP/other.xml")" | grep -q '"valid": false' || complain "no JSON: $(rmctl validate --json)"
    cmp -s "$file" "$RM_TMP/whole.xml" || complain "it was changed"
    row_end service/settings/validated "$started"
}

e2e_begin "$@"
machines_on
redundancy_on hot
must rmctl set "$E2E_SERVER" pingTimeout=5000 busyGrace=10000
must rmctl monitor "$E2E_SERVER" add Memory.I4 --updateRate 100
cp "$RM_TMP/redundancymaster.xml" "$RM_TMP/whole.xml"
broken wrong "fall can't be '0': give a whole number from 1 to 10"
broken half "This is no well-formed XML"
broken empty "The file is empty"
broken gone "is not there any more: copy its last good version"
broken folder "can't be read (Is a folder)"
broken huge "is larger than 16 MB"
broken_at_start
nothing_good
edited
by_hand
killed_while_saving
unwritable
most_events
reachable
validated
begin
redundancy_off
e2e_end
