#!/bin/bash
# The event logs of all redundant servers, as the service keeps them. Usage: run.sh BIN64 [BIN32]
exec "$(dirname "$0")/../run_cmocka.sh" event_logs_test "$@"
