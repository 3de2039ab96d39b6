#include "serverlist.h"

#include <objbase.h>
#include <comcat.h>
#include <ole2.h>
#include <stdbool.h>
#include <stdlib.h>

#include <opc/opcguids.h>

#include "text.h"

#define SERVERS_MAX 1000

static const struct
{
    const CATID *category;
    const char *version;
} versions[] = {
    {&CATID_OPCDAServer10, "1.0"},
    {&CATID_OPCDAServer20, "2.0"},
    {&CATID_OPCDAServer30, "3.0"},
};

#define VERSION_COUNT (sizeof(versions) / sizeof(versions[0]))

struct entry
{
    CLSID clsid;
    bool has_version[VERSION_COUNT];
};

/* A server may be in several categories: each class once. */
static struct entry *find_entry(struct entry *entries, size_t *count, const CLSID *clsid)
{
    for (size_t i = 0; i < *count; i++)
        if (IsEqualCLSID(&entries[i].clsid, clsid))
            return &entries[i];
    if (*count == SERVERS_MAX)
        return NULL;
    entries[*count].clsid = *clsid;
    return &entries[(*count)++];
}

static HRESULT collect(ICatInformation *information, size_t version, struct entry *entries,
                       size_t *count)
{
    IEnumGUID *classes = NULL;
    CATID category = *versions[version].category;
    CLSID clsid;
    HRESULT hr =
        ICatInformation_EnumClassesOfCategories(information, 1, &category, 0, NULL, &classes);

    if (FAILED(hr))
        return hr;
    while (IEnumGUID_Next(classes, 1, &clsid, NULL) == S_OK)
    {
        struct entry *entry = find_entry(entries, count, &clsid);
        if (entry)
            entry->has_version[version] = true;
    }
    IEnumGUID_Release(classes);
    return S_OK;
}

static char *take_text(HRESULT hr, LPOLESTR wide)
{
    char *text = SUCCEEDED(hr) && wide ? rm_text_to_utf8(wide) : NULL;

    if (SUCCEEDED(hr))
        CoTaskMemFree(wide);
    return text;
}

static void print_entry(const struct entry *entry, FILE *out)
{
    LPOLESTR wide = NULL;
    HRESULT hr = ProgIDFromCLSID(&entry->clsid, &wide);
    char *prog_id = take_text(hr, wide);
    hr = StringFromCLSID(&entry->clsid, &wide);
    char *clsid = take_text(hr, wide);
    hr = OleRegGetUserType(&entry->clsid, USERCLASSTYPE_FULL, &wide);
    char *description = take_text(hr, wide);

    fprintf(out, "%-24s %s  DA", prog_id ? prog_id : "(no ProgID)", clsid ? clsid : "");
    for (size_t i = 0; i < VERSION_COUNT; i++)
        if (entry->has_version[i])
            fprintf(out, " %s", versions[i].version);
    fprintf(out, "  %s\n", description ? description : "");
    free(prog_id);
    free(clsid);
    free(description);
}

HRESULT rm_serverlist_print(FILE *out)
{
    ICatInformation *information = NULL;
    struct entry *entries = calloc(SERVERS_MAX, sizeof(*entries));
    size_t count = 0;

    if (!entries)
        return E_OUTOFMEMORY;
    HRESULT hr = CoCreateInstance(&CLSID_StdComponentCategoriesMgr, NULL, CLSCTX_INPROC_SERVER,
                                  &IID_ICatInformation, (void **)&information);
    if (SUCCEEDED(hr))
    {
        for (size_t version = 0; version < VERSION_COUNT; version++)
            if (FAILED(collect(information, version, entries, &count)))
                fprintf(out, "no servers of version %s\n", versions[version].version);
        ICatInformation_Release(information);
        for (size_t i = 0; i < count; i++)
            print_entry(&entries[i], out);
    }
    free(entries);
    return hr;
}
