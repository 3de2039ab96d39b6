/* rmservice: the service of RedundancyMaster, in a terminal or under Windows' service manager. */
#include <windows.h>

#include <hooks/registry.h>

#include "console.h"
#include "options.h"
#include "terminal.h"
#include "windows_service.h"

enum exit_status
{
    EXIT_FINE = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2
};

static const wchar_t help[] =
    L"rmservice: the service of RedundancyMaster\n\n"
    L"Usage: rmservice --console [OPTIONS]\n\n"
    L"'rmctl service install' makes a service of Windows of it; with --console it runs in this\n"
    L"terminal, until Ctrl+C.\n\n"
    L"Options:\n"
    L"  --console        run in this terminal\n"
    L"  --instance NAME  beside another one on this computer; " RM_INSTANCE_RULE "\n"
    L"  --config FILE    the settings; default: redundancymaster.xml beside rmservice.exe\n"
    L"  --data FOLDER    logs; default: %ProgramData%\\RedundancyMaster, or RedundancyMaster.NAME\n"
    L"  --help           this text\n"
    L"  --version        the version of this program\n\n"
    L"Exit status: 0 fine, 1 failed, 2 wrong usage.\n";

/* Under the service manager there is no terminal, and nobody reads what is printed. */
static enum exit_status run_as_service(const struct host_options *options)
{
    DWORD error = host_run_as_service(options);
    if (error == ERROR_FAILED_SERVICE_CONTROLLER_CONNECT)
    {
        terminal_error(L"It is Windows that starts this program, as a service: 'rmctl service "
                       L"install' and 'rmctl service start'. To run it in this terminal: "
                       L"rmservice --console");
        return EXIT_USAGE;
    }
    return error == ERROR_SUCCESS ? EXIT_FINE : EXIT_FAILED;
}

/* The C library calls it; no header declares it. */
int wmain(int count, wchar_t **words);

int wmain(int count, wchar_t **words)
{
    struct host_options options;
    wchar_t error[HOST_ERROR_SIZE];
    if (!host_options_parse(&options, count, words, error))
    {
        terminal_error(L"%ls See 'rmservice --help'.", error);
        return EXIT_USAGE;
    }
    if (options.wants_help)
    {
        terminal_print(L"%ls", help);
        return EXIT_FINE;
    }
    if (options.wants_version)
    {
        terminal_print(L"rmservice %hs\n", RM_VERSION);
        return EXIT_FINE;
    }
    rm_reg_use_instance(options.instance);
    if (options.is_console)
    {
        return host_run_on_console(&options) ? EXIT_FINE : EXIT_FAILED;
    }
    return run_as_service(&options);
}
