/* ctl/service.h: the larger ones of rmctl's orders about the service.
 *
 * Units: none.
 * Ownership: all is borrowed.
 * Threads: one.
 * Errors: the exit status; what was wrong has been printed.
 * Source: RM-067, RM-068.
 */
#ifndef RM_CTL_SERVICE_H
#define RM_CTL_SERVICE_H

#include <manager/instance.h>
#include <manager/manager.h>

#include "ctl.h"

enum ctl_exit service_install(struct ctl *ctl, struct rm_manager *manager);
enum ctl_exit service_status(struct ctl *ctl, struct rm_manager *manager);

/* Which service is meant: that of --instance, without it that of rmctl's own folder. */
enum ctl_exit service_take_instance(struct ctl *ctl, wchar_t instance[RM_INSTANCE_MAX + 1]);

#endif
