/* watch.h: somebody who watches over the script that runs: a call that hangs or a crash ends the
 * program, after a line that names script, call and side.
 *
 * Ownership: names are the caller's and live as long as the script runs.
 * Threads: any; one script at a time.
 * Errors: none.
 */
#ifndef CONFORMANCE_WATCH_H
#define CONFORMANCE_WATCH_H

/* `tell` prints what is to be known before the program ends. */
void watch_open(void (*tell)(void));

void watch_begin(const char *script, const char *side);

/* That call begins now. */
void watch_call(int call);

/* The last call that began. */
int watch_last_call(void);

void watch_end(void);

#endif
