/*
 * One VARIANT of every kind that an OPC item can hold.
 *
 * Both processes can make sample number n by themselves. So each compares what has arrived with
 * what must have been sent, and neither has to trust the wire for that.
 *
 * Units: sample numbers run from 0 to SAMPLE_COUNT - 1. Ownership: VariantClear frees a sample.
 * Threads: any, without state. Errors: out of memory ends the process, as this is a test.
 */
#ifndef PS_SAMPLES_H
#define PS_SAMPLES_H

#include <windows.h>
#include <oleauto.h>

#define SAMPLE_COUNT 40u

void sample_make(DWORD number, VARIANT *value);

/* Same type and same content, to the last bit and element. */
BOOL sample_same(const VARIANT *a, const VARIANT *b);

/* Is this sample number n? */
BOOL sample_is(DWORD number, const VARIANT *value);

#endif
