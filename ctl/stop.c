#include "stop.h"

static HANDLE event;

static BOOL WINAPI handle_break(DWORD kind)
{
    (void)kind;
    SetEvent(event);
    return TRUE;
}

HANDLE stop_event(void)
{
    if (event == NULL)
    {
        event = CreateEventW(NULL, TRUE, FALSE, NULL);
        if (event != NULL)
        {
            SetConsoleCtrlHandler(handle_break, TRUE);
        }
    }
    return event;
}
