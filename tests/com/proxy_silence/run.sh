#!/bin/bash
# Machines whose callbacks stop, in each mode and of Data Access 2.05a and 3.0: the scene is that of
# tests/com/proxy/run.sh. A script of its own, for each has its time.
# Usage: run.sh BIN64 [BIN32] (environment: WINEPREFIX).
RM_PROXY_SUITE=silence exec "$(dirname "$0")/../proxy/run.sh" "$@"
