/*
 * The marshaling test: what its parts share.
 *
 * A test calls the echo server (echo.h), asserts the answers and, with assert_trace, what the
 * server says it was given. Out-parameters are poisoned before the call, so that nothing passes by
 * chance.
 *
 * Ownership: the asserts that take arrays free them. Threads: all on the main thread, in the
 * multithreaded apartment; the sink is called on others, while a call of the main thread is out.
 */
#ifndef PS_TEST_H
#define PS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <opc/opccomn.h>
#include <opc/opcconst.h>
#include <opc/opcda.h>
#include <opc/opcerror.h>
#include <opc/opcsec.h>

#define POISON         ((void *)(ULONG_PTR)0x5EEDC0DE)
#define POISON_NUMBER  0x5EEDC0DEu
#define NULL_REFERENCE ((HRESULT)0x800706F4) /* RPC_X_NULL_REF_POINTER */

/* The echo server's object, alive for the whole run. */
extern IOPCServer *echo;

/* Another interface of the server object; a group's interface, by way of AddGroup. */
void *server_interface(REFIID iid);
void *group_interface(REFIID iid);

/* What of the server's heap is in use, in bytes. */
DWORD server_heap(void);

#define assert_hr(actual, expected)   assert_int_equal((ULONG)(actual), (ULONG)(expected))
#define assert_text(actual, expected) check_text(actual, expected, __FILE__, __LINE__)
#define assert_trace(expected)        check_trace(expected, __FILE__, __LINE__)
/* The string was allocated for us: it is freed. */
#define assert_out_text(actual, expected) check_out_text(&(actual), expected, __FILE__, __LINE__)
/* S_OK, S_OK + 1 ... and: all S_OK. */
#define assert_errors(errors, count)    check_errors(&(errors), count, 1, __FILE__, __LINE__)
#define assert_no_errors(errors, count) check_errors(&(errors), count, 0, __FILE__, __LINE__)
/* {n, n + 0x01000000}, as echo.h says */
#define assert_time(time, n) check_time(time, n, __FILE__, __LINE__)

void check_text(const WCHAR *actual, const WCHAR *expected, const char *file, int line);
void check_trace(const WCHAR *expected, const char *file, int line);
void check_out_text(WCHAR **actual, const WCHAR *expected, const char *file, int line);
void check_errors(HRESULT **errors, DWORD count, HRESULT step, const char *file, int line);
void check_time(FILETIME time, DWORD n, const char *file, int line);

FILETIME number_to_time(DWORD n);

int server_suite(void);
int common_suite(void);
int browse_suite(void);
int group_suite(void);
int item_suite(void);
int value_suite(void);
int callback_suite(void);
int memory_suite(void);

#endif
