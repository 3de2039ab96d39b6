/* What an installation over an existing one has changed, in words. */
#include <string.h>

#include <hooks/wide.h>

#include "manager_internal.h"

const struct rm_manager_recovery service_recovery = {
    .is_known = true,
    .is_restart = true,
    .restart_after_ms = {1000, 5000, 30000},
    .reset_after_s = 86400,
    .is_on_error = true,
};

static void tell_change(const struct rm_manager *manager, const char *what, const wchar_t *before,
                        const wchar_t *after)
{
    char old[RM_IMAGE_PATH_SIZE * 3], new[RM_IMAGE_PATH_SIZE * 3];
    rm_utf8_from_wide(before, old, sizeof old);
    rm_utf8_from_wide(after, new, sizeof new);
    if (!rm_wide_equal(before, after))
    {
        service_tell(manager, "Changed %s from %.512s to %.512s.", what, old, new);
    }
}

static bool is_recovery_ours(const struct rm_manager_recovery *recovery)
{
    return recovery->is_restart && recovery->is_on_error &&
           recovery->reset_after_s == service_recovery.reset_after_s &&
           memcmp(recovery->restart_after_ms, service_recovery.restart_after_ms,
                  sizeof recovery->restart_after_ms) == 0;
}

void service_tell_changes(struct rm_manager *manager, const struct rm_manager_info *before,
                          const struct rm_manager_info *after, bool has_password)
{
    char name[RM_INSTANCE_NAME_SIZE];
    bool is_other_start = before->start != after->start;
    bool is_other_account = !rm_wide_equal(before->account, after->account);
    bool is_other_image = !rm_wide_equal(before->image_path, after->image_path);
    bool is_other_recovery = after->recovery.is_known && !is_recovery_ours(&before->recovery);
    service_name_text(manager, name);
    if (is_other_start)
    {
        service_tell(manager, "Changed the start from %s to %s.",
                     rm_manager_start_name(before->start), rm_manager_start_name(after->start));
    }
    tell_change(manager, "the account", before->account, after->account);
    tell_change(manager, "the program", before->image_path, after->image_path);
    if (is_other_recovery)
    {
        service_tell(manager,
                     "Put the recovery settings back to restarts after 1 s, 5 s and 30 s.");
    }
    if (has_password)
    {
        service_tell(manager, "Stored the account's password.");
    }
    if (before->has_event_source != after->has_event_source)
    {
        service_tell(manager, "Registered the source of events in Windows' event log again.");
    }
    if (!is_other_start && !is_other_account && !is_other_image && !is_other_recovery &&
        !has_password && before->has_event_source == after->has_event_source)
    {
        service_tell(manager, "The service '%s' is installed like that already.", name);
    }
    else if ((is_other_image || is_other_account) && after->state != SERVICE_STOPPED)
    {
        service_tell(manager, "It runs, and goes on as it was started: 'rmctl service stop' and "
                              "'rmctl service start' bring the changes into use.");
    }
}
