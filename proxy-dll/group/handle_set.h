/* group/handle_set.h: the items that one call names, translated for the link it goes to.
 *
 * Handles that we don't know, and items that the link's machine has refused, are not passed on:
 * they get their answer here, and the server's arrays are spread out again to the client's order.
 *
 * Units: none.
 * Ownership: owns copies; rm_handle_set_clear frees them. Arrays given to expand are the server's
 *   (COM allocator) and are replaced where needed.
 * Threads: resolve with the session locked; all else by the call's owner.
 * Errors: E_OUTOFMEMORY.
 * Source: design.md 3.2; reference 3.12, 6.
 */
#ifndef RM_HANDLE_SET_H
#define RM_HANDLE_SET_H

#include <stdbool.h>
#include <opc/opcda.h>

struct rm_group;
struct rm_link;

struct rm_handle_set
{
    DWORD count;      /* as the client gave them */
    OPCHANDLE *ours;  /* one block with the three below */
    OPCHANDLE *real;  /* sent_count of them, to be sent */
    DWORD *positions; /* position of each sent one in ours */
    HRESULT *early;   /* count of them: the answer for each that is not sent */
    DWORD sent_count;
    bool is_expanded; /* the server's arrays have count elements now, not sent_count */
};

HRESULT rm_handle_set_init(struct rm_handle_set *set, DWORD count, const OPCHANDLE *handles);
void rm_handle_set_clear(struct rm_handle_set *set);

/* Fills real, positions, early for the link. Locked. Can be called again for another link. */
void rm_handle_set_resolve(struct rm_handle_set *set, struct rm_group *group, struct rm_link *link);

/* For calls that change the shadow: items that we know but the link's machine has not got are
 * answered with S_OK, for the change counts once it has them. After resolve, locked. */
void rm_handle_set_accept_known(struct rm_handle_set *set, struct rm_group *group);

/* The elements of an array parallel to ours that go with the sent handles: the array itself where
 * all are sent, else *temporary, to be freed with rm_free. NULL: no memory. */
void *rm_handle_set_gather(const struct rm_handle_set *set, void *array, size_t element_size,
                           void **temporary);

#define RM_RESULT_ARRAYS_MAX 3

/* One of the arrays that a server returned beside the errors. */
struct rm_result_array
{
    void *block;
    size_t element_size;
};

/* After the server's answer: spreads *errors and the arrays (missing elements are zero, which is
 * VT_EMPTY) to the client's count and order. Nothing to do, and nothing copied, when all were sent.
 * Returns what the client is to get: hr, or S_FALSE where hr succeeded and one of the early ones
 * failed; E_FAIL when the server succeeded without giving its arrays. On failure of hr: nothing is
 * done. */
HRESULT rm_handle_set_expand_all(struct rm_handle_set *set, HRESULT hr,
                                 struct rm_result_array *arrays, unsigned array_count,
                                 HRESULT **errors);

/* The same for one array, or for none where array is NULL. */
HRESULT rm_handle_set_expand(struct rm_handle_set *set, HRESULT hr, void **array,
                             size_t element_size, HRESULT **errors);

/* How many elements the arrays have now. */
DWORD rm_handle_set_result_count(const struct rm_handle_set *set);

/* Nothing is left to be sent although the client named items: the answer is made here, by expand
 * with arrays that are NULL. */
bool rm_handle_set_is_all_early(const struct rm_handle_set *set);

#endif
