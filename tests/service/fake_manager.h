/* A service manager in memory with a clock of its own: it stands in for the system's functions. */
#ifndef FAKE_MANAGER_H
#define FAKE_MANAGER_H

#include <windows.h>
#include <stdbool.h>

struct fake_manager
{
    /* What the system's functions fail with; 0: they don't. */
    DWORD open_manager, create, change, change2, start, control;
    /* What becomes of a service that is started: RUNNING, STOPPED with exit_code, or START_PENDING
     * for ever; one that is stopped: STOPPED, or STOP_PENDING for ever. */
    DWORD started_state, stopped_state, exit_code;
    /* What it is from then on, by itself; 0: nothing else. */
    DWORD later_state;
    ULONGLONG later_ms;
    HANDLE gate; /* its computer doesn't answer until this is set; NULL: it does */

    /* What it has. */
    bool exists;
    DWORD state, start_type;
    wchar_t image_path[1024], account[256], password[256], description[256];
    SC_ACTION actions[8];
    DWORD action_count, reset_s;
    BOOL is_on_error, is_delayed;
    ULONGLONG now_ms;
    wchar_t machine[256];  /* whose manager was opened last; "": this computer's */
    volatile LONG waiting; /* calls that were not answered at once */
};

extern struct fake_manager fake;

/* An empty one. */
void fake_reset(void);

/* By the real clock. */
void fake_wait_real(DWORD ms);

#endif
