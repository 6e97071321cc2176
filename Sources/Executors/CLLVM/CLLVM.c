// Opens the library and fills the table. A new function is a line in Table.h.
#include "Table.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

LLVMTable weft_llvm_table;
char *weft_llvm_triple;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *failure;
static char reason[512];
static char opened[512];
static char version[64];
static char *cpu, *features;

enum { oldest = 15, newest = 22, preferred = 19 };

#if defined(__x86_64__)
#define WEFT_LLVM_TARGET "X86"
#elif defined(__aarch64__)
#define WEFT_LLVM_TARGET "AArch64"
#else
#define WEFT_LLVM_TARGET "Native"
#endif

static int initializeTarget(void *library, const char *file) {
  const char *const parts[] = {"TargetInfo", "Target", "TargetMC", "AsmPrinter"};
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    char name[64];
    void (*initialize)(void);
    snprintf(name, sizeof name, "LLVMInitialize" WEFT_LLVM_TARGET "%s", parts[i]);
    *(void **)&initialize = dlsym(library, name);
    if (!initialize) {
      snprintf(reason, sizeof reason, "%s has no %s", file, name);
      return 0;
    }
    initialize();
  }
  return 1;
}

/// Fills `version`; 0 for one that we do not know.
static int readVersion(void *library, const char *file) {
  void (*getVersion)(unsigned *, unsigned *, unsigned *);
  *(void **)&getVersion = dlsym(library, "LLVMGetVersion");
  // 15, which alone of those with our functions cannot tell.
  unsigned major = oldest, minor = 0, patch = 0;
  if (getVersion) {
    getVersion(&major, &minor, &patch);
    snprintf(version, sizeof version, "%u.%u.%u", major, minor, patch);
  } else {
    snprintf(version, sizeof version, "%u", major);
  }
  if (major >= oldest && major <= newest) return 1;
  snprintf(
    reason, sizeof reason, "%s is LLVM %s, expected %d to %d", file, version, oldest, newest);
  return 0;
}

static int load(const char *file) {
  // Local: other versions of LLVM may be in the process. Lazy: a third of the time to open.
  void *library = dlopen(file, RTLD_LAZY | RTLD_LOCAL);
  if (!library) {
    const char *error = dlerror();
    snprintf(reason, sizeof reason, "cannot open LLVM: %s", error ? error : file);
    return 0;
  }
  // Data and function pointers have one size wherever dlsym exists.
#define WEFT_LOAD(RESULT, NAME, PARAMETERS) \
  *(void **)&weft_llvm_table.NAME = dlsym(library, "LLVM" #NAME); \
  if (!weft_llvm_table.NAME) { \
    snprintf(reason, sizeof reason, "%s has no LLVM" #NAME, file); \
    dlclose(library); \
    return 0; \
  }
  WEFT_LLVM_FUNCTIONS(WEFT_LOAD)
  if (!readVersion(library, file) || !initializeTarget(library, file)) {
    dlclose(library);
    return 0;
  }
  snprintf(opened, sizeof opened, "%s", file);
  return 1;
}

/// Tries the names that distributions give a version.
static int loadVersion(int major) {
  char name[64];
#if defined(__APPLE__)
  const char *const forms[] = {
    "/opt/homebrew/opt/llvm@%d/lib/libLLVM.dylib", "/usr/local/opt/llvm@%d/lib/libLLVM.dylib"};
#else
  const char *const forms[] = {"libLLVM.so.%d.1", "libLLVM-%d.so.1", "libLLVM-%d.so"};
#endif
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    snprintf(name, sizeof name, forms[i], major);
    if (load(name)) return 1;
  }
  return 0;
}

/// Opens the library that is asked for, or the first that there is.
static int find(void) {
  const char *chosen = getenv("WEFT_LLVM_LIBRARY");
  if (chosen && *chosen) return load(chosen);
  if (loadVersion(preferred)) return 1;
  for (int major = newest; major >= oldest; major--) {
    if (major != preferred && loadVersion(major)) return 1;
  }
  snprintf(reason, sizeof reason, "no libLLVM of version %d to %d is installed", oldest, newest);
  return 0;
}

static void describeMachine(void) {
  weft_llvm_triple = weft_llvm_table.GetDefaultTargetTriple();
  cpu = weft_llvm_table.GetHostCPUName();
  features = weft_llvm_table.GetHostCPUFeatures();
}

static void openOnce(void) {
  if (!weft_llvm_enter()) {
    failure = WEFT_LLVM_TOO_LATE;
    return;
  }
  failure = find() ? NULL : reason;
  if (!failure) {
    describeMachine();
    weft_llvm_catch_fatal_errors();
    weft_llvm_guard_exit();
  }
  weft_llvm_leave();
}

const char *weft_llvm_open(void) {
  pthread_once(&once, openOnce);
  return failure;
}

const char *weft_llvm_library(void) { return opened; }
const char *weft_llvm_version(void) { return version; }
const char *weft_llvm_cpu(void) { return cpu; }
const char *weft_llvm_features(void) { return features; }

// MARK: Messages

char *weft_llvm_message(const char *text, const char *detail) {
  size_t length = strlen(text) + (detail ? strlen(detail) : 0) + 3;
  char *message = malloc(length);
  if (message) snprintf(message, length, detail ? "%s: %s" : "%s", text, detail);
  return message;
}

char *weft_llvm_error_message(const char *text, Ref error) {
  char *detail = weft_llvm_table.GetErrorMessage(error);
  char *message = weft_llvm_message(text, detail);
  weft_llvm_table.DisposeErrorMessage(detail);
  return message;
}

void weft_llvm_message_free(char *message) { free(message); }
