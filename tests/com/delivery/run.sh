#!/bin/bash
# The order in which callbacks reach a client that is busy. Usage: run.sh BIN64 [BIN32]
exec "$(dirname "$0")/../run_cmocka.sh" delivery_test "$@"
