#!/bin/bash
# The sessions of several processes follow the same machine (rm/agreement.h, design.md 2): one alone moves nobody,
# two move the others; a new one joins; who followed is led back, or leads when nobody is left to lead.
#
# Each client has server processes of its own, so a machine can be lost to one client only.
#
# usage: together.sh [BIN64 [BIN32]]
# shellcheck disable=SC2154 # what lib.sh sets
# shellcheck source=../e2e/evidence.sh
. "$(dirname "$0")/../e2e/evidence.sh"
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

items=20
declare -A client_pid client_server

# servers NAME: the host's ids of that machine's processes, a line each.
servers()
{
    rmsim /fault "$1" status | sed -nE 's/^process.*\thost_pid=([0-9]+).*/\1/p' | sort
}

# client_start NAME [SERVER [MACHINE]]: another client, of that redundant server, whose primary is that machine.
client_start()
{
    local name=$1 machine=${3:-A}
    servers "$machine" >"$RM_TMP/servers.before"
    rm -f "$RM_TMP/$name.stop"
    : >"$RM_TMP/$name.out"
    of_bits "$e2e_client_bits" rmprobe.exe "${2:-$E2E_SERVER}" --items $items --rate 100 --period 100 --seconds 0 \
        --stop-file "$(windows_path "$RM_TMP/$name.stop")" --live --events --status-loop 50 >"$RM_TMP/$name.out" 2>&1 </dev/null &
    client_pid[$name]=$!
    wait_line "$RM_TMP/$name.out" '^READY' 30000 || complain "client $name got no values: $(tail -n 1 "$RM_TMP/$name.out")"
    wait_until 30000 all_have_standbys || complain "client $name has no standby"
    client_server[$name]=$(servers "$machine" | comm -13 "$RM_TMP/servers.before" - | head -n 1)
}

# all_have_standbys: each client has both machines.
all_have_standbys()
{
    [ "$(rmctl status --json | grep -c '"ready": *true')" -eq $((2 * ${#client_pid[@]})) ]
}

# loses NAME...: these clients' own processes of the primary machine die.
loses()
{
    local name
    for name in "$@"; do
        [ -n "${client_server[$name]}" ] || complain "client $name has no server process of its own"
        is_wine_process "${client_server[$name]}" && kill -KILL "${client_server[$name]}"
    done
}

# client_stop NAME: leaves; nothing bad, nothing failed, in hot mode nothing lost.
client_stop()
{
    local proof key
    : >"$RM_TMP/$1.stop"
    wait "${client_pid[$1]}"
    unset "client_pid[$1]"
    proof=$(grep '^PROOF ' "$RM_TMP/$1.out" | tail -n 1)
    for key in lost doubled reordered failed_calls; do
        [[ " $proof " == *" $key=0 "* ]] || complain "client $1: $key is not 0: ${proof:-no proof}"
    done
}

# all_stop: every client that is left.
all_stop()
{
    local name
    for name in "${!client_pid[@]}"; do
        client_stop "$name"
    done
    client_server=()
}

# where [SERVER]: the active machines of all sessions, of that server's ones, in order: "1 1 2 ".
where()
{
    rmctl status "$@" --json | sed -nE 's/^ *"active": *([0-9]+),?$/\1/p' | sort | tr '\n' ' '
}

are_at()
{
    [ "$(where)" = "$1" ]
}

# wait_at "1 1 2 " MS
wait_at()
{
    wait_until "$2" are_at "$1" || complain "the sessions are at '$(where)' instead of '$1'"
}

# stay_at "1 1 2 " MS: all that time.
stay_at()
{
    ! wait_until "$2" are_elsewhere "$1" || complain "the sessions went to '$(where)' instead of staying at '$1'"
}

are_elsewhere()
{
    ! are_at "$1"
}

# count_sessions KEY VALUE: of how many sessions that is so.
count_sessions()
{
    rmctl status --json | grep -cE "^ *\"$1\": \"?$2\"?,?\$"
}

# begin MODE [SETTING=VALUE...]. Pings have time, so that on a busy computer nothing is a reason but what dies.
begin()
{
    started=$(now_ms)
    fresh "$@" pingTimeout=5000 busyGrace=10000
    rm -rf "$RM_TMP/data"
    service_start
}

finish()
{
    all_stop
    service_kill
    row_end "service/together/$1" "$started"
}

# Design.md 2: one process moves itself, a second one all others; a new one joins them; they lead the return.
one_two_all()
{
    begin hot returnPolicy=stay
    client_start x
    [ -z "$e2e_bin32" ] || e2e_client_bits=32
    client_start y
    e2e_client_bits=64
    client_start z
    wait_at "1 1 1 " 5000
    loses x
    wait_at "1 1 2 " 5000
    stay_at "1 1 2 " 3000
    check "agreements after one has moved" "$(service_events 'follow to')" -eq 0
    loses y
    wait_at "2 2 2 " 2000
    wait_event "Clients of server '$E2E_SERVER' follow to secondary machine 'localhost': decision of rmprobe.exe" 3000
    check "processes named" "$(events --event agreed | grep -o 'rmprobe.exe ([0-9]*)' | sort -u | grep -c .)" -ge 2
    check "sessions that follow" "$(count_sessions following true)" -eq 1
    check "sessions that were led there" "$(count_sessions lastCause 'with the others')" -eq 1
    client_start w
    wait_at "2 2 2 2 " 3000
    check "switches of the new one" "$(count_sessions generation 1)" -eq 1
    check "sessions that follow" "$(count_sessions following true)" -eq 2
    must rmctl set "$E2E_SERVER" returnPolicy=primary
    wait_at "1 1 1 1 " 15000
    check "agreements" "$(service_events 'follow to')" -eq 2
    finish one-two-all
}

# Who led has left: who followed leads, and returns by itself.
leaders_leave()
{
    begin hot returnPolicy=stay
    for name in x y z; do client_start $name; done
    loses x y
    wait_at "2 2 2 " 3000
    check "sessions that follow" "$(count_sessions following true)" -eq 1
    client_stop x
    wait_until 3000 eval '[ "$(count_sessions following true)" -eq 0 ]' || complain "the session still follows"
    must rmctl set "$E2E_SERVER" returnPolicy=primary
    wait_at "1 1 " 15000
    finish leaders-leave
}

# F-12: a service that is killed and comes back moves nobody; new sessions go where most are.
service_back()
{
    begin hot returnPolicy=stay
    for name in x y z; do client_start $name; done
    loses x
    wait_at "1 1 2 " 5000
    service_kill
    stay_at "1 1 2 " 2000
    service_start
    wait_until 10000 eval '[ "$(sessions_known)" -eq 3 ]' || complain "the service knows $(sessions_known) sessions"
    stay_at "1 1 2 " 4000
    client_start w
    wait_at "1 1 1 2 " 3000
    loses y
    wait_at "1 1 2 2 " 3000
    stay_at "1 1 2 2 " 3000
    loses z
    wait_at "2 2 2 2 " 3000
    finish service-back
}

# Without a service each decides alone.
no_service()
{
    started=$(now_ms)
    fresh hot returnPolicy=stay pingTimeout=5000
    for name in x y z; do client_start $name; done
    loses x y
    wait_at "1 2 2 " 3000
    stay_at "1 2 2 " 4000
    all_stop
    row_end service/together/no-service "$started"
}

# The second word may be the service's own: its monitor items' connection has lost the machine, too.
service_confirms()
{
    begin hot returnPolicy=stay
    client_start x
    client_start y
    must rmctl monitor "$E2E_SERVER" add Memory.I4 --trigger bad
    wait_event "Monitor item test passed for '$E2E_SERVER' on primary machine" 20000
    client_server[service]=$(servers A | grep -vxF "${client_server[x]}" | grep -vxF "${client_server[y]}")
    loses x
    wait_at "1 2 " 5000
    stay_at "1 2 " 2000
    loses service
    wait_at "2 2 " 10000
    must rmctl monitor "$E2E_SERVER" delete 1
    finish service-confirms
}

# ---- linked servers (CX-05) in different processes -----------------------------------------------------

# other_on [OPTIONS of rmctl add...]: B is redundant, too, with A as its standby.
other_on()
{
    must rmctl add "$E2E_STANDBY" --machine "$e2e_host" --machine "$e2e_host/$E2E_SERVER" --mode hot \
        --pingInterval 250 --pingTimeout 5000 --returnPolicy stay "$@"
    must rmctl enable "$E2E_STANDBY"
}

other_off()
{
    must rmctl disable "$E2E_STANDBY"
    must rmctl remove "$E2E_STANDBY"
}

agreements_of_the_other()
{
    rmctl events "$E2E_STANDBY" --last 0 | grep -cF "Clients of server"
}

wait_other_agrees()
{
    wait_until 3000 eval '[ "$(agreements_of_the_other)" -gt 0 ]' || complain "the linked server's log says nothing"
}

# Nobody else could confirm what this one says.
linked()
{
    begin hot returnPolicy=stay linkGroup=7
    other_on --linkGroup 7
    client_start x
    client_start y "$E2E_STANDBY" B
    wait_at "1 1 " 3000
    loses x
    wait_at "2 2 " 3000
    wait_other_agrees
    finish linked
    other_off
    must rmctl set "$E2E_SERVER" linkGroup=0
}

service_watches_always()
{
    rmctl status "$E2E_SERVER" --json | grep -qE "\"watchAlways\": *$1"
}

# link GROUP yes|no: both running clients have it in force; and the service, as it shows what was changed last: whether it
# watches without clients, which changes nothing, as there are no monitor items.
link()
{
    local server seen=true
    [ "$2" = yes ] || seen=false
    for server in "$E2E_SERVER" "$E2E_STANDBY"; do
        must rmctl set "$server" "linkGroup=$1"
        wait_status_event "New settings of server '$server' are in force: linkGroup $1\"" 3000
    done
    must rmctl monitor "$E2E_SERVER" set --watchAlways "$2"
    wait_until 5000 service_watches_always $seen || complain "the service has not taken the settings over"
}

# A group that comes and goes while the clients run: what it says holds from that moment, and no longer. Who has followed
# is free to return then.
link_changes()
{
    begin hot returnPolicy=stay
    other_on
    client_start x
    client_start y "$E2E_STANDBY" B
    loses y
    wait_at "1 2 " 3000
    stay_at "1 2 " 3000
    must rmctl set "$E2E_STANDBY" returnPolicy=primary
    wait_at "1 1 " 15000
    must rmctl set "$E2E_STANDBY" returnPolicy=stay
    wait_until 30000 all_have_standbys || complain "a client has no standby"
    check "agreements without a group" "$(agreements_of_the_other)" -eq 0
    link 7 yes
    loses x
    wait_at "2 2 " 3000
    wait_other_agrees
    wait_until 30000 all_have_standbys || complain "a client has no standby"
    link 0 no
    must rmctl switch "$E2E_SERVER" 1
    wait_at "1 2 " 3000
    stay_at "1 2 " 3000
    check "machine of the one that was told to switch" "$(where "$E2E_SERVER")" = "1 "
    check "agreements" "$(agreements_of_the_other)" -eq 1
    check "agreements of the one that led" "$(service_events 'follow to')" -eq 0
    must rmctl set "$E2E_STANDBY" returnPolicy=primary
    wait_at "1 1 " 15000
    finish link-changes
    other_off
}

# ---- creation ------------------------------------------------------------------------------------------

# A session asks where the others are before it begins: a service that doesn't answer costs 40 ms, no service nothing.
# In turn, so that all see the same computer; each starts a server's process, and waits for the standby's: one whose client
# has left meanwhile would be killed while it waits for another. Wine (8.0) goes on offering the class of such a process, and
# so the next activation fails, in whichever script that is.
creation()
{
    local round without with hung
    started=$(now_ms)
    fresh warm
    : >"$RM_TMP/without"
    : >"$RM_TMP/with"
    : >"$RM_TMP/hung"
    for ((round = 0; round < 5; round++)); do
        create_ms "$RM_TMP/without" wait_all_ready
        service_start
        create_ms "$RM_TMP/with" wait_all_ready
        kill -STOP "$service_pid"
        create_ms "$RM_TMP/hung" wait_all_ready
        kill -CONT "$service_pid"
        service_kill
    done
    without=$(median "$RM_TMP/without")
    with=$(median "$RM_TMP/with")
    hung=$(median "$RM_TMP/hung")
    check "creation with a service, ms" "$with" -le $((without + 50))
    check "creation with a service that hangs, ms" "$hung" -le $((without + 90))
    # shellcheck disable=SC2034 # row_end prints it
    row_figures="without_ms=$without with_ms=$with hung_ms=$hung"
    row_end service/together/creation "$started"
}

e2e_begin "$@"
machines_on
redundancy_on hot
one_two_all
leaders_leave
service_back
no_service
service_confirms
linked
link_changes
creation
redundancy_off
e2e_end
