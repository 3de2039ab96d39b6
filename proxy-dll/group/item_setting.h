/* group/item_setting.h: methods that set, get or clear one setting for each of some items
 * (IOPCItemDeadbandMgt, IOPCItemSamplingMgt): they differ only in what goes with the handles.
 *
 * What has succeeded goes into the shadow and is replayed on other machines
 * (link/link_sync_settings.c).
 *
 * Units: none.
 * Ownership: results by the COM allocator, the caller's.
 * Threads: the client's.
 * Errors: RM_HRESULT_NULL_REF for parameters that must not be NULL; else as struct rm_item_call.
 * Source: reference 3.17, 3.18.
 */
#ifndef RM_ITEM_SETTING_H
#define RM_ITEM_SETTING_H

#include "group/item_call.h"

struct rm_item;
struct rm_item_settings;

struct rm_item_setting
{
    struct rm_call_class call_class; /* the functions are RM_ITEM_SETTING_CHANGE's or _QUERY's */
    int which;                       /* enum rm_group_interface */
    size_t input_size, result_size;  /* of an element; 0: there is no such array */

    /* On a worker: the method itself. */
    HRESULT(*send)
    (void *real, DWORD count, OPCHANDLE *handles, void *inputs, void **results, HRESULT **errors);

    /* CHANGE, session locked: enters what the item has now, if error says that it was accepted.
     * settings are the shadow's or those of the link's record; item NULL for the latter. */
    void (*apply)(struct rm_item_settings *settings, struct rm_item *item, const void *input,
                  const void *result, HRESULT error);
};

HRESULT rm_item_setting_run(struct rm_call *call, struct rm_link *link);
void rm_item_setting_record(struct rm_call *call, struct rm_link *link, HRESULT hr);
void rm_item_setting_destroy(struct rm_call *call);

#define RM_ITEM_SETTING_CHANGE(method)                                                             \
    {                                                                                              \
        .name = (method), .kind = RM_CALL_SHADOW, .prepare = rm_item_call_prepare_change,          \
        .run = rm_item_setting_run, .record = rm_item_setting_record,                              \
        .destroy = rm_item_setting_destroy                                                         \
    }

#define RM_ITEM_SETTING_QUERY(method)                                                              \
    {                                                                                              \
        .name = (method), .kind = RM_CALL_IDEMPOTENT, .prepare = rm_item_call_prepare,             \
        .run = rm_item_setting_run, .destroy = rm_item_setting_destroy                             \
    }

/* The client's call, repeated as long as it has to be. inputs and results go by the sizes above:
 * where there is no such array they are ignored. */
HRESULT rm_item_setting_call(struct rm_group *group, const struct rm_item_setting *setting,
                             DWORD count, const OPCHANDLE *handles, const void *inputs,
                             void **results, HRESULT **errors);

#endif
