#!/bin/bash
# Fifty failovers in one 64-bit client: it holds no more afterwards than after the first ten (C-26). The
# thousand, the 32-bit client and the other ways to fail are tests/soak.
#
# usage: leaks.sh BIN64 [BIN32]
RM_SOAK_SWITCHES=50 RM_SOAK_ROWS=drop/warm RM_SOAK_BITS=64 \
    exec "$(dirname "$0")/../soak/run.sh" "$@"
