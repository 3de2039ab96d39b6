/* call/worker.h: the pool of threads on which every call to a server is made.
 *
 * A job is run by one worker in the multithreaded apartment. There is always a worker for a job:
 * an idle one, else a new one, so nested calls can't starve. A worker may stay stuck in a dead call
 * for ever; whoever gives it up enters it in call/abandoned.h.
 *
 * Units: none.
 * Ownership: the job's memory belongs to the job; the pool keeps no reference after run returns.
 * Threads: any. `run` is called on a worker with no lock held.
 * Errors: false when no thread could be made; the job was not taken.
 * Source: design.md 3.4; C-01.
 */
#ifndef RM_WORKER_H
#define RM_WORKER_H

#include <stdbool.h>
#include <windows.h>

struct rm_job
{
    void (*run)(struct rm_job *job);
};

bool rm_worker_submit(struct rm_job *job);

/* The same for a job that calls the client: on a thread of its own with the stack that the process
 * gives its threads, for the client's code may need it. */
bool rm_worker_submit_client(struct rm_job *job);

#endif
