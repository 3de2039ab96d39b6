/* fuzz.h: a session's life out of bytes: the first ones are the settings, then four per event.
 *
 * Any bytes are a valid life. Each step is looked at as in properties.h.
 *
 * Units: bytes.  Ownership: none.  Threads: one.
 * Errors: the property that does not hold; NULL = all hold.
 */
#ifndef MODEL_FUZZ_H
#define MODEL_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#define MODEL_FUZZ_HEAD_SIZE  14
#define MODEL_FUZZ_EVENT_SIZE 4

const char *model_fuzz(const uint8_t *bytes, size_t size);

#endif
