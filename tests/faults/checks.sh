# What the tests of the rig's tables share. Sourced.
# shellcheck shell=bash

# shellcheck disable=SC2034 # used by those who source this
here=$(dirname "$0")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# check WHAT EXPECTED GOT
check()
{
    [ "$2" = "$3" ] && return
    echo "FAIL $1: expected '$2', got '$3'"
    # shellcheck disable=SC2034
    failed=1
}
