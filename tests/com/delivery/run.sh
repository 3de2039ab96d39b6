#!/bin/bash
# The order in which callbacks reach a client that is busy. Usage: run.sh BIN64 [BIN32]
# (environment: WINEPREFIX). Ends with "N passed, N failed, N skipped"; exit status 0 or 1.
RM_TEST_PROGRAM=delivery_test exec "$(dirname "$0")/../filter/run.sh" "$@"
