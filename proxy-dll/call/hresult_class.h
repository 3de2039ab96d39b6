/* call/hresult_class.h: what an HRESULT says about the link that it came over.
 *
 * The one table in which "the server said no" is told from "the server is gone" (style.md).
 *
 * Units: none.  Ownership: none.  Threads: any.  Errors: none.
 * Source: reference 5.4 and 7.9; design.md 3.4; platform.md 4.
 */
#ifndef RM_HRESULT_CLASS_H
#define RM_HRESULT_CLASS_H

#include <stdbool.h>

#include <windows.h>

enum rm_hresult_class
{
    RM_HRESULT_ANSWER,       /* the server answered, be it with an error: pass it on */
    RM_HRESULT_LOST_NOT_RUN, /* the link is gone and the call certainly did not run */
    RM_HRESULT_LOST_UNKNOWN, /* the link is gone and nobody knows whether the call ran */
    RM_HRESULT_CLASS_COUNT
};

#define RM_HRESULT_UNAVAILABLE ((HRESULT)0x800706BAL) /* RPC_S_SERVER_UNAVAILABLE */
#define RM_HRESULT_CALL_FAILED ((HRESULT)0x800706BEL) /* RPC_S_CALL_FAILED */
#define RM_HRESULT_NULL_REF    ((HRESULT)0x800706F4L) /* RPC_X_NULL_REF_POINTER: what a proxy says */
#define RM_HRESULT_ENUM_RANGE  ((HRESULT)0x800706F5L) /* RPC_X_ENUM_VALUE_OUT_OF_RANGE: likewise */

enum rm_hresult_class rm_hresult_classify(HRESULT hr);

/* Whether an enumeration's value fits into the 16 bits that it has on the wire. A proxy refuses all
 * others with RM_HRESULT_ENUM_RANGE, after NULL references and before the server is asked. */
bool rm_is_enum(int value);

/* Whether the failure of an activation comes from the server itself (a connection limit, a missing
 * license), so the machine can be reached; false when COM, Windows or the network say it. */
bool rm_hresult_is_refusal(HRESULT hr);

/* Of the codes that mean a lost link: one that may be about the called object alone. */
bool rm_hresult_is_object_gone(HRESULT hr);

#endif
