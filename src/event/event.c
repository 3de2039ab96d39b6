/* event.c: the catalogue of events and its formatter.
 *
 * A row's text may hold, in this order: %s server, %m words for the machine, %s host, %s detail,
 * and %08X or %u for the code. A row without %m is not about a machine and has no host. %i is the
 * detail where it stands in front of the server.
 */
#include <rm/event.h>

#include <assert.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define MACHINE_WORDS_SIZE 32
#define CODE_TEXT_SIZE     16

struct catalogue_row
{
    enum rm_severity severity;
    const char *text;
};

static const struct catalogue_row catalogue[RM_EVENT_COUNT] = {
    [RM_EVENT_CONNECTED] = {RM_SEVERITY_INFORMATIONAL, "Connected to '%s' on %m '%s'."            },
    [RM_EVENT_DISCONNECTED] = {RM_SEVERITY_INFORMATIONAL, "Disconnected from '%s' on %m '%s'."       },
    [RM_EVENT_CONNECT_FAILED] = {RM_SEVERITY_ERROR,
                            "Failed to connect to '%s' on %m '%s' (Error = 0x%08X)."              },
    [RM_EVENT_PROMOTED] = {RM_SEVERITY_INFORMATIONAL,
                            "Promoted active connection for server '%s' to %m '%s'"               },
    [RM_EVENT_SHUTDOWN_RECEIVED] = {RM_SEVERITY_INFORMATIONAL,
                            "Received shutdown notification from server '%s' on %m '%s'."         },
    [RM_EVENT_STATUS_LOST] = {RM_SEVERITY_ERROR,
                            "Unable to retrieve status for server '%s' on %m '%s'. "
                              "Server communications has been lost"                               },
    [RM_EVENT_ALL_LOST] = {RM_SEVERITY_ERROR,
                            "No machine of server '%s' can be reached. Clients get quality bad "
                           "until one is connected again."                                        },
    [RM_EVENT_NO_BETTER_MACHINE] = {RM_SEVERITY_WARNING,
                            "The active machine of server '%s' is at fault, but no other "
                                    "machine is better. The active connection stays as it is."    },
    [RM_EVENT_ITEM_REFUSED] = {RM_SEVERITY_WARNING,
                            "Server '%s' on %m '%s' refused item '%s' (Error = 0x%08X)."          },
    [RM_EVENT_WRITE_UNKNOWN] = {RM_SEVERITY_ERROR,
                            "The connection to server '%s' on %m '%s' was lost during a write; "
                                "whether it was carried out is not known. Items: %s"              },
    [RM_EVENT_INTEGRITY_REFUSED] = {RM_SEVERITY_WARNING,
                            "Server '%s' on %m '%s' refused packet integrity. The client "
                                    "process's own security level is used."                       },
    [RM_EVENT_INTERFACE_UNKNOWN] = {RM_SEVERITY_INFORMATIONAL,
                            "A client of server '%s' asked for the vendor interface %s, "
                                    "which is not passed on."                                     },
    [RM_EVENT_INTERFACE_MISSING] = {RM_SEVERITY_WARNING,
                            "Server '%s' on %m '%s' lacks the interface %s, which other "
                                    "machines have."                                              },
    [RM_EVENT_GROUP_REFUSED] = {RM_SEVERITY_ERROR,
                            "Server '%s' on %m '%s' refused group '%s' (Error = 0x%08X)."         },
    [RM_EVENT_LOGON_REFUSED] = {RM_SEVERITY_ERROR,
                            "Server '%s' on %m '%s' refused to log the client on, as another "
                                "machine had (Error = 0x%08X)."                                   },
    [RM_EVENT_WORKERS_ABANDONED] = {RM_SEVERITY_WARNING,
                            "Calls to server '%s' on %m '%s' have not come back. Workers "
                                    "abandoned: %u"                                               },
    [RM_EVENT_STANDBY_REFUSED] = {RM_SEVERITY_WARNING,
                            "Standby refused: server '%s' on %m '%s' runs, but accepts no "
                                  "further connection (Error = 0x%08X). Check its connection "
                                  "limit and its license. Retried, less and less often."          },
    [RM_EVENT_NETWORK_LOST] =
        {RM_SEVERITY_ERROR,
                            "All machines of server '%s' became unreachable at the same time. Check this computer's "
         "own network connection (adapter, cable, switch) before the machines. Clients get quality "
         "bad until one is connected again."                                                      },
    [RM_EVENT_CALLBACKS_SILENT] =
        {RM_SEVERITY_ERROR,
                            "Server '%s' on %m '%s' answers, but its data callbacks do not come. Check the server and "
         "its device connection, and whether a firewall blocks calls from it to this computer."   },
    [RM_EVENT_NOT_RUNNING] = {RM_SEVERITY_WARNING,
                            "Server '%s' on %m '%s' answers, but is not in the state RUNNING. "
                              "Check its configuration, its license and whether it was suspended."},
    [RM_EVENT_FLAPPING] = {RM_SEVERITY_WARNING,
                            "Server '%s' on %m '%s' has failed and come back too often (promotions: "
                           "%u). It is not returned to until it has been quiet for flapWindow. "
                           "Find out why it fails, or switch to it by command."                   },
    [RM_EVENT_MAINTENANCE_BEGUN] =
        {RM_SEVERITY_INFORMATIONAL,
                            "Maintenance of server '%s' on %m '%s' has begun. It is not made active while another "
         "machine is fit. End the maintenance when the work is done."                             },
    [RM_EVENT_MAINTENANCE_ENDED] = {RM_SEVERITY_INFORMATIONAL,
                            "Maintenance of server '%s' on %m '%s' has ended."                    },
    [RM_EVENT_SWITCH_REFUSED] = {RM_SEVERITY_WARNING,
                            "The commanded switch of server '%s' to %m '%s' was not made: %s. "
                                 "Remove the cause, or force the switch."                         },
    [RM_EVENT_LINK_SPLIT] =
        {RM_SEVERITY_WARNING,
                            "Other clients of server '%s', or servers linked with it, are on %m '%s', but this client "
         "can't follow yet. It follows as soon as that machine is fit; check it."                 },
    [RM_EVENT_ACKNOWLEDGE_DUE] = {RM_SEVERITY_WARNING,
                            "Server '%s' was switched to %m '%s' and waits for an operator: "
                                  "check the plant, then acknowledge the switch. Until then writes "
                                  "or the return are held, as the setting acknowledge says."      },
    [RM_EVENT_ACKNOWLEDGED] = {RM_SEVERITY_INFORMATIONAL,
                            "The switch of server '%s' was acknowledged by an operator."          },
    [RM_EVENT_STARVED] = {RM_SEVERITY_WARNING,
                            "The checks of server '%s' were late by %u ms (clock changed, computer "
                          "asleep or overloaded). Decisions wait for one more check. If this comes "
                          "again, look at the load of this computer."                             },
    [RM_EVENT_NO_SWITCH] = {RM_SEVERITY_WARNING,
                            "The commanded switch of server '%s' was not made: %s."               },
    [RM_EVENT_COMMANDED] = {RM_SEVERITY_INFORMATIONAL, "Operator's command for server '%s': %s"   },
    [RM_EVENT_BLACKBOX_FAILED] =
        {RM_SEVERITY_WARNING,
                            "The black-box report of a switch of server '%s' could not be written to "
         "'%s' (Error = 0x%08X). Clients are not affected. Check that they may "
         "create files there, and whether the disk is full."                                      },
    [RM_EVENT_BUFFER_OVERFLOW] =
        {RM_SEVERITY_WARNING,
                            "The standby buffer of server '%s' on %m '%s' is full. Updates dropped: %u. They would "
         "be missing after a switch. Use fewer items or slower update rates, or find dead machines "
         "sooner (pingInterval, pingTimeout)."                                                    },
    [RM_EVENT_ITEM_DIFFERS] =
        {RM_SEVERITY_WARNING,
                            "Server '%s' on %m '%s' is not configured as the active machine: %s. Make both "
         "the same, or clients will notice a switch."                                             },
    [RM_EVENT_ITEM_BAD] =
        {RM_SEVERITY_WARNING,
                            "Server '%s' on %m '%s' is connected, but %s. Check the devices that it is to "
         "reach."                                                                                 },
    [RM_EVENT_MORE_DIFFERENCES] =
        {RM_SEVERITY_WARNING,
                            "Server '%s' on %m '%s' refuses further items, or has them otherwise than the active "
         "machine: %u. List them with 'rmctl compare'."                                           },
    [RM_EVENT_ITEMS_FORGOTTEN] = {RM_SEVERITY_WARNING,
                            "Server '%s' on %m '%s' does not know items of group '%s' any "
                                  "more that it had added: %u. They "
                                  "are added again."                                              },
    [RM_EVENT_STAYS_ACTIVE] = {RM_SEVERITY_WARNING,
                            "Server '%s' on %m '%s' refuses groups that are inactive. As a "
                               "standby it has active ones; "
                               "what it sends is thrown away until it takes over."                },
    [RM_EVENT_STATUS_REFUSED] = {RM_SEVERITY_WARNING,
                            "Server '%s' on %m '%s' answers, but its status call fails (Error "
                                 "= 0x%08X). Check its log, its configuration and its license."   },
    [RM_EVENT_EVENTS_LOST] = {RM_SEVERITY_WARNING,
                            "The service was away for longer than a client of server '%s' can "
                              "keep events. Events lost: %u"                                      },
    [RM_EVENT_SETTINGS_CHANGED] = {RM_SEVERITY_INFORMATIONAL,
                            "New settings of server '%s' are in force: %s"                        },
    [RM_EVENT_SETTINGS_UNUSABLE] =
        {RM_SEVERITY_WARNING,
                            "The new settings of server '%s' can't be used: they are damaged, or of a newer version. "
         "Those from before stay in force. Run 'rmctl enable' as administrator."                  },
    [RM_EVENT_MACHINES_CHANGED] = {RM_SEVERITY_INFORMATIONAL,
                            "The list of machines of server '%s' was changed: %s"                 },
    [RM_EVENT_MONITOR_ERROR] = {RM_SEVERITY_ERROR,
                            "Monitor item test in error for '%s' on %m '%s'"                      },
    [RM_EVENT_MONITOR_PASSED] = {RM_SEVERITY_INFORMATIONAL,
                            "Monitor item test passed for '%s' on %m '%s'"                        },
    [RM_EVENT_MONITOR_ITEM_REFUSED] = {RM_SEVERITY_ERROR,
                            "Attempt to add monitor item '%i' for '%s' on %m "
                                       "'%s' failed. This monitor item will be considered "
                                       "in error."                                                },
    [RM_EVENT_MONITOR_ITEM_ARRAY] = {RM_SEVERITY_ERROR,
                            "Monitor item '%i' for '%s' on %m '%s' contains "
                                     "array data which is not supported for the "
                                     "'specific value' trigger condition"                         },
    [RM_EVENT_MONITOR_BLIND] = {RM_SEVERITY_WARNING,
                            "The service can't test the monitor items of server "
                                "'%s' on any machine (Error = 0x%08X). Clients go "
                                "on without them. Check that the account of the "
                                "service may start and call these servers."                       },
    [RM_EVENT_AGREED] = {RM_SEVERITY_INFORMATIONAL,
                            "Clients of server '%s' follow to %m '%s': decision of %i."           },
    [RM_EVENT_REMOVED_SERVES] =
        {RM_SEVERITY_WARNING,
                            "Server '%s' on %m '%s' goes on serving, for no other machine is fit to take over. It is "
         "left as soon as one is: do not switch it off before."                                   },
    [RM_EVENT_SETTINGS_BROKEN] = {RM_SEVERITY_ERROR,
                            "The settings file of server '%s' can't be used, so the last "
                                  "good settings stay in force: %s"                               },
    [RM_EVENT_SETTINGS_MENDED] =
        {RM_SEVERITY_INFORMATIONAL,
                            "The settings file of server '%s' can be used again, and is in force."},
    [RM_EVENT_SERVICE_LEFT] = {RM_SEVERITY_INFORMATIONAL,
                            "Disconnected from the RedundancyMaster Service"                      },
    [RM_EVENT_WINDOWS_SERVICE_STARTED] =
        {RM_SEVERITY_INFORMATIONAL,
                            "The Windows service '%i' of server '%s' on %m '%s' was started."     },
    [RM_EVENT_WINDOWS_SERVICE_FAILED] =
        {RM_SEVERITY_WARNING,
                            "The Windows service '%i' of server '%s' on %m '%s' can't be started (Error = 0x%08X). "
         "Connecting goes on without it. Check its name, that it is not disabled, and that the "
         "account of our service may start it there."                                             },
};

/* A text under construction; what doesn't fit is dropped. */
struct text
{
    char *buffer;
    size_t size, used;
    bool is_cut;
};

static void append(struct text *text, const char *bytes, size_t count)
{
    size_t room = text->size - 1 - text->used;

    if (text->is_cut || count > room)
    {
        text->is_cut = true;
        count = count < room ? count : room;
    }
    memcpy(text->buffer + text->used, bytes, count);
    text->used += count;
}

/* Ends the text; a UTF-8 sequence that was cut in its middle is taken out. */
static void finish(struct text *text)
{
    if (text->is_cut)
    {
        size_t start = text->used;
        size_t needed;
        unsigned char lead;

        while (start > 0 && ((unsigned char)text->buffer[start - 1] & 0xC0) == 0x80)
        {
            start--;
        }
        if (start > 0)
        {
            lead = (unsigned char)text->buffer[start - 1];
            needed = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
            if (text->used - (start - 1) < needed)
            {
                text->used = start - 1;
            }
        }
    }
    text->buffer[text->used] = '\0';
}

static void append_string(struct text *text, const char *string)
{
    append(text, string, strlen(string));
}

static void append_machine(struct text *text, unsigned machine)
{
    char words[MACHINE_WORDS_SIZE];

    rm_event_machine_words(machine, words, sizeof words);
    append_string(text, words);
}

/* Copies the row's text up to the next '%', and returns what stands behind it; NULL at the end. */
static const char *copy_plain(struct text *text, const char *from)
{
    size_t length = strcspn(from, "%");

    append(text, from, length);
    return from[length] == '%' ? from + length + 1 : NULL;
}

static const char *row_text(enum rm_event_id id)
{
    assert((unsigned)id < RM_EVENT_COUNT);
    return catalogue[id].text;
}

enum rm_severity rm_event_severity(enum rm_event_id id)
{
    assert((unsigned)id < RM_EVENT_COUNT);
    return catalogue[id].severity;
}

const char *rm_severity_name(enum rm_severity severity)
{
    switch (severity)
    {
    case RM_SEVERITY_INFORMATIONAL: return "Informational";
    case RM_SEVERITY_WARNING: return "Warning";
    case RM_SEVERITY_ERROR: return "Error";
    case RM_SEVERITY_COUNT: break;
    }
    assert(!"a severity of no meaning");
    return "Error";
}

enum rm_severity rm_severity_find(const char *name)
{
    int severity = 0;

    while (severity < RM_SEVERITY_COUNT &&
           strcmp(rm_severity_name((enum rm_severity)severity), name) != 0)
    {
        severity++;
    }
    return (enum rm_severity)severity;
}

void rm_event_machine_words(unsigned machine, char *buffer, size_t size)
{
    struct text text = {.buffer = buffer, .size = size};
    char number[MACHINE_WORDS_SIZE];

    switch (machine)
    {
    case 0: append_string(&text, "removed machine"); break;
    case 1: append_string(&text, "primary machine"); break;
    case 2: append_string(&text, "secondary machine"); break;
    default:
        snprintf(number, sizeof number, "machine %u", machine);
        append_string(&text, number);
        break;
    }
    finish(&text);
}

void rm_event_template(enum rm_event_id id, unsigned machine, char *buffer, size_t size)
{
    struct text text = {.buffer = buffer, .size = size};
    const char *at = copy_plain(&text, row_text(id));

    while (at)
    {
        if (*at == 'm')
        {
            append_machine(&text, machine);
            at++;
        }
        else if (*at == 'i')
        {
            append_string(&text, "%s");
            at++;
        }
        else
        {
            append(&text, "%", 1);
        }
        at = copy_plain(&text, at);
    }
    finish(&text);
}

void rm_event_format(const struct rm_event *event, char *buffer, size_t size)
{
    struct text text = {.buffer = buffer, .size = size};
    const char *row = row_text(event->id);
    bool is_about_machine = strstr(row, "%m") != NULL;
    const char *strings[] = {event->server, is_about_machine ? event->host : event->detail,
                             event->detail};
    size_t next = 0;
    char code[CODE_TEXT_SIZE];

    for (const char *at = copy_plain(&text, row); at; at = copy_plain(&text, at))
    {
        switch (*at)
        {
        case 'm':
            append_machine(&text, event->machine);
            at++;
            break;
        case 's':
            append_string(&text, strings[next++]);
            at++;
            break;
        case 'i':
            append_string(&text, event->detail);
            at++;
            break;
        case 'u':
            snprintf(code, sizeof code, "%" PRIu32, event->code);
            append_string(&text, code);
            at++;
            break;
        default:
            snprintf(code, sizeof code, "%08" PRIX32, event->code);
            append_string(&text, code);
            at += strlen("08X");
            break;
        }
    }
    finish(&text);
}
