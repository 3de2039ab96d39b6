#!/bin/bash
# Saving and loading settings on files of Windows. Usage: run.sh BIN64 [BIN32]
exec "$(dirname "$0")/../run_cmocka.sh" config_file_test "$@"
