#!/bin/bash
# Events that are kept while there is no service. Usage: run.sh BIN64 [BIN32]
exec "$(dirname "$0")/../run_cmocka.sh" service_link_test "$@"
