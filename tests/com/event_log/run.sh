#!/bin/bash
# The event log on files of Windows. Usage: run.sh BIN64 [BIN32]
exec "$(dirname "$0")/../run_cmocka.sh" event_log_test "$@"
