/* rm/code_words.h: what a code of COM, RPC or OPC means to an engineer.
 *
 * Units: none.  Ownership: static.  Threads: any.
 * Errors: "" for a code that has no words here.
 * Source: issue 5, black-box report.
 */
#ifndef RM_CODE_WORDS_H
#define RM_CODE_WORDS_H

#include <stdint.h>

const char *rm_code_words(uint32_t code);

#endif
