/* ctl/monitor.h: what the files of rmctl monitor share.
 *
 * Units: none.
 * Ownership: all is borrowed.
 * Threads: one.
 * Errors: as in ctl.h.
 * Source: RM-160 .. RM-180.
 */
#ifndef RM_CTL_MONITOR_H
#define RM_CTL_MONITOR_H

#include "ctl.h"

/* monitor_list.c: the settings of all items. */
void monitor_list(const struct ctl *ctl, const struct rm_server_config *server);

/* monitor_test.c: connects to each machine itself, as the service does. CTL_FAILED: one is in
 * error, or can't be tested. */
enum ctl_exit monitor_test(struct ctl *ctl, const struct rm_server_config *server);

#endif
