#include <rm/service_pipe.h>

#include <windows.h>
#include <stdlib.h>
#include <string.h>

#include <rm/status_section_map.h>

#include "service_pipe_internal.h"

#define READ_BYTES 4096u

/* What an ordinary user may ask for: not GENERIC_WRITE, which would mean making instances of the
 * pipe, too. */
#define ACCESS (FILE_GENERIC_READ | FILE_WRITE_DATA | FILE_WRITE_ATTRIBUTES)

struct rm_service_pipe
{
    HANDLE handle;
    HANDLE read_event, write_event; /* manual reset */
    OVERLAPPED reading, writing;
    bool is_reading;
    struct rm_frame_reader frames;
    uint8_t bytes[READ_BYTES];
    void (*said)(void *context, const struct rm_wire_message *message); /* or NULL */
    void *said_context;
};

void rm_service_pipe_close(struct rm_service_pipe *pipe)
{
    DWORD size;

    if (pipe == NULL)
    {
        return;
    }
    if (pipe->is_reading && CancelIoEx(pipe->handle, &pipe->reading))
    {
        GetOverlappedResult(pipe->handle, &pipe->reading, &size, TRUE);
    }
    if (pipe->handle != INVALID_HANDLE_VALUE)
    {
        CloseHandle(pipe->handle);
    }
    if (pipe->read_event != NULL)
    {
        CloseHandle(pipe->read_event);
    }
    if (pipe->write_event != NULL)
    {
        CloseHandle(pipe->write_event);
    }
    rm_frame_reader_clear(&pipe->frames);
    free(pipe);
}

/* All instances of the pipe are taken for the moment between a client's coming and the next
 * instance: then it is waited for. SQOS: the service may find out who we are, and no more. */
static HANDLE open_handle(const wchar_t *name, uint32_t timeout_ms)
{
    HANDLE handle = INVALID_HANDLE_VALUE;
    DWORD attempts;

    for (attempts = 0; attempts < 5; attempts++)
    {
        handle = CreateFileW(name, ACCESS, 0, NULL, OPEN_EXISTING,
                             FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION,
                             NULL);
        if (handle != INVALID_HANDLE_VALUE || GetLastError() != ERROR_PIPE_BUSY ||
            !WaitNamedPipeW(name, timeout_ms))
        {
            break;
        }
    }
    return handle;
}

static enum rm_status open_status(DWORD error)
{
    return error == ERROR_FILE_NOT_FOUND ? RM_E_NOT_FOUND : RM_E_IO;
}

static enum rm_status connect(struct rm_service_pipe *pipe, const wchar_t *instance,
                              uint32_t timeout_ms)
{
    wchar_t name[RM_SERVICE_PIPE_NAME_SIZE];

    rm_service_pipe_name(instance, name);
    pipe->read_event = CreateEventW(NULL, TRUE, FALSE, NULL);
    pipe->write_event = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (pipe->read_event == NULL || pipe->write_event == NULL)
    {
        return RM_E_NO_MEMORY;
    }
    pipe->handle = open_handle(name, timeout_ms);
    if (pipe->handle == INVALID_HANDLE_VALUE)
    {
        return open_status(GetLastError());
    }
    return rm_service_pipe_is_trusted(pipe->handle, name) ? RM_OK : RM_E_INVALID;
}

struct greeting
{
    struct rm_wire_welcome *welcome;
    bool is_answered;
};

static void take_welcome(void *context, const struct rm_wire_message *answer)
{
    struct greeting *greeting = context;

    if (answer->type == RM_WIRE_WELCOME)
    {
        *greeting->welcome = answer->body.welcome;
        greeting->is_answered = true;
    }
}

static enum rm_status greet(struct rm_service_pipe *pipe, const char *version, uint32_t timeout_ms,
                            struct rm_wire_welcome *welcome)
{
    struct rm_wire_message hello = {.type = RM_WIRE_HELLO};
    struct greeting greeting = {welcome, false};
    struct rm_wire_error error;
    enum rm_status status;

    hello.body.hello.process_id = GetCurrentProcessId();
    hello.body.hello.process_started = rm_status_process_started();
    rm_status_process_name(hello.body.hello.program, sizeof hello.body.hello.program);
    strncpy(hello.body.hello.version, version, sizeof hello.body.hello.version - 1);
    status = rm_service_pipe_ask(pipe, &hello, timeout_ms, take_welcome, &greeting, &error);
    return status == RM_OK && !greeting.is_answered ? RM_E_INVALID : status;
}

enum rm_status rm_service_pipe_open(const wchar_t *instance, const char *version,
                                    uint32_t timeout_ms, struct rm_service_pipe **pipe_out,
                                    struct rm_wire_welcome *welcome)
{
    struct rm_service_pipe *pipe = calloc(1, sizeof *pipe);
    enum rm_status status;

    *pipe_out = NULL;
    memset(welcome, 0, sizeof *welcome);
    if (pipe == NULL)
    {
        return RM_E_NO_MEMORY;
    }
    pipe->handle = INVALID_HANDLE_VALUE;
    status = connect(pipe, instance, timeout_ms);
    if (status == RM_OK)
    {
        status = greet(pipe, version, timeout_ms, welcome);
    }
    if (status != RM_OK)
    {
        rm_service_pipe_close(pipe);
        return status;
    }
    *pipe_out = pipe;
    return RM_OK;
}

void rm_service_pipe_hear(struct rm_service_pipe *pipe,
                          void (*said)(void *context, const struct rm_wire_message *message),
                          void *context)
{
    pipe->said = said;
    pipe->said_context = context;
}

void rm_service_pipe_pass_on(struct rm_service_pipe *pipe, const struct rm_wire_message *message)
{
    if (pipe->said != NULL)
    {
        pipe->said(pipe->said_context, message);
    }
}

enum rm_status rm_service_pipe_send(struct rm_service_pipe *pipe,
                                    const struct rm_wire_message *message, uint32_t timeout_ms)
{
    uint8_t bytes[RM_WIRE_FRAME_MAX];
    DWORD size = (DWORD)rm_wire_encode(message, bytes);
    DWORD written = 0;

    memset(&pipe->writing, 0, sizeof pipe->writing);
    pipe->writing.hEvent = pipe->write_event;
    if (!WriteFile(pipe->handle, bytes, size, NULL, &pipe->writing))
    {
        if (GetLastError() != ERROR_IO_PENDING)
        {
            return RM_E_IO;
        }
        if (WaitForSingleObject(pipe->write_event, timeout_ms) != WAIT_OBJECT_0)
        {
            CancelIoEx(pipe->handle, &pipe->writing);
        }
    }
    return GetOverlappedResult(pipe->handle, &pipe->writing, &written, TRUE) && written == size
               ? RM_OK
               : RM_E_IO;
}

/* One read is out whenever somebody waits, and stays out when he has stopped waiting. */
static enum rm_status begin_read(struct rm_service_pipe *pipe)
{
    if (pipe->is_reading)
    {
        return RM_OK;
    }
    memset(&pipe->reading, 0, sizeof pipe->reading);
    pipe->reading.hEvent = pipe->read_event;
    if (!ReadFile(pipe->handle, pipe->bytes, READ_BYTES, NULL, &pipe->reading) &&
        GetLastError() != ERROR_IO_PENDING)
    {
        return RM_E_IO;
    }
    pipe->is_reading = true;
    return RM_OK;
}

static enum rm_status end_read(struct rm_service_pipe *pipe)
{
    DWORD size = 0;

    pipe->is_reading = false;
    if (!GetOverlappedResult(pipe->handle, &pipe->reading, &size, TRUE))
    {
        return RM_E_IO;
    }
    return rm_frame_feed(&pipe->frames, pipe->bytes, size);
}

static enum rm_status wait_read(struct rm_service_pipe *pipe, uint64_t until_ms, HANDLE wake)
{
    HANDLE events[2] = {pipe->read_event, wake};
    uint64_t now_ms = GetTickCount64();
    enum rm_status status = begin_read(pipe);
    DWORD woken;

    if (status != RM_OK)
    {
        return status;
    }
    woken = WaitForMultipleObjects(wake != NULL ? 2 : 1, events, FALSE,
                                   until_ms > now_ms ? (DWORD)(until_ms - now_ms) : 0);
    return woken == WAIT_OBJECT_0 ? end_read(pipe) : RM_E_NOT_FOUND;
}

enum rm_status rm_service_pipe_receive(struct rm_service_pipe *pipe,
                                       struct rm_wire_message *message, uint32_t timeout_ms,
                                       void *wake)
{
    uint64_t until_ms = GetTickCount64() + timeout_ms;

    for (;;)
    {
        struct rm_frame frame;
        enum rm_status status = rm_frame_next(&pipe->frames, &frame);

        if (status == RM_OK)
        {
            status = rm_wire_decode(&frame, message);
            if (status == RM_E_NOT_FOUND)
            {
                continue; /* a newer service says something that we don't know */
            }
            return status;
        }
        if (status != RM_E_NOT_FOUND)
        {
            return status;
        }
        status = wait_read(pipe, until_ms, wake);
        if (status != RM_OK)
        {
            return status;
        }
    }
}
