#include "sink.h"

#include <inttypes.h>
#include <stdlib.h>

#include "group.h"
#include "value.h"

/* What one callback showed, to be told once the lock is left. */
struct findings
{
    size_t ready_items; /* with this callback every item had a value: how many they are */
    bool has_stranger;  /* an item that is not in the group */
    size_t changed;
    size_t first_changed;
    unsigned first_before;
    unsigned first_now;
    uint64_t faults[RM_PROOF_FAULT_COUNT]; /* before the callback, then what it added */
    uint64_t resumed_after_us;
};

static struct rm_sink *impl_from_IOPCDataCallback(IOPCDataCallback *iface)
{
    return CONTAINING_RECORD(iface, struct rm_sink, IOPCDataCallback_iface);
}

static HRESULT STDMETHODCALLTYPE sink_datacallback_QueryInterface(IOPCDataCallback *iface,
                                                                  REFIID riid, void **object)
{
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, &IID_IOPCDataCallback))
    {
        *object = NULL;
        return E_NOINTERFACE;
    }
    *object = iface;
    IOPCDataCallback_AddRef(iface);
    return S_OK;
}

static ULONG STDMETHODCALLTYPE sink_datacallback_AddRef(IOPCDataCallback *iface)
{
    return (ULONG)InterlockedIncrement(&impl_from_IOPCDataCallback(iface)->refs);
}

static ULONG STDMETHODCALLTYPE sink_datacallback_Release(IOPCDataCallback *iface)
{
    struct rm_sink *sink = impl_from_IOPCDataCallback(iface);
    LONG refs = InterlockedDecrement(&sink->refs);

    if (refs == 0)
        free(sink);
    return (ULONG)refs;
}

static uint64_t stamp_from(const FILETIME *time)
{
    return (uint64_t)time->dwHighDateTime << 32 | time->dwLowDateTime;
}

/* Under the lock. */
static void note_update(struct rm_probe *probe, struct findings *findings, size_t item,
                        const struct rm_proof_update *update, uint64_t now_us)
{
    unsigned before = probe->proof.items[item].quality;
    unsigned showed = rm_proof_update(&probe->proof, item, update, now_us);

    if (!(showed & RM_PROOF_QUALITY_CHANGED))
        return;
    if (!findings->changed++)
    {
        findings->first_changed = item;
        findings->first_before = before;
        findings->first_now = update->quality;
    }
}

/* Under the lock: dates the first complete callback, and a gap that was the longest so far. */
static void note_callback(struct rm_probe *probe, struct findings *findings, uint64_t gap_before_us)
{
    const struct rm_proof_totals *totals = &probe->proof.totals;

    for (int fault = 0; fault < RM_PROOF_FAULT_COUNT; fault++)
        findings->faults[fault] = totals->faults[fault] - findings->faults[fault];
    if (totals->longest_gap_us > gap_before_us &&
        totals->longest_gap_us > 2 * probe->proof.period_us)
        findings->resumed_after_us = totals->longest_gap_us;
    if (probe->is_ready || !rm_proof_is_complete(&probe->proof))
        return;
    probe->is_ready = true;
    probe->tally.ready_us = rm_probe_now_us() - probe->subscribed_us;
    findings->ready_items = probe->proof.totals.items_seen;
}

static void tell_findings(struct rm_probe *probe, const struct findings *findings)
{
    if (findings->ready_items)
    {
        printf("READY items=%zu\n", findings->ready_items);
        fflush(stdout);
    }
    if (findings->has_stranger)
        rm_probe_protocol_error(probe, "data of an item that is not in the group");
    if (findings->resumed_after_us)
        rm_probe_event(probe, "resumed gap_ms=%" PRIu64, rm_report_ms(findings->resumed_after_us));
    if (findings->changed)
        rm_probe_event(probe, "quality items=%zu first=%s before=0x%04X now=0x%04X",
                       findings->changed, probe->item_ids[findings->first_changed],
                       findings->first_before, findings->first_now);
    for (int fault = 0; fault < RM_PROOF_FAULT_COUNT; fault++)
        if (findings->faults[fault])
            rm_probe_event(probe, "fault %s=%" PRId64,
                           rm_report_fault_name((enum rm_proof_fault)fault),
                           (int64_t)findings->faults[fault]);
}

/* Out of the lock, for it may take memory. Values of strangers have no item. */
static void record_data(struct rm_sink *sink, enum rm_record_kind kind, DWORD count,
                        const OPCHANDLE *handles, const VARIANT *values, const WORD *qualities,
                        const FILETIME *stamps, const HRESULT *errors)
{
    const struct rm_group *group = sink->group;
    struct rm_record *record = sink->probe->record;

    rm_record_begin(record, kind);
    for (DWORD i = 0; record && i < count; i++)
    {
        if (handles[i] < group->first || handles[i] >= group->first + group->count)
            continue;
        const struct rm_record_value value = {.item_id = sink->probe->item_ids[handles[i]],
                                              .value = &values[i],
                                              .quality = qualities[i],
                                              .stamp = stamps[i],
                                              .error = errors[i]};
        rm_record_add(record, &value);
    }
    rm_record_end(record);
}

static void take_data(struct rm_sink *sink, DWORD count, bool is_refresh, const OPCHANDLE *handles,
                      const VARIANT *values, const WORD *qualities, const FILETIME *stamps,
                      const HRESULT *errors)
{
    struct rm_probe *probe = sink->probe;
    const struct rm_group *group = sink->group;
    struct findings findings = {0};

    EnterCriticalSection(&probe->lock);
    uint64_t now_us = rm_probe_now_us();
    uint64_t gap_before_us = probe->proof.totals.longest_gap_us;
    memcpy(findings.faults, probe->proof.totals.faults, sizeof(findings.faults));
    probe->tally.callbacks++;
    for (DWORD i = 0; i < count; i++)
    {
        struct rm_proof_update update;
        if (handles[i] < group->first || handles[i] >= group->first + group->count)
        {
            findings.has_stranger = true;
            continue;
        }
        rm_value_from_variant(&values[i], &update);
        if (FAILED(errors[i]))
            update.kind = RM_PROOF_FAILED;
        update.quality = qualities[i];
        update.time_stamp = stamp_from(&stamps[i]);
        update.is_refresh = is_refresh;
        note_update(probe, &findings, handles[i], &update, now_us);
    }
    note_callback(probe, &findings, gap_before_us);
    LeaveCriticalSection(&probe->lock);
    tell_findings(probe, &findings);
}

/* One answer to an asynchronous call. */
static void take_answer(struct rm_probe *probe, DWORD transaction)
{
    EnterCriticalSection(&probe->lock);
    rm_transactions_answer(&probe->transactions, transaction);
    LeaveCriticalSection(&probe->lock);
    SetEvent(probe->answered);
}

static HRESULT STDMETHODCALLTYPE sink_datacallback_OnDataChange(
    IOPCDataCallback *iface, DWORD transaction, OPCHANDLE client_group, HRESULT master_quality,
    HRESULT master_error, DWORD count, OPCHANDLE *handles, VARIANT *values, WORD *qualities,
    FILETIME *stamps, HRESULT *errors)
{
    struct rm_sink *sink = impl_from_IOPCDataCallback(iface);

    (void)master_quality;
    (void)master_error;
    if (client_group != sink->group->client_handle)
        rm_probe_protocol_error(sink->probe, "OnDataChange with another group's handle");
    else if (!sink->group->is_subscription && count)
        rm_probe_protocol_error(sink->probe, "data of a group that is not active");
    else
    {
        record_data(sink, transaction ? RM_RECORD_REFRESH : RM_RECORD_CHANGE, count, handles,
                    values, qualities, stamps, errors);
        take_data(sink, count, transaction != 0, handles, values, qualities, stamps, errors);
    }
    if (transaction)
        take_answer(sink->probe, transaction);
    if (sink->probe->options->callbacks_in_callback)
        rm_group_read_one(sink->group);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE sink_datacallback_OnReadComplete(
    IOPCDataCallback *iface, DWORD transaction, OPCHANDLE client_group, HRESULT master_quality,
    HRESULT master_error, DWORD count, OPCHANDLE *handles, VARIANT *values, WORD *qualities,
    FILETIME *stamps, HRESULT *errors)
{
    struct rm_sink *sink = impl_from_IOPCDataCallback(iface);

    (void)master_quality;
    (void)master_error;
    if (client_group != sink->group->client_handle)
        rm_probe_protocol_error(sink->probe, "OnReadComplete with another group's handle");
    else
        record_data(sink, RM_RECORD_READ, count, handles, values, qualities, stamps, errors);
    for (DWORD i = 0; i < count; i++)
        rm_group_note_read_value(sink->group, qualities[i], errors[i]);
    take_answer(sink->probe, transaction);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE sink_datacallback_OnWriteComplete(
    IOPCDataCallback *iface, DWORD transaction, OPCHANDLE client_group, HRESULT master_error,
    DWORD count, OPCHANDLE *handles, HRESULT *errors)
{
    struct rm_sink *sink = impl_from_IOPCDataCallback(iface);

    (void)master_error;
    (void)handles;
    if (client_group != sink->group->client_handle)
        rm_probe_protocol_error(sink->probe, "OnWriteComplete with another group's handle");
    for (DWORD i = 0; i < count; i++)
        rm_group_note_answered(sink->group, transaction, errors[i]);
    take_answer(sink->probe, transaction);
    return S_OK;
}

/* The probe cancels nothing. */
static HRESULT STDMETHODCALLTYPE sink_datacallback_OnCancelComplete(IOPCDataCallback *iface,
                                                                    DWORD transaction,
                                                                    OPCHANDLE client_group)
{
    (void)transaction;
    (void)client_group;
    rm_probe_protocol_error(impl_from_IOPCDataCallback(iface)->probe,
                            "OnCancelComplete of a call that was not cancelled");
    return S_OK;
}

static const IOPCDataCallbackVtbl sink_datacallback_vtbl = {
    sink_datacallback_QueryInterface,  sink_datacallback_AddRef,
    sink_datacallback_Release,         sink_datacallback_OnDataChange,
    sink_datacallback_OnReadComplete,  sink_datacallback_OnWriteComplete,
    sink_datacallback_OnCancelComplete};

struct rm_sink *rm_sink_create(struct rm_probe *probe, struct rm_group *group)
{
    struct rm_sink *sink = calloc(1, sizeof(*sink));

    if (!sink)
        return NULL;
    sink->IOPCDataCallback_iface.lpVtbl = &sink_datacallback_vtbl;
    sink->refs = 1;
    sink->probe = probe;
    sink->group = group;
    return sink;
}
