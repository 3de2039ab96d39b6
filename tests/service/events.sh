#!/bin/bash
# Events of real sessions in the service's log.
#
# usage: events.sh [BIN64 [BIN32]]
. "$(dirname "$0")/../e2e/lib.sh"
. "$(dirname "$0")/../e2e/evidence.sh"
. "$(dirname "$0")/lib.sh"

first_look()
{
    started=$(now_ms)
    fresh hot
    service_start
    probe_start --items 10 --status-loop 20
    wait_all_ready
    wait_event "Connected to '$E2E_SERVER' on secondary machine" 5000
    fault A kill
    wait_active 2 5000
    probe_stop
    settle
    events
    cat "$RM_TMP/service.out"
    ls -l "$service_data"
    cat "$service_data"/*
    service_kill
    row_end service/first "$started"
}

e2e_record=1
e2e_begin "$@"
machines_on
redundancy_on hot
first_look
redundancy_off
e2e_end
