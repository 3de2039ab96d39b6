#!/bin/sh
# check_schema.sh PROGRAM SCHEMA SAMPLE: the schema agrees with the loader.
#
# PROGRAM (test_config_xml) writes the documents of its table, each named after what the loader says
# of it; xmllint must say the same.
set -eu
program=$1
schema=$2
sample=$3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$program" "$folder"
failed=0

for document in "$sample" "$folder"/valid-*.xml; do
    if ! xmllint --nonet --noout --schema "$schema" "$document" 2>"$folder/errors"; then
        echo "$document: the loader takes it, the schema does not:"
        cat "$folder/errors" "$document"
        failed=1
    fi
done
for document in "$folder"/invalid-*.xml; do
    if xmllint --nonet --noout --schema "$schema" "$document" 2>/dev/null; then
        echo "$document: the loader refuses it, the schema does not:"
        cat "$document"
        failed=1
    fi
done
[ "$failed" = 0 ] && echo "schema and loader agree"
exit "$failed"
