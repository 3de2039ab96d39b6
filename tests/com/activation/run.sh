#!/bin/bash
# What COM is asked for at activation, against a recording fake. Usage: run.sh BIN64 [BIN32]
exec "$(dirname "$0")/../run_cmocka.sh" activation_test "$@"
