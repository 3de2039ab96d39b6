/* What was found out about the server of a machine, in words. */
#include <stdio.h>
#include <string.h>

#include <rm/failover.h>
#include <rm/portion.h>
#include <rm/quirk.h>

#include "status_quirks.h"
#include "status_report.h"

#define SLOW_ADD_US (1000u * RM_PORTION_MS / RM_PORTION_FIRST)

static void add_words(char *text, size_t size, const char *words)
{
    size_t used = strlen(text);
    snprintf(text + used, size - used, "%s%s", used > 0 ? ", " : "", words);
}

static void sum_up(const struct status_server *server, unsigned machine,
                   struct rm_status_machine *sum)
{
    *sum = (struct rm_status_machine){.quirks = 0};
    for (size_t i = 0; i < server->count; i++)
    {
        const struct rm_status_slot *slot = &server->sessions[i];
        const struct rm_status_machine *at = &slot->machines[machine - 1];
        if (slot->machine_count < machine || at->connection != RM_CONNECTION_UP)
        {
            continue;
        }
        sum->quirks |= at->quirks;
        sum->add_us = at->add_us > sum->add_us ? at->add_us : sum->add_us;
        if (at->add_limit > 0 && (sum->add_limit == 0 || at->add_limit < sum->add_limit))
        {
            sum->add_limit = at->add_limit;
        }
    }
}

bool status_quirk_words(const struct status_server *server, unsigned machine, char *text,
                        size_t size)
{
    struct rm_status_machine sum;
    char words[64];
    *text = '\0';
    sum_up(server, machine, &sum);
    if (sum.add_limit > 0)
    {
        snprintf(words, sizeof words, "takes at most %u items in a call", (unsigned)sum.add_limit);
        add_words(text, size, words);
    }
    if (sum.add_us > SLOW_ADD_US)
    {
        snprintf(words, sizeof words, "takes %.1f ms to add an item", sum.add_us / 1000.0);
        add_words(text, size, words);
    }
    if (sum.quirks & RM_QUIRK_FORGETS_ITEMS)
    {
        add_words(text, size, "forgets items that it has added");
    }
    if (sum.quirks & RM_QUIRK_STAYS_ACTIVE)
    {
        add_words(text, size, "has no inactive groups");
    }
    return *text != '\0';
}
