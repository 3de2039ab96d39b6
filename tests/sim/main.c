/* rmsim: a simulated OPC DA server, and the console for its faults. */
#include "apartment.h"
#include "clock.h"
#include "device.h"
#include "disconnect.h"
#include "fault.h"
#include "faultconsole.h"
#include "gate.h"
#include "journal.h"
#include "keeper.h"
#include "log.h"
#include "module.h"
#include "registration.h"
#include "server.h"
#include "text.h"

#include <objbase.h>
#include <string.h>

#define SHUTDOWN_MS 5000

enum exit_status
{
    EXIT_FINE,
    EXIT_FAILED,
    EXIT_WRONG_USAGE
};

static void print_help(void)
{
    sim_text_out("rmsim - a simulated OPC DA server\n\n"
                 "rmsim /regserver NAME [options]   register the machine NAME as RMSim.NAME.1\n"
                 "rmsim /unregserver NAME           remove all of that\n"
                 "rmsim /fault NAME ORDER           put a fault on all its processes\n"
                 "rmsim /journal FILE               print a journal as tab-separated lines\n"
                 "rmsim --name NAME [options]       serve without being started by COM\n\n"
                 "Options:\n");
    sim_options_print_help();
    sim_text_out("\nOrders of /fault:\n");
    sim_fault_console_print_help();
    sim_text_out("\nLines of /journal, times in ms since 2026-01-01 UTC, stamps as FILETIME:\n"
                 "  TIME start MACHINE PID PERIOD PHASE SKEW\n"
                 "  TIME item GROUP CLIENT_HANDLE ITEM\n"
                 "  TIME delivery SEQUENCE change|refresh|read|written|cancelled|alive GROUP\n"
                 "       CLIENT_GROUP TRANSACTION ITEMS\n"
                 "       [ITEM CLIENT_HANDLE VALUE QUALITY STAMP ERROR]\n"
                 "  TIME result SEQUENCE HRESULT     the client answered that delivery\n"
                 "  TIME write GROUP TRANSACTION HRESULT ITEM VALUE\n"
                 "  TIME note TEXT\n\n"
                 "Exit status: 0 fine, 1 failed, 2 wrong usage.\n");
}

static void ask_to_leave(void *unused)
{
    (void)unused;
    sim_server_shut_down_all(L"The simulated server is shut down");
}

static void shut_down(void)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    sim_journal_note("shutdown requested");
    sim_module_end_within(SHUTDOWN_MS);
    sim_apartment_run(ask_to_leave, NULL);
    CoUninitialize();
}

static HRESULT serve_class(const struct sim_options *options)
{
    HRESULT result = sim_disconnect_offer_class();
    if (FAILED(result))
    {
        return result;
    }
    sim_log("start: %s, counters every %lld ms", options->is_single ? "single use" : "multiple use",
            (long long)options->period_ms);
    if (!options->is_embedded)
    {
        sim_text_out("RMSim.%s.1 is served; end it with Ctrl+C\n", options->name);
    }
    sim_module_run();
    return S_OK;
}

static bool read_options(int count, wchar_t *const *arguments, struct sim_options *options)
{
    if (!sim_options_parse(count, arguments, options))
    {
        return false;
    }
    bool is_registered = options->is_embedded && options->name[0] != '\0';
    return !is_registered || sim_registration_options(count, arguments, options);
}

static int serve(int count, wchar_t *const *arguments)
{
    struct sim_options options;
    if (!read_options(count, arguments, &options))
    {
        return EXIT_WRONG_USAGE;
    }
    if (options.name[0] == '\0')
    {
        sim_text_error("which machine? Say --name NAME, or rmsim /help");
        return EXIT_WRONG_USAGE;
    }
    sim_clock_set_skew(options.skew_ms);
    sim_module_set_options(&options);
    sim_log_open(options.log, options.name);
    switch (sim_fault_join(options.name, shut_down))
    {
    case SIM_JOIN_OK: break;
    case SIM_JOIN_REFUSED: sim_log("start: refused"); return EXIT_FAILED;
    case SIM_JOIN_FAILED: sim_log("start: no fault area"); return EXIT_FAILED;
    }
    sim_gate_wait();
    if (!sim_journal_open(&options) || !sim_device_build(&options))
    {
        sim_log("start: no journal, or no memory");
        sim_text_error("the journal can't be written, or there is no memory");
        return EXIT_FAILED;
    }
    sim_fault_items_open();
    HRESULT result = sim_apartment_open(options.is_sta);
    if (SUCCEEDED(result))
    {
        result = CoInitializeSecurity(NULL, -1, NULL, NULL, RPC_C_AUTHN_LEVEL_CONNECT,
                                      RPC_C_IMP_LEVEL_IDENTIFY, NULL, EOAC_NONE, NULL);
    }
    if (SUCCEEDED(result))
    {
        sim_keeper_keep_interfaces();
        result = serve_class(&options);
    }
    if (FAILED(result))
    {
        sim_log("start: failed with 0x%08lx", (unsigned long)result);
    }
    sim_fault_leave();
    /* Threads may still wait in calls to clients that are gone: no orderly way out waits for them.
     */
    ExitProcess(SUCCEEDED(result) ? EXIT_FINE : EXIT_FAILED);
}

static int register_server(int count, wchar_t *const *arguments)
{
    struct sim_options options;
    char name[SIM_NAME_MAX + 1];
    if (count == 0 || !sim_options_is_name(arguments[0]))
    {
        sim_text_error("say rmsim /regserver NAME, a name of letters, digits and underscores");
        return EXIT_WRONG_USAGE;
    }
    if (!sim_options_parse(count - 1, arguments + 1, &options))
    {
        return EXIT_WRONG_USAGE;
    }
    sim_text_utf8(arguments[0], name, sizeof(name));
    return sim_registration_add(name, options.da, count - 1, arguments + 1) ? EXIT_FINE
                                                                            : EXIT_FAILED;
}

static int unregister_server(int count, wchar_t *const *arguments)
{
    char name[SIM_NAME_MAX + 1];
    if (count != 1 || !sim_options_is_name(arguments[0]))
    {
        sim_text_error("say rmsim /unregserver NAME");
        return EXIT_WRONG_USAGE;
    }
    sim_text_utf8(arguments[0], name, sizeof(name));
    sim_fault_area_delete(name);
    return sim_registration_remove(name) ? EXIT_FINE : EXIT_FAILED;
}

static int print_journal(int count, wchar_t *const *arguments)
{
    if (count != 1)
    {
        sim_text_error("say rmsim /journal FILE");
        return EXIT_WRONG_USAGE;
    }
    return sim_journal_print(arguments[0]);
}

static bool is_command(const wchar_t *argument, const wchar_t *word)
{
    bool has_prefix = argument[0] == L'/' || argument[0] == L'-';
    return has_prefix && _wcsicmp(argument + (wcsncmp(argument, L"--", 2) == 0 ? 2 : 1), word) == 0;
}

/* The runtime calls it; no header declares it. */
int wmain(int count, wchar_t **arguments);

int wmain(int count, wchar_t **arguments)
{
    const wchar_t *command = count > 1 ? arguments[1] : L"/help";
    if (is_command(command, L"help") || is_command(command, L"?"))
    {
        print_help();
        return EXIT_FINE;
    }
    if (is_command(command, L"regserver"))
    {
        return register_server(count - 2, arguments + 2);
    }
    if (is_command(command, L"unregserver"))
    {
        return unregister_server(count - 2, arguments + 2);
    }
    if (is_command(command, L"fault"))
    {
        return sim_fault_console(count - 2, arguments + 2);
    }
    if (is_command(command, L"journal"))
    {
        return print_journal(count - 2, arguments + 2);
    }
    return serve(count - 1, arguments + 1);
}
