/* The text: a table of families, each with a sample for each redundant server, machine, or cause.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

#define PREFIX      "redundancymaster_"
#define EPOCH_100NS 116444736000000000ull /* 1970 as a FILETIME */
#define VALUE_SIZE  48

struct writer
{
    void (*put)(void *to, const char *text);
    void *to;
    enum rm_metrics_format format;
};

enum scope
{
    OF_SERVER,
    OF_MACHINE,
    OF_CAUSE,
    OF_STATE /* of a machine's connection */
};

struct family
{
    const char *name; /* without prefix; counters without "_total" */
    bool is_counter;
    enum scope scope;
    size_t offset; /* in the server or machine */
    enum
    {
        COUNT_32,
        COUNT_64,
        MICROSECONDS,
        PERCENT
    } kind;
    const char *help;
};

#define SERVER(member)  offsetof(struct rm_metrics_server, member)
#define MACHINE(member) offsetof(struct rm_metrics_machine, member)

static const struct family families[] = {
    {"sessions",                     false, OF_SERVER,  SERVER(sessions),           COUNT_32,
     "Clients' connections to a redundant server."                                                                                },
    {"sessions_lost",                false, OF_SERVER,  SERVER(lost),               COUNT_32,
     "Sessions for which no machine is active."                                                                                   },
    {"items",                        false, OF_SERVER,  SERVER(items),              COUNT_64,     "Items that clients have added."},
    {"calls",                        false, OF_SERVER,  SERVER(calls_out),          COUNT_32,
     "Calls of clients that are out on a machine now."                                                                            },
    {"workers_abandoned",            false, OF_SERVER,  SERVER(workers_abandoned),  COUNT_32,
     "Workers stuck in calls to servers that hang."                                                                               },
    {"sessions_writes_held",         false, OF_SERVER,  SERVER(writes_held),        COUNT_32,
     "Sessions whose writes wait for an operator to acknowledge a switch."                                                        },
    {"updates_forwarded",            true,  OF_SERVER,  SERVER(updates_forwarded),  COUNT_64,
     "Values that clients were given by callbacks."                                                                               },
    {"updates_suppressed",           true,  OF_SERVER,  SERVER(updates_suppressed), COUNT_64,
     "Values that were kept from clients because they had them already."                                                          },
    {"switches",                     true,  OF_CAUSE,   SERVER(switches),           COUNT_64,
     "Changes of the active machine, of all sessions, by cause."                                                                  },
    {"machine_sessions",             false, OF_STATE,   MACHINE(sessions),          COUNT_32,
     "Sessions by the state of their connection to a machine."                                                                    },
    {"machine_active_sessions",      false, OF_MACHINE, MACHINE(active),            COUNT_32,
     "Sessions that have the machine as their active one."                                                                        },
    {"machine_ping_latency_seconds", false, OF_MACHINE, MACHINE(latency_us),        MICROSECONDS,
     "Time of the last answered status ping, of the slowest session."                                                             },
    {"machine_ready_ratio",          false, OF_MACHINE, MACHINE(ready_percent),     PERCENT,
     "Share of the items in use that the machine has accepted, of the session with the lowest."                                   },
    {"machine_buffer_updates",       false, OF_MACHINE, MACHINE(buffer_updates),    COUNT_64,
     "Updates of a standby in hot mode that clients would get if it took over now."                                               },
    {"machine_buffer_bytes",         false, OF_MACHINE, MACHINE(buffer_bytes),      COUNT_64,
     "Memory of the standby buffer."                                                                                              },
    {"machine_buffer_dropped",       true,  OF_MACHINE, MACHINE(buffer_dropped),    COUNT_64,
     "Updates of a standby that were dropped because its buffer was full."                                                        },
};

static void put(struct writer *writer, const char *text)
{
    writer->put(writer->to, text);
}

/* A label's value is a text of somebody else's. */
static void put_escaped(struct writer *writer, const char *text)
{
    for (; *text != '\0'; text++)
    {
        char letter[2] = {*text, '\0'};
        put(writer, *text == '\\'   ? "\\\\"
                    : *text == '"'  ? "\\\""
                    : *text == '\n' ? "\\n"
                                    : letter);
    }
}

static void put_label(struct writer *writer, const char *name, const char *value, bool is_first)
{
    put(writer, is_first ? "{" : ",");
    put(writer, name);
    put(writer, "=\"");
    put_escaped(writer, value);
    put(writer, "\"");
}

static void put_header(struct writer *writer, const char *name, bool is_counter, const char *help)
{
    const char *ending = is_counter && writer->format == RM_METRICS_PROMETHEUS ? "_total" : "";
    const char *parts[] = {"# HELP " PREFIX,
                           name,
                           ending,
                           " ",
                           help,
                           "\n# TYPE " PREFIX,
                           name,
                           ending,
                           is_counter ? " counter\n" : " gauge\n"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    {
        put(writer, parts[i]);
    }
}

static void put_name(struct writer *writer, const struct family *family)
{
    put(writer, PREFIX);
    put(writer, family->name);
    put(writer, family->is_counter ? "_total" : "");
}

static void put_value(struct writer *writer, const struct family *family, const void *at)
{
    char text[VALUE_SIZE];
    uint32_t half = 0;
    uint64_t whole = 0;
    if (family->kind == COUNT_64)
    {
        memcpy(&whole, at, sizeof whole);
    }
    else
    {
        memcpy(&half, at, sizeof half);
    }
    switch (family->kind)
    {
    case COUNT_64: snprintf(text, sizeof text, "} %" PRIu64 "\n", whole); break;
    case COUNT_32: snprintf(text, sizeof text, "} %" PRIu32 "\n", half); break;
    case MICROSECONDS:
        snprintf(text, sizeof text, "} %" PRIu32 ".%06" PRIu32 "\n", half / 1000000,
                 half % 1000000);
        break;
    case PERCENT:
        snprintf(text, sizeof text, "} %" PRIu32 ".%02" PRIu32 "\n", half / 100, half % 100);
        break;
    }
    put(writer, text);
}

static void put_machine_labels(struct writer *writer, const struct family *family,
                               const struct rm_metrics_server *server, uint32_t index)
{
    char number[VALUE_SIZE];
    snprintf(number, sizeof number, "%" PRIu32, index + 1);
    put_name(writer, family);
    put_label(writer, "server", server->progid, true);
    put_label(writer, "machine", number, false);
    put_label(writer, "host", server->machines[index].host, false);
}

static void put_states(struct writer *writer, const struct family *family,
                       const struct rm_metrics_server *server, uint32_t index)
{
    static const char *const states[RM_CONNECTION_COUNT] = {
        [RM_CONNECTION_DOWN] = "down",
        [RM_CONNECTION_CONNECTING] = "connecting",
        [RM_CONNECTION_UP] = "up",
    };
    for (size_t i = 0; i < RM_CONNECTION_COUNT; i++)
    {
        put_machine_labels(writer, family, server, index);
        put_label(writer, "state", states[i], false);
        put_value(writer, family, &server->machines[index].sessions[i]);
    }
}

/* Also causes that have not come yet: who looks at a rate needs to see the 0 in front of the 1. */
static void put_causes(struct writer *writer, const struct family *family,
                       const struct rm_metrics_server *server)
{
    for (int cause = RM_CAUSE_NONE + 1; cause < RM_CAUSE_COUNT; cause++)
    {
        if (cause == RM_CAUSE_START || cause == RM_CAUSE_STOP || cause == RM_CAUSE_SETTINGS)
        {
            continue; /* promote nobody */
        }
        put_name(writer, family);
        put_label(writer, "server", server->progid, true);
        put_label(writer, "cause", rm_cause_name((enum rm_cause)cause), false);
        put_value(writer, family, &server->switches[cause]);
    }
}

static void put_server(struct writer *writer, const struct family *family,
                       const struct rm_metrics_server *server)
{
    if (family->scope == OF_CAUSE)
    {
        put_causes(writer, family, server);
        return;
    }
    if (family->scope == OF_SERVER)
    {
        put_name(writer, family);
        put_label(writer, "server", server->progid, true);
        put_value(writer, family, (const char *)server + family->offset);
        return;
    }
    for (uint32_t i = 0; i < server->machine_count; i++)
    {
        if (family->scope == OF_STATE)
        {
            put_states(writer, family, server, i);
            continue;
        }
        put_machine_labels(writer, family, server, i);
        put_value(writer, family, (const char *)&server->machines[i] + family->offset);
    }
}

static void put_facts(struct writer *writer, const struct rm_metrics_facts *facts)
{
    char text[VALUE_SIZE];
    uint64_t now = facts->now > EPOCH_100NS ? facts->now - EPOCH_100NS : 0;
    put_header(writer, "build_info", false, "Version of the program that tells these figures.");
    put(writer, PREFIX "build_info");
    put_label(writer, "version", facts->version, true);
    put(writer, "} 1\n");
    put_header(writer, "service_up", false,
               "1 if the service tells them; else they are of the sessions that are open.");
    put(writer, facts->is_service ? PREFIX "service_up 1\n" : PREFIX "service_up 0\n");
    put_header(writer, "written_timestamp_seconds", false, "When they were told.");
    snprintf(text, sizeof text, "%" PRIu64 ".%03" PRIu64 "\n", now / 10000000, now / 10000 % 1000);
    put(writer, PREFIX "written_timestamp_seconds ");
    put(writer, text);
}

void rm_metrics_write(const struct rm_metrics *metrics, const struct rm_metrics_facts *facts,
                      enum rm_metrics_format format, void (*put_text)(void *to, const char *text),
                      void *to)
{
    struct writer writer = {put_text, to, format};
    put_facts(&writer, facts);
    for (size_t i = 0; i < sizeof families / sizeof *families && metrics->servers != NULL; i++)
    {
        put_header(&writer, families[i].name, families[i].is_counter, families[i].help);
        for (const struct rm_metrics_server *server = metrics->servers; server != NULL;
             server = server->next)
        {
            put_server(&writer, &families[i], server);
        }
    }
    put(&writer, "# EOF\n");
}
