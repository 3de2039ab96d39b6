/* delivery/global_table.h: COM's global interface table of this process.
 *
 * Units: none.  Ownership: the result is released by the caller.  Threads: any that has joined an
 * apartment.  Errors: NULL: the system refused.
 */
#ifndef RM_GLOBAL_TABLE_H
#define RM_GLOBAL_TABLE_H

#include <windows.h>
#include <objidl.h>

IGlobalInterfaceTable *rm_global_table(void);

#endif
