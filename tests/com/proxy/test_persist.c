/* IPersistFile: each call goes to the machine that is active, and nothing is replayed. */
#include "server_stage.h"

#include <stdio.h>
#include <string.h>
#include <wchar.h>

static WCHAR *file_name(WCHAR name[MAX_PATH])
{
    swprintf(name, MAX_PATH, L"%ls\\configuration-%lu.txt", server_journals, GetCurrentProcessId());
    return name;
}

static void assert_current(IPersistFile *persist, HRESULT wanted, const WCHAR *name)
{
    WCHAR *current = POISON;

    assert_hr(IPersistFile_GetCurFile(persist, &current), wanted);
    assert_same_text(current, name);
    CoTaskMemFree(current);
}

/* Through us, and beside us. */
static void test_answers(void **state)
{
    IPersistFile *persist[2] = {server_interface_through(&IID_IPersistFile),
                                server_interface_direct(&IID_IPersistFile)};
    HRESULT missing[2];
    CLSID classes[2];
    WCHAR name[MAX_PATH];

    (void)state;
    file_name(name);
    for (int i = 0; i < 2; i++)
    {
        IOPCCommon *common = stage_query(persist[i], &IID_IOPCCommon);

        IPersist *base = stage_query(persist[i], &IID_IPersist);
        CLSID by_base;

        assert_hr(IPersistFile_GetClassID(persist[i], &classes[i]), S_OK);
        assert_hr(IPersist_GetClassID(base, &by_base), S_OK);
        assert_true(IsEqualCLSID(&by_base, &classes[i]));
        stage_release(base);
        assert_hr(IPersistFile_IsDirty(persist[i]), S_FALSE);
        assert_current(persist[i], S_FALSE, L"*.txt");
        assert_hr(IPersistFile_Save(persist[i], NULL, FALSE), E_INVALIDARG);
        assert_hr(IOPCCommon_SetClientName(common, L"somebody"), S_OK);
        assert_hr(IPersistFile_IsDirty(persist[i]), S_OK);
        assert_hr(IPersistFile_Save(persist[i], name, FALSE), S_OK);
        assert_hr(IPersistFile_IsDirty(persist[i]), S_OK);
        assert_hr(IPersistFile_Save(persist[i], name, TRUE), S_OK);
        assert_hr(IPersistFile_IsDirty(persist[i]), S_FALSE);
        assert_current(persist[i], S_OK, name);
        assert_hr(IPersistFile_SaveCompleted(persist[i], NULL), S_OK);
        assert_hr(IPersistFile_SaveCompleted(persist[i], name), S_OK);
        assert_hr(IPersistFile_Save(persist[i], NULL, TRUE), S_OK);
        missing[i] = IPersistFile_Load(persist[i], L"C:\\no\\such\\file.txt", 0);
        assert_true(FAILED(missing[i]));
        assert_hr(IPersistFile_Load(persist[i], name, 0), S_OK);
        assert_hr(IPersistFile_Load(persist[i], NULL, 0), NULL_REF);
        assert_hr(IPersistFile_GetCurFile(persist[i], NULL), NULL_REF);
        assert_hr(IPersistFile_GetClassID(persist[i], NULL), NULL_REF);
        stage_release(common);
        server_close(persist[i]);
    }
    assert_hr(missing[0], missing[1]);
    assert_true(IsEqualCLSID(&classes[0], &classes[1]));
    DeleteFileW(name);
}

static void test_switch(void **state)
{
    IPersistFile *persist = server_interface_through(&IID_IPersistFile);
    struct killer killer;
    WCHAR name[MAX_PATH];

    (void)state;
    file_name(name);
    assert_hr(IPersistFile_Save(persist, name, TRUE), S_OK);
    assert_current(persist, S_OK, name);
    stage_rmsim(L"/fault QA kill --away");
    assert_current(persist, S_FALSE, L"*.txt");
    server_close(persist);

    /* What is out when the machine dies is done on the next one. */
    persist = server_interface_through(&IID_IPersistFile);
    killer_start(&killer, L"IPersistFile.Load");
    assert_hr(IPersistFile_Load(persist, name, 0), S_OK);
    killer_join(&killer);
    assert_current(persist, S_OK, name);
    server_close(persist);
    DeleteFileW(name);
}

/* The simulated server saves the name of its client. */
static void assert_saved(const WCHAR *path, const char *wanted)
{
    FILE *file = _wfopen(path, L"rb");
    char text[200];
    size_t size;

    assert_non_null(file);
    size = fread(text, 1, sizeof(text) - 1, file);
    fclose(file);
    text[size] = 0;
    assert_non_null(strstr(text, wanted));
}

/* The name that the client has given itself is known on the next machine, the last one of them. */
static void test_client_name(void **state)
{
    IPersistFile *persist = server_interface_through(&IID_IPersistFile);
    IOPCCommon *common = stage_query(persist, &IID_IOPCCommon);
    WCHAR name[MAX_PATH];

    (void)state;
    file_name(name);
    assert_hr(IOPCCommon_SetClientName(common, L"Control room 6"), S_OK);
    assert_hr(IOPCCommon_SetClientName(common, L"Control room 7"), S_OK);
    stage_rmsim(L"/fault QA kill --away");
    assert_current(persist, S_FALSE, L"*.txt"); /* another process */
    assert_hr(IPersistFile_IsDirty(persist), S_OK);
    assert_hr(IPersistFile_Save(persist, name, TRUE), S_OK);
    assert_saved(name, "\nControl room 7\n");
    stage_release(common);
    server_close(persist);
    DeleteFileW(name);
}

const struct CMUnitTest persist_tests[] = {
    cmocka_unit_test(test_answers),
    cmocka_unit_test(test_switch),
    cmocka_unit_test(test_client_name),
};
const size_t persist_test_count = ARRAYSIZE(persist_tests);
