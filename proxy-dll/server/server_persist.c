/* IPersistFile: the server's configuration, in files of its own computer.
 *
 * Nothing of it is in the shadow. A file belongs to the machine that it was loaded or saved on, and
 * a server's configuration is shared by all of its clients: a Load that was repeated on each link
 * that is built anew would, again and again, configure a server that others work with. So each call
 * acts on the machine that is active when it is made, and machines are kept alike by those who keep
 * their configurations alike. A call whose outcome is unknown is repeated on the next machine: what
 * the client is told then is true of the server that it goes on with. */
#include "link/link.h"
#include "server/forward.h"
#include "server/server_object.h"
#include "session/session.h"

static struct rm_server_object *impl_from_IPersistFile(IPersistFile *iface)
{
    return CONTAINING_RECORD(iface, struct rm_server_object, IPersistFile_iface);
}

static HRESULT STDMETHODCALLTYPE server_persist_QueryInterface(IPersistFile *iface, REFIID iid,
                                                               void **out)
{
    return rm_server_object_query(impl_from_IPersistFile(iface), iid, out);
}

static ULONG STDMETHODCALLTYPE server_persist_AddRef(IPersistFile *iface)
{
    return rm_server_object_add_ref(impl_from_IPersistFile(iface));
}

static ULONG STDMETHODCALLTYPE server_persist_Release(IPersistFile *iface)
{
    return rm_server_object_release(impl_from_IPersistFile(iface));
}

/* All methods of the interface fit into one struct. */
struct persist_call
{
    struct rm_forward forward;
    WCHAR *file;
    DWORD mode;
    BOOL is_remembered;
    CLSID clsid;
    WCHAR *found;
};

static void destroy_persist(struct rm_call *call)
{
    CoTaskMemFree(RM_FORWARD_OF(call, struct persist_call)->found);
    rm_forward_destroy(call);
}

static HRESULT run_class_id(struct rm_call *call, struct rm_link *link)
{
    struct persist_call *get = RM_FORWARD_OF(call, struct persist_call);
    HRESULT hr = IPersist_GetClassID((IPersist *)get->forward.real, &get->clsid);

    (void)link;
    rm_forward_drop(&get->forward);
    return hr;
}

static const struct rm_call_class class_id_class = {
    .name = "IPersist::GetClassID",
    .kind = RM_CALL_IDEMPOTENT,
    .prepare = rm_forward_prepare,
    .run = run_class_id,
    .destroy = destroy_persist,
};

static HRESULT run_is_dirty(struct rm_call *call, struct rm_link *link)
{
    struct persist_call *query = RM_FORWARD_OF(call, struct persist_call);
    HRESULT hr = IPersistFile_IsDirty((IPersistFile *)query->forward.real);

    (void)link;
    rm_forward_drop(&query->forward);
    return hr;
}

static const struct rm_call_class is_dirty_class = {
    .name = "IPersistFile::IsDirty",
    .kind = RM_CALL_IDEMPOTENT,
    .prepare = rm_forward_prepare,
    .run = run_is_dirty,
    .destroy = destroy_persist,
};

static HRESULT run_load(struct rm_call *call, struct rm_link *link)
{
    struct persist_call *load = RM_FORWARD_OF(call, struct persist_call);
    HRESULT hr = IPersistFile_Load((IPersistFile *)load->forward.real, load->file, load->mode);

    (void)link;
    rm_forward_drop(&load->forward);
    return hr;
}

static const struct rm_call_class load_class = {
    .name = "IPersistFile::Load",
    .kind = RM_CALL_SHADOW,
    .is_long = true,
    .prepare = rm_forward_prepare,
    .run = run_load,
    .destroy = destroy_persist,
};

static HRESULT run_save(struct rm_call *call, struct rm_link *link)
{
    struct persist_call *save = RM_FORWARD_OF(call, struct persist_call);
    HRESULT hr =
        IPersistFile_Save((IPersistFile *)save->forward.real, save->file, save->is_remembered);

    (void)link;
    rm_forward_drop(&save->forward);
    return hr;
}

static const struct rm_call_class save_class = {
    .name = "IPersistFile::Save",
    .kind = RM_CALL_SHADOW,
    .is_long = true,
    .prepare = rm_forward_prepare,
    .run = run_save,
    .destroy = destroy_persist,
};

static HRESULT run_completed(struct rm_call *call, struct rm_link *link)
{
    struct persist_call *tell = RM_FORWARD_OF(call, struct persist_call);
    HRESULT hr = IPersistFile_SaveCompleted((IPersistFile *)tell->forward.real, tell->file);

    (void)link;
    rm_forward_drop(&tell->forward);
    return hr;
}

static const struct rm_call_class completed_class = {
    .name = "IPersistFile::SaveCompleted",
    .kind = RM_CALL_SHADOW,
    .prepare = rm_forward_prepare,
    .run = run_completed,
    .destroy = destroy_persist,
};

static HRESULT run_current(struct rm_call *call, struct rm_link *link)
{
    struct persist_call *get = RM_FORWARD_OF(call, struct persist_call);
    HRESULT hr = IPersistFile_GetCurFile((IPersistFile *)get->forward.real, &get->found);

    (void)link;
    rm_forward_drop(&get->forward);
    return hr;
}

static const struct rm_call_class current_class = {
    .name = "IPersistFile::GetCurFile",
    .kind = RM_CALL_IDEMPOTENT,
    .prepare = rm_forward_prepare,
    .run = run_current,
    .destroy = destroy_persist,
};

/* Inputs of a method, and its results. */
struct persist_values
{
    const WCHAR *file;
    DWORD mode;
    BOOL is_remembered;
    CLSID clsid;
    WCHAR *found;
};

/* A server may have IPersist alone, with some other interface derived from it that isn't ours. */
static int interface_for(const struct rm_session *session, const struct rm_call_class *call_class)
{
    return call_class == &class_id_class && session->offers[RM_SERVER_PERSIST]
               ? RM_SERVER_PERSIST
               : RM_SERVER_PERSIST_FILE;
}

static HRESULT execute_once(IPersistFile *iface, const struct rm_call_class *call_class,
                            struct persist_values *values)
{
    struct rm_session *session = impl_from_IPersistFile(iface)->session;
    struct persist_call *call = rm_forward_new(sizeof(*call), call_class, session, NULL,
                                               interface_for(session, call_class));
    HRESULT hr;

    if (!call)
        return E_OUTOFMEMORY;
    call->file = rm_forward_text(&call->forward, values->file);
    call->mode = values->mode;
    call->is_remembered = values->is_remembered;
    hr = rm_forward_execute(&call->forward);
    if (rm_forward_has_results(&call->forward, hr))
    {
        values->clsid = call->clsid;
        values->found = call->found;
        call->found = NULL;
    }
    rm_call_release(&call->forward.call);
    return hr;
}

static HRESULT execute(IPersistFile *iface, const struct rm_call_class *call_class,
                       struct persist_values *values)
{
    HRESULT hr;

    do
        hr = execute_once(iface, call_class, values);
    while (hr == RM_CALL_REPEAT);
    return hr;
}

static HRESULT STDMETHODCALLTYPE server_persist_GetClassID(IPersistFile *iface, CLSID *clsid)
{
    struct persist_values values = {NULL};
    HRESULT hr;

    if (!clsid)
        return RM_HRESULT_NULL_REF;
    hr = execute(iface, &class_id_class, &values);
    *clsid = values.clsid;
    return hr;
}

static HRESULT STDMETHODCALLTYPE server_persist_IsDirty(IPersistFile *iface)
{
    struct persist_values values = {NULL};

    return execute(iface, &is_dirty_class, &values);
}

static HRESULT STDMETHODCALLTYPE server_persist_Load(IPersistFile *iface, LPCOLESTR file,
                                                     DWORD mode)
{
    struct persist_values values = {.file = file, .mode = mode};

    return file ? execute(iface, &load_class, &values) : RM_HRESULT_NULL_REF;
}

/* Without a name: the current file. */
static HRESULT STDMETHODCALLTYPE server_persist_Save(IPersistFile *iface, LPCOLESTR file,
                                                     BOOL is_remembered)
{
    struct persist_values values = {.file = file, .is_remembered = is_remembered};

    return execute(iface, &save_class, &values);
}

static HRESULT STDMETHODCALLTYPE server_persist_SaveCompleted(IPersistFile *iface, LPCOLESTR file)
{
    struct persist_values values = {.file = file};

    return execute(iface, &completed_class, &values);
}

/* S_FALSE: there is none; what comes instead is what to offer in a dialogue. */
static HRESULT STDMETHODCALLTYPE server_persist_GetCurFile(IPersistFile *iface, LPOLESTR *file)
{
    struct persist_values values = {NULL};
    HRESULT hr;

    if (!file)
        return RM_HRESULT_NULL_REF;
    hr = execute(iface, &current_class, &values);
    *file = values.found;
    return hr;
}

const IPersistFileVtbl rm_server_persist_vtbl = {
    server_persist_QueryInterface, server_persist_AddRef,        server_persist_Release,
    server_persist_GetClassID,     server_persist_IsDirty,       server_persist_Load,
    server_persist_Save,           server_persist_SaveCompleted, server_persist_GetCurFile,
};
