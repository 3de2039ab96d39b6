#include "machine.h"
#include "arena.h"
#include "keeper.h"

#include <oleauto.h>
#include <opc/opcda.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define MACHINES_MAX 2
#define BULK_ITEMS   100

struct machine
{
    const char *name;
    IOPCServer *server;
    IOPCSyncIO *sync;
    struct keeper keeper;
    DWORD count;
    DWORD *handles;
    VARTYPE *types;
};

static struct machine machines[MACHINES_MAX];
static int machine_count;
static bool is_first_held;
static struct machine *memory; /* the last one: the first is taken away */
static struct arena texts;

static const WCHAR *const kinds[] = {
    L"I1",  L"I2", L"I4", L"I8",   L"UI1",    L"UI2",  L"UI4",
    L"UI8", L"R4", L"R8", L"Bool", L"String", L"Date", L"Currency",
};

static const WCHAR *const others[] = {
    L"Rights.WriteOnly",
    L"Rights.ReadWrite",
    L"Analog.Setpoint",
    L"Analog.Clamped",
    L"Enumerated.Mode",
    /* Of a difficult server only. */
    L"Vendor.AddNote",
    L"Vendor.ReadNote",
    L"Vendor.ReadFails",
    L"Vendor.WriteNote",
    L"\u00DCberwachung.K\u00FChlgr\u00F6\u00DFe",
    L"\u041D\u0430\u0441\u043E\u0441.\u0414\u0430\u0432\u043B\u0435\u043D\u0438\u0435",
    L"\u6E29\u5EA6.\u5024",
    L"\U0001D518\U0001D52B\U0001D526.\U0001F321",
    L"With Space.Motor 1 \u2013 running",
};

#define KIND_COUNT  (sizeof(kinds) / sizeof(kinds[0]))
#define OTHER_COUNT (sizeof(others) / sizeof(others[0]))
#define ITEM_COUNT  (2 * KIND_COUNT + OTHER_COUNT + BULK_ITEMS)

static WCHAR empty_path[] = L"";

static void define(OPCITEMDEF *definitions)
{
    for (size_t i = 0; i < ITEM_COUNT; i++)
    {
        WCHAR *id = arena_take(&texts, 64 * sizeof(WCHAR));
        if (i < 2 * KIND_COUNT)
        {
            _snwprintf(id, 64, L"Memory.%ls%ls", i % 2 ? L"Array." : L"", kinds[i / 2]);
        }
        else if (i < 2 * KIND_COUNT + OTHER_COUNT)
        {
            _snwprintf(id, 64, L"%ls", others[i - 2 * KIND_COUNT]);
        }
        else
        {
            _snwprintf(id, 64, L"Memory.Bulk.M%03d", (int)(i - 2 * KIND_COUNT - OTHER_COUNT) + 1);
        }
        definitions[i] = (OPCITEMDEF){.szAccessPath = empty_path, .szItemID = id};
    }
}

static bool add_items(struct machine *machine, IOPCItemMgt *items)
{
    static OPCITEMDEF definitions[ITEM_COUNT];
    OPCITEMRESULT *results = NULL;
    HRESULT *errors = NULL;
    define(definitions);
    HRESULT result = IOPCItemMgt_AddItems(items, ITEM_COUNT, definitions, &results, &errors);
    if (FAILED(result))
    {
        return false;
    }
    machine->handles = must_allocate(ITEM_COUNT * sizeof(DWORD));
    machine->types = must_allocate(ITEM_COUNT * sizeof(VARTYPE));
    for (DWORD i = 0; i < ITEM_COUNT; i++)
    {
        if (SUCCEEDED(errors[i]))
        {
            machine->handles[machine->count] = results[i].hServer;
            machine->types[machine->count++] = results[i].vtCanonicalDataType;
        }
        CoTaskMemFree(results[i].pBlob);
    }
    CoTaskMemFree(results);
    CoTaskMemFree(errors);
    return true;
}

static bool connect_machine(struct machine *machine)
{
    WCHAR wide[64];
    CLSID clsid;
    void *server = NULL;
    _snwprintf(wide, 64, L"RMSim.%hs.1", machine->name);
    HRESULT result = CLSIDFromProgID(wide, &clsid);
    if (SUCCEEDED(result))
    {
        result = CoCreateInstance(&clsid, NULL, CLSCTX_LOCAL_SERVER, &IID_IOPCServer, &server);
    }
    machine->server = server;
    if (FAILED(result))
    {
        fprintf(stderr, "rmcall: %s can't be opened: 0x%08lx\n", machine->name,
                (unsigned long)result);
    }
    return SUCCEEDED(result);
}

static bool open_memory(struct machine *machine)
{
    DWORD handle;
    DWORD rate;
    IUnknown *group = NULL;
    HRESULT result = IOPCServer_AddGroup(machine->server, L"reset", FALSE, 10000, 0, NULL, NULL, 0,
                                         &handle, &rate, &IID_IOPCItemMgt, &group);
    if (FAILED(result))
    {
        return false;
    }
    bool is_open =
        add_items(machine, (IOPCItemMgt *)group) &&
        SUCCEEDED(IUnknown_QueryInterface(group, &IID_IOPCSyncIO, (void **)&machine->sync));
    keeper_hold(&machine->keeper, (IUnknown *)machine->server, group);
    IUnknown_Release(group);
    return is_open;
}

static void close_machine(struct machine *machine)
{
    keeper_drop(&machine->keeper);
    if (machine->sync != NULL)
    {
        IOPCSyncIO_Release(machine->sync);
    }
    if (machine->server != NULL)
    {
        IOPCServer_Release(machine->server);
    }
    free(machine->handles);
    free(machine->types);
    *machine = (struct machine){.name = machine->name};
}

bool machines_open(const char *server, const char *standby, bool is_held)
{
    machine_count = standby != NULL ? 2 : 1;
    is_first_held = is_held || standby == NULL;
    machines[0].name = server;
    machines[1].name = standby;
    memory = &machines[machine_count - 1];
    return machines_reopen() && (standby == NULL || connect_machine(&machines[1])) &&
           (memory == &machines[0] || open_memory(memory));
}

bool machines_reopen(void)
{
    close_machine(&machines[0]);
    return !is_first_held ||
           (connect_machine(&machines[0]) && (memory != &machines[0] || open_memory(memory)));
}

int machines_held(const char *name)
{
    return strcmp(name, machines[0].name) != 0 || is_first_held;
}

/* Zero of each type, as the simulation starts with. */
static void make_zero(VARTYPE type, VARIANT *value)
{
    VariantInit(value);
    if ((type & VT_ARRAY) != 0)
    {
        V_ARRAY(value) = SafeArrayCreateVector(type & VT_TYPEMASK, 0, 4);
    }
    else if (type == VT_BSTR)
    {
        V_BSTR(value) = SysAllocString(L"0");
    }
    else
    {
        V_I8(value) = 0;
    }
    V_VT(value) = type;
}

bool machines_reset(void)
{
    struct arena arena = {NULL};
    HRESULT *errors = NULL;
    VARIANT *values = arena_take_variants(&arena, memory->count);
    for (DWORD i = 0; i < memory->count; i++)
    {
        make_zero(memory->types[i], &values[i]);
    }
    HRESULT result =
        IOPCSyncIO_Write(memory->sync, memory->count, memory->handles, values, &errors);
    CoTaskMemFree(errors);
    if (FAILED(result))
    {
        fprintf(stderr, "rmcall: the machines' memory can't be written: 0x%08lx\n",
                (unsigned long)result);
    }
    arena_empty(&arena);
    return SUCCEEDED(result);
}

void machines_close(void)
{
    for (int i = 0; i < machine_count; i++)
    {
        close_machine(&machines[i]);
    }
    machine_count = 0;
    arena_empty(&texts);
}
