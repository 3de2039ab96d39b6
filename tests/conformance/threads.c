#include "threads.h"
#include "watch.h"

#include <objbase.h>
#include <stdio.h>
#include <string.h>

#define THREADS_MAX 8
#define LOOK_MS     5

struct crew
{
    struct run *run;
    const struct threads_block *block;
    int take_before;
    HANDLE reached; /* by the thread with that line */
    HANDLE taken;   /* it may go on */
};

struct member
{
    struct crew *crew;
    int number;
};

/* The line's thread and where its statement begins; 0 if it is no such line. */
static int thread_of(const char *line, const char **text)
{
    int number = 0;
    int length = 0;
    if (sscanf(line, "thread %d: %n", &number, &length) < 1 || length == 0)
    {
        return 0;
    }
    *text = line + length;
    return number > 0 && number <= THREADS_MAX ? number : 0;
}

bool threads_find(char *const *lines, int count, int first, struct threads_block *block)
{
    const char *text;
    *block = (struct threads_block){.lines = lines, .first = first, .end = first};
    while (block->end < count && thread_of(lines[block->end], &text) > 0)
    {
        block->end++;
    }
    return block->end > first;
}

static DWORD WINAPI run_thread(void *argument)
{
    const struct member *member = argument;
    struct crew *crew = member->crew;
    const struct threads_block *block = crew->block;
    bool is_good = true;
    CoInitializeEx(NULL, crew->run->is_sta ? COINIT_APARTMENTTHREADED : COINIT_MULTITHREADED);
    for (int i = block->first; i < block->end && is_good; i++)
    {
        const char *text = NULL;
        if (thread_of(block->lines[i], &text) != member->number)
        {
            continue;
        }
        watch_call(i + 1);
        if (i + 1 == crew->take_before)
        {
            SetEvent(crew->reached);
            WaitForSingleObject(crew->taken, INFINITE);
        }
        is_good = run_line(crew->run, i + 1, text);
    }
    CoUninitialize();
    return 0;
}

/* Until all have ended; the machine is taken away in between. */
static bool wait_for(const struct crew *crew, HANDLE *threads, DWORD count,
                     bool (*take)(void *context), void *context)
{
    bool is_good = true;
    while (WaitForMultipleObjects(count, threads, TRUE, 0) == WAIT_TIMEOUT)
    {
        if (WaitForSingleObject(crew->reached, 0) == WAIT_OBJECT_0)
        {
            is_good = take(context);
            SetEvent(crew->taken);
        }
        run_pause(crew->run, LOOK_MS);
    }
    return is_good;
}

bool threads_run(struct run *run, const struct threads_block *block, int take_before,
                 bool (*take)(void *context), void *context)
{
    struct crew crew = {.run = run, .block = block, .take_before = take_before};
    struct member members[THREADS_MAX];
    HANDLE threads[THREADS_MAX];
    DWORD count = 0;
    bool is_member[THREADS_MAX + 1] = {false};
    crew.reached = CreateEventW(NULL, FALSE, FALSE, NULL);
    crew.taken = CreateEventW(NULL, FALSE, FALSE, NULL);
    run->has_threads = true;
    for (int i = block->first; i < block->end; i++)
    {
        const char *text = NULL;
        int number = thread_of(block->lines[i], &text);
        if (!is_member[number])
        {
            is_member[number] = true;
            members[count] = (struct member){.crew = &crew, .number = number};
            threads[count] = CreateThread(NULL, 0, run_thread, &members[count], 0, NULL);
            count++;
        }
    }
    bool is_good = wait_for(&crew, threads, count, take, context) ||
                   run_fail(run, "the machine can't be taken away");
    for (DWORD i = 0; i < count; i++)
    {
        CloseHandle(threads[i]);
    }
    CloseHandle(crew.reached);
    CloseHandle(crew.taken);
    return is_good && run->error[0] == '\0';
}
