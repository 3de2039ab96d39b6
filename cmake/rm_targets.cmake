# What every target of ours is built with: rm_compile(TARGET) and, on Windows, rm_finish(TARGET DESCRIPTION).

set(RM_WARNINGS
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
    -Wcast-qual -Wwrite-strings -Wformat=2 -Wundef -Wvla -Werror)

# Warnings, language level, include path. Generated code (widl) gets rm_compile(TARGET QUIET).
function(rm_compile target)
    cmake_parse_arguments(ARG "QUIET" "" "" ${ARGN})
    set_target_properties(${target} PROPERTIES C_STANDARD 11 C_STANDARD_REQUIRED ON
                                               C_EXTENSIONS OFF)
    target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/include)
    target_compile_options(${target} PRIVATE -fno-strict-aliasing -fstack-protector-strong
                                             -ffile-prefix-map=${PROJECT_SOURCE_DIR}=.
                                             -ffile-prefix-map=${PROJECT_BINARY_DIR}=build)
    if(ARG_QUIET)
        target_compile_options(${target} PRIVATE -w)
    else()
        target_compile_options(${target} PRIVATE ${RM_WARNINGS})
    endif()
    if(WIN32)
        target_compile_definitions(${target} PRIVATE UNICODE _UNICODE COBJMACROS CONST_VTABLE
                                                     _WIN32_WINNT=0x0601 WIN32_LEAN_AND_MEAN)
        # The compiler names a header by its real path where that is shorter.
        file(REAL_PATH ${RM_DEPS}/.. real_deps)
        target_compile_options(${target} PRIVATE -ffile-prefix-map=${real_deps}=./build/deps)
    endif()
    if(RM_SANITIZE)
        target_compile_options(${target} PRIVATE -fsanitize=address,undefined
                                                 -fno-sanitize-recover=all -fno-omit-frame-pointer)
        target_link_options(${target} PRIVATE -fsanitize=address,undefined)
    endif()
endfunction()

# A Windows program or DLL of ours: no runtime DLLs, hardened, reproducible, with a version resource.
function(rm_finish target description)
    get_target_property(type ${target} TYPE)
    if(type STREQUAL "EXECUTABLE")
        set(suffix exe)
    else()
        set(suffix dll)
        set_target_properties(${target} PROPERTIES PREFIX "")
    endif()
    set(RM_FILE_DESCRIPTION "${description}")
    set(RM_FILE_NAME "${target}.${suffix}")
    string(REPLACE "." "," RM_VERSION_COMMAS "${PROJECT_VERSION}.0")
    configure_file(${PROJECT_SOURCE_DIR}/cmake/version.rc.in ${CMAKE_CURRENT_BINARY_DIR}/${target}.rc @ONLY)
    target_sources(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/${target}.rc)
    target_link_options(${target} PRIVATE -static -fstack-protector-strong
                                          -Wl,--no-insert-timestamp -Wl,--enable-stdcall-fixup
                                          -Wl,--nxcompat -Wl,--dynamicbase)
    set_target_properties(${target} PROPERTIES
                          RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin
                          LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endfunction()
