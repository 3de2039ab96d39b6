/* port_posix.h: what the files of this room share on Linux.
 *
 * Units: none.  Ownership: the caller's.  Threads: any.
 * Errors: the status that stands for errno, with its reason.
 */
#ifndef RM_PORT_POSIX_H
#define RM_PORT_POSIX_H

#include "port.h"

enum rm_status rm_port_posix_fail(struct rm_port_reason *reason);

#endif
