/* rmprobe: an OPC DA client that proves what it was sent. See --help. */
#include <windows.h>
#include <objbase.h>

#include <io.h>
#include <stdlib.h>

#include "client.h"
#include "serverlist.h"
#include "text.h"
#include "watch.h"

#define BINARY_MODE 0x8000 /* _O_BINARY, whose header has a name of POSIX */

enum exit_status
{
    EXIT_STATUS_PASS,
    EXIT_STATUS_FAIL,
    EXIT_STATUS_USAGE,
    EXIT_STATUS_CONNECT
};

static struct rm_probe probe;
static struct rm_client client;

static enum exit_status list_servers(void)
{
    HRESULT hr = rm_serverlist_print(stdout);

    if (SUCCEEDED(hr))
        return EXIT_STATUS_PASS;
    fprintf(stderr, "rmprobe: no component categories: 0x%08lX\n", (unsigned long)hr);
    return EXIT_STATUS_CONNECT;
}

static enum exit_status browse(void)
{
    HRESULT hr = rm_client_connect(&client, &probe);

    if (SUCCEEDED(hr))
        hr = rm_client_browse(&client, stdout);
    rm_client_disconnect(&client);
    SetEvent(probe.done);
    return SUCCEEDED(hr) ? EXIT_STATUS_PASS : EXIT_STATUS_CONNECT;
}

static enum exit_status prove(HANDLE watch)
{
    bool is_ok = false;
    HRESULT hr = rm_client_connect(&client, &probe);

    if (SUCCEEDED(hr))
        hr = rm_client_subscribe(&client);
    if (SUCCEEDED(hr))
        is_ok = rm_client_run(&client);
    rm_client_disconnect(&client);
    SetEvent(probe.done);
    WaitForSingleObject(watch, INFINITE);
    if (FAILED(hr))
        return EXIT_STATUS_CONNECT;
    return rm_probe_report(&probe, false) && is_ok ? EXIT_STATUS_PASS : EXIT_STATUS_FAIL;
}

static enum exit_status run(const struct rm_options *options)
{
    DWORD apartment =
        options->apartment == RM_APARTMENT_STA ? COINIT_APARTMENTTHREADED : COINIT_MULTITHREADED;

    if (!rm_probe_init(&probe, options) || FAILED(CoInitializeEx(NULL, apartment)))
        return EXIT_STATUS_CONNECT;
    if (options->record_path)
    {
        probe.record = rm_record_open(options->record_path);
        if (!probe.record)
            return EXIT_STATUS_USAGE;
    }
    /* Callbacks from a server under another account must get in; where it fails, the machine's
     * default applies. */
    CoInitializeSecurity(NULL, -1, NULL, NULL, RPC_C_AUTHN_LEVEL_PKT_INTEGRITY,
                         RPC_C_IMP_LEVEL_IMPERSONATE, NULL, EOAC_NONE, NULL);
    enum exit_status status = EXIT_STATUS_CONNECT;
    HANDLE watch = options->list ? NULL : rm_watch_start(&probe);
    if (options->list)
        status = list_servers();
    else if (!watch)
        fputs("rmprobe: the system has no more threads\n", stderr);
    else
        status = options->browse_only ? browse() : prove(watch);
    CoUninitialize();
    return status;
}

static void free_texts(char **texts)
{
    for (size_t i = 0; texts && texts[i]; i++)
        free(texts[i]);
    free(texts);
}

/* NULL without memory. */
static char **to_utf8(int count, WCHAR **wide)
{
    char **texts = calloc((size_t)count + 1, sizeof(*texts));

    for (int i = 0; texts && i < count; i++)
    {
        texts[i] = rm_text_to_utf8(wide[i]);
        if (!texts[i])
        {
            free_texts(texts);
            return NULL;
        }
    }
    return texts;
}

int wmain(int argc, WCHAR **wide);

int wmain(int argc, WCHAR **wide)
{
    struct rm_options options;
    enum exit_status status = EXIT_STATUS_USAGE;
    char **argv = to_utf8(argc, wide);

    /* Scripts on any system read what is printed: line ends are LF. */
    _setmode(_fileno(stdout), BINARY_MODE);
    if (!argv)
        return EXIT_STATUS_CONNECT;
    switch (rm_options_parse(&options, argc, argv, stderr))
    {
    case RM_OPTIONS_RUN: status = run(&options); break;
    case RM_OPTIONS_HELP:
        rm_options_print_help(stdout);
        status = EXIT_STATUS_PASS;
        break;
    case RM_OPTIONS_WRONG: break;
    }
    fflush(stdout);
    rm_options_free(&options);
    free_texts(argv);
    return (int)status;
}
