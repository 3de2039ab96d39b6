#!/bin/bash
# What is known of a standby while all is well. Usage: run.sh BIN64 [BIN32]
exec "$(dirname "$0")/../run_cmocka.sh" readiness_test "$@"
