#!/bin/bash
# Which of the workers that were given up count as stuck. Usage: run.sh BIN64 [BIN32]
exec "$(dirname "$0")/../run_cmocka.sh" abandoned_test "$@"
