# What the checks share. Each check is a program of its own: it prints what is wrong, one line per
# finding, and ends with 0 (fine), 1 (findings) or 77 (can't be checked here; the last line says why).
# shellcheck shell=bash

cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
rooms=(include src proxy-dll service config-ui ctl host tests)

# sources PATTERN...: our files with these names, by path.
sources()
{
    local room names=() pattern
    for pattern in "$@"; do
        names+=(-o -name "$pattern")
    done
    for room in "${rooms[@]}"; do
        if [ -d "$room" ]; then
            find "$room" -type f \( "${names[@]:1}" \)
        fi
    done | LC_ALL=C sort
}
