/* rmcall: makes the calls of scripts straight to a server and through RedundancyMaster, and
 * compares what came of them. */
#include "play.h"
#include "random.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct settings
{
    const char *only; /* scripts whose name begins so */
    int da;           /* version of the server */
    int seed;         /* of the first random script; 0: none */
    int seeds;        /* how many of them */
    int threads;      /* of a random script; 0: one after another */
    int switches;     /* a switch before every so many lines; 0: none */
    int at;           /* only before that line; 0: before all */
    int kills;        /* how many lines get a kill before them; 0: none */
    int sample;       /* seed of the choice of these lines */
};

static struct settings settings = {.da = 2, .seeds = 1, .sample = 1};
static struct play play = {.server = "CA"};

static bool is_wanted(const struct script *script)
{
    return (script->da == 0 || script->da == settings.da) &&
           !(script->is_whole && play.is_switching) &&
           (settings.only == NULL ||
            strncmp(script->name, settings.only, strlen(settings.only)) == 0);
}

static int usage(void)
{
    fputs("usage: rmcall [--server NAME] [--standby NAME] [--apartment mta|sta] [--da 2|3]\n"
          "              [--allowed FILE] [--only NAME] [--dump FOLDER]\n"
          "              [--switch N] [--kill N [--sample SEED]] [--at LINE]\n"
          "              [--seed N [--seeds N] [--threads N]] [SCRIPTS...]\n",
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

static bool take_number(const char *name, const char *value)
{
    static const struct
    {
        const char *name;
        int *number;
        int least;
        int most;
    } options[] = {
        {"--da",      &settings.da,       2, 3                 },
        {"--seed",    &settings.seed,     1, INT_MAX           },
        {"--seeds",   &settings.seeds,    1, INT_MAX           },
        {"--threads", &settings.threads,  1, RANDOM_THREADS_MAX},
        {"--switch",  &settings.switches, 1, INT_MAX           },
        {"--at",      &settings.at,       1, INT_MAX           },
        {"--kill",    &settings.kills,    1, INT_MAX           },
        {"--sample",  &settings.sample,   1, INT_MAX           },
    };
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
    {
        if (strcmp(options[i].name, name) == 0)
        {
            *options[i].number = atoi(value);
            return *options[i].number >= options[i].least && *options[i].number <= options[i].most;
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
    if (strcmp(name, "--allowed") == 0)
    {
        return compare_allow(value);
    }
    return take_text(name, value) || take_number(name, value);
}

static void play_one(const struct script *script)
{
    int before = play.comparison.different;
    if (settings.at > 0)
    {
        play_switch(&play, script, settings.at);
    }
    else if (settings.switches > 0)
    {
        play_switches(&play, script, settings.switches);
    }
    else
    {
        play_script(&play, script);
    }
    if (script->seed > 0 && play.comparison.different > before)
    {
        printf("REPLAY %s: --seed %u%s%.0d\n", script->name, script->seed,
               settings.threads > 0 ? " --threads " : "", settings.threads);
    }
}

/* `settings.kills` lines of all scripts, each as likely as the others. */
static void play_sample(const struct scripts *scripts)
{
    uint32_t state = (uint32_t)settings.sample * 2654435761u + 1;
    int left = 0;
    int wanted = settings.kills;
    for (int i = 0; i < scripts->count; i++)
    {
        left += is_wanted(&scripts->all[i]) ? scripts->all[i].count : 0;
    }
    for (int i = 0; i < scripts->count && wanted > 0; i++)
    {
        const struct script *script = &scripts->all[i];
        for (int line = 1; is_wanted(script) && line <= script->count; line++, left--)
        {
            state = state * 1664525u + 1013904223u;
            if ((uint64_t)(state >> 8) * (uint64_t)left < (uint64_t)wanted << 24)
            {
                play_switch(&play, script, line);
                wanted--;
            }
        }
    }
}

static void play_all(const struct scripts *scripts)
{
    if (settings.kills > 0 && settings.at == 0)
    {
        play_sample(scripts);
        return;
    }
    for (int i = 0; i < scripts->count; i++)
    {
        if (is_wanted(&scripts->all[i]))
        {
            play_one(&scripts->all[i]);
        }
    }
}

static void make_up(struct scripts *scripts)
{
    for (int i = 0; settings.seed > 0 && i < settings.seeds; i++)
    {
        uint32_t seed = (uint32_t)(settings.seed + i);
        if (settings.threads > 0)
        {
            random_threads(scripts, seed, settings.da, settings.threads, play.is_sta);
        }
        else
        {
            random_script(scripts, seed, settings.da);
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
    make_up(&scripts);
    play.is_killing = settings.kills > 0;
    play.is_switching = settings.kills > 0 || settings.switches > 0;
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
    play_print_totals(&play);
    scripts_free(&scripts);
    return play.is_broken || play.leaks > 0 || play.comparison.different > 0 ||
           play.comparison.unused > 0;
}
