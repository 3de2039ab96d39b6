/* The status section as a named file mapping, and its slots claimed across processes. */
#include <windows.h>
#include <sddl.h>
#include <string.h>
#include <wchar.h>

#include <rm/status_section_map.h>
#include <rm/text.h>

#define PATIENCE_MS 500

/* Protected; full access for SYSTEM and administrators; query, map for reading, map for writing
 * (0x1 | 0x4 | 0x2) for authenticated users. */
static const wchar_t section_access[] = L"D:P(A;;GA;;;SY)(A;;GA;;;BA)(A;;0x7;;;AU)";

static void section_name(enum rm_status_scope scope, const wchar_t *instance, wchar_t *name,
                         size_t capacity)
{
    swprintf(name, capacity, L"%ls\\" RM_STATUS_NAME L"%ls%ls",
             scope == RM_STATUS_SCOPE_GLOBAL ? L"Global" : L"Local",
             *instance != L'\0' ? L"." : L"", instance);
    name[capacity - 1] = L'\0';
}

static HANDLE create_section(const wchar_t *name)
{
    SECURITY_ATTRIBUTES attributes = {sizeof attributes, NULL, FALSE};
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(
            section_access, SDDL_REVISION_1, &attributes.lpSecurityDescriptor, NULL))
    {
        return NULL;
    }
    HANDLE mapping = CreateFileMappingW(INVALID_HANDLE_VALUE, &attributes, PAGE_READWRITE, 0,
                                        (DWORD)sizeof(struct rm_status_section), name);
    LocalFree(attributes.lpSecurityDescriptor);
    return mapping;
}

/* Opening comes first: creating asks for full access to a section that is there, which only its
 * creator and administrators have. It comes again last, should another process have been quicker.
 */
static HANDLE open_or_create_section(const wchar_t *name)
{
    HANDLE mapping = OpenFileMappingW(FILE_MAP_READ | FILE_MAP_WRITE, FALSE, name);
    if (mapping == NULL)
    {
        mapping = create_section(name);
    }
    if (mapping == NULL)
    {
        mapping = OpenFileMappingW(FILE_MAP_READ | FILE_MAP_WRITE, FALSE, name);
    }
    return mapping;
}

static bool is_our_layout(const struct rm_status_section *section)
{
    return section->magic == RM_STATUS_MAGIC && section->version == RM_STATUS_VERSION &&
           section->slot_count == RM_STATUS_SLOTS &&
           section->slot_size == sizeof(struct rm_status_slot);
}

static enum rm_status map_section(struct rm_status_map *map, HANDLE mapping, DWORD access)
{
    map->mapping = mapping;
    /* Fails for a section that is smaller, which can only be another version's. */
    map->section = MapViewOfFile(mapping, access, 0, 0, sizeof(struct rm_status_section));
    if (map->section == NULL)
    {
        rm_status_section_close(map);
        return RM_E_VERSION;
    }
    return RM_OK;
}

enum rm_status rm_status_section_open_writer(struct rm_status_map *map, const wchar_t *instance)
{
    *map = (struct rm_status_map){NULL, NULL};
    HANDLE mapping = NULL;
    for (int scope = 0; scope < RM_STATUS_SCOPE_COUNT && mapping == NULL; scope++)
    {
        wchar_t name[MAX_PATH];
        section_name((enum rm_status_scope)scope, instance, name, MAX_PATH);
        mapping = open_or_create_section(name);
    }
    if (mapping == NULL)
    {
        return RM_E_IO;
    }
    enum rm_status status = map_section(map, mapping, FILE_MAP_READ | FILE_MAP_WRITE);
    if (status != RM_OK)
    {
        return status;
    }
    struct rm_status_section *section = map->section;
    if (section->magic == 0)
    {
        /* New. Whoever else sees it new writes the same numbers. */
        section->version = RM_STATUS_VERSION;
        section->slot_count = RM_STATUS_SLOTS;
        section->slot_size = (uint32_t)sizeof(struct rm_status_slot);
        MemoryBarrier();
        section->magic = RM_STATUS_MAGIC;
    }
    if (!is_our_layout(section))
    {
        rm_status_section_close(map);
        return RM_E_VERSION;
    }
    return RM_OK;
}

enum rm_status rm_status_section_open_reader(struct rm_status_map *map, enum rm_status_scope scope,
                                             const wchar_t *instance)
{
    *map = (struct rm_status_map){NULL, NULL};
    DWORD session = 0;
    if (scope == RM_STATUS_SCOPE_LOCAL && ProcessIdToSessionId(GetCurrentProcessId(), &session) &&
        session == 0)
    {
        return RM_E_NOT_FOUND; /* the same section as the global one */
    }
    wchar_t name[MAX_PATH];
    section_name(scope, instance, name, MAX_PATH);
    HANDLE mapping = OpenFileMappingW(FILE_MAP_READ, FALSE, name);
    if (mapping == NULL)
    {
        return GetLastError() == ERROR_ACCESS_DENIED ? RM_E_IO : RM_E_NOT_FOUND;
    }
    enum rm_status status = map_section(map, mapping, FILE_MAP_READ);
    if (status != RM_OK)
    {
        return status;
    }
    if (!is_our_layout(map->section))
    {
        /* Magic 0: its creator is about to fill it in. */
        status = map->section->magic == 0 ? RM_E_NOT_FOUND : RM_E_VERSION;
        rm_status_section_close(map);
    }
    return status;
}

void rm_status_section_close(struct rm_status_map *map)
{
    if (map->section != NULL)
    {
        UnmapViewOfFile(map->section);
    }
    if (map->mapping != NULL)
    {
        CloseHandle(map->mapping);
    }
    *map = (struct rm_status_map){NULL, NULL};
}

static uint64_t filetime_number(FILETIME time)
{
    return ((uint64_t)time.dwHighDateTime << 32) | time.dwLowDateTime;
}

static uint64_t process_started(HANDLE process)
{
    FILETIME created = {0}, exited, kernel, user;
    GetProcessTimes(process, &created, &exited, &kernel, &user);
    return filetime_number(created);
}

/* `started` 0: not known. A process that we may not look at is one that is there. */
static bool is_process_alive(uint32_t process_id, uint64_t started)
{
    HANDLE process =
        OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION | SYNCHRONIZE, FALSE, process_id);
    if (process == NULL)
    {
        return GetLastError() == ERROR_ACCESS_DENIED;
    }
    bool is_alive = WaitForSingleObject(process, 0) == WAIT_TIMEOUT &&
                    (started == 0 || process_started(process) == started);
    CloseHandle(process);
    return is_alive;
}

bool rm_status_slot_is_alive(const struct rm_status_slot *slot)
{
    return slot->process_id != 0 && is_process_alive(slot->process_id, slot->process_started);
}

bool rm_status_slot_read_patiently(const struct rm_status_slot *slot, struct rm_status_slot *copy)
{
    ULONGLONG began = GetTickCount64();
    while (!rm_status_slot_read(slot, copy))
    {
        if (!rm_status_slot_is_alive(slot) || GetTickCount64() - began > PATIENCE_MS)
        {
            return false;
        }
        Sleep(1);
    }
    return true;
}

/* Sequence and process id side by side, read and exchanged as one word: an owner that is found
 * dead can't have been replaced in between, since the sequence never comes back. */
static volatile LONG64 *identity_word(struct rm_status_slot *slot)
{
    return (volatile LONG64 *)(void *)slot;
}

static uint64_t read_identity(struct rm_status_slot *slot)
{
    return (uint64_t)InterlockedCompareExchange64(identity_word(slot), 0, 0);
}

static bool is_claimable(struct rm_status_slot *slot, uint64_t identity)
{
    uint32_t sequence = (uint32_t)identity;
    uint32_t process_id = (uint32_t)(identity >> 32);
    if (process_id == 0)
    {
        return true;
    }
    /* While it is being claimed the start time is still the one of the owner before. */
    uint64_t started = (sequence & 1u) != 0 ? 0 : slot->process_started;
    return read_identity(slot) == identity && !is_process_alive(process_id, started);
}

uint64_t rm_status_process_started(void)
{
    return process_started(GetCurrentProcess());
}

uint64_t rm_status_now(void)
{
    FILETIME now;
    GetSystemTimeAsFileTime(&now);
    return filetime_number(now);
}

void rm_status_process_name(char *name, size_t size)
{
    wchar_t path[MAX_PATH] = L"";
    GetModuleFileNameW(NULL, path, MAX_PATH - 1);
    const wchar_t *slash = wcsrchr(path, L'\\');
    char whole[MAX_PATH * 3] = "";
    WideCharToMultiByte(CP_UTF8, 0, slash != NULL ? slash + 1 : path, -1, whole,
                        (int)sizeof whole - 1, NULL, NULL);
    rm_text_fit(name, size, whole);
}

static void fill_identity(struct rm_status_slot *slot, uint64_t session, const char *server)
{
    size_t behind = offsetof(struct rm_status_slot, process_started);
    memset((char *)slot + behind, 0, sizeof *slot - behind);
    slot->process_started = rm_status_process_started();
    slot->session = session;
    slot->started_at = rm_status_now();
    rm_text_fit(slot->server, sizeof slot->server, server);
    rm_status_process_name(slot->process_name, sizeof slot->process_name);
}

struct rm_status_slot *rm_status_slot_claim(struct rm_status_map *map, uint64_t session,
                                            const char *server)
{
    for (unsigned i = 0; i < RM_STATUS_SLOTS; i++)
    {
        struct rm_status_slot *slot = &map->section->slots[i];
        uint64_t seen = read_identity(slot);
        if (!is_claimable(slot, seen))
        {
            continue;
        }
        uint32_t sequence = ((uint32_t)seen + 1u) | 1u;
        uint64_t claimed = ((uint64_t)GetCurrentProcessId() << 32) | sequence;
        if ((uint64_t)InterlockedCompareExchange64(identity_word(slot), (LONG64)claimed,
                                                   (LONG64)seen) == seen)
        {
            fill_identity(slot, session, server);
            rm_status_slot_write_end(slot);
            return slot;
        }
    }
    return NULL;
}

/* Both are cut at the same length, and may be half written: then they are another machine's. */
static bool is_same_machine(const struct rm_status_machine *one,
                            const struct rm_status_machine *other)
{
    return one->host[0] != '\0' && _strnicmp(one->host, other->host, sizeof one->host) == 0 &&
           _strnicmp(one->progid, other->progid, sizeof one->progid) == 0;
}

bool rm_status_is_busy_elsewhere(const struct rm_status_map *map, const struct rm_status_slot *own,
                                 unsigned machine)
{
    const struct rm_status_machine *wanted = &own->machines[machine - 1];
    for (unsigned i = 0; i < RM_STATUS_SLOTS; i++)
    {
        const struct rm_status_slot *slot = &map->section->slots[i];
        if (slot->process_id == 0 || slot == own)
        {
            continue;
        }
        for (unsigned j = 0; j < RM_MACHINES_MAX; j++)
        {
            const struct rm_status_machine *other = &slot->machines[j];
            if (other->long_calls != 0 && is_same_machine(other, wanted) &&
                rm_status_slot_is_alive(slot))
            {
                return true;
            }
        }
    }
    return false;
}

void rm_status_slot_release(struct rm_status_slot *slot)
{
    if (slot != NULL)
    {
        uint32_t sequence = (slot->sequence | 1u) + 1u;
        InterlockedExchange64(identity_word(slot), (LONG64)(uint64_t)sequence);
    }
}
