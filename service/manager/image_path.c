#include <windows.h>
#include <shellapi.h>

#include <hooks/wide.h>
#include <manager/image_path.h>

static bool append(wchar_t line[RM_IMAGE_PATH_SIZE], const wchar_t *text)
{
    if (wcslen(line) + wcslen(text) >= RM_IMAGE_PATH_SIZE)
    {
        return false;
    }
    wcscat(line, text);
    return true;
}

/* A backslash before the closing quotation mark would be taken as quoting that. */
static bool append_quoted(wchar_t line[RM_IMAGE_PATH_SIZE], const wchar_t *text)
{
    size_t length = wcslen(text);
    return wcschr(text, L'"') == NULL && append(line, L"\"") && append(line, text) &&
           append(line, length > 0 && text[length - 1] == L'\\' ? L"\\\"" : L"\"");
}

static bool append_option(wchar_t line[RM_IMAGE_PATH_SIZE], const wchar_t *option,
                          const wchar_t *value)
{
    return value[0] == L'\0' || (append(line, option) && append_quoted(line, value));
}

bool rm_image_path_write(const struct rm_image_path *image, wchar_t line[RM_IMAGE_PATH_SIZE])
{
    line[0] = L'\0';
    if (append_quoted(line, image->program) &&
        append_option(line, L" --instance ", image->instance) &&
        append_option(line, L" --config ", image->config_path) &&
        append_option(line, L" --data ", image->data_path))
    {
        return true;
    }
    line[0] = L'\0';
    return false;
}

static bool take(wchar_t *field, size_t capacity, const wchar_t *value)
{
    if (wcslen(value) >= capacity)
    {
        return false;
    }
    wcscpy(field, value);
    return true;
}

bool rm_image_path_read(const wchar_t *line, struct rm_image_path *image)
{
    int count = 0;
    memset(image, 0, sizeof *image);
    /* Of an empty line CommandLineToArgvW gives this program's own name. */
    wchar_t **words = line[0] != L'\0' ? CommandLineToArgvW(line, &count) : NULL;
    bool is_good = words != NULL && count > 0 && take(image->program, MAX_PATH, words[0]);
    for (int at = 1; is_good && at + 1 < count; at += 2)
    {
        const wchar_t *value = words[at + 1];
        if (wcscmp(words[at], L"--instance") == 0)
        {
            is_good = take(image->instance, sizeof image->instance / sizeof *value, value);
        }
        else if (wcscmp(words[at], L"--config") == 0)
        {
            is_good = take(image->config_path, MAX_PATH, value);
        }
        else if (wcscmp(words[at], L"--data") == 0)
        {
            is_good = take(image->data_path, MAX_PATH, value);
        }
    }
    LocalFree(words);
    return is_good;
}

bool rm_image_path_is_ours(const struct rm_image_path *image)
{
    const wchar_t *slash = wcsrchr(image->program, L'\\');
    return rm_wide_equal(slash != NULL ? slash + 1 : image->program, RM_IMAGE_PROGRAM);
}
