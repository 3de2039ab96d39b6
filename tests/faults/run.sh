#!/bin/bash
# A selection of the rig's rows for every day, some 5 minutes: each fault, each mode, each kind of work,
# both apartments and bitnesses at least once. tools/faults runs all of them.
#
# usage: run.sh [BIN64 [BIN32]]
set -u
. "$(dirname "$0")/rig.sh"

e2e_begin "$@"
rig_begin
rig_rows <"$(dirname "$0")/selection.txt"
rig_end
