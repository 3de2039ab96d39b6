#include <rm/config_advice.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "config_internal.h"

#define SENTENCE_SIZE 512

struct adviser
{
    void (*tell)(void *context, const char *sentence);
    void *context;
    const struct rm_server_config *server;
};

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
static void
advise(const struct adviser *adviser, const char *format, ...)
{
    char sentence[SENTENCE_SIZE];
    va_list arguments;
    int used = snprintf(sentence, sizeof sentence, "'%.100s': ", adviser->server->progid);
    va_start(arguments, format);
    vsnprintf(sentence + used, sizeof sentence - (size_t)used, format, arguments);
    va_end(arguments);
    adviser->tell(adviser->context, sentence);
}

static bool is_local(const char *host)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "::1", "."};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    {
        if (rm_text_same(host, names[i]))
        {
            return true;
        }
    }
    return false;
}

static void advise_on_machines(const struct adviser *adviser)
{
    const struct rm_server_config *server = adviser->server;
    for (unsigned second = 2; second <= server->machine_count; second++)
    {
        for (unsigned first = 1; first < second; first++)
        {
            const char *one = server->machines[first - 1].host;
            const char *other = server->machines[second - 1].host;
            if (!rm_text_same(one, other) && !(is_local(one) && is_local(other)))
            {
                continue;
            }
            if (rm_text_same(rm_server_machine_progid(server, first),
                             rm_server_machine_progid(server, second)))
            {
                advise(adviser,
                       "machines %u and %u are the same server of the same computer ('%.80s', "
                       "'%.80s'). Give one of them another host or ProgID.",
                       first, second, one, other);
            }
            else
            {
                advise(adviser,
                       "machines %u and %u are the same computer ('%.80s', '%.80s'): if it fails, "
                       "both are lost. Put one of the servers on another computer.",
                       first, second, one, other);
            }
        }
    }
}

static bool is_cold(const struct rm_server_config *server)
{
    return server->mode == RM_MODE_COLD;
}

static bool is_not_warm(const struct rm_server_config *server)
{
    return server->mode != RM_MODE_WARM;
}

static bool has_no_flap_limit(const struct rm_server_config *server)
{
    return server->flap_limit == 0;
}

static bool returns_never(const struct rm_server_config *server)
{
    return server->mode == RM_MODE_COLD || server->return_policy == RM_RETURN_STAY ||
           server->return_policy == RM_RETURN_COMMAND;
}

/* A setting that was changed, and does nothing beside another one. */
static const struct
{
    const char *name;
    const char *instead; /* why, and what to do */
    bool (*is_idle)(const struct rm_server_config *server);
} idle[] = {
    {"returnPolicy",  "in cold mode there is no return: set mode to warm or hot, or take it out",
     is_cold                                                                                                       },
    {"readyPercent",
     "in cold mode nothing is known of standbys: set mode to warm or hot, or take it out",        is_cold          },
    {"standbyGroups", "it is for warm mode only: take it out",                                    is_not_warm      },
    {"flapWindow",    "flapLimit is 0: set that as well",                                         has_no_flap_limit},
    {"returnDelay",   "there is no return by itself: see mode and returnPolicy",                  returns_never    },
};

static void advise_on_settings(const struct adviser *adviser)
{
    for (size_t i = 0; i < sizeof idle / sizeof *idle; i++)
    {
        const struct rm_setting *setting = rm_setting_find(idle[i].name);
        uint32_t value;
        memcpy(&value, (const char *)adviser->server + setting->offset, sizeof value);
        if (value != setting->preset && idle[i].is_idle(adviser->server))
        {
            char text[32];
            rm_setting_format(setting, adviser->server, text, sizeof text);
            advise(adviser, "%s=%s has no effect: %s.", setting->name, text, idle[i].instead);
        }
    }
}

static void advise_on_monitor(const struct adviser *adviser)
{
    const struct rm_monitor_config *monitor = &adviser->server->monitor;
    if (monitor->item_count == 0 && (monitor->watch_always || monitor->hold_ms > 0))
    {
        advise(adviser, "watchAlways and holdTime have no effect without monitor items: add one.");
    }
}

static void advise_on_link_group(const struct adviser *adviser, const struct rm_config *config)
{
    const struct rm_server_config *server = adviser->server;
    unsigned partners = 0;
    for (size_t i = 0; i < config->server_count; i++)
    {
        partners +=
            config->servers[i] != server && config->servers[i]->link_group == server->link_group;
    }
    if (server->link_group != 0 && partners == 0)
    {
        advise(adviser,
               "no other redundant server has linkGroup=%u: give its partners the same number.",
               (unsigned)server->link_group);
    }
}

void rm_config_advise(const struct rm_config *config,
                      void (*tell)(void *context, const char *sentence), void *context)
{
    for (size_t i = 0; i < config->server_count; i++)
    {
        struct adviser adviser = {tell, context, config->servers[i]};
        advise_on_machines(&adviser);
        advise_on_settings(&adviser);
        advise_on_monitor(&adviser);
        advise_on_link_group(&adviser, config);
    }
}
