#include "play.h"
#include "arena.h"
#include "machine.h"
#include "switch.h"

#include <objbase.h>
#include <stdio.h>
#include <string.h>

#define HUNG_MS 60000
#define LATE_MS 5000

/* What runs now, for those who watch it. */
static const char *volatile current_script = "";
static const char *volatile current_side = "";
static volatile int current_call;
static volatile DWORD current_since;
static volatile bool is_watched;

static const struct play *played;

void play_print_totals(const struct play *play)
{
    printf("scripts=%d calls=%d different=%d listed=%d\n", play->scripts, play->calls,
           play->comparison.different, play->comparison.listed);
    fflush(stdout);
}

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
            play_print_totals(played);
            TerminateProcess(GetCurrentProcess(), 3);
        }
    }
    return 0;
}

static LONG WINAPI tell_crash(EXCEPTION_POINTERS *pointers)
{
    printf("CRASHED %s %d %s: exception 0x%08lx at %p\n", current_script, current_call,
           current_side, pointers->ExceptionRecord->ExceptionCode,
           pointers->ExceptionRecord->ExceptionAddress);
    play_print_totals(played);
    TerminateProcess(GetCurrentProcess(), 4);
    return EXCEPTION_EXECUTE_HANDLER;
}

bool play_begin(struct play *play)
{
    WCHAR prog_id[64];
    _snwprintf(prog_id, 64, L"RMSim.%hs.1", play->server);
    played = play;
    SetUnhandledExceptionFilter(tell_crash);
    CloseHandle(CreateThread(NULL, 0, watch, NULL, 0, NULL));
    CoInitializeEx(NULL, play->is_sta ? COINIT_APARTMENTTHREADED : COINIT_MULTITHREADED);
    bool is_open = SUCCEEDED(CLSIDFromProgID(prog_id, &play->clsid)) &&
                   machines_open(play->server, play->standby);
    Sleep(100); /* so that what was there before is older than every run */
    return is_open;
}

void play_end(struct play *play)
{
    machines_close();
    (void)play;
    CoUninitialize();
}

static void dump(const struct play *play, const struct script *script, const struct run *run,
                 const char *side)
{
    char path[MAX_PATH];
    int call = -1;
    if (play->dump == NULL)
    {
        return;
    }
    snprintf(path, sizeof(path), "%s\\%s.%s", play->dump, script->name, side);
    FILE *file = fopen(path, "w");
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

/* Everything the client had there must be gone when it has left: only our own connection stays. */
static void check_machine(const char *machine, struct run *run)
{
    DWORD start = GetTickCount();
    while (switch_clients(machine) > 1 && GetTickCount() - start < LATE_MS)
    {
        run_pause(run, 5);
    }
    int clients = switch_clients(machine);
    lines_add(&run->lines, 0, "clients left", "%d", clients > 0 ? clients - 1 : 0);
}

static bool run_lines(struct play *play, const struct script *script, struct run *run,
                      int switch_before)
{
    for (int i = 0; i < script->count; i++)
    {
        current_call = i + 1;
        current_since = GetTickCount();
        if (i + 1 == switch_before &&
            !(machines_copy() && switch_away(play->server) && machines_reopen()))
        {
            return run_fail(run, "the machine can't be taken away");
        }
        if (!run_line(run, i + 1, script->lines[i]) || run->error[0] != '\0')
        {
            return false;
        }
    }
    return true;
}

struct run *play_side(struct play *play, const struct script *script, bool is_through,
                      int switch_before)
{
    struct run *run = must_allocate(sizeof(*run));
    FILETIME now;
    run->clsid = play->clsid;
    run->context = is_through ? CLSCTX_INPROC_SERVER : CLSCTX_LOCAL_SERVER;
    run->is_sta = play->is_sta;
    run->view.is_coarse = play->is_coarse;
    GetSystemTimeAsFileTime(&now);
    run->view.start = (((ULONGLONG)now.dwHighDateTime << 32) | now.dwLowDateTime) - 300000;
    current_script = script->name;
    current_side = is_through ? "through" : "direct";
    current_call = 0;
    current_since = GetTickCount();
    is_watched = true;
    bool is_good = (machines_reset() && run_begin(run)) || run_fail(run, "there is no server");
    is_good = is_good && run_lines(play, script, run, switch_before);
    if (!is_good)
    {
        printf("BROKEN %s %d: %s   (%s)\n", script->name, current_call, run->error,
               current_call > 0 ? script->lines[current_call - 1] : "begin");
    }
    current_call = script->count + 1;
    run_end(run, 0);
    check_machine(play->server, run);
    if (play->standby != NULL)
    {
        check_machine(play->standby, run);
    }
    is_watched = false;
    if (!is_good)
    {
        play->is_broken = true;
        run_free(run);
        return NULL;
    }
    return run;
}

void play_script(struct play *play, const struct script *script)
{
    DWORD start = GetTickCount();
    struct run *direct = play_side(play, script, false, 0);
    DWORD middle = GetTickCount();
    struct run *through = direct != NULL ? play_side(play, script, true, 0) : NULL;
    printf("RUN %s %lu ms, %lu ms\n", script->name, middle - start, GetTickCount() - middle);
    if (through != NULL)
    {
        dump(play, script, direct, "direct");
        dump(play, script, through, "through");
        compare_runs(script->name, script->lines, &direct->lines, &through->lines,
                     &play->comparison);
        play->calls += direct->calls;
        play->scripts++;
        if (direct->calls > SCRIPT_CALLS_MAX)
        {
            printf("BROKEN %s: %ld calls, more than %d\n", script->name, direct->calls,
                   SCRIPT_CALLS_MAX);
            play->is_broken = true;
        }
        run_free(through);
    }
    if (direct != NULL)
    {
        run_free(direct);
    }
    fflush(stdout);
}

void play_switches(struct play *play, const struct script *script, int step)
{
    DWORD start = GetTickCount();
    int first = play->scripts % step + 1; /* another remainder for each script */
    struct run *direct = play_side(play, script, false, 0);
    for (int i = first; direct != NULL && i <= script->count; i += step)
    {
        char name[96];
        char side[32];
        struct run *through = play_side(play, script, true, i);
        if (through == NULL)
        {
            continue;
        }
        snprintf(name, sizeof(name), "%s@%d", script->name, i);
        snprintf(side, sizeof(side), "through@%d", i);
        dump(play, script, through, side);
        compare_runs(name, script->lines, &direct->lines, &through->lines, &play->comparison);
        play->calls += through->calls;
        run_free(through);
        printf("RUN %s\n", name);
        fflush(stdout); /* a sign of life */
    }
    printf("RUN %s %lu ms\n", script->name, GetTickCount() - start);
    if (direct != NULL)
    {
        dump(play, script, direct, "direct");
        run_free(direct);
    }
    play->scripts++;
    fflush(stdout);
}
