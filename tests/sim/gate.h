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

HRESULT sim_gate_enter(enum sim_method method);

/* At the end of a method whose callback may be quicker than its return: what `result` is. */
HRESULT sim_gate_leave(enum sim_method method, HRESULT result);

/* For threads: only waits. */
void sim_gate_wait(void);

/* First statement of a COM method, after its outputs were cleared. */
#define SIM_ENTER(method)                                                                          \
    do                                                                                             \
    {                                                                                              \
        HRESULT gate_result = sim_gate_enter(SIM_##method);                                        \
        if (FAILED(gate_result))                                                                   \
        {                                                                                          \
            return gate_result;                                                                    \
        }                                                                                          \
    } while (0)

#endif
