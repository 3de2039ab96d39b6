/* IPersistFile: the session's configuration, that is the client's name, in a small text file: a
 * line with the format's name, and one with the client's, in UTF-8. */
#include "gate.h"
#include "module.h"
#include "registration.h"
#include "server3.h"
#include "text.h"

#include <opc/opcerror.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FORMAT    "rmsim configuration 1\n"
#define FILE_MAX  1000 /* bytes; the name is cut to what fits */
#define FILE_TYPE L"*.txt"

static struct sim_server *impl_from_IPersistFile(IPersistFile *iface)
{
    return CONTAINING_RECORD(iface, struct sim_server, IPersistFile_iface);
}

static HRESULT STDMETHODCALLTYPE server_persist_QueryInterface(IPersistFile *iface, REFIID iid,
                                                               void **object)
{
    return sim_server_query(impl_from_IPersistFile(iface), iid, object);
}

static ULONG STDMETHODCALLTYPE server_persist_AddRef(IPersistFile *iface)
{
    return sim_server_add_ref(impl_from_IPersistFile(iface));
}

static ULONG STDMETHODCALLTYPE server_persist_Release(IPersistFile *iface)
{
    return sim_server_release(impl_from_IPersistFile(iface));
}

static HRESULT STDMETHODCALLTYPE server_persist_GetClassID(IPersistFile *iface, CLSID *clsid)
{
    (void)iface;
    if (clsid == NULL)
    {
        return E_POINTER;
    }
    memset(clsid, 0, sizeof(*clsid));
    SIM_ENTER(IPersistFile_GetClassID);
    *clsid = sim_registration_clsid(sim_module_options()->name);
    return S_OK;
}

static const wchar_t *or_empty(const wchar_t *text)
{
    return text != NULL ? text : L"";
}

static HRESULT STDMETHODCALLTYPE server_persist_IsDirty(IPersistFile *iface)
{
    struct sim_server *server = impl_from_IPersistFile(iface);
    SIM_ENTER(IPersistFile_IsDirty);
    AcquireSRWLockShared(&server->lock);
    bool is_dirty = wcscmp(or_empty(server->client_name), or_empty(server->saved_name)) != 0;
    ReleaseSRWLockShared(&server->lock);
    return is_dirty ? S_OK : S_FALSE;
}

/* The file's whole text, terminated; an HRESULT of the system if it can't be read. */
static HRESULT read_file(const wchar_t *path, char *text)
{
    DWORD size = 0;
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE)
    {
        return HRESULT_FROM_WIN32(GetLastError());
    }
    BOOL is_read = ReadFile(file, text, FILE_MAX - 1, &size, NULL);
    HRESULT result = is_read ? S_OK : HRESULT_FROM_WIN32(GetLastError());
    CloseHandle(file);
    text[is_read ? size : 0] = '\0';
    return result;
}

static HRESULT write_file(const wchar_t *path, const wchar_t *name)
{
    char text[FILE_MAX] = FORMAT;
    DWORD written = 0;
    size_t head = strlen(text);
    sim_text_utf8(name, text + head, sizeof(text) - head - 1);
    strcat(text, "\n");
    HANDLE file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    if (file == INVALID_HANDLE_VALUE)
    {
        return HRESULT_FROM_WIN32(GetLastError());
    }
    BOOL is_written = WriteFile(file, text, (DWORD)strlen(text), &written, NULL);
    HRESULT result = is_written ? S_OK : HRESULT_FROM_WIN32(GetLastError());
    CloseHandle(file);
    return result;
}

static void replace(wchar_t **place, wchar_t *text)
{
    free(*place);
    *place = text;
}

/* What the file has is in force; `name` and `path` NULL: stays as it is. Takes both over. */
static void remember(struct sim_server *server, wchar_t *name, wchar_t *path)
{
    AcquireSRWLockExclusive(&server->lock);
    if (name != NULL)
    {
        replace(&server->client_name, name);
    }
    replace(&server->saved_name, sim_text_copy(server->client_name));
    if (path != NULL)
    {
        replace(&server->file, path);
    }
    ReleaseSRWLockExclusive(&server->lock);
}

static HRESULT STDMETHODCALLTYPE server_persist_Load(IPersistFile *iface, LPCOLESTR path,
                                                     DWORD mode)
{
    char text[FILE_MAX];
    wchar_t name[FILE_MAX];
    (void)mode;
    SIM_ENTER(IPersistFile_Load);
    if (path == NULL)
    {
        return E_INVALIDARG;
    }
    HRESULT result = read_file(path, text);
    if (FAILED(result))
    {
        return result;
    }
    size_t head = strlen(FORMAT);
    char *end = strncmp(text, FORMAT, head) == 0 ? strchr(text + head, '\n') : NULL;
    if (end == NULL)
    {
        return OPC_E_INVALIDCONFIGFILE;
    }
    *end = '\0';
    wchar_t *own_name = sim_text_copy(sim_text_wide(text + head, name, FILE_MAX));
    wchar_t *own_path = sim_text_copy(path);
    if (own_name == NULL || own_path == NULL)
    {
        free(own_name);
        free(own_path);
        return E_OUTOFMEMORY;
    }
    remember(impl_from_IPersistFile(iface), own_name, own_path);
    return S_OK;
}

/* The caller frees it; NULL: no memory, or no such text. */
static wchar_t *copy_of(struct sim_server *server, wchar_t *const *place)
{
    AcquireSRWLockShared(&server->lock);
    wchar_t *copy = *place != NULL ? sim_text_copy(*place) : NULL;
    ReleaseSRWLockShared(&server->lock);
    return copy;
}

static HRESULT STDMETHODCALLTYPE server_persist_Save(IPersistFile *iface, LPCOLESTR path,
                                                     BOOL is_kept)
{
    struct sim_server *server = impl_from_IPersistFile(iface);
    SIM_ENTER(IPersistFile_Save);
    wchar_t *target = path != NULL ? sim_text_copy(path) : copy_of(server, &server->file);
    if (target == NULL)
    {
        return path != NULL ? E_OUTOFMEMORY : E_INVALIDARG; /* there is no current file */
    }
    wchar_t *name = copy_of(server, &server->client_name);
    HRESULT result = write_file(target, or_empty(name));
    free(name);
    bool is_current = path == NULL || is_kept; /* else it is a copy, which saves nothing */
    if (SUCCEEDED(result) && is_current)
    {
        remember(server, NULL, target);
        target = NULL;
    }
    free(target);
    return result;
}

static HRESULT STDMETHODCALLTYPE server_persist_SaveCompleted(IPersistFile *iface, LPCOLESTR path)
{
    (void)iface;
    (void)path;
    SIM_ENTER(IPersistFile_SaveCompleted);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE server_persist_GetCurFile(IPersistFile *iface, LPOLESTR *path)
{
    struct sim_server *server = impl_from_IPersistFile(iface);
    if (path == NULL)
    {
        return E_POINTER;
    }
    *path = NULL;
    SIM_ENTER(IPersistFile_GetCurFile);
    wchar_t *file = copy_of(server, &server->file);
    HRESULT found = file != NULL ? S_OK : S_FALSE;
    *path = sim_text_task_copy(file != NULL ? file : FILE_TYPE);
    free(file);
    return *path != NULL ? found : E_OUTOFMEMORY;
}

const IPersistFileVtbl sim_server_persist_vtable = {
    server_persist_QueryInterface, server_persist_AddRef,        server_persist_Release,
    server_persist_GetClassID,     server_persist_IsDirty,       server_persist_Load,
    server_persist_Save,           server_persist_SaveCompleted, server_persist_GetCurFile,
};
