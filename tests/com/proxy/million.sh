#!/bin/bash
# A million items in one call, straight to a machine and through redundancymaster.dll, for clients of both
# bitnesses and apartments: the scene is that of run.sh. Not among the tests of every day: it takes minutes.
# Usage: million.sh BIN64 [BIN32] (environment: WINEPREFIX).
RM_PROXY_SUITE=million exec "$(dirname "$0")/run.sh" "$@"
