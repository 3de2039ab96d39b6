#include "play.h"
#include "arena.h"
#include "leak.h"
#include "machine.h"
#include "switch.h"
#include "threads.h"
#include "watch.h"

#include <objbase.h>
#include <stdio.h>
#include <string.h>

#define LATE_MS       20000 /* a process that is being started only to be told that it isn't needed */
#define AFTER_KILL_MS 45000
#define BEGIN_MS      500
#define STANDBY_MS    10000 /* until a standby is there that has to be started */

static const struct play *played;

void play_print_totals(const struct play *play)
{
    printf("scripts=%d calls=%d different=%d listed=%d\n", play->scripts, play->calls,
           play->comparison.different, play->comparison.listed);
    fflush(stdout);
}

static void print_played(void)
{
    play_print_totals(played);
}

bool play_begin(struct play *play)
{
    WCHAR prog_id[64];
    _snwprintf(prog_id, 64, L"RMSim.%hs.1", play->server);
    played = play;
    watch_open(print_played);
    CoInitializeEx(NULL, play->is_sta ? COINIT_APARTMENTTHREADED : COINIT_MULTITHREADED);
    bool is_open = SUCCEEDED(CLSIDFromProgID(prog_id, &play->clsid)) &&
                   machines_open(play->server, play->standby, !play->is_killing);
    Sleep(100); /* so that what was there before is older than every run */
    return is_open;
}

static void pause(void)
{
    struct run nothing = {.is_sta = played->is_sta};
    run_pause(&nothing, 5);
}

void play_end(struct play *play)
{
    if (!leak_is_module_unused(pause))
    {
        printf("LEAK: redundancymaster.dll is still in use when all objects are released\n");
        play->leaks++;
    }
    machines_close();
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
static void check_machine(const char *machine, const char *field, struct run *run)
{
    DWORD start = GetTickCount();
    DWORD late_ms = played->is_killing ? AFTER_KILL_MS : LATE_MS;
    int held = machines_held(machine);
    while (switch_clients(machine) > held && GetTickCount() - start < late_ms)
    {
        run_pause(run, 5);
    }
    int left = switch_clients(machine) - held;
    lines_add(&run->lines, 0, field, "%d", left > 0 ? left : 0);
}

static bool take_away(void *context)
{
    const struct play *play = context;
    bool is_away = play->is_killing ? switch_kill(play->server) : switch_away(play->server, pause);
    return is_away && machines_reopen();
}

static bool run_lines(struct play *play, const struct script *script, struct run *run,
                      int switch_before)
{
    bool is_good = true;
    bool is_unnoticed = false;
    for (int i = 0; i < script->count && is_good; i++)
    {
        struct threads_block block;
        watch_call(i + 1);
        if (threads_find(script->lines, script->count, i, &block))
        {
            is_good = threads_run(run, &block, switch_before, take_away, play);
            i = block.end - 1;
            continue;
        }
        if (i + 1 == switch_before)
        {
            run_wait_for_answers(run);
            is_unnoticed = true;
            is_good = take_away(play) || run_fail(run, "the machine can't be taken away");
        }
        if (is_unnoticed && run_is_waiting(script->lines[i]))
        {
            run_touch(run);
            is_unnoticed = false;
        }
        is_good = is_good && run_line(run, i + 1, script->lines[i]) && run->error[0] == '\0';
    }
    return is_good;
}

static bool has_client(const char *machine)
{
    return machine == NULL || switch_clients(machine) > machines_held(machine);
}

/* After a kill Wine refuses the machine for a while, so that a client that comes through us is
 * given the standby, rightly, or nothing while that one's process of before is just ending. It lets
 * go and comes again until there is a machine to be taken away and one to go to. */
static bool begin(const struct play *play, struct run *run, bool is_through)
{
    DWORD start = GetTickCount();
    bool is_begun = run_begin(run);
    bool is_ready = !is_through || !play->is_killing;
    while (!is_ready && GetTickCount() - start < AFTER_KILL_MS)
    {
        run_pause(run, BEGIN_MS); /* the standby comes a moment later */
        is_ready = is_begun && has_client(play->server) && has_client(play->standby);
        if (is_ready ||
            (is_begun && has_client(play->server) && GetTickCount() - start < STANDBY_MS))
        {
            continue;
        }
        run_end(run, 0);
        run_pause(run, BEGIN_MS);
        lines_free(&run->lines);
        run->error[0] = '\0';
        is_begun = run_begin(run);
    }
    return is_begun;
}

/* One side of a script; the machine goes away before the line `switch_before` (0: never). */
static struct run *play_side(struct play *play, const struct script *script, bool is_through,
                             int switch_before)
{
    struct run *run = must_allocate(sizeof(*run));
    FILETIME now;
    run->clsid = play->clsid;
    run->context = is_through ? CLSCTX_INPROC_SERVER : CLSCTX_LOCAL_SERVER;
    run->is_sta = play->is_sta;
    /* After a kill Wine's rpcss refuses the machine, or has the next client meet the process that
     * is gone. A direct client that tries again is no less direct. */
    run->patience_ms = play->is_killing && !is_through ? AFTER_KILL_MS : 0;
    run->view.is_switched = play->is_switching;
    GetSystemTimeAsFileTime(&now);
    run->view.start = (((ULONGLONG)now.dwHighDateTime << 32) | now.dwLowDateTime) - 300000;
    watch_begin(script->name, is_through ? "through" : "direct");
    bool is_good = machines_reset() || run_fail(run, "the memory can't be reset");
    is_good =
        is_good && begin(play, run, is_through) && run_lines(play, script, run, switch_before);
    if (!is_good)
    {
        int call = watch_last_call();
        printf("BROKEN %s %d %s: %s   (%s)\n", script->name, call,
               is_through ? "through" : "direct", run->error,
               call > 0 ? script->lines[call - 1] : "begin");
    }
    watch_call(script->count + 1);
    run_end(run, 0);
    check_machine(play->server, "clients left", run);
    if (play->standby != NULL)
    {
        check_machine(play->standby, "clients left of the standby", run);
    }
    watch_end();
    if (!is_good)
    {
        play->is_broken = true;
        run_free(run);
        return NULL;
    }
    return run;
}

/* Once more. false: it could not be carried out. */
static bool measure(struct play *play, const struct script *script, bool is_through,
                    struct leak *leak)
{
    struct meter before;
    leak_begin(&before);
    struct run *run = play_side(play, script, is_through, 0);
    if (run == NULL)
    {
        return false;
    }
    run_free(run);
    leak_end(leak, &before, pause);
    printf("AGAIN %s\n", script->name);
    fflush(stdout); /* a sign of life */
    return true;
}

/* Again, until a run has left nothing. What COM itself leaves behind without us is not our leak. */
static void check_leaks(struct play *play, const struct script *script, struct leak *leak)
{
    struct leak direct = {.runs = 0};
    while (leak_is_likely(leak) && leak->runs < LEAK_RUNS)
    {
        if (!measure(play, script, true, leak))
        {
            return;
        }
    }
    while (leak_is_likely(leak) && direct.runs < LEAK_RUNS)
    {
        if (!measure(play, script, false, &direct))
        {
            return;
        }
    }
    if (leak_is_likely(leak) && leak_is_more(leak, &direct))
    {
        printf("LEAK %s: each run leaves %ld handles, %ld blocks, %ld bytes at least, and a direct "
               "one usually %ld, %ld, %ld\n",
               script->name, leak_least(leak, LEAK_HANDLES), leak_least(leak, LEAK_BLOCKS),
               leak_least(leak, LEAK_BYTES), leak_usual(&direct, LEAK_HANDLES),
               leak_usual(&direct, LEAK_BLOCKS), leak_usual(&direct, LEAK_BYTES));
        play->leaks++;
    }
}

static void compare(struct play *play, const struct script *script, const struct run *direct,
                    const struct run *through)
{
    dump(play, script, direct, "direct");
    dump(play, script, through, "through");
    compare_runs(script->name, script->lines, &direct->lines, &through->lines, &play->comparison);
    play->calls += direct->calls;
    play->scripts++;
    if (direct->calls > SCRIPT_CALLS_MAX)
    {
        printf("BROKEN %s: %ld calls, more than %d\n", script->name, direct->calls,
               SCRIPT_CALLS_MAX);
        play->is_broken = true;
    }
}

void play_script(struct play *play, const struct script *script)
{
    struct meter before;
    struct leak leak = {.runs = 0};
    DWORD start = GetTickCount();
    struct run *direct = play_side(play, script, false, 0);
    DWORD middle = GetTickCount();
    if (direct == NULL)
    {
        return;
    }
    leak_begin(&before);
    struct run *through = play_side(play, script, true, 0);
    DWORD end = GetTickCount();
    if (through != NULL)
    {
        compare(play, script, direct, through);
        run_free(through);
        leak_end(&leak, &before, pause);
    }
    check_leaks(play, script, &leak);
    printf("RUN %s %lu ms, %lu ms, %d runs\n", script->name, middle - start, end - middle,
           leak.runs);
    run_free(direct);
    fflush(stdout);
}

/* One run through us against `direct`. */
static void play_through(struct play *play, const struct script *script, const struct run *direct,
                         int line)
{
    char name[96];
    char side[32];
    struct run *through = play_side(play, script, true, line);
    if (through == NULL)
    {
        return;
    }
    snprintf(name, sizeof(name), "%s@%d", script->name, line);
    snprintf(side, sizeof(side), "through@%d", line);
    dump(play, script, through, side);
    compare_runs(name, script->lines, &direct->lines, &through->lines, &play->comparison);
    play->calls += through->calls;
    run_free(through);
    printf("RUN %s\n", name);
    fflush(stdout); /* a sign of life */
}

void play_switches(struct play *play, const struct script *script, int step)
{
    DWORD start = GetTickCount();
    int first = play->scripts % step + 1; /* another remainder for each script */
    struct run *direct = play_side(play, script, false, 0);
    for (int i = first; direct != NULL && i <= script->count; i += step)
    {
        play_through(play, script, direct, i);
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

void play_switch(struct play *play, const struct script *script, int line)
{
    struct run *direct = play_side(play, script, false, 0);
    if (direct != NULL)
    {
        play_through(play, script, direct, line);
        dump(play, script, direct, "direct");
        run_free(direct);
    }
    play->scripts++;
}
