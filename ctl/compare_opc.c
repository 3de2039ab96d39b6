/* What the thread of one machine does: the calls of an OPC client. */
#include "compare_machine.h"

#include <stdlib.h>

#include <link/activation.h>
#include <opc/opcconst.h>
#include <opc/opcda.h>

#define ELEMENTS_MAX  1000 /* that one Browse brings */
#define NAMES_MAX     200  /* that one IEnumString::Next brings */
#define ITEMS_MAX     500  /* that one ValidateItems asks about */
#define GROUP_RATE_MS 1000

struct compare_connection
{
    IUnknown *interfaces[RM_SERVER_INTERFACE_COUNT];
    IOPCItemMgt *items; /* of our group; NULL = not made yet */
    OPCHANDLE group;
    unsigned level; /* where IOPCBrowseServerAddressSpace stands */
};

static void begin_call(struct compare_machine *machine, const char *call)
{
    machine->call = call;
    InterlockedExchange(&machine->call_began, (LONG)((GetTickCount() - 1u) | 1u)); /* not 0 */
}

/* The first failure of an order is what is told. */
static HRESULT end_call(struct compare_machine *machine, HRESULT hr)
{
    InterlockedExchange(&machine->call_began, 0);
    if (FAILED(hr) && machine->failed_call == NULL)
    {
        machine->result = (uint32_t)hr;
        machine->failed_call = machine->call;
    }
    return hr;
}

static HRESULT fail(struct compare_machine *machine, const char *what, HRESULT hr)
{
    machine->call = what;
    return end_call(machine, hr);
}

static char *to_utf8(const WCHAR *wide)
{
    int size = WideCharToMultiByte(CP_UTF8, 0, wide, -1, NULL, 0, NULL, NULL);
    char *text = size > 0 ? malloc((size_t)size) : NULL;
    if (text != NULL)
    {
        WideCharToMultiByte(CP_UTF8, 0, wide, -1, text, size, NULL, NULL);
    }
    return text;
}

static WCHAR *to_wide(const char *text)
{
    int count = MultiByteToWideChar(CP_UTF8, 0, text, -1, NULL, 0);
    WCHAR *wide = count > 0 ? malloc((size_t)count * sizeof *wide) : NULL;
    if (wide != NULL)
    {
        MultiByteToWideChar(CP_UTF8, 0, text, -1, wide, count);
    }
    return wide;
}

static HRESULT add_entry(struct compare_machine *machine, const WCHAR *name, const WCHAR *id,
                         bool is_branch, bool is_item)
{
    char *name_text = to_utf8(name);
    char *id_text = to_utf8(id != NULL ? id : L"");
    enum rm_status status =
        name_text != NULL && id_text != NULL
            ? rm_branch_list_add(&machine->list, name_text, id_text, is_branch, is_item)
            : RM_E_NO_MEMORY;
    free(name_text);
    free(id_text);
    machine->list_status = status;
    return status == RM_OK ? S_OK : fail(machine, "its list", E_OUTOFMEMORY);
}

static void connect(struct compare_machine *machine)
{
    struct compare_connection *connection = machine->connection;
    struct rm_activation activation = {
        .api = &rm_activation_system, .machine = machine->config, .progid = machine->progid};
    begin_call(machine, "the start of the server");
    if (FAILED(end_call(machine, rm_activate(&activation, connection->interfaces))))
    {
        return;
    }
    machine->offers_3 = connection->interfaces[RM_SERVER_BROWSE] != NULL;
    machine->offers_2 = connection->interfaces[RM_SERVER_BROWSE_ADDRESS_SPACE] != NULL;
}

static HRESULT take_elements(struct compare_machine *machine, OPCBROWSEELEMENT *elements,
                             DWORD count)
{
    HRESULT hr = S_OK;
    for (DWORD i = 0; elements != NULL && i < count; i++)
    {
        OPCBROWSEELEMENT *element = &elements[i];
        DWORD flags = element->dwFlagValue;
        if (SUCCEEDED(hr) && element->szName != NULL &&
            (flags & (OPC_BROWSE_HASCHILDREN | OPC_BROWSE_ISITEM)) != 0)
        {
            hr = add_entry(machine, element->szName, element->szItemID,
                           (flags & OPC_BROWSE_HASCHILDREN) != 0, (flags & OPC_BROWSE_ISITEM) != 0);
        }
        CoTaskMemFree(element->szName);
        CoTaskMemFree(element->szItemID);
        CoTaskMemFree(element->ItemProperties.pItemProperties);
    }
    CoTaskMemFree(elements);
    return hr;
}

static void list_3(struct compare_machine *machine)
{
    IOPCBrowse *browse = (IOPCBrowse *)machine->connection->interfaces[RM_SERVER_BROWSE];
    WCHAR *id = to_wide(machine->place.id);
    WCHAR empty[] = L"";
    WCHAR *point = CoTaskMemAlloc(sizeof *point);
    BOOL has_more = FALSE;
    DWORD no_properties[1] = {0}; /* by the interface it must not be NULL */
    HRESULT hr = id != NULL && point != NULL ? S_OK : fail(machine, "its list", E_OUTOFMEMORY);
    if (point != NULL)
    {
        point[0] = L'\0';
    }
    bool is_over = false;
    while (SUCCEEDED(hr) && !is_over)
    {
        OPCBROWSEELEMENT *elements = NULL;
        DWORD count = 0;
        begin_call(machine, "IOPCBrowse::Browse");
        hr = end_call(machine, IOPCBrowse_Browse(browse, id, &point, ELEMENTS_MAX,
                                                 OPC_BROWSE_FILTER_ALL, empty, empty, FALSE, FALSE,
                                                 0, no_properties, &has_more, &count, &elements));
        if (SUCCEEDED(hr))
        {
            hr = take_elements(machine, elements, count);
        }
        is_over = point == NULL || point[0] == L'\0';
        has_more = has_more || (!is_over && count == 0); /* there would be no end */
        is_over = is_over || count == 0;
    }
    if (SUCCEEDED(hr) && has_more)
    {
        fail(machine, "IOPCBrowse::Browse, which gives only a part of this branch", E_FAIL);
    }
    CoTaskMemFree(point);
    free(id);
}

static IOPCBrowseServerAddressSpace *space_of(const struct compare_machine *machine)
{
    return (IOPCBrowseServerAddressSpace *)
        machine->connection->interfaces[RM_SERVER_BROWSE_ADDRESS_SPACE];
}

static HRESULT move(struct compare_machine *machine, OPCBROWSEDIRECTION direction, const char *name)
{
    WCHAR *wide = to_wide(name);
    HRESULT hr = E_OUTOFMEMORY;
    begin_call(machine, "IOPCBrowseServerAddressSpace::ChangeBrowsePosition");
    if (wide != NULL)
    {
        hr = IOPCBrowseServerAddressSpace_ChangeBrowsePosition(space_of(machine), direction, wide);
    }
    free(wide);
    return end_call(machine, hr);
}

/* Up to the level above the place, and down to it. */
static HRESULT go_to(struct compare_machine *machine)
{
    unsigned *level = &machine->connection->level;
    HRESULT hr = S_OK;
    if (machine->place.level == 0)
    {
        return machine->place.name[0] == '\0' ? S_OK
                                              : move(machine, OPC_BROWSE_TO, machine->place.name);
    }
    while (SUCCEEDED(hr) && *level >= machine->place.level)
    {
        hr = move(machine, OPC_BROWSE_UP, "");
        *level -= SUCCEEDED(hr) ? 1 : 0;
    }
    if (SUCCEEDED(hr))
    {
        hr = move(machine, OPC_BROWSE_DOWN, machine->place.name);
        *level += SUCCEEDED(hr) ? 1 : 0;
    }
    return hr;
}

/* A name that the server has no item ID for is a hint for people: left out. */
static HRESULT take_name(struct compare_machine *machine, WCHAR *name, bool is_branch)
{
    WCHAR *id = NULL;
    HRESULT hr;
    if (is_branch)
    {
        return add_entry(machine, name, NULL, true, false);
    }
    begin_call(machine, "IOPCBrowseServerAddressSpace::GetItemID");
    hr = IOPCBrowseServerAddressSpace_GetItemID(space_of(machine), name, &id);
    hr = end_call(machine, hr == E_INVALIDARG ? S_FALSE : hr);
    if (SUCCEEDED(hr) && id != NULL)
    {
        hr = add_entry(machine, name, id, false, true);
    }
    CoTaskMemFree(id);
    return hr;
}

static HRESULT take_names(struct compare_machine *machine, IEnumString *names, bool is_branch)
{
    HRESULT hr, next;
    do
    {
        LPOLESTR batch[NAMES_MAX];
        ULONG fetched = 0;
        begin_call(machine, "IEnumString::Next");
        next = end_call(machine, IEnumString_Next(names, NAMES_MAX, batch, &fetched));
        hr = next;
        for (ULONG i = 0; SUCCEEDED(next) && i < fetched; i++)
        {
            hr = SUCCEEDED(hr) ? take_name(machine, batch[i], is_branch) : hr;
            CoTaskMemFree(batch[i]);
        }
        next = fetched == 0 ? S_FALSE : next;
    } while (next == S_OK && SUCCEEDED(hr));
    return hr;
}

static HRESULT list_names(struct compare_machine *machine, OPCBROWSETYPE type)
{
    IEnumString *names = NULL;
    WCHAR empty[] = L"";
    begin_call(machine, "IOPCBrowseServerAddressSpace::BrowseOPCItemIDs");
    HRESULT hr = end_call(machine, IOPCBrowseServerAddressSpace_BrowseOPCItemIDs(
                                       space_of(machine), type, empty, VT_EMPTY, 0, &names));
    if (SUCCEEDED(hr) && names != NULL)
    {
        rm_secure_proxy(&rm_activation_system, (IUnknown *)names);
        hr = take_names(machine, names, type == OPC_BRANCH);
        IEnumString_Release(names);
    }
    return hr;
}

static void list_2(struct compare_machine *machine)
{
    if (SUCCEEDED(go_to(machine)) && SUCCEEDED(list_names(machine, OPC_LEAF)))
    {
        list_names(machine, OPC_BRANCH);
    }
}

static HRESULT make_group(struct compare_machine *machine)
{
    struct compare_connection *connection = machine->connection;
    IOPCServer *server = (IOPCServer *)connection->interfaces[RM_SERVER_OPCSERVER];
    IUnknown *group = NULL;
    WCHAR name[] = L"";
    DWORD revised_ms = 0;
    if (connection->items != NULL)
    {
        return S_OK;
    }
    if (server == NULL)
    {
        return fail(machine, "its connection", E_NOINTERFACE);
    }
    begin_call(machine, "IOPCServer::AddGroup");
    HRESULT hr = end_call(machine, IOPCServer_AddGroup(server, name, FALSE, GROUP_RATE_MS, 0, NULL,
                                                       NULL, 0, &connection->group, &revised_ms,
                                                       &IID_IOPCItemMgt, &group));
    if (SUCCEEDED(hr) && group == NULL)
    {
        hr = fail(machine, "IOPCServer::AddGroup", E_NOINTERFACE);
    }
    if (SUCCEEDED(hr))
    {
        rm_secure_proxy(&rm_activation_system, group);
        connection->items = (IOPCItemMgt *)group;
    }
    return hr;
}

static void note_answers(struct rm_branch_entry **entries, DWORD count, OPCITEMRESULT *results,
                         const HRESULT *errors)
{
    for (DWORD i = 0; i < count; i++)
    {
        entries[i]->is_checked = true;
        entries[i]->error = FAILED(errors[i]) ? (uint32_t)errors[i] : 0;
        entries[i]->type = SUCCEEDED(errors[i]) ? results[i].vtCanonicalDataType : 0;
        entries[i]->rights = SUCCEEDED(errors[i]) ? results[i].dwAccessRights : 0;
        CoTaskMemFree(results[i].pBlob);
    }
}

static HRESULT ask_about(struct compare_machine *machine, struct rm_branch_entry **entries,
                         DWORD count)
{
    OPCITEMDEF items[ITEMS_MAX];
    OPCITEMRESULT *results = NULL;
    HRESULT *errors = NULL;
    WCHAR no_path[] = L"";
    HRESULT hr = S_OK;
    DWORD made = 0;
    for (; made < count && SUCCEEDED(hr); made++)
    {
        items[made] = (OPCITEMDEF){.szAccessPath = no_path, .szItemID = to_wide(entries[made]->id)};
        hr = items[made].szItemID != NULL ? S_OK : fail(machine, "its list", E_OUTOFMEMORY);
    }
    if (SUCCEEDED(hr))
    {
        begin_call(machine, "IOPCItemMgt::ValidateItems");
        hr = end_call(machine, IOPCItemMgt_ValidateItems(machine->connection->items, count, items,
                                                         FALSE, &results, &errors));
    }
    if (SUCCEEDED(hr) && results != NULL && errors != NULL)
    {
        note_answers(entries, count, results, errors);
    }
    CoTaskMemFree(results);
    CoTaskMemFree(errors);
    while (made > 0)
    {
        free(items[--made].szItemID);
    }
    return hr;
}

static void check_items(struct compare_machine *machine)
{
    struct rm_branch_entry *batch[ITEMS_MAX];
    DWORD count = 0;
    HRESULT hr = S_OK;
    for (size_t i = 0; i < machine->list.count && SUCCEEDED(hr); i++)
    {
        if (machine->list.entries[i].is_item)
        {
            batch[count++] = &machine->list.entries[i];
        }
        if (count > 0 && (count == ITEMS_MAX || i + 1 == machine->list.count))
        {
            hr = make_group(machine);
            hr = SUCCEEDED(hr) ? ask_about(machine, batch, count) : hr;
            count = 0;
        }
    }
}

static void leave(struct compare_machine *machine)
{
    struct compare_connection *connection = machine->connection;
    begin_call(machine, "its release");
    if (connection->items != NULL)
    {
        IOPCItemMgt_Release(connection->items);
        IOPCServer_RemoveGroup((IOPCServer *)connection->interfaces[RM_SERVER_OPCSERVER],
                               connection->group, FALSE);
    }
    for (int i = 0; i < RM_SERVER_INTERFACE_COUNT; i++)
    {
        if (connection->interfaces[i] != NULL)
        {
            IUnknown_Release(connection->interfaces[i]);
        }
    }
    CoUninitialize();
    end_call(machine, S_OK);
    free(connection);
    machine->connection = NULL;
}

static bool open_connection(struct compare_machine *machine)
{
    if (machine->connection == NULL && SUCCEEDED(CoInitializeEx(NULL, COINIT_MULTITHREADED)))
    {
        machine->connection = calloc(1, sizeof *machine->connection);
    }
    return machine->connection != NULL;
}

void compare_carry_out(struct compare_machine *machine)
{
    machine->result = 0;
    machine->failed_call = NULL;
    machine->list_status = RM_OK;
    if (!open_connection(machine))
    {
        fail(machine, "its connection", E_OUTOFMEMORY);
        return;
    }
    switch (machine->order)
    {
    case COMPARE_CONNECT: connect(machine); break;
    case COMPARE_LIST:
        rm_branch_list_clear(&machine->list);
        if (machine->browses_3)
        {
            list_3(machine);
        }
        else
        {
            list_2(machine);
        }
        rm_branch_list_sort(&machine->list);
        machine->has_list = machine->failed_call == NULL;
        if (machine->has_list)
        {
            check_items(machine);
        }
        break;
    case COMPARE_CHECK:
        machine->has_list = true;
        check_items(machine);
        break;
    case COMPARE_LEAVE: leave(machine); break;
    }
}
