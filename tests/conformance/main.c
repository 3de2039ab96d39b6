/* rmcall: makes the calls of scripts straight to a server and through RedundancyMaster, and compares
 * what came of them. */
#include "arena.h"
#include "compare.h"
#include "machine.h"
#include "run.h"
#include "script.h"

#include <objbase.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HUNG_MS 40000

struct settings
{
    const char *server;  /* ProgID; hooked */
    const char *standby; /* ProgID; NULL: none */
    const char *only;    /* scripts whose name begins so */
    const char *dump;    /* folder for the transcripts */
    bool is_sta;
    int da;
};

struct totals
{
    int calls;
    struct comparison comparison;
    int scripts;
    bool is_broken;
};

static struct settings settings = {.server = "RMSim.CA.1", .da = 2};
static CLSID clsid;

/* What runs now, for those who watch it. */
static const char *volatile current_script = "";
static const char *volatile current_side = "";
static volatile int current_call;
static volatile DWORD current_since;
static volatile bool is_watched;

static DWORD WINAPI watch(void *unused)
{
    (void)unused;
    while (true)
    {
        Sleep(500);
        DWORD since = current_since;
        if (is_watched && GetTickCount() - since > HUNG_MS)
        {
            printf("HUNG %s %d %s\n", current_script, current_call, current_side);
            fflush(stdout);
            TerminateProcess(GetCurrentProcess(), 3);
        }
    }
    return 0;
}

static LONG WINAPI tell_crash(EXCEPTION_POINTERS *pointers)
{
    printf("CRASHED %s %d %s: exception 0x%08lx at %p\n", current_script, current_call, current_side,
           pointers->ExceptionRecord->ExceptionCode, pointers->ExceptionRecord->ExceptionAddress);
    fflush(stdout);
    TerminateProcess(GetCurrentProcess(), 4);
    return EXCEPTION_EXECUTE_HANDLER;
}

static void dump(const struct script *script, const struct run *run, const char *side)
{
    char path[MAX_PATH];
    if (settings.dump == NULL)
    {
        return;
    }
    snprintf(path, sizeof(path), "%s\\%s.%s", settings.dump, script->name, side);
    FILE *file = fopen(path, "w");
    int call = -1;
    for (int i = 0; file != NULL && i < run->lines.count; i++)
    {
        const struct line *line = &run->lines.all[i];
        if (line->call != call && line->call > 0 && line->call <= script->count)
        {
            fprintf(file, "%d: %s\n", line->call, script->lines[line->call - 1]);
        }
        call = line->call;
        fprintf(file, "%d   %s = %s\n", line->call, line->field, line->value);
    }
    if (file != NULL)
    {
        fclose(file);
    }
}

/* One side of a script; NULL when the script or the machines are broken. */
static struct run *run_side(const struct script *script, DWORD context)
{
    struct run *run = must_allocate(sizeof(*run));
    FILETIME now;
    run->clsid = clsid;
    run->context = context;
    run->is_sta = settings.is_sta;
    run->script = script->name;
    GetSystemTimeAsFileTime(&now);
    run->view.start = (((ULONGLONG)now.dwHighDateTime << 32) | now.dwLowDateTime) - 300000;
    current_script = script->name;
    current_side = context == CLSCTX_LOCAL_SERVER ? "direct" : "through";
    current_since = GetTickCount();
    is_watched = true;
    bool is_good = machines_reset() && run_begin(run);
    if (!is_good)
    {
        printf("BROKEN %s: no server\n", script->name);
    }
    for (int i = 0; i < script->count && is_good; i++)
    {
        current_call = i + 1;
        current_since = GetTickCount();
        run->line_text = script->lines[i];
        is_good = run_line(run, i + 1, script->lines[i]);
        if (!is_good || run->error[0] != '\0')
        {
            printf("BROKEN %s %d: %s   (%s)\n", script->name, i + 1, run->error, script->lines[i]);
            is_good = false;
        }
    }
    current_call = script->count + 1;
    run_end(run, 0);
    is_watched = false;
    if (!is_good)
    {
        run_free(run);
        return NULL;
    }
    return run;
}

static void run_script(const struct script *script, struct totals *totals)
{
    DWORD start = GetTickCount();
    struct run *direct = run_side(script, CLSCTX_LOCAL_SERVER);
    DWORD middle = GetTickCount();
    struct run *through = direct != NULL ? run_side(script, CLSCTX_INPROC_SERVER) : NULL;
    printf("RUN %s %lu ms, %lu ms\n", script->name, middle - start, GetTickCount() - middle);
    if (through != NULL)
    {
        dump(script, direct, "direct");
        dump(script, through, "through");
        compare_runs(script->name, script->lines, &direct->lines, &through->lines,
                     &totals->comparison);
        totals->calls += direct->calls;
        totals->scripts++;
        if (direct->calls > SCRIPT_CALLS_MAX)
        {
            printf("BROKEN %s: %ld calls, more than %d\n", script->name, direct->calls,
                   SCRIPT_CALLS_MAX);
            totals->is_broken = true;
        }
        run_free(through);
    }
    else
    {
        totals->is_broken = true;
    }
    if (direct != NULL)
    {
        run_free(direct);
    }
    fflush(stdout);
}

static bool is_wanted(const struct script *script)
{
    return (script->da == 0 || script->da == settings.da) &&
           (settings.only == NULL ||
            strncmp(script->name, settings.only, strlen(settings.only)) == 0);
}

static int usage(void)
{
    fputs("usage: rmcall [--server PROGID] [--standby PROGID] [--apartment mta|sta] [--da 2|3]\n"
          "              [--allowed FILE] [--only NAME] [--dump FOLDER] SCRIPTS...\n",
          stderr);
    return 2;
}

static bool take_option(const char *name, const char *value)
{
    if (strcmp(name, "--server") == 0)
    {
        settings.server = value;
    }
    else if (strcmp(name, "--standby") == 0)
    {
        settings.standby = value;
    }
    else if (strcmp(name, "--only") == 0)
    {
        settings.only = value;
    }
    else if (strcmp(name, "--dump") == 0)
    {
        settings.dump = value;
    }
    else if (strcmp(name, "--apartment") == 0)
    {
        settings.is_sta = strcmp(value, "sta") == 0;
        return settings.is_sta || strcmp(value, "mta") == 0;
    }
    else if (strcmp(name, "--da") == 0)
    {
        settings.da = atoi(value);
        return settings.da == 2 || settings.da == 3;
    }
    else if (strcmp(name, "--allowed") == 0)
    {
        return compare_allow(value);
    }
    else
    {
        return false;
    }
    return true;
}

static bool begin(void)
{
    WCHAR wide[64];
    _snwprintf(wide, 64, L"%hs", settings.server);
    SetUnhandledExceptionFilter(tell_crash);
    CloseHandle(CreateThread(NULL, 0, watch, NULL, 0, NULL));
    CoInitializeEx(NULL, settings.is_sta ? COINIT_APARTMENTTHREADED : COINIT_MULTITHREADED);
    bool is_open = SUCCEEDED(CLSIDFromProgID(wide, &clsid)) && machines_open(settings.server) &&
                   (settings.standby == NULL || machines_open(settings.standby));
    Sleep(100); /* so that what was there before is older than every run */
    return is_open;
}

int main(int count, char **arguments)
{
    struct scripts scripts = {.count = 0};
    struct totals totals = {.calls = 0};
    int i = 1;
    for (; i + 1 < count && strncmp(arguments[i], "--", 2) == 0; i += 2)
    {
        if (!take_option(arguments[i], arguments[i + 1]))
        {
            return usage();
        }
    }
    if (i == count)
    {
        return usage();
    }
    for (; i < count; i++)
    {
        if (!scripts_load(&scripts, arguments[i]))
        {
            return 2;
        }
    }
    if (!begin())
    {
        return 3;
    }
    for (i = 0; i < scripts.count; i++)
    {
        if (is_wanted(&scripts.all[i]))
        {
            run_script(&scripts.all[i], &totals);
        }
    }
    machines_close();
    int unused = compare_unused();
    CoUninitialize();
    printf("scripts=%d calls=%d different=%d listed=%d\n", totals.scripts, totals.calls,
           totals.comparison.different, totals.comparison.listed);
    scripts_free(&scripts);
    return totals.is_broken || totals.comparison.different > 0 || unused > 0;
}
