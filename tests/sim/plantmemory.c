#include "plantmemory.h"
#include "clock.h"

#include <oleauto.h>
#include <stdio.h>
#include <wchar.h>

#define SLOTS      192
#define ID_SIZE    256
#define VALUE_SIZE (448 * 1024) /* of which only what is used takes memory */
#define IN_PROCESS MAKELONG(MSHCTX_INPROC, NDR_LOCAL_DATA_REPRESENTATION)

/* The same in processes of both bitnesses. */
struct sim_plant_slot
{
    wchar_t id[ID_SIZE]; /* empty: free */
    int64_t written_ms;
    uint64_t stamp;
    volatile LONG serial;
    uint16_t quality;
    uint16_t has_stamp;
    uint32_t size;
    uint32_t unused;
    uint8_t bytes[VALUE_SIZE]; /* the VARIANT as COM marshals it */
};

struct plant
{
    int64_t born_ms;
    struct sim_plant_slot slots[SLOTS];
};

static struct plant *plant;
static HANDLE mutex;

/* One whose holder was killed is ours as well: a serial is the last thing that is written. */
static void lock(void)
{
    WaitForSingleObject(mutex, INFINITE);
}

static void unlock(void)
{
    ReleaseMutex(mutex);
}

bool sim_plant_memory_open(const char *name)
{
    wchar_t section_name[80];
    wchar_t mutex_name[80];
    _snwprintf(section_name, 80, L"RMSim.plant.%hs", name);
    _snwprintf(mutex_name, 80, L"RMSim.plant.%hs.lock", name);
    mutex = CreateMutexW(NULL, FALSE, mutex_name);
    HANDLE section = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0,
                                        sizeof(struct plant), section_name);
    if (mutex == NULL || section == NULL)
    {
        return false;
    }
    plant = MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, sizeof(struct plant));
    if (plant == NULL)
    {
        return false;
    }
    lock();
    plant->born_ms = plant->born_ms != 0 ? plant->born_ms : sim_clock_now();
    unlock();
    return true;
}

int64_t sim_plant_memory_born_ms(void)
{
    return plant != NULL ? plant->born_ms : 0;
}

/* With the mutex. */
static LONG store(struct sim_plant_slot *slot, struct sim_plant_value *value)
{
    ULONG flags = IN_PROCESS;
    ULONG size = VARIANT_UserSize(&flags, 0, &value->value);
    if (size > VALUE_SIZE)
    {
        return 0;
    }
    slot->size = (uint32_t)(VARIANT_UserMarshal(&flags, slot->bytes, &value->value) - slot->bytes);
    slot->quality = value->quality;
    slot->has_stamp = value->has_stamp;
    slot->stamp =
        (uint64_t)value->stamp.dwHighDateTime << 32 | (uint64_t)value->stamp.dwLowDateTime;
    slot->written_ms = value->written_ms;
    return InterlockedIncrement(&slot->serial);
}

struct sim_plant_slot *sim_plant_memory_attach(const wchar_t *id, struct sim_plant_value *first)
{
    if (plant == NULL || wcslen(id) >= ID_SIZE)
    {
        return NULL;
    }
    int i = 0;
    lock();
    while (i < SLOTS && plant->slots[i].id[0] != L'\0' && wcscmp(plant->slots[i].id, id) != 0)
    {
        i++;
    }
    struct sim_plant_slot *slot = i < SLOTS ? &plant->slots[i] : NULL;
    if (slot != NULL && slot->serial == 0)
    {
        wcscpy(slot->id, id);
        slot = store(slot, first) != 0 ? slot : NULL;
    }
    unlock();
    return slot;
}

LONG sim_plant_memory_serial(const struct sim_plant_slot *slot)
{
    return slot->serial;
}

LONG sim_plant_memory_store(struct sim_plant_slot *slot, struct sim_plant_value *value)
{
    lock();
    LONG serial = store(slot, value);
    unlock();
    return serial;
}

LONG sim_plant_memory_load(struct sim_plant_slot *slot, struct sim_plant_value *value)
{
    ULONG flags = IN_PROCESS;
    lock();
    VariantInit(&value->value);
    VARIANT_UserUnmarshal(&flags, slot->bytes, &value->value);
    value->quality = slot->quality;
    value->has_stamp = slot->has_stamp != 0;
    value->stamp.dwHighDateTime = (DWORD)(slot->stamp >> 32);
    value->stamp.dwLowDateTime = (DWORD)slot->stamp;
    value->written_ms = slot->written_ms;
    LONG serial = slot->serial;
    unlock();
    return serial;
}
