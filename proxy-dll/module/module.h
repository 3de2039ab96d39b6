/* module/module.h: the DLL as a whole: what keeps it loaded, its threads, its clock.
 *
 * The module can be unloaded only when no object, no class-factory lock and no thread of ours is
 * left. Threads end through FreeLibraryAndExitThread, so the code under them can't go away. Every
 * thread joins the multithreaded apartment; as each session has a thread of its own for as long as
 * it lives, that apartment, to which all real interfaces belong, can't die under it.
 *
 * Units: milliseconds.  Ownership: none.  Threads: any.  Errors: as said.
 * Source: design.md 3.8.
 */
#ifndef RM_MODULE_H
#define RM_MODULE_H

#include <stdbool.h>
#include <windows.h>

#define RM_THREAD_STACK_BYTES (128u * 1024u) /* 32-bit HMIs are short of address space */

/* Objects, class-factory locks and everything else that must keep the DLL loaded. */
void rm_module_add_reference(void);
void rm_module_release_reference(void);
bool rm_module_is_unused(void);

HINSTANCE rm_module_instance(void);

/* Runs main(argument) on a thread of its own that has joined the multithreaded apartment and holds
 * a reference to the module. stack_bytes 0: as much as the process gives its threads. */
bool rm_module_start_thread(void (*main)(void *argument), void *argument, size_t stack_bytes);

/* Of the clock that all decisions use: monotonic, finer than a timer tick. */
ULONGLONG rm_module_now_ms(void);
ULONGLONG rm_module_now_us(void);

/* Tenths of a second since the process was started. What is numbered from here on rises even where
 * this module is unloaded and comes again. */
DWORD rm_module_process_tenths(void);

#endif
