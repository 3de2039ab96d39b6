/* A class in the registry that only tests know, and dumps of all that hooks could touch. */
#ifndef RM_TESTS_FAKE_CLASS_H
#define RM_TESTS_FAKE_CLASS_H

#include <windows.h>

#include <hooks/registry.h>

#define FAKE_PROGID   "RMHooksTest.Fake.1"
#define FAKE_PROGID_W L"RMHooksTest.Fake.1"
#define FAKE_CLSID    "{F4CE0001-52A0-4C1B-9E5D-0C0FFEE00001}"
#define FAKE_CLSID_W  L"{F4CE0001-52A0-4C1B-9E5D-0C0FFEE00001}"
#define OTHER_PROGID  "RMHooksTest.Other.1"
#define OTHER_CLSID   "{F4CE0002-52A0-4C1B-9E5D-0C0FFEE00002}"
#define OTHER_CLSID_W L"{F4CE0002-52A0-4C1B-9E5D-0C0FFEE00002}"

/* One value below a class key. */
struct fake_value
{
    const wchar_t *key; /* "InprocServer32"; "" is the class key itself */
    const wchar_t *name;
    DWORD type;
    const void *bytes;
    DWORD size_bytes;
};

/* Registers a ProgID and its class with a LocalServer32 in one view. */
void fake_register(enum rm_reg_view view, const wchar_t *progid, const wchar_t *clsid);
void fake_set(enum rm_reg_view view, const wchar_t *clsid, const struct fake_value *value);
void fake_delete_all(void);

/* All keys and values that a hook could touch, in both views, as text; freed with free(). */
char *fake_dump(void);

/* A directory with files that look like our DLL: "x64", "x86" or both of them. */
void fake_dlls(const wchar_t *directory, bool has_64, bool has_32);

#endif
