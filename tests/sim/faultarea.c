#include "faultarea.h"
#include "text.h"

#include <ctype.h>
#include <sddl.h>
#include <stdio.h>
#include <string.h>

#define STATE_MAGIC 0x314d4953u /* "SIM1" */

/* Clients, servers and the console may run under different accounts: everyone may use the area. */
static SECURITY_ATTRIBUTES for_everyone(void)
{
    SECURITY_ATTRIBUTES attributes = {.nLength = sizeof(attributes)};
    ConvertStringSecurityDescriptorToSecurityDescriptorW(L"D:(A;;GA;;;WD)", SDDL_REVISION_1,
                                                         &attributes.lpSecurityDescriptor, NULL);
    return attributes;
}

static void state_path(const char *machine, wchar_t *path)
{
    wchar_t folder[MAX_PATH / 2] = L"C:\\ProgramData";
    GetEnvironmentVariableW(L"ProgramData", folder, MAX_PATH / 2);
    wcscat(folder, L"\\RMSim");
    CreateDirectoryW(folder, NULL);
    _snwprintf(path, MAX_PATH, L"%ls\\%hs.state", folder, machine);
}

static void object_name(const struct sim_fault_area *area, uint32_t pid, wchar_t *name,
                        size_t count)
{
    _snwprintf(name, count, L"Global\\RMSim.%hs.%u", area->name, pid);
}

static void copy_name(const char *machine, char *name, size_t size)
{
    snprintf(name, size, "%s", machine);
    for (char *c = name; *c != '\0'; c++)
    {
        *c = (char)toupper((unsigned char)*c);
    }
}

static bool map_state(struct sim_fault_area *area, SECURITY_ATTRIBUTES *access)
{
    wchar_t path[MAX_PATH];
    state_path(area->name, path);
    area->file = CreateFileW(path, GENERIC_READ | GENERIC_WRITE,
                             FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, access,
                             OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    if (area->file == INVALID_HANDLE_VALUE)
    {
        return false;
    }
    area->mapping = CreateFileMappingW(area->file, NULL, PAGE_READWRITE, 0,
                                       sizeof(struct sim_fault_state), NULL);
    if (area->mapping == NULL)
    {
        return false;
    }
    area->state = MapViewOfFile(area->mapping, FILE_MAP_ALL_ACCESS, 0, 0, sizeof(*area->state));
    return area->state != NULL;
}

bool sim_fault_area_open(const char *machine, struct sim_fault_area *area)
{
    *area = (struct sim_fault_area){.file = INVALID_HANDLE_VALUE};
    copy_name(machine, area->name, sizeof(area->name));
    SECURITY_ATTRIBUTES access = for_everyone();
    wchar_t name[80];
    object_name(area, 0, name, 80);
    area->mutex = CreateMutexW(&access, FALSE, name);
    bool is_open = area->mutex != NULL;
    if (is_open)
    {
        sim_fault_area_lock(area);
        is_open = map_state(area, &access);
        if (is_open && (area->state->magic != STATE_MAGIC ||
                        area->state->size != sizeof(struct sim_fault_state)))
        {
            memset(area->state, 0, sizeof(*area->state));
            area->state->magic = STATE_MAGIC;
            area->state->size = sizeof(*area->state);
        }
        sim_fault_area_unlock(area);
    }
    LocalFree(access.lpSecurityDescriptor);
    if (!is_open)
    {
        sim_fault_area_close(area);
    }
    return is_open;
}

void sim_fault_area_close(struct sim_fault_area *area)
{
    if (area->state != NULL)
    {
        UnmapViewOfFile(area->state);
    }
    if (area->mapping != NULL)
    {
        CloseHandle(area->mapping);
    }
    if (area->file != INVALID_HANDLE_VALUE)
    {
        CloseHandle(area->file);
    }
    if (area->mutex != NULL)
    {
        CloseHandle(area->mutex);
    }
    *area = (struct sim_fault_area){.file = INVALID_HANDLE_VALUE};
}

/* A process that was killed while it held the mutex leaves it abandoned, which is fine: each field
 * is valid by itself. */
void sim_fault_area_lock(struct sim_fault_area *area)
{
    WaitForSingleObject(area->mutex, INFINITE);
}

void sim_fault_area_unlock(struct sim_fault_area *area)
{
    ReleaseMutex(area->mutex);
}

LONG sim_fault_area_publish(struct sim_fault_area *area)
{
    LONG generation = InterlockedIncrement(&area->state->generation);
    sim_fault_area_unlock(area);
    for (int i = 0; i < SIM_PROCESSES_MAX; i++)
    {
        if (area->state->processes[i].pid != 0)
        {
            HANDLE event = sim_fault_area_wake_event(area, area->state->processes[i].pid);
            SetEvent(event);
            CloseHandle(event);
        }
    }
    return generation;
}

void sim_fault_area_delete(const char *machine)
{
    char name[40];
    wchar_t path[MAX_PATH];
    copy_name(machine, name, sizeof(name));
    state_path(name, path);
    DeleteFileW(path);
}

HANDLE sim_fault_area_open_process(const struct sim_process *process)
{
    if (process->pid == 0)
    {
        return NULL;
    }
    HANDLE handle = OpenProcess(SYNCHRONIZE | PROCESS_TERMINATE | PROCESS_QUERY_LIMITED_INFORMATION,
                                FALSE, process->pid);
    if (handle == NULL)
    {
        return NULL;
    }
    FILETIME created = {0, 0}, exited, kernel, user;
    GetProcessTimes(handle, &created, &exited, &kernel, &user);
    uint64_t stamp = ((uint64_t)created.dwHighDateTime << 32) | created.dwLowDateTime;
    if (stamp != process->created || WaitForSingleObject(handle, 0) == WAIT_OBJECT_0)
    {
        CloseHandle(handle);
        return NULL;
    }
    return handle;
}

HANDLE sim_fault_area_wake_event(const struct sim_fault_area *area, uint32_t pid)
{
    wchar_t name[80];
    object_name(area, pid, name, 80);
    SECURITY_ATTRIBUTES access = for_everyone();
    HANDLE event = CreateEventW(&access, FALSE, FALSE, name);
    LocalFree(access.lpSecurityDescriptor);
    return event;
}
