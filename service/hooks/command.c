#include <hooks/command.h>

#include <stdio.h>

#include <rm/snapshot.h>
#include <rm/text.h>

#include <hooks/hooks.h>
#include <hooks/orders_store.h>
#include <hooks/snapshot_store.h>
#include <hooks/wide.h>

static bool read_machine_count(struct rm_command_target *target)
{
    struct rm_reg_value value;
    struct rm_server_config *server = NULL;
    LSTATUS result = rm_snapshot_load(target->clsid, &value);
    if (result == ERROR_SUCCESS && value.exists && value.type == REG_BINARY)
    {
        rm_snapshot_decode(value.bytes, value.size_bytes, &server);
    }
    rm_reg_value_clear(&value);
    target->machine_count = server != NULL ? (unsigned)server->machine_count : 0;
    rm_server_config_free(server);
    return target->machine_count > 0;
}

bool rm_command_refresh(struct rm_command_target *target, char error[RM_COMMAND_ERROR_SIZE])
{
    LSTATUS result = rm_orders_load(target->clsid, &target->now);
    if (result != ERROR_SUCCESS)
    {
        snprintf(error, RM_COMMAND_ERROR_SIZE,
                 "The commands given so far can't be read (Windows error %ld).", (long)result);
    }
    return result == ERROR_SUCCESS;
}

bool rm_command_open(const char *progid, struct rm_command_target *target,
                     char error[RM_COMMAND_ERROR_SIZE])
{
    struct rm_hook_info info;
    rm_hooks_query(progid, &info);
    if (info.state == RM_HOOK_OFF ||
        !rm_wide_from_utf8(info.clsid, target->clsid, RM_CLASS_TEXT_MAX))
    {
        snprintf(error, RM_COMMAND_ERROR_SIZE,
                 "'%s' is not enabled on this computer; 'rmctl list' says what is.", progid);
        return false;
    }
    if (!rm_command_refresh(target, error))
    {
        return false;
    }
    rm_text_fit(target->now.server, sizeof target->now.server, info.progid);
    if (!read_machine_count(target))
    {
        snprintf(error, RM_COMMAND_ERROR_SIZE,
                 "The settings of '%s' in the registry can't be read. Run 'rmctl enable %s'.",
                 progid, progid);
        return false;
    }
    return true;
}

static bool store(struct rm_command_target *target, char error[RM_COMMAND_ERROR_SIZE])
{
    LSTATUS result = rm_orders_store(target->clsid, &target->now);
    if (result == ERROR_ACCESS_DENIED)
    {
        snprintf(error, RM_COMMAND_ERROR_SIZE,
                 "The command could not be stored: that needs administrator rights. Nothing was "
                 "changed.");
    }
    else if (result != ERROR_SUCCESS)
    {
        snprintf(error, RM_COMMAND_ERROR_SIZE,
                 "The command could not be stored (Windows error %ld). Nothing was changed.",
                 (long)result);
    }
    return result == ERROR_SUCCESS;
}

bool rm_command_give(struct rm_command_target *target, const struct rm_command *command,
                     const char *user, uint64_t now, char error[RM_COMMAND_ERROR_SIZE])
{
    if (!rm_command_is_valid(command, target->machine_count))
    {
        snprintf(error, RM_COMMAND_ERROR_SIZE,
                 "There is no such command of '%s', or no machine %u.", target->now.server,
                 (unsigned)command->machine);
        return false;
    }
    rm_orders_add(&target->now, command, user, now);
    return store(target, error);
}

bool rm_command_take_back(struct rm_command_target *target, uint32_t number,
                          const struct rm_orders *before, char error[RM_COMMAND_ERROR_SIZE])
{
    if (!rm_command_refresh(target, error))
    {
        return false;
    }
    if (target->now.number != number)
    {
        return true;
    }
    rm_orders_take_back(&target->now, before);
    return store(target, error);
}
