/* delivery/group_job.h: what is to be told to a group's client by a thread that may call it.
 *
 * Units: none.
 * Ownership: the job holds the group; context stays the caller's until run has it.
 * Threads: submitted with the session locked, for a group in its table; run has no lock.
 * Errors: false: no memory or no thread; run will not be called.
 */
#ifndef RM_GROUP_JOB_H
#define RM_GROUP_JOB_H

#include <stdbool.h>

struct rm_group;

bool rm_group_job_submit(struct rm_group *group, void (*run)(struct rm_group *, void *),
                         void *context);

#endif
