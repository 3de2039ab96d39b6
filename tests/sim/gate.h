/* gate.h: the one gate that every call into the simulated server, every callback out of it and
 * every thread of it passes; faults close it.
 *
 * A hung machine is a closed gate: whoever comes waits until the machine is resumed, like in a
 * process that was stopped. Faults on single methods (fail, slow, hang) are applied here as well,
 * so a new interface gets them all by naming its methods in methods.h.
 *
 * Ownership: the gate reads the fault area that sim_gate_open was given.
 * Threads: any; nobody may hold a lock when passing.
 * Errors: sim_gate_enter returns the code that a fault wants the call to answer, otherwise S_OK.
 */
#ifndef SIM_GATE_H
#define SIM_GATE_H

#include "faultarea.h"
#include "methods.h"

/* Both stay valid as long as the process. */
void sim_gate_open(const struct sim_fault_state *state, struct sim_process *process);

/* Makes the gate look at the faults anew. */
void sim_gate_update(void);

/* For callbacks and references: only what can be done beforehand. */
HRESULT sim_gate_enter(enum sim_method method);

/* Orders to the whole machine that wait for one and the same call: their rules. */
struct sim_due
{
    uint32_t serials[SIM_RULES_MAX];
    int count;
};

/* One call on its way through the gate; sim_gate_leave does what comes after it was carried out. */
struct sim_pass
{
    HRESULT result;
    struct sim_rule after; /* of kind SIM_RULE_NONE: nothing */
    struct sim_due due_after;
    struct sim_disconnected *held; /* until the call doesn't use the objects any more */
};

struct sim_pass sim_gate_pass(enum sim_method method);
void sim_gate_leave(struct sim_pass *pass);

/* True while no callbacks shall be sent. */
bool sim_gate_is_mute(void);

/* For threads: only waits. */
void sim_gate_wait(void);

/* First statement of a COM method, after its outputs were cleared. Two statements, as what comes
 * after the call is bound to the method's own scope. */
#define SIM_ENTER(method)                                                                          \
    __attribute__((cleanup(sim_gate_leave))) struct sim_pass gate_pass =                           \
        sim_gate_pass(SIM_##method);                                                               \
    if (FAILED(gate_pass.result))                                                                  \
    {                                                                                              \
        return gate_pass.result;                                                                   \
    }

#endif
