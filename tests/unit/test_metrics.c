/* What the figures say, and that counters only grow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <rm/failover.h>
#include <rm/metrics.h>

#define TEXT_SIZE 65536
#define NOW       (116444736000000000ull + 17987654321234567ull)

static char text[TEXT_SIZE];

static void put(void *to, const char *piece)
{
    (void)to;
    assert_true(strlen(text) + strlen(piece) < sizeof text);
    strcat(text, piece);
}

static void write_text(const struct rm_metrics *metrics, enum rm_metrics_format format)
{
    const struct rm_metrics_facts facts = {.version = "1.2", .is_service = true, .now = NOW};
    text[0] = '\0';
    rm_metrics_write(metrics, &facts, format, put, NULL);
}

/* A session of two machines, on the first one. */
static struct rm_status_slot slot_of(uint64_t session, const char *server)
{
    struct rm_status_slot slot;
    memset(&slot, 0, sizeof slot);
    slot.process_id = 7;
    slot.process_started = 70;
    slot.session = session;
    slot.started_at = 100;
    snprintf(slot.server, sizeof slot.server, "%s", server);
    slot.machine_count = 2;
    slot.active = 1;
    slot.generation = 1;
    slot.last_cause = RM_CAUSE_START;
    for (unsigned i = 0; i < 2; i++)
    {
        slot.machines[i].connection = RM_CONNECTION_UP;
        slot.machines[i].ready_percent = 100;
        snprintf(slot.machines[i].host, sizeof slot.machines[i].host, "opc-%c", 'a' + (int)i);
    }
    return slot;
}

static void round_of(struct rm_metrics *metrics, const struct rm_status_slot *slots, size_t count)
{
    rm_metrics_begin(metrics);
    for (size_t i = 0; i < count; i++)
    {
        assert_true(rm_metrics_take(metrics, &slots[i], slots[i].process_id != 0));
    }
    rm_metrics_end(metrics);
}

static void shows(const struct rm_metrics *metrics, const char *line)
{
    char wanted[256];
    snprintf(wanted, sizeof wanted, "\nredundancymaster_%s\n", line);
    write_text(metrics, RM_METRICS_PROMETHEUS);
    if (strstr(text, wanted) == NULL)
    {
        fail_msg("'%s' is missing in:\n%s", line, text);
    }
}

static void nothing_is_open(void **state)
{
    (void)state;
    struct rm_metrics *metrics = rm_metrics_new(0);
    round_of(metrics, NULL, 0);
    write_text(metrics, RM_METRICS_PROMETHEUS);
    assert_string_equal(
        text,
        "# HELP redundancymaster_build_info Version of the program that tells these figures.\n"
        "# TYPE redundancymaster_build_info gauge\n"
        "redundancymaster_build_info{version=\"1.2\"} 1\n"
        "# HELP redundancymaster_service_up 1 if the service tells them; else they are of the "
        "sessions that are open.\n"
        "# TYPE redundancymaster_service_up gauge\n"
        "redundancymaster_service_up 1\n"
        "# HELP redundancymaster_written_timestamp_seconds When they were told.\n"
        "# TYPE redundancymaster_written_timestamp_seconds gauge\n"
        "redundancymaster_written_timestamp_seconds 1798765432.123\n"
        "# EOF\n");
    rm_metrics_free(metrics);
    rm_metrics_free(NULL);
}

static void gauges_are_of_all_sessions(void **state)
{
    (void)state;
    struct rm_metrics *metrics = rm_metrics_new(0);
    struct rm_status_slot slots[] = {slot_of(1, "A.1"), slot_of(2, "a.1"), slot_of(3, "B.1")};
    slots[0].calls_out = 3;
    slots[0].item_count = 1000;
    slots[0].machines[0].latency_us = 1500;
    slots[0].machines[1].buffer_updates = 12;
    slots[0].machines[1].buffer_bytes = 4096;
    slots[1].active = 2;
    slots[1].calls_out = 1;
    slots[1].workers_abandoned = 4;
    slots[1].are_writes_held = 1;
    slots[1].machines[0].connection = RM_CONNECTION_DOWN;
    slots[1].machines[1].latency_us = 2000000;
    slots[1].machines[1].ready_percent = 98;
    slots[2].active = 0;
    round_of(metrics, slots, 3);
    shows(metrics, "sessions{server=\"A.1\"} 2");
    shows(metrics, "sessions_lost{server=\"A.1\"} 0");
    shows(metrics, "sessions_lost{server=\"B.1\"} 1");
    shows(metrics, "items{server=\"A.1\"} 1000");
    shows(metrics, "calls{server=\"A.1\"} 4");
    shows(metrics, "workers_abandoned{server=\"A.1\"} 4");
    shows(metrics, "sessions_writes_held{server=\"A.1\"} 1");
    shows(metrics,
          "machine_sessions{server=\"A.1\",machine=\"1\",host=\"opc-a\",state=\"down\"} 1");
    shows(metrics, "machine_sessions{server=\"A.1\",machine=\"1\",host=\"opc-a\",state=\"up\"} 1");
    shows(metrics, "machine_active_sessions{server=\"A.1\",machine=\"2\",host=\"opc-b\"} 1");
    shows(metrics,
          "machine_ping_latency_seconds{server=\"A.1\",machine=\"1\",host=\"opc-a\"} 0.001500");
    shows(metrics,
          "machine_ping_latency_seconds{server=\"A.1\",machine=\"2\",host=\"opc-b\"} 2.000000");
    shows(metrics, "machine_ready_ratio{server=\"A.1\",machine=\"2\",host=\"opc-b\"} 0.98");
    shows(metrics, "machine_buffer_updates{server=\"A.1\",machine=\"2\",host=\"opc-b\"} 12");
    shows(metrics, "machine_buffer_bytes{server=\"A.1\",machine=\"2\",host=\"opc-b\"} 4096");
    round_of(metrics, NULL, 0);
    shows(metrics, "sessions{server=\"A.1\"} 0");
    shows(metrics,
          "machine_ping_latency_seconds{server=\"A.1\",machine=\"2\",host=\"opc-b\"} 0.000000");
    rm_metrics_free(metrics);
}

/* The session ends, and another one takes its slot. */
static void counters_outlive_sessions(void **state)
{
    (void)state;
    struct rm_metrics *metrics = rm_metrics_new(0);
    struct rm_status_slot slot = slot_of(1, "A.1");
    slot.updates_forwarded = 10;
    round_of(metrics, &slot, 1);
    slot.updates_forwarded = 25;
    slot.updates_suppressed = 2;
    slot.switches[RM_CAUSE_PING_TIMEOUT] = 2; /* both causes between two looks */
    slot.switches[RM_CAUSE_RETURN] = 1;
    slot.process_id = 0; /* it has left since */
    round_of(metrics, &slot, 1);
    round_of(metrics, &slot, 1);
    shows(metrics, "sessions{server=\"A.1\"} 0");
    shows(metrics, "updates_forwarded_total{server=\"A.1\"} 25");
    shows(metrics, "updates_suppressed_total{server=\"A.1\"} 2");
    shows(metrics, "switches_total{server=\"A.1\",cause=\"ping timeout\"} 2");
    shows(metrics, "switches_total{server=\"A.1\",cause=\"return\"} 1");
    slot = slot_of(2, "A.1");
    slot.updates_forwarded = 5;
    slot.switches[RM_CAUSE_RETURN] = 1;
    round_of(metrics, &slot, 1);
    shows(metrics, "updates_forwarded_total{server=\"A.1\"} 30");
    shows(metrics, "switches_total{server=\"A.1\",cause=\"ping timeout\"} 2");
    shows(metrics, "switches_total{server=\"A.1\",cause=\"return\"} 2");
    rm_metrics_free(metrics);
}

static void earlier_sessions_count_from_now_on(void **state)
{
    (void)state;
    struct rm_metrics *metrics = rm_metrics_new(101);
    struct rm_status_slot slots[] = {slot_of(1, "A.1"), slot_of(2, "A.1")};
    slots[0].updates_forwarded = 1000;
    slots[0].switches[RM_CAUSE_OPERATOR] = 8;
    slots[0].machines[1].buffer_dropped = 50;
    slots[1].updates_forwarded = 500; /* left long ago */
    slots[1].process_id = 0;
    round_of(metrics, slots, 2);
    shows(metrics, "updates_forwarded_total{server=\"A.1\"} 0");
    slots[0].updates_forwarded = 1003;
    slots[0].switches[RM_CAUSE_OPERATOR] = 9;
    slots[0].machines[1].buffer_dropped = 57;
    round_of(metrics, slots, 2);
    shows(metrics, "updates_forwarded_total{server=\"A.1\"} 3");
    shows(metrics, "switches_total{server=\"A.1\",cause=\"operator\"} 1");
    shows(metrics, "machine_buffer_dropped_total{server=\"A.1\",machine=\"2\",host=\"opc-b\"} 7");
    slots[0].machines[1].buffer_dropped = 4; /* of a new connection */
    round_of(metrics, slots, 2);
    shows(metrics, "machine_buffer_dropped_total{server=\"A.1\",machine=\"2\",host=\"opc-b\"} 11");
    rm_metrics_free(metrics);
}

static void labels_are_escaped(void **state)
{
    (void)state;
    struct rm_metrics *metrics = rm_metrics_new(0);
    struct rm_status_slot slot = slot_of(1, "A\"B\\C\nD");
    round_of(metrics, &slot, 1);
    shows(metrics, "sessions{server=\"A\\\"B\\\\C\\nD\"} 1");
    rm_metrics_free(metrics);
}

static void formats_name_counters_their_way(void **state)
{
    (void)state;
    struct rm_metrics *metrics = rm_metrics_new(0);
    struct rm_status_slot slot = slot_of(1, "A");
    round_of(metrics, &slot, 1);
    write_text(metrics, RM_METRICS_PROMETHEUS);
    assert_non_null(strstr(text, "# TYPE redundancymaster_updates_forwarded_total counter\n"
                                 "redundancymaster_updates_forwarded_total{server=\"A\"} 0\n"));
    write_text(metrics, RM_METRICS_OPENMETRICS);
    assert_non_null(strstr(text, "# TYPE redundancymaster_updates_forwarded counter\n"
                                 "redundancymaster_updates_forwarded_total{server=\"A\"} 0\n"));
    assert_string_equal(text + strlen(text) - 6, "# EOF\n");
    rm_metrics_free(metrics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_open),
        cmocka_unit_test(gauges_are_of_all_sessions),
        cmocka_unit_test(counters_outlive_sessions),
        cmocka_unit_test(earlier_sessions_count_from_now_on),
        cmocka_unit_test(labels_are_escaped),
        cmocka_unit_test(formats_name_counters_their_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
