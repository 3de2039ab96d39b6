#include <rm/wire.h>

#include <assert.h>
#include <stddef.h>
#include <string.h>

enum kind
{
    KIND_U32,
    KIND_U64,
    KIND_TEXT
};

struct field
{
    enum kind kind;
    size_t offset, size; /* in struct rm_wire_message */
};

#define PLACE(member)                                                                              \
    offsetof(struct rm_wire_message, body.member),                                                 \
        sizeof(((struct rm_wire_message *)0)->body.member)
#define U32(member)                                                                                \
    {                                                                                              \
        KIND_U32, PLACE(member)                                                                    \
    }
#define U64(member)                                                                                \
    {                                                                                              \
        KIND_U64, PLACE(member)                                                                    \
    }
#define TEXT(member)                                                                               \
    {                                                                                              \
        KIND_TEXT, PLACE(member)                                                                   \
    }

#define HELLO(at)   U32(at.process_id), U64(at.process_started), TEXT(at.program), TEXT(at.version)
#define SESSION(at) U32(at.session), TEXT(at.server)
#define EVENT(at)                                                                                  \
    U64(at.time), U32(at.session), U32(at.number), U32(at.severity), U32(at.machine),              \
        TEXT(at.server), TEXT(at.name), TEXT(at.text)

#define VERDICT(at)                                                                                \
    TEXT(at.server), U32(at.machine), U32(at.verdict), U32(at.score), U32(at.is_observable)

static const struct field hello_fields[] = {HELLO(hello)};
static const struct field welcome_fields[] = {U32(welcome.process_id), TEXT(welcome.instance),
                                              TEXT(welcome.version)};
static const struct field session_fields[] = {SESSION(session)};
static const struct field event_fields[] = {EVENT(event)};
static const struct field list_fields[] = {TEXT(list.server), U64(list.after), U32(list.last),
                                           U32(list.maximum)};
static const struct field session_row_fields[] = {
    HELLO(session_row.process), SESSION(session_row.session), U64(session_row.begun)};
static const struct field event_row_fields[] = {
    U64(event_row.place), EVENT(event_row.event), U32(event_row.process_id),
    U64(event_row.process_started), TEXT(event_row.program)};
static const struct field error_fields[] = {U32(error.status), TEXT(error.text)};

static const struct field active_fields[] = {U32(active.session), U32(active.machine),
                                             U32(active.moves), U32(active.is_following)};
static const struct field agreed_fields[] = {U32(agreed.session), U32(agreed.machine)};
static const struct field verdict_fields[] = {VERDICT(verdict)};
static const struct field command_fields[] = {TEXT(command.server), U32(command.order),
                                              U32(command.machine), U32(command.is_forced),
                                              U32(command.number)};
static const struct field server_row_fields[] = {TEXT(server_row.server),
                                                 U32(server_row.is_configured),
                                                 U32(server_row.is_watch_always),
                                                 U32(server_row.monitor_items),
                                                 U32(server_row.sessions),
                                                 U64(server_row.switched_at),
                                                 U32(server_row.switched_to),
                                                 U32(server_row.cause),
                                                 U32(server_row.process_id),
                                                 TEXT(server_row.program),
                                                 TEXT(server_row.by)};
static const struct field machine_row_fields[] = {
    VERDICT(machine_row.verdict),    U32(machine_row.own),
    U32(machine_row.code),           U32(machine_row.calls_stuck),
    U32(machine_row.items_in_error), TEXT(machine_row.items)};

static const struct field metrics_fields[] = {U32(metrics.format)};
static const struct field text_row_fields[] = {TEXT(text_row.text)};

struct description
{
    const char *name;
    enum rm_wire_right right;
    const struct field *fields;
    size_t count;
};

#define NOTHING(type, right) [RM_WIRE_##type] = {#type, RM_WIRE_RIGHT_##right, NULL, 0}
#define FIELDS(type, right, list)                                                                  \
    [RM_WIRE_##type] = {#type, RM_WIRE_RIGHT_##right, list, sizeof list / sizeof *list}

/* clang-format off */
static const struct description descriptions[RM_WIRE_TYPE_COUNT] = {
    [RM_WIRE_NONE] = {"?", RM_WIRE_RIGHT_NOBODY, NULL, 0},
    FIELDS(HELLO,          ANYBODY,       hello_fields),
    FIELDS(SESSION_BEGIN,  ANYBODY,       session_fields),
    FIELDS(SESSION_ACTIVE, ANYBODY,       active_fields),
    FIELDS(SESSION_END,    ANYBODY,       session_fields),
    FIELDS(EVENT,          ANYBODY,       event_fields),
    FIELDS(LIST_SESSIONS,  ANYBODY,       list_fields),
    FIELDS(LIST_EVENTS,    ANYBODY,       list_fields),
    FIELDS(RESET_EVENTS,   ADMINISTRATOR, list_fields),
    FIELDS(WELCOME,        NOBODY,        welcome_fields),
    FIELDS(SESSION_ROW,    NOBODY,        session_row_fields),
    FIELDS(EVENT_ROW,      NOBODY,        event_row_fields),
    NOTHING(DONE,          NOBODY),
    FIELDS(ERROR,          NOBODY,        error_fields),
    FIELDS(VERDICT,        NOBODY,        verdict_fields),
    FIELDS(AGREED,         NOBODY,        agreed_fields),
    FIELDS(METRICS,        ANYBODY,       metrics_fields),
    FIELDS(TEXT_ROW,       NOBODY,        text_row_fields),
    FIELDS(COMMAND,        OPERATOR,      command_fields),
    FIELDS(TAKE_BACK,      OPERATOR,      command_fields),
    FIELDS(LIST_STATUS,    ANYBODY,       list_fields),
    FIELDS(SERVER_ROW,     NOBODY,        server_row_fields),
    FIELDS(MACHINE_ROW,    NOBODY,        machine_row_fields),
    NOTHING(STOPPING,      NOBODY),
};
/* clang-format on */

static const struct description *describe(enum rm_wire_type type)
{
    return &descriptions[(unsigned)type < RM_WIRE_TYPE_COUNT ? type : RM_WIRE_NONE];
}

enum rm_wire_right rm_wire_right(enum rm_wire_type type)
{
    return describe(type)->right;
}

const char *rm_wire_type_name(enum rm_wire_type type)
{
    return describe(type)->name;
}

static void put(struct rm_field_writer *writer, const struct field *field, const uint8_t *message)
{
    const uint8_t *at = message + field->offset;
    uint32_t half;
    uint64_t whole;

    switch (field->kind)
    {
    case KIND_U32:
        memcpy(&half, at, sizeof half);
        rm_field_put_u32(writer, half);
        break;
    case KIND_U64:
        memcpy(&whole, at, sizeof whole);
        rm_field_put_u64(writer, whole);
        break;
    case KIND_TEXT:
        assert(memchr(at, '\0', field->size) != NULL);
        rm_field_put_text(writer, (const char *)at);
        break;
    }
}

static void get(struct rm_field_reader *reader, const struct field *field, uint8_t *message)
{
    uint8_t *at = message + field->offset;
    uint32_t half;
    uint64_t whole;

    switch (field->kind)
    {
    case KIND_U32:
        half = rm_field_get_u32(reader);
        memcpy(at, &half, sizeof half);
        break;
    case KIND_U64:
        whole = rm_field_get_u64(reader);
        memcpy(at, &whole, sizeof whole);
        break;
    case KIND_TEXT: rm_field_get_text(reader, (char *)at, field->size); break;
    }
}

size_t rm_wire_encode(const struct rm_wire_message *message, uint8_t bytes[RM_WIRE_FRAME_MAX])
{
    const struct description *description = describe(message->type);
    struct rm_field_writer writer = {.bytes = bytes + RM_FRAME_HEADER_SIZE,
                                     .room = RM_WIRE_FRAME_MAX - RM_FRAME_HEADER_SIZE};

    for (size_t i = 0; i < description->count; i++)
    {
        put(&writer, &description->fields[i], (const uint8_t *)message);
    }
    assert(!writer.has_failed);
    const struct rm_frame frame = {.version = RM_WIRE_VERSION,
                                   .type = (uint16_t)message->type,
                                   .sequence = message->sequence,
                                   .size = (uint32_t)writer.size};
    rm_frame_header(&frame, bytes);
    return RM_FRAME_HEADER_SIZE + writer.size;
}

enum rm_status rm_wire_decode(const struct rm_frame *frame, struct rm_wire_message *message)
{
    const struct description *description = describe((enum rm_wire_type)frame->type);
    struct rm_field_reader reader = rm_frame_fields(frame);

    memset(message, 0, sizeof *message);
    message->type = (enum rm_wire_type)frame->type;
    message->sequence = frame->sequence;
    if (frame->version >> 8 != RM_WIRE_VERSION >> 8)
    {
        return RM_E_VERSION;
    }
    if (description == &descriptions[RM_WIRE_NONE])
    {
        return RM_E_NOT_FOUND;
    }
    for (size_t i = 0; i < description->count; i++)
    {
        get(&reader, &description->fields[i], (uint8_t *)message);
    }
    if (reader.has_failed)
    {
        memset(&message->body, 0, sizeof message->body);
        return RM_E_INVALID;
    }
    return RM_OK;
}
