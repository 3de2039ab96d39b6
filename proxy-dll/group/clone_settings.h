/* group/clone_settings.h: what a server has copied to a clone beyond the state of the group.
 *
 * Whether CloneGroup takes over keep-alive time, deadbands, sampling rates and buffering is each
 * server's own affair, so the real clone is asked; but only for what the original has at all.
 *
 * Units: milliseconds, per cent.
 * Ownership: owns the arrays until rm_clone_settings_clear.
 * Threads: want and apply with the session locked; read on a worker.
 * Errors: what a machine doesn't tell counts as not set.
 * Source: reference 3.7, 3.8, 3.17, 3.18.
 */
#ifndef RM_CLONE_SETTINGS_H
#define RM_CLONE_SETTINGS_H

#include "enumerator/item_attributes.h"
#include "link/link.h"

struct rm_clone_settings
{
    bool wants_keep_alive, wants_deadbands, wants_sampling;
    DWORD keep_alive_ms;
    DWORD count; /* elements of each array that is not NULL */
    FLOAT *deadbands;
    DWORD *rates_ms;
    BOOL *are_buffered;
    HRESULT *deadband_errors, *rate_errors, *buffer_errors;
};

/* What there is to be asked for. */
void rm_clone_settings_want(struct rm_clone_settings *settings, const struct rm_group *original);

/* Asks the real clone for those items. */
void rm_clone_settings_read(struct rm_clone_settings *settings,
                            IUnknown *const interfaces[RM_GROUP_INTERFACE_COUNT],
                            const struct rm_item_attributes *attributes);

/* Enters what item `index` has; link_item may be NULL. */
void rm_clone_settings_apply(const struct rm_clone_settings *settings, DWORD index,
                             struct rm_item *item, struct rm_link_item *link_item);

void rm_clone_settings_clear(struct rm_clone_settings *settings);

#endif
