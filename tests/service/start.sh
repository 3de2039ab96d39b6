#!/bin/bash
# CX-16: the Windows services of the OPC servers, which our service starts before machines are connected, with Wine's
# own service manager. What a machine on another computer says has to be tried on Windows.
#
# usage: start.sh [BIN64 [BIN32]]
# shellcheck source=../e2e/evidence.sh
. "$(dirname "$0")/../e2e/evidence.sh"
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"

vendor=VendorOpc

# with_a_manager_of_its_own: what Wine's doesn't do, and a computer that doesn't answer.
with_a_manager_of_its_own()
{
    row_started=$(now_ms)
    capture of_bits 64 start_test.exe >"$RM_TMP/start_test.out" || complain "$(grep -v 'OK' "$RM_TMP/start_test.out")"
    row_end service/start/fake-manager "$row_started"
}

# vendor_service WORDS...: installs it as a service that opc_service carries out so, stopped; once more than once.
vendor_service()
{
    run_win64 sc create $vendor type= own start= demand binPath= "\"$(windows_path "$e2e_bin/opc_service.exe")\" $*" >"$RM_TMP/sc.out" 2>&1 </dev/null ||
        die "can't make a Windows service: $(cat "$RM_TMP/sc.out")"
}

vendor_stop()
{
    run_win64 sc stop $vendor >"$RM_TMP/sc.out" 2>&1 </dev/null
    wait_until 10000 vendor_is STOPPED || complain "the vendor's service does not stop"
}

vendor_gone()
{
    run_win64 sc stop $vendor >"$RM_TMP/sc.out" 2>&1 </dev/null
    run_win64 sc delete $vendor >"$RM_TMP/sc.out" 2>&1 </dev/null
}

# vendor_is STATE
vendor_is()
{
    run_win64 sc query $vendor >"$RM_TMP/sc.out" 2>&1 </dev/null
    grep -q "STATE.*$1" "$RM_TMP/sc.out"
}

# serve MODE: the service alone, with an empty log.
serve()
{
    fresh "$1" pingTimeout=5000 busyGrace=10000
    rm -rf "$RM_TMP/data"
    service_start
}

# begin NAME WORDS...: a row in which B's server has a Windows service that does so.
begin()
{
    row_name=$1
    row_started=$(now_ms)
    shift
    vendor_service "$@"
    must rmctl set "$E2E_SERVER" --windows-service 2=$vendor
}

end()
{
    service_kill
    vendor_gone
    must rmctl set "$E2E_SERVER" --windows-service 2= --windows-service 1=
    row_end "service/start/$row_name" "$row_started"
}

leave()
{
    probe_stop
    settle
}

# in_words KIND: of the event of B's.
in_words()
{
    case $1 in
        started) printf '%s' "The Windows service '$vendor' of server 'RMSim.A.1' on secondary machine 'localhost' was started." ;;
        failed) printf '%s' "The Windows service '$vendor' of server 'RMSim.A.1' on secondary machine 'localhost' can't be started" ;;
    esac
}

# B can't be connected until its Windows service has started; that is done for the first session.
first_session()
{
    begin first-session slow 300 "$(windows_path "$e2e_bin/rmsim.exe")" /fault B refuse off
    serve hot
    fault B refuse on
    vendor_is STOPPED || complain "the service was started though nobody wants the server"
    probe_start --items 10
    wait_event "$(in_words started)" 20000
    vendor_is RUNNING || complain "the vendor's service does not run"
    wait_all_ready
    wait_event "Connected to 'RMSim.A.1' on secondary machine" 10000
    # Whoever stops it afterwards isn't worked against.
    vendor_stop
    wait_updates 300
    vendor_is STOPPED || complain "a service that somebody has stopped was started again"
    check "starts told" "$(service_events "$(in_words started)")" -eq 1
    leave
    end
}

# A session that can't connect B has it started, at a later time as well.
not_connected()
{
    begin not-connected slow 0 "$(windows_path "$e2e_bin/rmsim.exe")" /fault B clear
    serve warm
    probe_start --items 10
    wait_all_ready
    wait_event "$(in_words started)" 20000
    vendor_stop
    fault B kill
    wait_events "$(in_words started)" 2 30000
    wait_all_ready
    leave
    end
}

# In cold mode only the machine that is connected next is touched.
cold()
{
    begin cold slow 0
    serve cold
    probe_start --items 10
    wait_updates 200
    vendor_is STOPPED || complain "the standby's service was started in cold mode"
    fault A kill
    wait_active 2 20000
    wait_event "$(in_words started)" 10000
    leave
    end
}

# One that ends at once: told once, clients go on; then it can be started, and that is told.
failing()
{
    begin failing fail 1066
    serve hot
    probe_start --items 10
    wait_all_ready
    wait_event "$(in_words failed) (Error = 0x8007042A). Connecting goes on without it. Check its name, that it is not disabled, and that the account of our service may start it there." 20000
    wait_updates 300
    check "failures told" "$(service_events "$(in_words failed)")" -eq 1
    vendor_gone
    vendor_service slow 0
    wait_event "$(in_words started)" 60000
    leave
    end
}

# A name that Windows doesn't know, and a setting that changes while a client runs.
wrong_name()
{
    begin wrong-name slow 0
    must rmctl set "$E2E_SERVER" --windows-service 2=NoSuchService
    serve hot
    probe_start --items 10
    wait_event "The Windows service 'NoSuchService' of server 'RMSim.A.1' on secondary machine 'localhost' can't be started (Error = 0x80070424)" 20000
    must rmctl set "$E2E_SERVER" --windows-service 2=$vendor
    wait_event "$(in_words started)" 20000
    leave
    end
}

# A machine in maintenance is somebody's who works there.
maintenance()
{
    begin maintenance slow 0
    serve hot
    must rmctl set "$E2E_SERVER" --windows-service 1=NoSuchService
    must rmctl maintenance "$E2E_SERVER" 2 on
    probe_start --items 10
    wait_event "The Windows service 'NoSuchService' of server 'RMSim.A.1' on primary machine" 20000
    vendor_is STOPPED || complain "it was started on a machine in maintenance"
    must rmctl maintenance "$E2E_SERVER" 2 off
    leave
    end
}

# What rmctl says of it.
command_line()
{
    begin command-line slow 0
    rmctl show "$E2E_SERVER" >"$RM_TMP/show.out"
    grep -q "its Windows service '$vendor' is started first" "$RM_TMP/show.out" || complain "show: $(cat "$RM_TMP/show.out")"
    grep -q "service=\"$vendor\"" "$RM_TMP/redundancymaster.xml" || complain "it is not in the file"
    rmctl set "$E2E_SERVER" --windows-service 3=x >"$RM_TMP/set.out" && complain "took a machine that isn't there"
    rmctl set "$E2E_SERVER" --windows-service x >"$RM_TMP/set.out" && complain "took a word without a number"
    rmctl set "$E2E_SERVER" --windows-service '2=a\b' >"$RM_TMP/set.out" && complain "took a name with a slash"
    grep -q "without slashes" "$RM_TMP/set.out" || complain "set: $(cat "$RM_TMP/set.out")"
    must rmctl set "$E2E_SERVER" --order 2,1
    grep -q "<machine host=\"localhost\" progid=\"RMSim.B.1\" service=\"$vendor\"/>" "$RM_TMP/redundancymaster.xml" ||
        complain "the service did not move along with its machine"
    must rmctl set "$E2E_SERVER" --order 2,1
    vendor_gone
    must rmctl set "$E2E_SERVER" --windows-service 2=
    grep -q 'service=' "$RM_TMP/redundancymaster.xml" && complain "it is still in the file"
    row_end service/start/command-line "$row_started"
}

e2e_begin "$@"
machines_on
redundancy_on hot
with_a_manager_of_its_own
command_line
first_session
not_connected
cold
failing
wrong_name
maintenance
redundancy_off
e2e_end
