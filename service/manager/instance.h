/* manager/instance.h: the names that an instance (rm/instance.h) has as a service.
 *
 * An instance has a service and a source of system events of its own, so that a test and an
 * installed product, or two products, don't meet. The one without a name is the installed product.
 *
 *   what                     ""                            "TEST"
 *   service, event source    RedundancyMaster              RedundancyMaster.TEST
 *   shown by Windows as      RedundancyMaster              RedundancyMaster (TEST)
 *
 * Units: none.
 * Ownership: the caller's buffers.
 * Threads: any; no state.
 * Errors: none: names have been checked by rm_instance_is_valid, or are "".
 */
#ifndef RM_MANAGER_INSTANCE_H
#define RM_MANAGER_INSTANCE_H

#include <rm/instance.h>

#define RM_INSTANCE_NAME_SIZE 80 /* of the names that are made of it */

/* Services' names are compared without regard to case, and so is everything that is made of them.
 */
void rm_instance_service_name(const wchar_t *instance, wchar_t name[RM_INSTANCE_NAME_SIZE]);
void rm_instance_display_name(const wchar_t *instance, wchar_t name[RM_INSTANCE_NAME_SIZE]);

#endif
