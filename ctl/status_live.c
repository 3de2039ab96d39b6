/* rmctl status --watch as a table: in place on a console, else one after the other. */
#include <windows.h>
#include <stdlib.h>

#include "output.h"
#include "screen.h"
#include "status_report.h"
#include "status_table.h"
#include "stop.h"

#define INTERVAL_MS 500
#define MOMENTS     11 /* rates are over ten intervals: sessions publish no more often than one */

struct live
{
    struct status_source source;
    struct status_service service;
    struct screen screen;
    bool has_screen;
    struct table table;
    struct status_moment moments[MOMENTS]; /* a ring */
    unsigned look;                         /* how many times we have looked */
};

static void print_table(const struct table *table)
{
    for (size_t i = 0; i < table->count; i++)
    {
        output_print("%s\n", table->lines[i].text);
    }
}

static bool look(struct live *live)
{
    struct status_moment *now = &live->moments[live->look % MOMENTS];
    unsigned back = live->look < MOMENTS - 1 ? live->look : MOMENTS - 1;
    const struct status_moment *before = &live->moments[(live->look - back) % MOMENTS];
    status_list_free(&now->list);
    status_source_open(&live->source);
    if (!status_list_read(&live->source, &now->list))
    {
        return false;
    }
    now->now_ms = GetTickCount64();
    status_service_read(&live->service);
    status_table_fill(&live->table, now, before, &live->service);
    if (live->has_screen)
    {
        screen_show(&live->screen, &live->table);
    }
    else
    {
        output_print("%s", live->look > 0 ? "\n" : "");
        print_table(&live->table);
    }
    live->look++;
    return true;
}

static void free_live(struct live *live)
{
    for (unsigned i = 0; i < MOMENTS; i++)
    {
        status_list_free(&live->moments[i].list);
    }
    table_free(&live->table);
    status_source_close(&live->source);
    status_service_close(&live->service);
    free(live);
}

enum ctl_exit status_live(struct ctl *ctl, unsigned seconds)
{
    struct live *live = calloc(1, sizeof *live);
    HANDLE stop = stop_event();
    if (live == NULL || stop == NULL)
    {
        free(live);
        return ctl_fail(ctl, "Out of memory.");
    }
    live->source.instance = live->service.instance = ctl->instance;
    live->has_screen = screen_open(&live->screen);
    ULONGLONG started = GetTickCount64();
    bool has_memory;
    do
    {
        has_memory = look(live);
    } while (has_memory && !output_is_broken() &&
             (seconds == 0 || GetTickCount64() - started < seconds * 1000ull) &&
             WaitForSingleObject(stop, INTERVAL_MS) == WAIT_TIMEOUT);
    if (live->has_screen)
    {
        screen_close(&live->screen);
        print_table(&live->table); /* what was seen last stays in the window */
    }
    bool is_other_version = live->source.is_other_version;
    free_live(live);
    return !has_memory        ? ctl_fail(ctl, "Out of memory.")
           : is_other_version ? status_other_version(ctl)
                              : CTL_FINE;
}
