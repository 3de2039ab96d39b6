/*
 * The echo server: a COM server in a process of its own that shows what reached it.
 *
 * It is no OPC server. Each method writes its arguments down as one line of text, the trace of the
 * call, and answers with fixed values that no default would produce. The test makes a call,
 * compares the answers, then fetches the trace (GetStatus brings it as the vendor string) and
 * compares that. VARIANTs are compared at both ends with the samples of samples.h; a wrong one is
 * an error entry.
 *
 * Units: FILETIMEs of number n are {n, n + 0x01000000}. Ownership: COM's. Threads: one call at a
 * time, as the test makes them; the objects count references atomically, nothing else is guarded.
 * Errors: out of memory ends the process.
 */
#ifndef PS_ECHO_H
#define PS_ECHO_H

#include <opc/opccomn.h>
#include <opc/opcconst.h>
#include <opc/opcda.h>
#include <opc/opcerror.h>
#include <opc/opcsec.h>

/* The object that a class factory makes, and the groups. */
HRESULT echo_server_create(REFIID riid, void **object);
HRESULT echo_group_create(REFIID riid, void **object);

/* Enumerators; each delivers a few fixed elements. */
HRESULT echo_enum_attributes_create(ULONG position, REFIID riid, void **object);
HRESULT echo_enum_guid_create(ULONG position, REFIID riid, void **object);
HRESULT echo_enum_string_create(REFIID riid, void **object);

/* The interfaces of the objects, by source file. */
struct echo_server
{
    IOPCServer IOPCServer_iface; /* first: the object's IUnknown */
    IOPCServerPublicGroups IOPCServerPublicGroups_iface;
    IOPCCommon IOPCCommon_iface; /* echo_common.c */
    IOPCServerList IOPCServerList_iface;
    IOPCServerList2 IOPCServerList2_iface;
    IOPCSecurityNT IOPCSecurityNT_iface;
    IOPCSecurityPrivate IOPCSecurityPrivate_iface;
    IOPCBrowseServerAddressSpace IOPCBrowseServerAddressSpace_iface; /* echo_browse.c */
    IOPCItemProperties IOPCItemProperties_iface;
    IOPCBrowse IOPCBrowse_iface; /* echo_browse3.c */
    IOPCItemIO IOPCItemIO_iface;
    LONG refs;
};

struct echo_group
{
    IOPCGroupStateMgt2 IOPCGroupStateMgt2_iface; /* first: the object's IUnknown */
    IOPCPublicGroupStateMgt IOPCPublicGroupStateMgt_iface;
    IOPCItemMgt IOPCItemMgt_iface; /* echo_items.c */
    IOPCItemDeadbandMgt IOPCItemDeadbandMgt_iface;
    IOPCItemSamplingMgt IOPCItemSamplingMgt_iface;
    IOPCSyncIO2 IOPCSyncIO2_iface; /* echo_sync.c */
    IOPCAsyncIO IOPCAsyncIO_iface; /* echo_async.c */
    IOPCAsyncIO3 IOPCAsyncIO3_iface;
    IConnectionPointContainer IConnectionPointContainer_iface; /* echo_sink.c */
    IConnectionPoint IConnectionPoint_iface;
    IOPCDataCallback *sink;
    LONG refs;
};

void echo_common_init(struct echo_server *server);
void echo_browse_init(struct echo_server *server);
void echo_browse3_init(struct echo_server *server);
void echo_items_init(struct echo_group *group);
void echo_sync_init(struct echo_group *group);
void echo_async_init(struct echo_group *group);
void echo_sink_init(struct echo_group *group);

/* Start the trace of a call; add to it. */
void trace(const WCHAR *format, ...);
void trace_add(const WCHAR *format, ...);
void trace_numbers(const WCHAR *name, DWORD count, const DWORD *numbers);
void trace_words(const WCHAR *name, DWORD count, const WORD *words);

/* The trace, to be freed, and forget it; NULL if there is none: no call since the last time. */
WCHAR *trace_take(void);

/* A pointer that may be NULL, for a trace. */
const WCHAR *text_or_null(const WCHAR *text);

/* Zeroed memory and copies of strings that the caller of a COM method frees. */
void *task_alloc(size_t bytes);
WCHAR *task_string(const WCHAR *text);
HRESULT *task_errors(DWORD count); /* S_OK, S_OK + 1 ... to see each entry arrive */
FILETIME number_to_time(DWORD number);

/* Do the VARIANTs hold the samples of these numbers? An answer per entry. */
HRESULT *check_samples(DWORD count, const DWORD *numbers, const VARIANT *values);
HRESULT *check_vqts(DWORD count, const OPCITEMVQT *vqts);

/*
 * The process ends when the last server object has gone. Groups don't count: a test of NULL
 * arguments leaves some behind.
 */
void server_lock(void);
void server_unlock(void);

/* The IUnknown of a secondary interface. */
#define FORWARD_UNKNOWN(Iface, object, member, main)                                               \
    static HRESULT STDMETHODCALLTYPE member##_QueryInterface(Iface *iface, REFIID riid,            \
                                                             void **ppv)                           \
    {                                                                                              \
        return main##_QueryInterface(                                                              \
            &CONTAINING_RECORD(iface, struct object, Iface##_iface)->main##_iface, riid, ppv);     \
    }                                                                                              \
    static ULONG STDMETHODCALLTYPE member##_AddRef(Iface *iface)                                   \
    {                                                                                              \
        return main##_AddRef(                                                                      \
            &CONTAINING_RECORD(iface, struct object, Iface##_iface)->main##_iface);                \
    }                                                                                              \
    static ULONG STDMETHODCALLTYPE member##_Release(Iface *iface)                                  \
    {                                                                                              \
        return main##_Release(                                                                     \
            &CONTAINING_RECORD(iface, struct object, Iface##_iface)->main##_iface);                \
    }

#endif
