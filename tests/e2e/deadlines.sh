#!/bin/bash
# How long a client's call may take when its machine hangs: whichever call it is in which that begins, and
# with the next ping far away, for a call that is late is one to ask for the status beside it.
#
# usage: deadlines.sh [BIN64 [BIN32]]
. "$(dirname "$0")/evidence.sh"

items=200
standby_ms=150 # as in hung.sh
grace_ms=1500  # busyGrace, which excuses a machine that does not answer while a long call is out

# is_lost MACHINE
is_lost()
{
    ! machine_is "$1" connection up
}

# calls: "MACHINE METHOD short|long MODE APARTMENT DA", a row each: within that call, from whoever it comes,
# the machine begins to hang as a whole. Each method at least once, each mode and apartment with several.
# Nobody waits for a Release, so it is the client's next call that meets the machine, and that may be a long one.
calls()
{
    cat <<-END
	A IOPCServer.AddGroup                            short cold mta 2
	A IUnknown.QueryInterface                        short hot  sta 2
	A IOPCItemMgt.AddItems                           long  warm sta 2
	A IConnectionPointContainer.FindConnectionPoint  short warm mta 2
	A IConnectionPoint.Advise                        short cold sta 2
	A IConnectionPoint.Advise                        short hot  mta 2
	A IOPCGroupStateMgt.SetState                     short warm sta 2
	A IOPCItemMgt.CreateEnumerator                   long  hot  mta 2
	A IOPCServer.CreateGroupEnumerator               short cold mta 2
	A IConnectionPoint.Unadvise                      short warm sta 2
	A IConnectionPoint.Unadvise                      short hot  mta 2
	A IOPCItemMgt.RemoveItems                        short cold sta 2
	A IUnknown.Release                               long  warm mta 2
	A IUnknown.Release                               long  hot  sta 2
	A IOPCServer.RemoveGroup                         short hot  sta 2
	A IOPCServer.RemoveGroup                         short warm mta 2
	A IOPCItemProperties.QueryAvailableProperties    long  cold sta 2
	A IOPCItemProperties.GetItemProperties           long  warm mta 2
	A IEnum.Next                                     long  hot  sta 2
	A IEnum.Next                                     long  cold mta 2
	A IOPCBrowseServerAddressSpace.BrowseOPCItemIDs  long  warm sta 2
	A IOPCBrowseServerAddressSpace.ChangeBrowsePosition long hot mta 2
	A IOPCBrowse.Browse                              long  hot  sta 3
	A IOPCBrowse.Browse                              long  warm mta 3
	B IOPCServer.AddGroup                            -     warm mta 2
	B IOPCItemMgt.AddItems                           -     hot  sta 2
	B IConnectionPoint.Advise                        -     warm sta 2
	B IOPCServer.RemoveGroup                         -     hot  mta 2
	END
}

# hang_at MACHINE METHOD short|long|- MODE APARTMENT DA
hang_at()
{
    local machine=$1 method=$2 length=$3 mode=$4 apartment=$5 most number=1
    local work=(--tour-loop 50)
    case $method in
        IEnum.Next | IOPCBrowseServer*) work=(--browse-loop 50) ;;
    esac
    [ "$machine" = A ] || number=2
    if [ "$6" != "$e2e_server_da" ]; then
        e2e_server_da=$6
        machines_on
    fi
    started=$(now_ms)
    fresh "$mode"
    probe_start --items $items --status-loop 20 --apartment "$apartment" "${work[@]}"
    wait_all_ready
    wait_updates $((items * 5))
    must rmsim /fault "$machine" hang --at "$method"
    wait_until 10000 is_lost $number || complain "nobody has noticed that machine $number hangs"
    wait_updates $((items * 10))
    want "machine $((3 - number)) is the other one" is_active $((number == 1 ? 2 : 1))
    probe_stop
    most=$(limit_ms "$mode")
    case $length in
        long) most=$((most + grace_ms)) ;;
        -) most=$standby_ms ;;
    esac
    short_calls "$most"
    row_figures+=" slowest_call=$(proof slowest_call)"
    fault "$machine" kill # so that the next row need not wait until it is rid of its client
    fault "$machine" clear
    row_end "deadlines/$mode/$apartment/$machine-at-$method" "$started"
}

every_call()
{
    local row
    while read -r -a row <&3; do
        hang_at "${row[@]}"
    done 3< <(calls)
    e2e_server_da=2
    machines_on
}

# ---- the status that is asked for beside a late call -------------------------------------------------

far_ms=20000 # until the next scheduled ping: none of these rows would end in time by that

# begin MODE OPTIONS of rmprobe...
begin()
{
    local mode=$1
    shift
    started=$(now_ms)
    fresh "$mode" pingInterval=$far_ms
    probe_start --items $items "$@"
    wait_all_ready
    wait_updates 1000
    want "A is active" is_active 1
}

# end NAME LEAST MOST: so many milliseconds the slowest call has taken.
end()
{
    probe_stop
    settle
    at_most failed_calls 0
    at_most slowest_call_ms "$3"
    check "slowest call, in ms" "$(proof slowest_call_ms)" -ge "$2"
    proof_figures
    row_figures+=" slowest_call=$(proof slowest_call)"
    row_end "deadlines/$1" "$started"
}

long_call=IOPCItemProperties.GetItemProperties

# A call takes its time; the status is answered beside it, so nobody is left, however long that is.
long_call_hangs()
{
    begin "$1" --apartment "$2" --tour-loop 50
    fault A hang $long_call
    wait_until $((grace_ms * 2)) false
    want "A is active" is_active 1
    fault A clear
    wait_updates 1000
    want "A is active" is_active 1
    check "promotions" "$(session_value generation)" -eq 1
    end "$1/$2/long-call-hangs" $((grace_ms * 2 - 500)) $((grace_ms * 2 + 1000))
}

# gone NAME: and back, while the client is there: its next attempt gets what Wine still has of the old process.
gone()
{
    fault "$1" kill
    fault "$1" clear
    wait_machine 1 connection up 15000
}

holds_a_call()
{
    rmsim /fault "$1" status | grep -q 'waiting=[1-9]'
}

# The status is not answered either: such a call excuses that for busyGrace.
long_call_and_status_hang()
{
    begin "$1" --apartment "$2" --tour-loop 50
    fault A hang $long_call
    wait_until 5000 holds_a_call A || complain "the client does not make that call"
    fault A hang IOPCServer.GetStatus
    wait_active 2 $((grace_ms * 2 + 2000))
    wait_updates 1000
    gone A
    end "$1/$2/long-call-and-status-hang" $grace_ms $((grace_ms + e2e_ping_timeout * 2 + 100))
}

# Nothing excuses a short call: it is late after a ping's time, and the status then has as long.
short_call_hangs()
{
    begin "$1" --apartment "$2" --tour-loop 50
    must rmsim /fault A hang --at IOPCGroupStateMgt.SetState
    wait_active 2 5000
    wait_updates 1000
    gone A
    end "$1/$2/short-call-and-status-hang" $e2e_ping_timeout $((e2e_ping_timeout * 3 + 100))
}

asked_beside_calls()
{
    local apartment
    for apartment in mta sta; do
        long_call_hangs warm $apartment
        long_call_and_status_hang warm $apartment
        short_call_hangs warm $apartment
    done
}

e2e_record=1
e2e_begin "$@"
machines_on
redundancy_on warm --busyGrace $grace_ms
every_call
asked_beside_calls
redundancy_off
e2e_end
