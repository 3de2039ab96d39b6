/* rmctl service status: as text and as JSON. */
#include <windows.h>

#include <hooks/wide.h>

#include "output.h"
#include "service.h"

#define TEXT_SIZE (RM_IMAGE_PATH_SIZE * 3)

static void put_recovery(struct rm_json *json, const struct rm_manager_recovery *recovery)
{
    rm_json_begin_object(json, "recovery");
    rm_json_begin_array(json, "restartAfterMs");
    for (unsigned i = 0; recovery->is_restart && i < RM_MANAGER_RESTARTS; i++)
    {
        rm_json_number(json, NULL, recovery->restart_after_ms[i]);
    }
    rm_json_end_array(json);
    rm_json_number(json, "resetAfterSeconds", recovery->reset_after_s);
    rm_json_bool(json, "onError", recovery->is_on_error);
    rm_json_end_object(json);
}

static void print_status_json(const char *name, const struct rm_manager_info *info)
{
    struct rm_json json = {.put = ctl_put_json};
    char text[TEXT_SIZE];
    rm_json_begin_object(&json, NULL);
    rm_json_bool(&json, "ok", true);
    rm_json_text(&json, "service", name);
    rm_json_bool(&json, "installed", info->is_installed);
    if (info->is_installed)
    {
        rm_json_text(&json, "state", rm_manager_state_name(info->state));
        rm_json_number(&json, "processId", info->process_id);
        rm_json_number(&json, "exitCode", info->exit_code);
        rm_json_text(&json, "start", rm_manager_start_name(info->start));
        rm_utf8_from_wide(info->account, text, sizeof text);
        rm_json_text(&json, "account", text);
        rm_utf8_from_wide(info->image_path, text, sizeof text);
        rm_json_text(&json, "imagePath", text);
        rm_json_bool(&json, "ours", info->is_ours);
    }
    if (info->recovery.is_known)
    {
        put_recovery(&json, &info->recovery);
    }
    rm_json_bool(&json, "eventSource", info->has_event_source);
    rm_json_end_object(&json);
}

static void print_recovery(const struct rm_manager_recovery *recovery)
{
    if (!recovery->is_restart)
    {
        output_print("  recovery  %s\n", recovery->is_known
                                             ? "not ours: 'rmctl service install' sets it"
                                             : "not told by this system");
        return;
    }
    output_print(
        "  recovery  starts again after %lu s, %lu s, then every %lu s%s; counts anew after "
        "%lu h\n",
        recovery->restart_after_ms[0] / 1000, recovery->restart_after_ms[1] / 1000,
        recovery->restart_after_ms[2] / 1000,
        recovery->is_on_error ? ", also after an error" : ", not after an error",
        recovery->reset_after_s / 3600);
}

static void print_status(const char *name, const struct rm_manager_info *info)
{
    char account[TEXT_SIZE], image[TEXT_SIZE];
    if (!info->is_installed)
    {
        output_print("%s: not installed. 'rmctl service install' installs it.\n", name);
        return;
    }
    rm_utf8_from_wide(info->account, account, sizeof account);
    rm_utf8_from_wide(info->image_path, image, sizeof image);
    output_print("%s: %s", name, rm_manager_state_name(info->state));
    if (info->process_id != 0)
    {
        output_print(", process %lu", info->process_id);
    }
    else if (info->exit_code != 0 && info->exit_code != ERROR_SERVICE_NEVER_STARTED)
    {
        output_print(", ended with Windows error %lu", info->exit_code);
    }
    output_print("\n  start     %s\n  account   %s\n  program   %s%s\n",
                 rm_manager_start_name(info->start), account, image,
                 info->is_ours ? "" : " (another product's: not ours to change)");
    print_recovery(&info->recovery);
    output_print("  event log %s\n", info->has_event_source ? "source registered"
                                                            : "no source: 'rmctl service install' "
                                                              "registers it");
}

enum ctl_exit service_status(struct ctl *ctl, struct rm_manager *manager)
{
    struct rm_manager_info info;
    wchar_t wide[RM_INSTANCE_NAME_SIZE];
    char name[RM_INSTANCE_NAME_SIZE];
    if (!rm_manager_query(manager, &info))
    {
        return ctl_fail(ctl, "%s", manager->error);
    }
    rm_instance_service_name(manager->instance, wide);
    rm_utf8_from_wide(wide, name, sizeof name);
    if (ctl->is_json)
    {
        print_status_json(name, &info);
        ctl->has_printed_json = true;
    }
    else
    {
        print_status(name, &info);
    }
    return CTL_FINE;
}
