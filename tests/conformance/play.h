/* play.h: a script on one side or on both, with everything around it: machines reset, somebody who
 * watches for crashes and hangs, transcripts as files, what it leaves behind.
 *
 * Ownership: runs belong to the caller, run_free.
 * Threads: one; the watching ones are its own.
 * Errors: what is wrong is printed; NULL or false.
 */
#ifndef CONFORMANCE_PLAY_H
#define CONFORMANCE_PLAY_H

#include "compare.h"
#include "run.h"
#include "script.h"

struct play
{
    const char *server;  /* name of the machine whose ProgID is hooked: RMSim.NAME.1 */
    const char *standby; /* the other machine; NULL: none */
    const char *dump;    /* folder for the transcripts; NULL: none */
    bool is_sta;
    bool is_switching; /* the machine goes away in between */
    bool is_killing;   /* by a kill, not by a disconnect of its objects */
    CLSID clsid;

    int calls;
    int scripts;
    int leaks;
    bool is_broken;
    struct comparison comparison;
};

/* Joins the apartment and opens the machines. */
bool play_begin(struct play *play);
void play_end(struct play *play);

/* scripts=N calls=N different=N listed=N; also when the program ends by a crash. */
void play_print_totals(const struct play *play);

/* Both sides, compared. */
void play_script(struct play *play, const struct script *script);

/* Through us with a switch of machine before every `step`-th line in turn, each time compared with
 * the server that nobody took away. */
void play_switches(struct play *play, const struct script *script, int step);

/* The same before that line only. */
void play_switch(struct play *play, const struct script *script, int line);

#endif
