/* service_peer PART [N]: one who talks to the service's pipe, as it should or as it shouldn't.
 *
 *   rubbish, silent, unfinished, answer, early, halved, flood, deaf
 *                      a peer that is to be cut off: prints "cut after MS ms", or "not cut"
 *   stranger, newer    asks for what no service knows: prints the answer; and that it still serves
 *   steady FILE        asks every 20 ms until FILE is there: prints the slowest answer in ms
 *   crowd N FILE       N connections with a session each, until FILE is there: prints "held N"
 *   sessions N FILE    one connection with N sessions, the same
 *   count              prints "sessions N": how many the service knows
 *   events N SERVER    hands N events over, and each once more: prints "stored N"
 *   forge SERVER       tells of an operator's command that nobody has given: prints "answered"
 *   command N SERVER   commands a switch to machine N: prints "done", or what it was refused with
 */
#include <windows.h>
#include <fcntl.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rm/service_pipe.h>

#define ANSWER_MS  10000u
#define CUT_MS     20000u
#define CROWD_MAX  512
#define FLOOD      20000u
#define DEAF       2000u
#define ROW_EVENTS 500u

static HANDLE raw_pipe;
static HANDLE raw_event;
static uint32_t raw_sequence;

static void fail(const char *what)
{
    printf("failed: %s (Windows error %lu)\n", what, GetLastError());
    exit(1);
}

/* ---- a peer that doesn't keep to the rules ------------------------------------------------- */

static void raw_open(void)
{
    wchar_t name[RM_SERVICE_PIPE_NAME_SIZE];

    rm_service_pipe_name(L"", name);
    raw_pipe = CreateFileW(name, FILE_GENERIC_READ | FILE_WRITE_DATA, 0, NULL, OPEN_EXISTING,
                           FILE_FLAG_OVERLAPPED, NULL);
    raw_event = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (raw_pipe == INVALID_HANDLE_VALUE || !raw_event)
        fail("the pipe can't be opened");
}

/* False: the pipe is broken; a write or read that takes longer than that ends the program. */
static bool finish(BOOL begun, OVERLAPPED *operation, DWORD timeout_ms, DWORD *size)
{
    if (!begun && GetLastError() != ERROR_IO_PENDING)
        return false;
    if (WaitForSingleObject(raw_event, timeout_ms) != WAIT_OBJECT_0)
    {
        CancelIoEx(raw_pipe, operation);
        GetOverlappedResult(raw_pipe, operation, size, TRUE);
        printf("not cut\n");
        exit(1);
    }
    return GetOverlappedResult(raw_pipe, operation, size, TRUE) != FALSE;
}

static bool raw_write(const void *bytes, size_t size)
{
    OVERLAPPED operation = {.hEvent = raw_event};
    DWORD written = 0;

    return finish(WriteFile(raw_pipe, bytes, (DWORD)size, NULL, &operation), &operation, CUT_MS,
                  &written);
}

static bool raw_read(DWORD timeout_ms)
{
    static uint8_t bytes[65536];
    OVERLAPPED operation = {.hEvent = raw_event};
    DWORD size = 0;

    return finish(ReadFile(raw_pipe, bytes, sizeof bytes, NULL, &operation), &operation, timeout_ms,
                  &size);
}

static size_t encode(enum rm_wire_type type, uint8_t bytes[RM_WIRE_FRAME_MAX])
{
    struct rm_wire_message message = {.type = type, .sequence = ++raw_sequence};

    if (type == RM_WIRE_HELLO)
        strcpy(message.body.hello.program, "service_peer.exe");
    return rm_wire_encode(&message, bytes);
}

static bool raw_send(enum rm_wire_type type)
{
    uint8_t bytes[RM_WIRE_FRAME_MAX];

    return raw_write(bytes, encode(type, bytes));
}

static void send_rubbish(void)
{
    static const char request[] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

    raw_write(request, sizeof request - 1);
}

static void send_nothing(void)
{
}

static void send_unfinished(void)
{
    uint8_t bytes[RM_WIRE_FRAME_MAX];

    raw_send(RM_WIRE_HELLO);
    raw_write(bytes, encode(RM_WIRE_LIST_SESSIONS, bytes) - 1);
}

static void send_answer(void)
{
    raw_send(RM_WIRE_HELLO);
    raw_send(RM_WIRE_DONE);
}

static void send_early(void)
{
    raw_send(RM_WIRE_SESSION_BEGIN);
}

/* A frame whose body ends in the middle of its fields. */
static void send_halved(void)
{
    uint8_t bytes[RM_WIRE_FRAME_MAX];
    struct rm_frame frame = {.version = RM_WIRE_VERSION, .type = RM_WIRE_EVENT, .size = 20};

    raw_send(RM_WIRE_HELLO);
    encode(RM_WIRE_EVENT, bytes);
    frame.sequence = ++raw_sequence;
    rm_frame_header(&frame, bytes);
    raw_write(bytes, RM_FRAME_HEADER_SIZE + 20);
}

static void send_flood(void)
{
    bool is_well = raw_send(RM_WIRE_HELLO);

    for (unsigned i = 0; i < FLOOD && is_well; i++)
        is_well = raw_send(RM_WIRE_LIST_SESSIONS) && raw_read(CUT_MS);
}

/* Asks and asks and never reads. It has handed events over first, so that answers are long. */
static void send_deaf(void)
{
    struct rm_wire_message request = {.type = RM_WIRE_LIST_EVENTS};
    uint8_t bytes[RM_WIRE_FRAME_MAX];
    bool is_well = raw_send(RM_WIRE_HELLO);

    strcpy(request.body.list.server, "Peer.Deaf.1");
    request.body.list.maximum = RM_WIRE_EVENTS_MAX;
    for (unsigned i = 0; i < DEAF && is_well; i++)
    {
        request.sequence = ++raw_sequence;
        is_well = raw_write(bytes, rm_wire_encode(&request, bytes));
        Sleep(3); /* slower than a flood */
    }
}

static int play_bad(void (*send)(void))
{
    ULONGLONG begun_ms = GetTickCount64();

    raw_open();
    send();
    while (raw_read(CUT_MS))
        ;
    printf("cut after %lu ms\n", (unsigned long)(GetTickCount64() - begun_ms));
    return 0;
}

/* ---- a peer that does ---------------------------------------------------------------------- */

static struct rm_service_pipe *open_pipe(void)
{
    struct rm_service_pipe *pipe;
    struct rm_wire_welcome welcome;

    return rm_service_pipe_open(L"", "test", ANSWER_MS, &pipe, &welcome) == RM_OK ? pipe : NULL;
}

static enum rm_status ask(struct rm_service_pipe *pipe, struct rm_wire_message *request,
                          struct rm_wire_error *error)
{
    return rm_service_pipe_ask(pipe, request, ANSWER_MS, NULL, NULL, error);
}

/* What no service of this version knows: it says so, and goes on. */
static int play_odd(uint16_t version, uint16_t type)
{
    struct rm_frame frame = {.version = version, .type = type, .sequence = 77};
    uint8_t bytes[RM_FRAME_HEADER_SIZE];

    raw_open();
    rm_frame_header(&frame, bytes);
    if (!raw_send(RM_WIRE_HELLO) || !raw_read(ANSWER_MS) || !raw_write(bytes, sizeof bytes) ||
        !raw_read(ANSWER_MS) || !raw_send(RM_WIRE_LIST_SESSIONS) || !raw_read(ANSWER_MS))
        fail("it was cut off");
    printf("answered\n");
    return 0;
}

static bool is_there(const char *file)
{
    return GetFileAttributesA(file) != INVALID_FILE_ATTRIBUTES;
}

static int play_steady(const char *file)
{
    struct rm_wire_message request = {.type = RM_WIRE_LIST_SESSIONS};
    struct rm_service_pipe *pipe = open_pipe();
    struct rm_wire_error error;
    ULONGLONG slowest_ms = 0;
    unsigned count = 0;

    if (!pipe)
        fail("no service");
    printf("ready\n");
    fflush(stdout);
    while (!is_there(file))
    {
        ULONGLONG begun_ms = GetTickCount64(), took_ms;

        if (ask(pipe, &request, &error) != RM_OK)
            fail("no answer");
        took_ms = GetTickCount64() - begun_ms;
        slowest_ms = took_ms > slowest_ms ? took_ms : slowest_ms;
        count++;
        Sleep(20);
    }
    printf("answers=%u slowest_ms=%lu\n", count, (unsigned long)slowest_ms);
    return 0;
}

static bool begin_session(struct rm_service_pipe *pipe, uint32_t number)
{
    struct rm_wire_message request = {.type = RM_WIRE_SESSION_BEGIN};
    struct rm_wire_error error;

    request.body.session.session = number;
    strcpy(request.body.session.server, "Peer.Crowd.1");
    return ask(pipe, &request, &error) == RM_OK;
}

static int hold(unsigned held, const char *file)
{
    printf("held %u\n", held);
    fflush(stdout);
    while (!is_there(file))
        Sleep(50);
    return 0;
}

static int play_crowd(unsigned count, const char *file)
{
    unsigned held = 0;

    for (unsigned i = 0; i < count && i < CROWD_MAX; i++)
    {
        struct rm_service_pipe *pipe = open_pipe();

        held += pipe && begin_session(pipe, 1);
    }
    return hold(held, file);
}

static int play_sessions(unsigned count, const char *file)
{
    struct rm_service_pipe *pipe = open_pipe();
    unsigned held = 0;

    for (unsigned i = 0; pipe && i < count; i++)
        held += begin_session(pipe, i + 1);
    return hold(held, file);
}

static void count_row(void *context, const struct rm_wire_message *answer)
{
    unsigned *rows = context;

    *rows += answer->type == RM_WIRE_SESSION_ROW;
}

static int play_count(void)
{
    struct rm_wire_message request = {.type = RM_WIRE_LIST_SESSIONS};
    struct rm_service_pipe *pipe = open_pipe();
    struct rm_wire_error error;
    unsigned rows = 0;

    if (!pipe || rm_service_pipe_ask(pipe, &request, ANSWER_MS, count_row, &rows, &error) != RM_OK)
        fail("no answer");
    printf("sessions %u\n", rows);
    return 0;
}

static int play_events(unsigned count, const char *server)
{
    struct rm_wire_message request = {.type = RM_WIRE_EVENT};
    struct rm_service_pipe *pipe = open_pipe();
    struct rm_wire_error error;
    enum rm_status status;
    unsigned stored = 0;

    if (!pipe)
        fail("no service");
    strncpy(request.body.event.server, server, sizeof request.body.event.server - 1);
    strcpy(request.body.event.name, "connected");
    request.body.event.session = 1;
    for (unsigned i = 1; i <= count; i++)
    {
        request.body.event.number = i;
        request.body.event.time = 134398372604972670 + i * 10000ull;
        sprintf(request.body.event.text, "event %u of a test\tand \x1b[31mso on", i);
        status = ask(pipe, &request, &error);
        if (status == RM_OK)
            status = ask(pipe, &request, &error);
        if (status != RM_OK)
        {
            printf("refused: %s\n", error.text);
            break;
        }
        stored++;
        if (i % 100 == 0)
            Sleep(450); /* not a flood */
    }
    printf("stored %u\n", stored);
    return 0;
}

static int play_forge(const char *server)
{
    struct rm_wire_message request = {.type = RM_WIRE_EVENT};
    struct rm_service_pipe *pipe = open_pipe();
    struct rm_wire_error error;

    strncpy(request.body.event.server, server, sizeof request.body.event.server - 1);
    strcpy(request.body.event.name, "commanded");
    strcpy(request.body.event.text, "Operator's command: forged (user PLANT\\boss)");
    request.body.event.session = request.body.event.number = 1;
    request.body.event.time = 134398372604972670;
    if (!pipe || ask(pipe, &request, &error) != RM_OK)
        fail("no answer");
    printf("answered\n");
    return 0;
}

static int play_command(unsigned machine, const char *server)
{
    struct rm_wire_message request = {.type = RM_WIRE_COMMAND};
    struct rm_service_pipe *pipe = open_pipe();
    struct rm_wire_error error;

    strncpy(request.body.command.server, server, sizeof request.body.command.server - 1);
    request.body.command.order = RM_ORDER_SWITCH;
    request.body.command.machine = machine;
    if (!pipe)
        fail("no service");
    printf("%s\n", ask(pipe, &request, &error) == RM_OK ? "done" : error.text);
    return 0;
}

int main(int count, char **words)
{
    static const struct
    {
        const char *name;
        void (*send)(void);
    } bad[] = {
        {"rubbish",    send_rubbish   },
        {"silent",     send_nothing   },
        {"unfinished", send_unfinished},
        {"answer",     send_answer    },
        {"early",      send_early     },
        {"halved",     send_halved    },
        {"flood",      send_flood     },
        {"deaf",       send_deaf      },
    };
    const char *part = count > 1 ? words[1] : "";
    const char *last = count > 2 ? words[count - 1] : "";
    unsigned number = count > 3 ? (unsigned)strtoul(words[2], NULL, 10) : 0;

    _setmode(_fileno(stdout), _O_BINARY); /* lines end as a script wants it */
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (strcmp(part, bad[i].name) == 0)
            return play_bad(bad[i].send);
    if (strcmp(part, "stranger") == 0)
        return play_odd(RM_WIRE_VERSION, 999);
    if (strcmp(part, "newer") == 0)
        return play_odd(0x0200, RM_WIRE_LIST_SESSIONS);
    if (strcmp(part, "count") == 0)
        return play_count();
    if (strcmp(part, "steady") == 0)
        return play_steady(last);
    if (strcmp(part, "crowd") == 0)
        return play_crowd(number, last);
    if (strcmp(part, "sessions") == 0)
        return play_sessions(number, last);
    if (strcmp(part, "events") == 0)
        return play_events(number, last);
    if (strcmp(part, "forge") == 0)
        return play_forge(last);
    if (strcmp(part, "command") == 0)
        return play_command(number, last);
    printf("failed: there is no part '%s'\n", part);
    return 2;
}
