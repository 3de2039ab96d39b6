#include "objects.h"
#include "../sim/dispatch.h"

#include <oleauto.h>

static HRESULT answer(void *iface, REFIID wanted, const IID *has, void **out)
{
    *out = IsEqualIID(wanted, &IID_IUnknown) || IsEqualIID(wanted, has) ? iface : NULL;
    return *out != NULL ? S_OK : E_NOINTERFACE;
}

IDispatch *objects_dispatch(void)
{
    static struct sim_dispatch object = {.IDispatch_iface = {&sim_dispatch_vtbl}};

    return &object.IDispatch_iface;
}

static LONG client_record;

static HRESULT WINAPI record_QueryInterface(IRecordInfo *iface, REFIID iid, void **out)
{
    return answer(iface, iid, &IID_IRecordInfo, out);
}

static ULONG WINAPI record_AddRef(IRecordInfo *iface)
{
    (void)iface;
    return 2;
}

static ULONG WINAPI record_Release(IRecordInfo *iface)
{
    (void)iface;
    return 1;
}

static HRESULT WINAPI record_RecordInit(IRecordInfo *iface, void *record)
{
    (void)iface;
    *(LONG *)record = 0;
    return S_OK;
}

/* There is nothing in it that would have to be freed. */
static HRESULT WINAPI record_RecordClear(IRecordInfo *iface, void *record)
{
    return record_RecordInit(iface, record);
}

static HRESULT WINAPI record_RecordCopy(IRecordInfo *iface, void *from, void *to)
{
    (void)iface;
    *(LONG *)to = *(LONG *)from;
    return S_OK;
}

static HRESULT WINAPI record_GetGuid(IRecordInfo *iface, GUID *guid)
{
    (void)iface;
    *guid = IID_NULL;
    return S_OK;
}

static HRESULT WINAPI record_GetName(IRecordInfo *iface, BSTR *name)
{
    (void)iface;
    *name = SysAllocString(L"record");
    return *name != NULL ? S_OK : E_OUTOFMEMORY;
}

static HRESULT WINAPI record_GetSize(IRecordInfo *iface, ULONG *size)
{
    (void)iface;
    *size = sizeof(LONG);
    return S_OK;
}

static HRESULT WINAPI record_GetTypeInfo(IRecordInfo *iface, ITypeInfo **out)
{
    (void)iface;
    *out = NULL;
    return E_NOTIMPL;
}

static HRESULT WINAPI record_GetField(IRecordInfo *iface, void *record, LPCOLESTR name,
                                      VARIANT *field)
{
    (void)iface, (void)name;
    V_VT(field) = VT_I4;
    V_I4(field) = *(LONG *)record;
    return S_OK;
}

static HRESULT WINAPI record_GetFieldNoCopy(IRecordInfo *iface, void *record, LPCOLESTR name,
                                            VARIANT *field, void **place)
{
    *place = NULL;
    return record_GetField(iface, record, name, field);
}

static HRESULT WINAPI record_PutField(IRecordInfo *iface, ULONG flags, void *record, LPCOLESTR name,
                                      VARIANT *field)
{
    (void)iface, (void)flags, (void)record, (void)name, (void)field;
    return E_NOTIMPL;
}

static HRESULT WINAPI record_GetFieldNames(IRecordInfo *iface, ULONG *count, BSTR *names)
{
    (void)iface, (void)names;
    *count = 0;
    return S_OK;
}

static BOOL WINAPI record_IsMatchingType(IRecordInfo *iface, IRecordInfo *other)
{
    return iface == other;
}

static PVOID WINAPI record_RecordCreate(IRecordInfo *iface)
{
    (void)iface;
    return CoTaskMemAlloc(sizeof(LONG));
}

static HRESULT WINAPI record_RecordCreateCopy(IRecordInfo *iface, void *from, void **to)
{
    *to = record_RecordCreate(iface);
    return *to != NULL ? record_RecordCopy(iface, from, *to) : E_OUTOFMEMORY;
}

static HRESULT WINAPI record_RecordDestroy(IRecordInfo *iface, void *record)
{
    (void)iface;
    if (record != &client_record)
    {
        CoTaskMemFree(record);
    }
    return S_OK;
}

static const IRecordInfoVtbl record_vtbl = {
    record_QueryInterface, record_AddRef,           record_Release,       record_RecordInit,
    record_RecordClear,    record_RecordCopy,       record_GetGuid,       record_GetName,
    record_GetSize,        record_GetTypeInfo,      record_GetField,      record_GetFieldNoCopy,
    record_PutField,       record_PutField,         record_GetFieldNames, record_IsMatchingType,
    record_RecordCreate,   record_RecordCreateCopy, record_RecordDestroy,
};

void objects_make_record(VARIANT *value)
{
    static IRecordInfo info = {&record_vtbl};

    client_record = 5;
    VariantInit(value);
    V_VT(value) = VT_RECORD;
    V_RECORD(value) = &client_record;
    V_RECORDINFO(value) = &info;
}
