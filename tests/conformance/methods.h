/* methods.h: every method that a client can call, as data.
 *
 * A row is a method's interface, name, place in the vtable and parameters; the parameters are text:
 *
 *     name:kind          goes in; the script gives it as name=value
 *     name:kind=default  the same, when the script is silent
 *     >name:kind         comes out; name=null in the script passes a NULL pointer
 *
 * Kinds that go in:  u number   n how many (unless given: as many as the longest list)
 *   s string   g IID by name   o object by name   *u *i *f  pointer to one, NULL unless given
 *   [u] numbers   [w] types   [f] floats   [s] strings   [v] VARIANTs
 *   [d] item definitions   [q] value, quality, time stamp   c string in and out
 * Kinds that come out:  u i f  number   w 16-bit enum   n how many   h k x  handle of a group,
 *   cookie, cancel id   s string   o object   g IID   t time   S status of the server
 *   [u] [h] [w] [f] [e] [v] [t] [s]  arrays that the server allocates: numbers, handles, 16-bit
 *   numbers, floats, HRESULTs, VARIANTs, times, strings   [r] results of AddItems
 *   [i] item states   [p] properties of items   [b] elements of a browse   [a] item attributes
 *   {s} {o} {c}  arrays of the caller: strings, objects, connections
 *
 * Source: opc-da-reference, section 3.
 */
#ifndef CONFORMANCE_METHODS_H
#define CONFORMANCE_METHODS_H

#include <windows.h>

#define METHOD_PARAMETERS 16

struct method
{
    const char *interface_name; /* without the leading I */
    const char *name;
    int slot;
    const char *parameters;
};

struct parameter
{
    char name[24];
    BOOL is_out;
    char kind[4];
    char value[24]; /* the default; "" if there is none */
};

/* "OPCServer.AddGroup"; NULL if there is none. */
const struct method *methods_find(const char *name);

/* How many parameters the method has; they are written to `parameters`. */
int methods_parameters(const struct method *method, struct parameter *parameters);

/* The row of that number, NULL behind the last. */
const struct method *methods_at(int number);

/* By the name without the leading I; NULL if there is none. */
const IID *methods_iid(const char *name);

#endif
