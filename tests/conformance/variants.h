/* variants.h: values of a script as VARIANTs, and VARIANTs as text.
 *
 *     I4:5   R8:1.5   BSTR:text   BOOL:1   DATE:1.5   CY:12345   ERROR:0x80004005   EMPTY   NULL
 *     DISPATCH UNKNOWN  (NULL pointers)      DISPATCH:1 UNKNOWN:1  (an object of the client's)
 *     RECORD  (with what describes it)       VT291:0  (any type number, with an I8 inside)
 *     I4[]:1;2;3   BSTR[]:a;b   VARIANT[]:I4:1;BSTR:x   I4[2x2]:1;2;3;4   I4[]:  (no elements)
 *     &I4:5   *I4:5     a reference to the value, or to a VARIANT that holds it
 *     !I4[]:1;2         a locked array        I4[2@-5x1@1000]:1;2    with lower bounds
 * A text `x*65536` in a BSTR is that many x.
 *
 * Ownership: the caller clears what is parsed, but for what references refer to, which is kept;
 * texts are the caller's, free. Threads: any.  Errors: false for what is no value.
 */
#ifndef CONFORMANCE_VARIANTS_H
#define CONFORMANCE_VARIANTS_H

#include <windows.h>
#include <oaidl.h>
#include <stdbool.h>

bool variants_parse(const char *text, VARIANT *value);

/* The text, with x*65536 made long; free it. */
char *variants_long_text(const char *text);

/* Wide text as the transcripts show it: in quotes, at most some hundred characters and then the
 * length and a checksum; "NULL" without quotes for a NULL pointer. */
char *variants_show_text(const WCHAR *text, int length);

/* What decides how times and moving values are shown. */
struct variants_view
{
    ULONGLONG start;  /* FILETIME; times from there on are "new" */
    bool is_moving;   /* values change by themselves: only their type counts */
    bool is_switched; /* another machine answers in between, which was started at another time */
};

char *variants_show(const VARIANT *value, const struct variants_view *view);

/* Static storage of the thread. */
const char *variants_show_time(FILETIME time, const struct variants_view *view);

#endif
