# The faults of the rig, as they are played: the client runs, A is active, all are ready. Each play ends
# with the client's data coming again; what it leaves in $play_... tells the judge what it was.
# Sourced by rig.sh.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # what the other files of the rig and the stage have, and use

# How long a fault lasts that causes no switch, and a call that is slow.
play_fault_ms=1500
play_slow_ms=600
play_unready_ms=3000
play_flaps=3

# How long a machine may be silent before it is asked.
play_check_ms=1000

# work_options WORK: $work_options, the probe's.
work_options()
{
    case $1 in
        subscription) work_options=() ;;
        reads) work_options=(--read-loop 20) ;;
        async) work_options=(--async --read-loop 20 --write-loop 20 --write-item Memory.I4) ;;
        writes) work_options=(--write-loop 20 --write-item Memory.I4) ;;
        adding) work_options=(--add-loop 50) ;;
        browsing) work_options=(--browse-loop 50) ;;
    esac
}

# work_methods WORK: $work_methods, the calls that it is made of, as rmsim calls them; the first is the
# one that hangs, is slow or fails. A subscription has only what each client has.
work_methods()
{
    case $1 in
        subscription) work_methods=(IOPCServer.GetStatus IOPCDataCallback.OnDataChange) ;;
        reads) work_methods=(IOPCSyncIO.Read) ;;
        async)
            work_methods=(IOPCAsyncIO2.Read IOPCAsyncIO2.Write IOPCAsyncIO2.Refresh2
                IOPCDataCallback.OnReadComplete IOPCDataCallback.OnWriteComplete)
            ;;
        writes) work_methods=(IOPCSyncIO.Write) ;;
        adding)
            work_methods=(IOPCItemMgt.AddItems IOPCServer.AddGroup IOPCItemMgt.RemoveItems
                IOPCServer.RemoveGroup IUnknown.QueryInterface)
            ;;
        browsing)
            work_methods=(IOPCBrowseServerAddressSpace.BrowseOPCItemIDs
                IOPCBrowseServerAddressSpace.ChangeBrowsePosition IOPCBrowseServerAddressSpace.GetItemID
                IEnum.Next)
            ;;
    esac
}

# settings FAULT: of the redundant server, for this row.
settings()
{
    case $1 in
        flapping) printf 'returnPolicy=primary callbackCheck=10000 flapLimit=%d' $play_flaps ;;
        kill-at-call) printf 'returnPolicy=stay callbackCheck=10000 flapLimit=0' ;;
        silent) printf 'returnPolicy=primary callbackCheck=%d flapLimit=0' $play_check_ms ;;
        *) printf 'returnPolicy=primary callbackCheck=10000 flapLimit=0' ;;
    esac
}

# play FAULT MODE WORK
play()
{
    work_methods "$3"
    case $1 in
        kill | hang | shutdown) play_switch "$2" "$1" ;;
        hang-status) play_switch "$2" hang IOPCServer.GetStatus ;;
        disconnect) play_switch "$2" disconnect all ;;
        silent) play_switch "$2" stop-callbacks ;;
        slow | fail) play_method "$1" "$2" "$3" ;;
        hang-call) play_steady hang "${work_methods[0]}" ;;
        refuse-items) play_steady refuse-items '*' on ;;
        refuse) play_refused "$2" ;;
        not-ready) play_not_ready "$2" ;;
        both-lost) play_both_lost "$2" ;;
        flapping) play_flapping "$2" ;;
        kill-at-call) play_kill_at_calls ;;
        kill-at-promotion) play_kill_at_promotion "$2" ;;
        kill-at-return) play_kill_at_return "$2" ;;
    esac
}

# play_switch MODE FAULT...: A fails, B takes over, A comes back.
play_switch()
{
    local mode=$1
    shift
    fault A "$@"
    takeover 2
    fault A clear
    returned "$mode"
}

# play_steady FAULT...: for a while, and machine 1 stays the active one.
play_steady()
{
    local since
    since=$(now_ms)
    fault A "$@"
    wait_until $play_fault_ms false
    want "A is active" is_active 1
    fault A clear
    play_lasted_ms=$(($(now_ms) - since))
    wait_updates $e2e_updates
    want "A is active" is_active 1
}

# play_method slow|fail MODE WORK: one method of A; who answers is no reason to switch, but for the status,
# which the session asks for itself.
play_method()
{
    if [ "$3" = subscription ]; then
        case $1 in
            slow) play_switch "$2" slow IOPCServer.GetStatus 2000 ;;
            fail) play_switch "$2" fail IOPCServer.GetStatus 0x80004005 ;;
        esac
        return
    fi
    case $1 in
        slow) play_steady slow "${work_methods[0]}" $play_slow_ms ;;
        fail) play_steady fail "${work_methods[0]}" 0x80004005 ;;
    esac
}

# play_refused MODE: A could not be started when the client came, and B serves; A is back; then the active
# one dies.
play_refused()
{
    fault A clear
    if [ "$1" = cold ]; then
        fault B kill
        takeover 1
    else
        returned "$1"
        fault A kill
        takeover 2
    fi
}

# play_not_ready MODE: A dies and is back soon, but its server is not running yet.
play_not_ready()
{
    fault A kill
    takeover 2
    fault A not-ready $((play_unready_ms / 1000))
    fault A refuse off
    if [ "$1" = cold ]; then
        wait_until $((play_unready_ms + 100)) false
        want "B is active" is_active 2
        fault B kill
        takeover 1
    else
        wait_machine 1 connection up $play_unready_ms
        want "B is active" is_active 2
        returned "$1"
    fi
}

# play_both_lost MODE: nobody is left; the client is told so, and B comes back first.
play_both_lost()
{
    fault B kill
    fault A kill
    wait_line "$probe_out" 'quality items=1000 .* now=0x0018' 10000 || complain "the client was not told"
    fault B clear
    takeover 2
    fault A clear
    returned "$1"
}

# play_flapping MODE: A dies as soon as it is back, until it is not returned to any more; in cold mode
# the machines die in turn.
play_flapping()
{
    local n
    for ((n = 1; n < play_flaps; n++)); do
        fault A kill
        wait_active 2 10000
        fault A clear
        if [ "$1" = cold ]; then
            wait_updates $e2e_updates
            fault B kill
        fi
        wait_active 1 10000
        wait_updates $e2e_updates
        [ "$1" != cold ] || fault B clear
        wait_all_ready
    done
    fault A kill
    takeover 2
    fault A clear
    if [ "$1" != cold ]; then
        wait_status_event "Server '$E2E_SERVER' on [^\"]* has failed and come back too often" 5000
        wait_all_ready
        wait_updates $e2e_updates
        want "B is active" is_active 2
    fi
}

# play_kill_at_calls: whoever is active dies within a call; each kind of call in turn, after it was
# carried out and before that in turn. Callbacks have no answer that could be lost, nor does rmsim die
# after a QueryInterface.
play_kill_at_calls()
{
    local method active=1 moment=--after
    for method in "${work_methods[@]}"; do
        case $method in
            IOPCDataCallback.* | IUnknown.*) moment=--before ;;
        esac
        fault "${e2e_machines[active - 1]}" kill "$method" "$moment" --from 3
        takeover $((3 - active))
        fault "${e2e_machines[active - 1]}" clear
        wait_all_ready
        active=$((3 - active))
        if [ $moment = --after ]; then moment=--before; else moment=--after; fi
    done
}

# promotion_method MODE: a call that a promotion of that mode makes on the machine that takes over, and that a
# standby never gets.
promotion_method()
{
    case $1 in
        cold) printf IOPCItemMgt.AddItems ;;
        warm) printf IOPCGroupStateMgt.SetState ;;
        hot) printf IOPCAsyncIO2.Refresh2 ;;
    esac
}

# died_at NAME METHOD: that machine has, as it was told to.
died_at()
{
    log_at_least "$1" "fault: killed before $2" 1
}

# play_kill_at_promotion MODE: B dies too, within a call that its taking over needs. It comes back
# first.
play_kill_at_promotion()
{
    fault B kill "$(promotion_method "$1")"
    fault A kill
    wait_until 10000 died_at B "$(promotion_method "$1")" || complain "B did not die while it took over"
    fault B clear
    takeover 2
    fault A clear
    returned "$1"
}

# play_kill_at_return MODE: A dies once more, within such a call as it takes over again.
play_kill_at_return()
{
    fault A kill
    takeover 2
    fault A kill "$(promotion_method "$1")"
    fault A refuse off
    wait_until 20000 died_at A "$(promotion_method "$1")" || complain "A did not die at its return"
    takeover 2
    fault A clear
    returned "$1"
}
