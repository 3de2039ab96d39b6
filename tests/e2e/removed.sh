#!/bin/bash
# The active machine is taken from the list while the client runs: one row of machines_change.sh, for each run.
#
# usage: removed.sh [BIN64 [BIN32]]
exec "$(dirname "$0")/machines_change.sh" --short "$@"
