# Repairs what widl (7 and 8, -Oif) gets wrong in the proxy/stub source that it writes.
#
#   awk -v strings=N -v arrays=N -f repair_proxy.awk opcda_p.c > repaired.c
#
# A proxy source holds two tables. The procedure table has three lines per parameter: flags, stack
# offset, and "type offset": where in the type table the parameter's description starts. Both repairs
# move a type offset to a description that widl wrote as well, but did not refer to. What travels on
# the wire stays the same.
#
# strings: an [out, string] LPWSTR * is pointer -> pointer -> string. widl leaves out the first pointer
#   (FC_RP) and refers to the second (FC_OP), so the caller's string comes back as NULL. Refer to the
#   FC_RP that leads there.
#
# arrays: an [in, size_is(n)] array of structures with pointers, of VARIANTs, or of strings in 64 bit
#   (FC_BOGUS_ARRAY) is marked "simple ref" and referred to directly. The stub of Wine 8 and 10 then
#   frees what the elements own, but never the array that it allocated: the callee grows with each call.
#   Refer to the FC_RP that leads to the array and drop "simple ref": pointer and array are freed.
#
# The numbers of places to repair are given from outside and must be met exactly; and each type offset
# must be the start of a description. Otherwise widl or the IDL has changed, and somebody has to look.

function fail(message)
{
    print "repair_proxy.awk: " FILENAME ": " message > "/dev/stderr"
    failed = 1
    exit 1
}

# The value of "NdrFcShort(0x...)" as a signed 16-bit number.
function short_of(text,    i, value)
{
    sub(/^.*NdrFcShort\(0x/, "", text)
    value = 0
    for (i = 1; substr(text, i, 1) != ")"; i++)
        value = value * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
    return value < 32768 ? value : value - 65536
}

{ line[NR] = $0 }

# The type table comes last in the file; its lines are cut into descriptions by "/* offset (type) */".
/MIDL_TYPE_FORMAT_STRING __MIDL_TypeFormatString =/ { in_types = 1 }
in_types && /^\/\* *[0-9]+ (\(.*\) )?\*\/$/ { here = $2 + 0; kind[here] = ""; next }
in_types && kind[here] == "" && /^ *0x[0-9a-f]+,/ { kind[here] = $1; pointer_at = here; next }

# The line after a pointer's code says where it points, counted from that line (code + 2 bytes).
in_types && pointer_at == here && /^ *NdrFcShort/ {
    if (kind[here] == "0x11,")
        ref_to[here + 2 + short_of($1)] = here
}
{ pointer_at = -1 }

function repair(at, target, flags_line,    wrapper)
{
    if (!(target in ref_to))
        fail("no FC_RP leads to the type at " target)
    wrapper = ref_to[target]
    line[at] = sprintf("        NdrFcShort(0x%x),\t/* type offset = %d, repaired from %d */",
                       wrapper, wrapper, target)
    if (flags_line)
        line[flags_line] = "        NdrFcShort(0xb),\t/* flags: must size, must free, in; repaired */"
}

END {
    if (failed)
        exit 1
    for (i = 3; i <= NR; i++)
    {
        if (line[i] !~ /\/\* type offset = /)
            continue
        target = short_of(line[i])
        if (!(target in kind))
            fail("type offset " target " in line " i " is not the start of a type")
        flags = line[i - 2]
        if (kind[target] == "0x13," && flags ~ /, out/)
        {
            repair(i, target, 0)
            repaired_strings++
        }
        else if (kind[target] == "0x21," && flags ~ /NdrFcShort\(0x10b\)/)
        {
            repair(i, target, i - 2)
            repaired_arrays++
        }
    }
    if (repaired_strings != strings || repaired_arrays != arrays)
        fail(sprintf("repaired %d strings and %d arrays, expected %d and %d", repaired_strings,
                     repaired_arrays, strings, arrays))
    for (i = 1; i <= NR; i++)
        print line[i]
}
