/* test_wire.c: messages of the service's pipe as bytes and back (rm/wire.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <rm/wire.h>

#define ROUNDS 20000

static uint32_t random_state = 1;

/* Park and Miller's minimal standard: the same each time. */
static uint32_t random_below(uint32_t limit)
{
    random_state = (uint32_t)((uint64_t)random_state * 16807 % 2147483647);
    return random_state % limit;
}

static void fill(char *text, size_t size, char first)
{
    memset(text, first, size - 1);
    text[size - 1] = '\0';
}

static struct rm_wire_server_row full_server_row(void)
{
    struct rm_wire_server_row row;

    memset(&row, 0, sizeof row);
    fill(row.server, sizeof row.server, 's');
    fill(row.program, sizeof row.program, 'p');
    fill(row.by, sizeof row.by, 'b');
    row.is_configured = row.is_watch_always = 1;
    row.monitor_items = 7;
    row.sessions = 8;
    row.switched_at = 0x0123456789ABCDEF;
    row.switched_to = 15;
    row.cause = RM_CAUSE_OPERATOR;
    row.process_id = 18;
    return row;
}

static struct rm_wire_machine_row full_machine_row(void)
{
    struct rm_wire_machine_row row;

    memset(&row, 0, sizeof row);
    fill(row.verdict.server, sizeof row.verdict.server, 's');
    fill(row.items, sizeof row.items, 'i');
    row.verdict.machine = 15;
    row.own = RM_WIRE_OWN_FAILED;
    row.code = UINT32_MAX;
    row.calls_stuck = 4;
    row.items_in_error = 3;
    return row;
}

static struct rm_wire_event full_event(void)
{
    struct rm_wire_event event = {.session = 1,
                                  .number = UINT32_MAX,
                                  .time = 0x0123456789ABCDEF,
                                  .severity = RM_SEVERITY_ERROR,
                                  .machine = 15};

    fill(event.server, sizeof event.server, 's');
    fill(event.name, sizeof event.name, 'n');
    fill(event.text, sizeof event.text, 't');
    return event;
}

/* Every field with a value of its own, texts as long as they may be. */
static struct rm_wire_message full_message(enum rm_wire_type type)
{
    struct rm_wire_message message;

    memset(&message, 0, sizeof message);
    message.type = type;
    message.sequence = 77;
    switch (type)
    {
    case RM_WIRE_HELLO:
        message.body.hello.process_id = 4711;
        message.body.hello.process_started = 99;
        fill(message.body.hello.program, sizeof message.body.hello.program, 'p');
        fill(message.body.hello.version, sizeof message.body.hello.version, 'v');
        break;
    case RM_WIRE_SESSION_BEGIN:
    case RM_WIRE_SESSION_END:
        message.body.session.session = 12;
        fill(message.body.session.server, sizeof message.body.session.server, 's');
        break;
    case RM_WIRE_EVENT: message.body.event = full_event(); break;
    case RM_WIRE_LIST_SESSIONS:
    case RM_WIRE_LIST_EVENTS:
    case RM_WIRE_LIST_STATUS:
    case RM_WIRE_RESET_EVENTS:
        fill(message.body.list.server, sizeof message.body.list.server, 's');
        message.body.list.after = 5;
        message.body.list.last = 7;
        message.body.list.maximum = 6;
        break;
    case RM_WIRE_WELCOME:
        message.body.welcome.process_id = 4712;
        fill(message.body.welcome.instance, sizeof message.body.welcome.instance, 'i');
        fill(message.body.welcome.version, sizeof message.body.welcome.version, 'v');
        break;
    case RM_WIRE_SESSION_ROW:
        message.body.session_row.process.process_id = 4713;
        fill(message.body.session_row.process.program, RM_WIRE_NAME_SIZE, 'p');
        message.body.session_row.session.session = 13;
        message.body.session_row.begun = 14;
        break;
    case RM_WIRE_EVENT_ROW:
        message.body.event_row.event = full_event();
        message.body.event_row.place = 15;
        message.body.event_row.process_id = 16;
        message.body.event_row.process_started = 17;
        fill(message.body.event_row.program, RM_WIRE_NAME_SIZE, 'p');
        break;
    case RM_WIRE_ERROR:
        message.body.error.status = RM_E_TOO_LARGE;
        fill(message.body.error.text, sizeof message.body.error.text, 'e');
        break;
    case RM_WIRE_VERDICT:
        fill(message.body.verdict.server, sizeof message.body.verdict.server, 's');
        message.body.verdict.machine = 15;
        message.body.verdict.verdict = 2;
        message.body.verdict.score = UINT32_MAX;
        message.body.verdict.is_observable = 1;
        break;
    case RM_WIRE_SESSION_ACTIVE:
        message.body.active = (struct rm_wire_active){14, 15, UINT32_MAX, 1};
        break;
    case RM_WIRE_AGREED: message.body.agreed = (struct rm_wire_agreed){16, 15}; break;
    case RM_WIRE_METRICS: message.body.metrics.format = 1; break;
    case RM_WIRE_TEXT_ROW:
        fill(message.body.text_row.text, sizeof message.body.text_row.text, 't');
        break;
    case RM_WIRE_COMMAND:
    case RM_WIRE_TAKE_BACK:
        message.body.command = (struct rm_wire_command){"s", RM_ORDER_SWITCH, 15, 1, UINT32_MAX};
        break;
    case RM_WIRE_SERVER_ROW: message.body.server_row = full_server_row(); break;
    case RM_WIRE_MACHINE_ROW: message.body.machine_row = full_machine_row(); break;
    case RM_WIRE_STOPPING:
    case RM_WIRE_DONE:
    case RM_WIRE_NONE:
    case RM_WIRE_TYPE_COUNT: break;
    }
    return message;
}

/* What comes out of a reader that was given these bytes; poisoned before. */
static enum rm_status decode(const uint8_t *bytes, size_t size, struct rm_wire_message *message)
{
    struct rm_frame_reader reader = {.bytes = NULL};
    struct rm_frame frame;
    enum rm_status status;

    memset(message, 0xAA, sizeof *message);
    assert_int_equal(rm_frame_feed(&reader, bytes, size), RM_OK);
    status = rm_frame_next(&reader, &frame);
    if (status == RM_OK)
        status = rm_wire_decode(&frame, message);
    rm_frame_reader_clear(&reader);
    return status;
}

static void test_there_and_back(void **state)
{
    (void)state;
    for (unsigned type = RM_WIRE_HELLO; type < RM_WIRE_TYPE_COUNT; type++)
    {
        const struct rm_wire_message message = full_message((enum rm_wire_type)type);
        struct rm_wire_message read;
        uint8_t bytes[RM_WIRE_FRAME_MAX];
        size_t size = rm_wire_encode(&message, bytes);

        assert_in_range(size, RM_FRAME_HEADER_SIZE, RM_WIRE_FRAME_MAX);
        assert_int_equal(decode(bytes, size, &read), RM_OK);
        assert_memory_equal(&read, &message, sizeof message);
    }
}

/* The frame of `message` with a body of another size: what is there of it, or zeros behind it. */
static enum rm_status decode_cut(const struct rm_wire_message *message, size_t body,
                                 struct rm_wire_message *read)
{
    uint8_t bytes[RM_WIRE_FRAME_MAX + 16];

    memset(bytes, 0, sizeof bytes);
    rm_wire_encode(message, bytes);
    const struct rm_frame frame = {.version = RM_WIRE_VERSION,
                                   .type = (uint16_t)message->type,
                                   .sequence = message->sequence,
                                   .body = bytes + RM_FRAME_HEADER_SIZE,
                                   .size = (uint32_t)body};
    memset(read, 0xAA, sizeof *read);
    return rm_wire_decode(&frame, read);
}

/* A body that ends too soon, wherever, is none; one that goes on is a newer version's. */
static void test_sizes(void **state)
{
    static const struct rm_wire_message none;
    struct rm_wire_message read;
    uint8_t bytes[RM_WIRE_FRAME_MAX];

    (void)state;
    for (unsigned type = RM_WIRE_HELLO; type < RM_WIRE_TYPE_COUNT; type++)
    {
        const struct rm_wire_message message = full_message((enum rm_wire_type)type);
        size_t body = rm_wire_encode(&message, bytes) - RM_FRAME_HEADER_SIZE;

        for (size_t size = 0; size < body; size++)
        {
            assert_int_equal(decode_cut(&message, size, &read), RM_E_INVALID);
            assert_int_equal(read.sequence, message.sequence);
            assert_memory_equal(&read.body, &none.body, sizeof none.body);
        }
        assert_int_equal(decode_cut(&message, body + 16, &read), RM_OK);
        assert_memory_equal(&read, &message, sizeof message);
    }
}

static void test_strangers(void **state)
{
    static const uint8_t no_text[] = {1, 0, 0, 0, 2, 0, 0, 0, 0xC0, 0x80};
    const struct
    {
        const char *shows;
        struct rm_frame frame;
        enum rm_status status;
    } rows[] = {
        {"no type",                 {.version = RM_WIRE_VERSION, .type = 0},      RM_E_NOT_FOUND},
        {"a type behind the last",
         {.version = RM_WIRE_VERSION, .type = RM_WIRE_TYPE_COUNT},
         RM_E_NOT_FOUND                                                                         },
        {"the highest type",        {.version = RM_WIRE_VERSION, .type = 0xFFFF}, RM_E_NOT_FOUND},
        {"another major version",   {.version = 0x0200, .type = RM_WIRE_DONE},    RM_E_VERSION  },
        {"no version",              {.version = 0, .type = RM_WIRE_DONE},         RM_E_VERSION  },
        {"a later minor version",   {.version = 0x01FF, .type = RM_WIRE_DONE},    RM_OK         },
        {"a text that isn't UTF-8",
         {.version = RM_WIRE_VERSION,
          .type = RM_WIRE_SESSION_BEGIN,
          .body = no_text,
          .size = sizeof no_text},
         RM_E_INVALID                                                                           },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    {
        struct rm_frame frame = rows[i].frame;
        struct rm_wire_message read;

        if (frame.body == NULL)
            frame.body = no_text;
        if (rm_wire_decode(&frame, &read) != rows[i].status)
            fail_msg("%s", rows[i].shows);
    }
}

/* Whatever comes: a message or an error, its texts ended. Run with the sanitizers. */
static void test_rubbish(void **state)
{
    (void)state;
    for (unsigned round = 0; round < ROUNDS; round++)
    {
        const struct rm_wire_message message =
            full_message((enum rm_wire_type)(1 + random_below(RM_WIRE_TYPE_COUNT - 1)));
        struct rm_wire_message read;
        uint8_t bytes[RM_WIRE_FRAME_MAX];
        size_t size = rm_wire_encode(&message, bytes);
        uint32_t flips = 1 + random_below(8);

        while (flips-- > 0)
            bytes[random_below((uint32_t)size)] ^= (uint8_t)(1 + random_below(255));
        if (decode(bytes, size, &read) == RM_OK && read.type == RM_WIRE_EVENT)
        {
            assert_non_null(memchr(read.body.event.text, '\0', sizeof read.body.event.text));
            assert_non_null(memchr(read.body.event.server, '\0', sizeof read.body.event.server));
        }
    }
}

/* The policy: what is asked of whom. An answer can't be asked for. */
static void test_rights(void **state)
{
    (void)state;
    for (unsigned type = 0; type < RM_WIRE_TYPE_COUNT + 1; type++)
    {
        enum rm_wire_right right = rm_wire_right((enum rm_wire_type)type);

        switch (type)
        {
        case RM_WIRE_HELLO:
        case RM_WIRE_SESSION_BEGIN:
        case RM_WIRE_SESSION_ACTIVE:
        case RM_WIRE_SESSION_END:
        case RM_WIRE_EVENT:
        case RM_WIRE_LIST_SESSIONS:
        case RM_WIRE_LIST_STATUS:
        case RM_WIRE_METRICS:
        case RM_WIRE_LIST_EVENTS: assert_int_equal(right, RM_WIRE_RIGHT_ANYBODY); break;
        case RM_WIRE_COMMAND:
        case RM_WIRE_TAKE_BACK: assert_int_equal(right, RM_WIRE_RIGHT_OPERATOR); break;
        case RM_WIRE_RESET_EVENTS: assert_int_equal(right, RM_WIRE_RIGHT_ADMINISTRATOR); break;
        default: assert_int_equal(right, RM_WIRE_RIGHT_NOBODY); break;
        }
        assert_true(rm_wire_type_name((enum rm_wire_type)type)[0] != '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_and_back), cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_strangers),      cmocka_unit_test(test_rubbish),
        cmocka_unit_test(test_rights),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
