#include <rm/agreement.h>

#include <rm/config.h>

static bool is_at(const struct rm_agreement_session *session, unsigned machine)
{
    return session->machine == machine;
}

static bool has_moved_to(const struct rm_agreement_session *session, unsigned machine)
{
    return session->machine == machine && session->moved == machine;
}

static bool leads(const struct rm_agreement_session *session, unsigned machine)
{
    (void)machine;
    return session->machine != 0 && !session->is_following;
}

static unsigned count_processes(const struct rm_agreement_session *sessions, size_t count,
                                bool (*is_one)(const struct rm_agreement_session *session,
                                               unsigned machine),
                                unsigned machine)
{
    unsigned processes = 0;

    for (size_t i = 0; i < count;)
    {
        uint32_t process = sessions[i].process;
        bool has_one = false;

        for (; i < count && sessions[i].process == process; i++)
        {
            has_one = has_one || is_one(&sessions[i], machine);
        }
        processes += has_one;
    }
    return processes;
}

/* Somebody who may be believed alone, and whose redundant server has left the old machine. */
static bool has_trusted(const struct rm_agreement_session *sessions, size_t count, unsigned agreed,
                        unsigned machine)
{
    for (size_t i = 0; i < count; i++)
    {
        size_t left = 0;

        if (!has_moved_to(&sessions[i], machine) || !sessions[i].is_trusted)
        {
            continue;
        }
        while (left < count &&
               (sessions[left].server != sessions[i].server || !is_at(&sessions[left], agreed)))
        {
            left++;
        }
        if (left == count)
        {
            return true;
        }
    }
    return false;
}

static bool is_enough(const struct rm_agreement_session *sessions, size_t count, unsigned agreed,
                      uint32_t lost, unsigned machine)
{
    unsigned moved = count_processes(sessions, count, has_moved_to, machine);
    bool is_lost = agreed != 0 && (lost >> (agreed - 1) & 1);

    return moved >= 2 || (moved == 1 && is_lost) || has_trusted(sessions, count, agreed, machine);
}

unsigned rm_agreement_decide(const struct rm_agreement_session *sessions, size_t count,
                             unsigned agreed, uint32_t lost)
{
    bool is_left = count_processes(sessions, count, is_at, agreed) == 0;
    unsigned best = 0, most = 0;

    for (unsigned machine = 1; machine <= RM_MACHINES_MAX; machine++)
    {
        unsigned processes = count_processes(sessions, count, is_at, machine);

        if (machine != agreed && processes > most &&
            (agreed == 0 || is_left || is_enough(sessions, count, agreed, lost, machine)))
        {
            best = machine;
            most = processes;
        }
    }
    if (best != 0)
    {
        return best;
    }
    return count == 0 ? 0 : agreed;
}

bool rm_agreement_is_led(const struct rm_agreement_session *sessions, size_t count,
                         uint32_t process)
{
    for (size_t i = 0; i < count; i++)
    {
        if (sessions[i].process == process && leads(&sessions[i], 0))
        {
            return true;
        }
    }
    return count_processes(sessions, count, leads, 0) >= 2;
}
