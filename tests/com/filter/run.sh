#!/bin/bash
# Which data of a new machine reach the client. Usage: run.sh BIN64 [BIN32]
exec "$(dirname "$0")/../run_cmocka.sh" filter_test "$@"
