/* rm/code_words.h: what a code of COM, RPC or OPC means to an engineer.
 *
 * Units: none.  Ownership: static.  Threads: any.
 * Errors: "" for a code that has no words here.
 * Source: issue 5, black-box report.
 */
#ifndef RM_CODE_WORDS_H
#define RM_CODE_WORDS_H

#include <stdbool.h>
#include <stdint.h>

static inline bool rm_code_is_failure(uint32_t code)
{
    return code & 0x80000000u;
}

const char *rm_code_words(uint32_t code);

#endif
