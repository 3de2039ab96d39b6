#!/bin/bash
# The COM objects of redundancymaster.dll over simulated machines of Data Access 3.0: the scene is that of
# tests/com/proxy/run.sh. A script of its own, for each has its time.
# Usage: run.sh BIN64 [BIN32] (environment: WINEPREFIX).
RM_PROXY_SUITE=da3 exec "$(dirname "$0")/../proxy/run.sh" "$@"
