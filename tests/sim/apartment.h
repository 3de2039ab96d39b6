/* apartment.h: where the objects of the process live: in the multithreaded apartment, or, with
 * --apartment sta, all on the main thread, which takes one call at a time and has a message loop.
 *
 * Other threads do what concerns COM objects by sim_apartment_run. While the main thread is in a
 * call to a client it takes calls of clients, but no further work of other threads.
 *
 * Units: milliseconds.
 * Ownership: none.
 * Threads: sim_apartment_open and sim_apartment_wait on the main thread, the rest on any thread
 * that is in an apartment.
 * Errors: those of CoInitializeEx; work that can't be handed over is done on the calling thread.
 */
#ifndef SIM_APARTMENT_H
#define SIM_APARTMENT_H

#include <windows.h>
#include <stdbool.h>

HRESULT sim_apartment_open(bool is_sta);

/* True on the main thread of a single-threaded apartment. */
bool sim_apartment_is_inside(void);

/* Does it where the objects live; returns when it is done. */
void sim_apartment_run(void (*work)(void *context), void *context);

/* Waits for the event, and lets calls and other threads' work come meanwhile. Returns as
 * WaitForSingleObject, but sooner when something was done. */
DWORD sim_apartment_wait(HANDLE event, DWORD time_ms);

#endif
