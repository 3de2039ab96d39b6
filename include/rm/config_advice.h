/* rm/config_advice.h: what is allowed in a configuration, and is hardly what was meant.
 *
 * Settings without effect beside the others, machines that fail together, a link group of one.
 *
 * Units: none.
 * Ownership: sentences are borrowed for the call.
 * Threads: any; no state.
 * Errors: none.
 * Source: D2-19, RM-139, CX-05.
 */
#ifndef RM_CONFIG_ADVICE_H
#define RM_CONFIG_ADVICE_H

#include <rm/config.h>

/* Tells each in a sentence that names the redundant server and what to do. */
void rm_config_advise(const struct rm_config *config,
                      void (*tell)(void *context, const char *sentence), void *context);

#endif
