/* other_settings.h: ways to change settings while a session runs (RM-230), for the exploration and
 * the fuzzer.
 *
 * Units: milliseconds.  Ownership: none.  Threads: any.
 * Errors: none.
 */
#ifndef MODEL_OTHER_SETTINGS_H
#define MODEL_OTHER_SETTINGS_H

#include <rm/failover.h>

/* The settings with one of them changed; going that way again and again leads back. false: there
 * are not so many ways. */
bool model_other_settings(const struct rm_failover_settings *settings, unsigned way,
                          struct rm_failover_settings *changed);

/* Another list: the way-th of some. Machines that were removed come again, or new ones come, as
 * long as there are no more than that many numbers. false: there are no further ways. */
bool model_other_list(const struct rm_failover *failover, unsigned way, unsigned numbers_max,
                      struct rm_failover_event *event);

#endif
