/* faultrequest.h: an order of the fault console while it is carried out; between faultconsole.c,
 * which parses, and faultorders.c, which knows the orders on items and callbacks.
 *
 * Units: none.
 * Ownership: the request belongs to the console.
 * Threads: the main thread. An order takes the area's lock; sim_fault_area_publish releases it.
 * Errors: exit status; the functions say what is wrong.
 */
#ifndef SIM_FAULTREQUEST_H
#define SIM_FAULTREQUEST_H

#include "faultarea.h"
#include "methods.h"

#define SIM_WORDS_MAX         3
#define SIM_PROCESS_ANSWER_MS 5000 /* so long is waited for a process to follow an order */

enum fault_exit
{
    EXIT_DONE,
    EXIT_NOT_DONE,
    EXIT_USAGE
};

/* The words after the order, and the options of all orders. */
struct request
{
    struct sim_fault_area area;
    const wchar_t *words[SIM_WORDS_MAX];
    int word_count;
    bool is_away;
    bool is_after;
    const wchar_t *at; /* the method whose call the order waits for; NULL: none */
    uint32_t first;
    uint32_t count;
};

/* Waits until each process lives no more or its counter (an offset in struct sim_process) has
 * reached `generation`. */
int sim_request_await(struct request *request, size_t counter, LONG generation, const char *done);

int sim_request_publish_and_await(struct request *request, const char *done);

/* Puts a fault on calls of the method that the word of that number names. */
int sim_request_add_rule(struct request *request, int word, struct sim_rule rule);

/* Puts the order into force, or lets it wait for the call that the request names. */
int sim_request_order(struct request *request, const struct sim_order *order, const char *done);

/* "on" or "off" as the word of that number; false if it is neither. */
bool sim_request_switch(const struct request *request, int word, bool *is_on);

/* The orders on items, callbacks and references. */
int sim_order_disconnect(struct request *request);
int sim_order_stop_callbacks(struct request *request);
int sim_order_not_ready(struct request *request);
int sim_order_quality(struct request *request);
int sim_order_freeze(struct request *request);
int sim_order_unfreeze(struct request *request);
int sim_order_refuse_items(struct request *request);

/* A line for each of their faults that is in force. */
void sim_order_print_status(const struct sim_fault_state *state);

/* Takes all of them away; the lock is held. */
void sim_order_clear(struct sim_fault_state *state);

#endif
