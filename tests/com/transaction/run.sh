#!/bin/bash
# What a switch makes of asynchronous calls that are out. Usage: run.sh BIN64 [BIN32]
exec "$(dirname "$0")/../run_cmocka.sh" transaction_test "$@"
