/* rmcall: makes the calls of scripts straight to a server and through RedundancyMaster, and
 * compares what came of them. */
#include "play.h"
#include "random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct settings
{
    const char *only; /* scripts whose name begins so */
    int da;           /* version of the server */
    uint32_t seed;    /* of the first random script; 0: none */
    int seeds;        /* how many of them */
    int switches;     /* a switch before every so many lines; 0: none */
};

static struct settings settings = {.da = 2, .seeds = 1};
static struct play play = {.server = "CA"};

static bool is_wanted(const struct script *script)
{
    return (script->da == 0 || script->da == settings.da) &&
           (settings.only == NULL ||
            strncmp(script->name, settings.only, strlen(settings.only)) == 0);
}

static int usage(void)
{
    fputs("usage: rmcall [--server NAME] [--standby NAME] [--apartment mta|sta] [--da 2|3]\n"
          "              [--allowed FILE] [--only NAME] [--dump FOLDER] [--switch N]\n"
          "              [--seed N [--seeds N]] [SCRIPTS...]\n",
          stderr);
    return 2;
}

static bool take_text(const char *name, const char *value)
{
    static const struct
    {
        const char *name;
        const char **text;
    } options[] = {
        {"--server",  &play.server  },
        {"--standby", &play.standby },
        {"--dump",    &play.dump    },
        {"--only",    &settings.only},
    };
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
    {
        if (strcmp(options[i].name, name) == 0)
        {
            *options[i].text = value;
            return true;
        }
    }
    return false;
}

static bool take_option(const char *name, const char *value)
{
    if (strcmp(name, "--apartment") == 0)
    {
        play.is_sta = strcmp(value, "sta") == 0;
        return play.is_sta || strcmp(value, "mta") == 0;
    }
    if (strcmp(name, "--da") == 0)
    {
        settings.da = atoi(value);
        return settings.da == 2 || settings.da == 3;
    }
    if (strcmp(name, "--switch") == 0)
    {
        settings.switches = atoi(value);
        play.is_coarse = true;
        return settings.switches > 0;
    }
    if (strcmp(name, "--seed") == 0)
    {
        settings.seed = (uint32_t)strtoul(value, NULL, 10);
        return settings.seed > 0;
    }
    if (strcmp(name, "--seeds") == 0)
    {
        settings.seeds = atoi(value);
        return settings.seeds > 0;
    }
    if (strcmp(name, "--allowed") == 0)
    {
        return compare_allow(value);
    }
    return take_text(name, value);
}

static void play_all(const struct scripts *scripts)
{
    for (int i = 0; i < scripts->count; i++)
    {
        if (!is_wanted(&scripts->all[i]))
        {
            continue;
        }
        if (settings.switches > 0)
        {
            play_switches(&play, &scripts->all[i], settings.switches);
        }
        else
        {
            play_script(&play, &scripts->all[i]);
        }
    }
}

int main(int count, char **arguments)
{
    struct scripts scripts = {.count = 0};
    int i = 1;
    for (; i + 1 < count && strncmp(arguments[i], "--", 2) == 0; i += 2)
    {
        if (!take_option(arguments[i], arguments[i + 1]))
        {
            return usage();
        }
    }
    for (int k = i; k < count; k++)
    {
        if (!scripts_load(&scripts, arguments[k]))
        {
            return 2;
        }
    }
    for (int k = 0; settings.seed > 0 && k < settings.seeds; k++)
    {
        random_script(&scripts, settings.seed + (uint32_t)k, settings.da);
    }
    if (scripts.count == 0)
    {
        return usage();
    }
    if (!play_begin(&play))
    {
        return 3;
    }
    play_all(&scripts);
    play_end(&play);
    compare_unused();
    play_print_totals(&play);
    scripts_free(&scripts);
    return play.is_broken || play.comparison.different > 0;
}
