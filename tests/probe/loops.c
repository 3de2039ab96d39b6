#include "client.h"
#include "runner.h"

#define ANSWERS_MS      5000 /* how long an asynchronous answer may take after the run */
#define REFRESH_EVERY_N 5

static void do_status(void *context)
{
    struct rm_client *client = context;

    rm_server_get_status(&client->server);
}

static void do_read(void *context)
{
    struct rm_client *client = context;
    bool is_device = client->reads++ % 2 != 0;

    rm_group_read(&client->groups[0], is_device ? OPC_DS_DEVICE : OPC_DS_CACHE);
}

static void do_read_async(void *context)
{
    struct rm_client *client = context;

    rm_group_read_async(&client->groups[0]);
    if (++client->reads % REFRESH_EVERY_N == 0)
        rm_group_refresh(&client->groups[0], OPC_DS_CACHE);
}

static void do_write(void *context)
{
    struct rm_client *client = context;

    rm_group_write(&client->write_group, ++client->written);
}

static void do_write_async(void *context)
{
    struct rm_client *client = context;

    rm_group_write_async(&client->write_group, ++client->written);
}

static void do_add(void *context)
{
    struct rm_client *client = context;

    rm_client_add_and_remove(client);
    EnterCriticalSection(&client->probe->lock);
    client->probe->tally.adds++;
    LeaveCriticalSection(&client->probe->lock);
}

static void do_browse(void *context)
{
    struct rm_client *client = context;
    bool is_same;

    rm_client_browse_again(client, &is_same);
    EnterCriticalSection(&client->probe->lock);
    client->probe->tally.browses++;
    client->probe->tally.browses_wrong += !is_same;
    LeaveCriticalSection(&client->probe->lock);
}

static void do_tour(void *context)
{
    rm_client_tour(context);
}

static size_t plan(struct rm_client *client, struct rm_job *jobs)
{
    const struct rm_options *options = client->probe->options;
    const struct
    {
        uint64_t period_ms;
        void (*run)(void *context);
    } loops[] = {
        {options->status_loop_ms, do_status                                 },
        {options->read_loop_ms,   options->async ? do_read_async : do_read  },
        {options->write_loop_ms,  options->async ? do_write_async : do_write},
        {options->add_loop_ms,    do_add                                    },
        {options->browse_loop_ms, do_browse                                 },
        {options->tour_loop_ms,   do_tour                                   },
    };
    size_t count = 0;

    for (size_t i = 0; i < sizeof(loops) / sizeof(loops[0]); i++)
    {
        if (!loops[i].period_ms)
            continue;
        jobs[count].period_ms = loops[i].period_ms;
        jobs[count].run = loops[i].run;
        jobs[count].context = client;
        count++;
    }
    return count;
}

static uint64_t count_open(struct rm_probe *probe)
{
    EnterCriticalSection(&probe->lock);
    uint64_t open = rm_transactions_open(&probe->transactions);
    LeaveCriticalSection(&probe->lock);
    return open;
}

static void wait_for_answers(struct rm_probe *probe)
{
    uint64_t end_us = rm_probe_now_us() + ANSWERS_MS * 1000;
    uint64_t now_us;

    while (count_open(probe) && (now_us = rm_probe_now_us()) < end_us)
        rm_runner_wait((enum rm_apartment)probe->options->apartment, probe->answered,
                       (DWORD)rm_report_ms(end_us - now_us));
}

bool rm_client_run(struct rm_client *client)
{
    struct rm_probe *probe = client->probe;
    struct rm_job jobs[RM_RUNNER_JOBS] = {0};
    size_t count = plan(client, jobs);

    bool is_ok =
        rm_runner_run((enum rm_apartment)probe->options->apartment, jobs, count, probe->stop);
    rm_probe_close(probe);
    wait_for_answers(probe);
    return is_ok;
}
