#!/bin/bash
# The server object's optional interfaces and those of Data Access 3.0, over simulated machines: the scene
# is that of tests/com/proxy/run.sh. A script of its own, for each has its time.
# Usage: run.sh BIN64 [BIN32] (environment: WINEPREFIX).
RM_PROXY_SUITE=server exec "$(dirname "$0")/../proxy/run.sh" "$@"
