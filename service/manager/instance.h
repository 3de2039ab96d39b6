/* manager/instance.h: the names that an instance of the service has on this computer.
 *
 * An instance has a service, a source of system events and a lock of its own, so that a test and an
 * installed product, or two products, don't meet. The one without a name is the installed product.
 *
 *   what                     ""                            "TEST"
 *   service, event source    RedundancyMaster              RedundancyMaster.TEST
 *   shown by Windows as      RedundancyMaster              RedundancyMaster (TEST)
 *   lock                     Global\redundancymaster.service, with .test behind it
 *
 * Units: none.
 * Ownership: the caller's buffers.
 * Threads: any; no state.
 * Errors: names are checked once, by rm_instance_is_valid; the others take valid ones, or "".
 */
#ifndef RM_MANAGER_INSTANCE_H
#define RM_MANAGER_INSTANCE_H

#include <stdbool.h>
#include <wchar.h>

#define RM_INSTANCE_MAX       32
#define RM_INSTANCE_NAME_SIZE 80 /* of the names that are made of it */

/* What a name must be, for messages. */
#define RM_INSTANCE_RULE "1 to 32 letters, digits, '-' and '_'"

/* A name, not "". */
bool rm_instance_is_valid(const wchar_t *instance);

/* Services' names are compared without regard to case, and so is everything that is made of them.
 */
void rm_instance_service_name(const wchar_t *instance, wchar_t name[RM_INSTANCE_NAME_SIZE]);
void rm_instance_display_name(const wchar_t *instance, wchar_t name[RM_INSTANCE_NAME_SIZE]);
void rm_instance_lock_name(const wchar_t *instance, wchar_t name[RM_INSTANCE_NAME_SIZE]);

#endif
