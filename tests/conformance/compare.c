#include "compare.h"
#include "arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN_PER_SCRIPT 15

struct allowed
{
    char script[96]; /* without what follows its '@' */
    int first;       /* the lines that a switch is before; 0: no switch is asked for */
    int last;
    int call;
    char field[96];
    bool is_used; /* since its script ran last */
};

static struct allowed *all;
static int count;

/* SCRIPT, SCRIPT@LINE or SCRIPT@FIRST-LAST. */
static bool read_positions(struct allowed *entry)
{
    char *at = strchr(entry->script, '@');
    int found = 0;
    if (at == NULL)
    {
        return true;
    }
    *at = '\0';
    found = sscanf(at + 1, "%d-%d", &entry->first, &entry->last);
    if (found == 1)
    {
        entry->last = entry->first;
    }
    return found > 0 && entry->first > 0 && entry->last >= entry->first;
}

bool compare_allow(const char *path)
{
    char line[1024];
    FILE *file = fopen(path, "r");
    bool is_good = file != NULL;
    while (is_good && fgets(line, sizeof(line), file) != NULL)
    {
        struct allowed entry = {.call = 0};
        int length = 0;
        if (line[0] == '#' || line[0] == '\n' || line[0] == '\r')
        {
            continue;
        }
        int found =
            sscanf(line, "%95s %d %95s %n", entry.script, &entry.call, entry.field, &length);
        is_good = found == 3 && read_positions(&entry) && strlen(line + length) > 10;
        all = must_grow(all, (size_t)(count + 1) * sizeof(*all));
        all[count++] = entry;
    }
    if (!is_good)
    {
        fprintf(stderr,
                "rmcall: %s: each line has a script (SCRIPT, SCRIPT@LINE or SCRIPT@FIRST-LAST), a "
                "call, a field and a reason\n",
                path);
    }
    if (file != NULL)
    {
        fclose(file);
    }
    return is_good;
}

/* `script`: with "@LINE" if a switch was before that line. What is listed without a switch is so
 * with one, too, unless the switch was to come first (`is_exact`). */
static bool is_of(const struct allowed *entry, const char *script, bool is_exact)
{
    size_t length = strcspn(script, "@");
    int line = script[length] == '@' ? atoi(script + length + 1) : 0;
    bool is_same = strlen(entry->script) == length && strncmp(entry->script, script, length) == 0;
    bool is_there = line >= entry->first && line <= entry->last;
    return is_same && (is_there || (entry->first == 0 && !is_exact));
}

static bool is_allowed(const char *script, const struct line *line)
{
    for (int i = 0; i < count; i++)
    {
        if (all[i].call == line->call && is_of(&all[i], script, false) &&
            strcmp(all[i].field, line->field) == 0)
        {
            all[i].is_used = true;
            return true;
        }
    }
    return false;
}

/* The line of that call and field; most are in the same place on both sides. */
static const struct line *find(const struct lines *lines, const struct line *wanted, int guess)
{
    for (int i = 0; i < lines->count; i++)
    {
        const struct line *line = &lines->all[(guess + i) % lines->count];
        if (line->call == wanted->call && strcmp(line->field, wanted->field) == 0)
        {
            return line;
        }
    }
    return NULL;
}

/* Whether the object had not the interface that the call is of. */
static bool is_missing(const struct lines *lines, int call)
{
    for (int i = 0; i < lines->count; i++)
    {
        if (lines->all[i].call == call && strcmp(lines->all[i].field, "interface") == 0)
        {
            return true;
        }
    }
    return false;
}

/* Whether the call was made and failed. */
static bool is_refused(const struct lines *lines, int call)
{
    for (int i = 0; i < lines->count; i++)
    {
        const struct line *line = &lines->all[i];
        if (line->call == call && strcmp(line->field, "hr") == 0)
        {
            return strtoul(line->value, NULL, 16) >= 0x80000000u;
        }
    }
    return false;
}

/* Where only one side has the interface, or only one has carried the call out, nothing else of the
 * call can be compared. */
static bool is_compared(const struct lines *direct, const struct lines *through,
                        const struct line *line)
{
    bool is_called = is_missing(direct, line->call) == is_missing(through, line->call);
    bool is_same = is_refused(direct, line->call) == is_refused(through, line->call);
    return strcmp(line->field, "interface") == 0 ||
           (is_called && (is_same || strcmp(line->field, "hr") == 0));
}

static void judge(const char *script, char *const *texts, const struct line *line,
                  const char *direct, const char *through, struct comparison *comparison)
{
    static char last[96];
    static int shown;
    if (is_allowed(script, line))
    {
        comparison->listed++;
        printf("LISTED %s %d %s\n", script, line->call, line->field);
        return;
    }
    comparison->different++;
    shown = strcmp(last, script) == 0 ? shown + 1 : 1;
    snprintf(last, sizeof(last), "%s", script);
    if (shown > SHOWN_PER_SCRIPT)
    {
        return;
    }
    printf("DIFFERENT %s %d %s: direct %s, through %s   (%.160s)\n", script, line->call,
           line->field, direct, through, line->call > 0 ? texts[line->call - 1] : "end");
}

/* Of this run; of calls that were made. */
static int tell_unused(const char *script, const struct lines *direct)
{
    int unused = 0;
    for (int i = 0; i < count; i++)
    {
        if (is_of(&all[i], script, true) && !all[i].is_used && !is_missing(direct, all[i].call))
        {
            printf("NOT NEEDED %s %d %s: there is no such difference\n", script, all[i].call,
                   all[i].field);
            unused++;
        }
    }
    return unused;
}

void compare_runs(const char *script, char *const *texts, const struct lines *direct,
                  const struct lines *through, struct comparison *comparison)
{
    for (int i = 0; i < count; i++)
    {
        all[i].is_used = false;
    }
    for (int i = 0; i < direct->count; i++)
    {
        const struct line *line = &direct->all[i];
        const struct line *other = find(through, line, i);
        bool is_equal = other != NULL && strcmp(line->value, other->value) == 0;
        if (!is_equal && is_compared(direct, through, line))
        {
            judge(script, texts, line, line->value, other != NULL ? other->value : "nothing",
                  comparison);
        }
    }
    for (int i = 0; i < through->count; i++)
    {
        const struct line *line = &through->all[i];
        if (find(direct, line, i) == NULL && is_compared(direct, through, line))
        {
            judge(script, texts, line, "nothing", line->value, comparison);
        }
    }
    comparison->unused += tell_unused(script, direct);
}
