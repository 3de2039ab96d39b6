#include <assert.h>
#include <stdio.h>
#include <string.h>

#include <rm/event_log.h>

#include "config_internal.h"

static const char *const mode_names[] = {"cold", "warm", "hot", NULL};
static const char *const policy_names[] = {"primary", "stay", "best", "command", NULL};
static const char *const unknown_write_names[] = {"fail", "repeat", NULL};

static const char *const start_names[] = {"primary", "first", NULL};
static const char *const standby_groups_names[] = {"inactive", "active", NULL};
static const char *const acknowledge_names[] = {"none", "writes", "return", "both", NULL};

_Static_assert(sizeof mode_names / sizeof *mode_names == RM_MODE_COUNT + 1, "names of modes");
_Static_assert(sizeof policy_names / sizeof *policy_names == RM_RETURN_COUNT + 1,
               "names of return policies");
_Static_assert(sizeof unknown_write_names / sizeof *unknown_write_names ==
                   RM_UNKNOWN_WRITE_COUNT + 1,
               "names of what becomes of an unknown write");
_Static_assert(sizeof start_names / sizeof *start_names == RM_START_COUNT + 1,
               "names of start policies");
_Static_assert(sizeof standby_groups_names / sizeof *standby_groups_names ==
                   RM_STANDBY_GROUPS_COUNT + 1,
               "names of what a standby's groups are");
_Static_assert(sizeof acknowledge_names / sizeof *acknowledge_names == RM_ACKNOWLEDGE_COUNT + 1,
               "names of what waits for an operator");
_Static_assert(sizeof(enum rm_mode) == sizeof(uint32_t), "choices are stored as 32-bit values");

#define CHOICE(name, member, preset, names, help)                                                  \
    {                                                                                              \
        name, RM_SETTING_CHOICE, offsetof(struct rm_server_config, member), 0,                     \
            sizeof names / sizeof *names - 2, preset, "", names, help                              \
    }
#define NUMBER(name, member, minimum, maximum, preset, unit, help)                                 \
    {                                                                                              \
        name, RM_SETTING_NUMBER, offsetof(struct rm_server_config, member), minimum, maximum,      \
            preset, unit, NULL, help                                                               \
    }

const struct rm_setting rm_setting_table[] = {
    CHOICE("mode", mode, RM_MODE_WARM, mode_names,
           "which machines are connected and subscribed: the active one only (cold), both with "
           "data from the active one (warm), both with data from both (hot)"),
    CHOICE("returnPolicy", return_policy, RM_RETURN_PRIMARY, policy_names,
           "when a better machine is well again: back to the primary, stay, back to the best, or "
           "on command only; no effect in cold mode"),
    CHOICE("unknownWrites", unknown_write, RM_UNKNOWN_WRITE_FAIL, unknown_write_names,
           "a write whose outcome is unknown because its machine died: fail, or repeat it on the "
           "new machine (it may be carried out twice); an asynchronous write that was accepted "
           "fails either way"),
    NUMBER("pingInterval", ping_interval_ms, 100, 3600000, 2500, "ms",
           "time between two status pings"),
    NUMBER("pingTimeout", ping_timeout_ms, 50, 600000, 1000, "ms",
           "how long to wait for the answer to a ping"),
    NUMBER("fall", fall, 1, 10, 1, "pings", "missed pings in a row until a machine counts as lost"),
    NUMBER("rise", rise, 1, 10, 2, "pings", "answered pings in a row until a return is possible"),
    NUMBER("returnDelay", return_delay_ms, 0, 3600000, 5000, "ms",
           "how long a machine must have been well before a return; 0 = at once"),
    NUMBER("busyGrace", busy_grace_ms, 0, 600000, 10000, "ms",
           "how long a long call excuses unanswered pings"),
    NUMBER("connectTimeout", connect_timeout_ms, 1000, 600000, 30000, "ms",
           "how long to wait for a server to start"),
    NUMBER("reconnectInterval", reconnect_interval_ms, 100, 3600000, 2500, "ms",
           "time between two attempts to connect a lost machine"),
    CHOICE(
        "startPolicy", start_policy, RM_START_PRIMARY, start_names,
        "which machine a new client gets: the primary first, or the first that can be connected"),
    NUMBER("preferredMachine", preferred_machine, 0, RM_MACHINES_MAX, 0, "machine",
           "the machine that clients on this computer prefer to all others; 0 = the primary"),
    NUMBER("readyPercent", ready_percent, 0, 100, 0, "%",
           "share of a client's items that a machine must accept before a switch to it for reasons "
           "other than a loss; 0 = any"),
    NUMBER("flapLimit", flap_limit, 0, 10, 0, "promotions",
           "a machine that was promoted so often within flapWindow is not returned to; 0 = always "
           "returned to"),
    NUMBER("flapWindow", flap_window_ms, 1000, 3600000, 600000, "ms",
           "the time in which flapLimit counts promotions"),
    CHOICE("acknowledge", acknowledge, RM_ACKNOWLEDGE_NONE, acknowledge_names,
           "what waits for an operator after a switch: nothing, clients' writes, the return, or "
           "both"),
    NUMBER("linkGroup", link_group, 0, 255, 0, "group",
           "redundant servers of the same group switch together; 0 = on its own"),
    NUMBER("callbackCheck", callback_check_ms, 0, 600000, 10000, "ms",
           "after so long without any callback of a subscription its machine is asked for one, and "
           "counts as silent if none comes; 0 = silence is no fault"),
    CHOICE("standbyGroups", standby_groups, RM_STANDBY_GROUPS_INACTIVE, standby_groups_names,
           "the groups of a standby in warm mode: inactive, or active for a server that delivers "
           "only long after a group was activated (what it sends is thrown away)"),
    NUMBER("maxEvents", max_events, RM_EVENT_LOG_LIMIT_MIN, RM_EVENT_LOG_LIMIT_MAX,
           RM_EVENT_LOG_LIMIT_DEFAULT, "events",
           "so many events are kept in its log; the oldest are discarded"),
};

const size_t rm_setting_count = sizeof rm_setting_table / sizeof *rm_setting_table;

_Static_assert(sizeof rm_setting_table / sizeof *rm_setting_table == RM_SETTINGS,
               "one row for each setting");

const struct rm_setting *rm_setting_find(const char *name)
{
    for (size_t i = 0; i < rm_setting_count; i++)
    {
        if (strcmp(rm_setting_table[i].name, name) == 0)
        {
            return &rm_setting_table[i];
        }
    }
    return NULL;
}

bool rm_config_parse_number(const char *text, uint32_t *number)
{
    uint64_t value = 0;
    if (*text == '\0')
    {
        return false;
    }
    for (; *text != '\0'; text++)
    {
        if (*text < '0' || *text > '9')
        {
            return false;
        }
        value = value * 10 + (uint64_t)(*text - '0');
        if (value > UINT32_MAX)
        {
            return false;
        }
    }
    *number = (uint32_t)value;
    return true;
}

bool rm_config_parse_choice(const char *const *choices, const char *text, uint32_t *number)
{
    for (uint32_t i = 0; choices[i] != NULL; i++)
    {
        if (strcmp(choices[i], text) == 0)
        {
            *number = i;
            return true;
        }
    }
    return false;
}

static void list_choices(const char *const *choices, char *buffer, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; choices[i] != NULL && used < size; i++)
    {
        const char *link = i == 0 ? "" : choices[i + 1] == NULL ? " or " : ", ";
        used += (size_t)snprintf(buffer + used, size - used, "%s%s", link, choices[i]);
    }
}

enum rm_status rm_setting_parse(const struct rm_setting *setting, struct rm_server_config *server,
                                const char *text, struct rm_config_error *error)
{
    uint32_t value = 0;
    if (setting->kind == RM_SETTING_CHOICE)
    {
        if (!rm_config_parse_choice(setting->choices, text, &value))
        {
            char choices[64];
            list_choices(setting->choices, choices, sizeof choices);
            return rm_config_refuse(error, RM_E_INVALID, 0,
                                    "%s can't be '%.40s': choose one of %s.", setting->name, text,
                                    choices);
        }
    }
    else if (!rm_config_parse_number(text, &value) || value < setting->minimum ||
             value > setting->maximum)
    {
        return rm_config_refuse(error, RM_E_INVALID, 0,
                                "%s can't be '%.40s': give a whole number from %u to %u (%s).",
                                setting->name, text, (unsigned)setting->minimum,
                                (unsigned)setting->maximum, setting->unit);
    }
    memcpy((char *)server + setting->offset, &value, sizeof value);
    return RM_OK;
}

void rm_setting_format(const struct rm_setting *setting, const struct rm_server_config *server,
                       char *buffer, size_t size)
{
    uint32_t value;
    memcpy(&value, (const char *)server + setting->offset, sizeof value);
    if (setting->kind == RM_SETTING_CHOICE)
    {
        assert(value <= setting->maximum);
        snprintf(buffer, size, "%s", setting->choices[value]);
    }
    else
    {
        snprintf(buffer, size, "%u", (unsigned)value);
    }
}

const char *rm_mode_name(enum rm_mode mode)
{
    assert((unsigned)mode < RM_MODE_COUNT);
    return mode_names[mode];
}

const char *rm_return_policy_name(enum rm_return_policy policy)
{
    assert((unsigned)policy < RM_RETURN_COUNT);
    return policy_names[policy];
}
