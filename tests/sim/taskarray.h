/* taskarray.h: the arrays that methods of Data Access 3.0 return: values, qualities, time stamps
 * and errors side by side, and zeroed blocks of the COM task allocator.
 *
 * Ownership: the blocks are handed to the caller of the method, who frees them.
 * Threads: any; an array is used by one thread at a time.
 * Errors: NULL or false where there is no memory, or more elements than a block can have.
 * Source: OPC DA 3.0, IOPCItemIO, IOPCSyncIO2.
 */
#ifndef SIM_TASKARRAY_H
#define SIM_TASKARRAY_H

#include "value.h"

struct sim_vqt_arrays
{
    VARIANT *values;
    WORD *qualities;
    FILETIME *stamps;
    HRESULT *errors;
};

/* All zeros; a VARIANT is empty then. */
void *sim_task_array(DWORD count, size_t size);

/* Four arrays of `count`; none on failure. */
bool sim_vqt_arrays_create(struct sim_vqt_arrays *arrays, DWORD count);

/* Takes over the value; without success the element is empty and bad. */
void sim_vqt_arrays_set(struct sim_vqt_arrays *arrays, DWORD i, struct sim_vqt *vqt, HRESULT error);

#endif
