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
/// What the library and its static data take of the address space; 184 MB with version 19.
enum { openRoom = 224 << 20 };

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

/// The library, or NULL with a reason.
static void *load(const char *file) {
  // Local: other versions of LLVM may be in the process. Lazy: a third of the time to open.
  void *library = dlopen(file, RTLD_LAZY | RTLD_LOCAL);
  if (!library) {
    const char *error = dlerror();
    snprintf(reason, sizeof reason, "cannot open LLVM: %s", error ? error : file);
    return NULL;
  }
  // Data and function pointers have one size wherever dlsym exists.
#define WEFT_LOAD(RESULT, NAME, PARAMETERS) \
  *(void **)&weft_llvm_table.NAME = dlsym(library, "LLVM" #NAME); \
  if (!weft_llvm_table.NAME) { \
    snprintf(reason, sizeof reason, "%s has no LLVM" #NAME, file); \
    dlclose(library); \
    return NULL; \
  }
  WEFT_LLVM_FUNCTIONS(WEFT_LOAD)
  if (!readVersion(library, file) || !initializeTarget(library, file)) {
    dlclose(library);
    return NULL;
  }
  snprintf(opened, sizeof opened, "%s", file);
  return library;
}

/// Tries the names that distributions give a version.
static void *loadVersion(int major) {
  char name[64];
#if defined(__APPLE__)
  const char *const forms[] = {
    "/opt/homebrew/opt/llvm@%d/lib/libLLVM.dylib", "/usr/local/opt/llvm@%d/lib/libLLVM.dylib"};
#else
  const char *const forms[] = {"libLLVM.so.%d.1", "libLLVM-%d.so.1", "libLLVM-%d.so"};
#endif
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    snprintf(name, sizeof name, forms[i], major);
    void *library = load(name);
    if (library) return library;
  }
  return NULL;
}

/// Opens the library that is asked for, or the first that there is.
static void *find(void) {
  const char *chosen = getenv("WEFT_LLVM_LIBRARY");
  if (chosen && *chosen) return load(chosen);
  void *library = loadVersion(preferred);
  for (int major = newest; !library && major >= oldest; major--) {
    if (major != preferred) library = loadVersion(major);
  }
  if (!library) {
    snprintf(reason, sizeof reason, "no libLLVM of version %d to %d is installed", oldest, newest);
  }
  return library;
}

static void describeMachine(void) {
  weft_llvm_triple = weft_llvm_table.GetDefaultTargetTriple();
  cpu = weft_llvm_table.GetHostCPUName();
  features = weft_llvm_table.GetHostCPUFeatures();
}

// What a kernel has: vectors, a loop, masks, calls, numbers of both kinds.
static const char sample[] =
  "define void @k(ptr %p, i64 %n) nounwind {\n"
  "entry:\n"
  "  %i = alloca i64\n"
  "  store i64 0, ptr %i\n"
  "  call void @llvm.memset.p0.i64(ptr %p, i8 0, i64 %n, i1 false)\n"
  "  br label %head\n"
  "head:\n"
  "  %at = load i64, ptr %i\n"
  "  %q = getelementptr float, ptr %p, i64 %at\n"
  "  %one = insertelement <8 x i64> poison, i64 %at, i64 0\n"
  "  %all = shufflevector <8 x i64> %one, <8 x i64> poison, <8 x i32> zeroinitializer\n"
  "  %m = icmp slt <8 x i64> <i64 0, i64 1, i64 2, i64 3, i64 4, i64 5, i64 6, i64 7>, %all\n"
  "  %x = call <8 x float> @llvm.masked.load.v8f32.p0(ptr %q, i32 4, <8 x i1> %m,"
  " <8 x float> zeroinitializer)\n"
  "  %y = call <8 x float> @llvm.fma.v8f32(<8 x float> %x, <8 x float> %x, <8 x float> %x)\n"
  "  %l = fcmp olt <8 x float> %y, %x\n"
  "  %w = fptosi <8 x float> %y to <8 x i32>\n"
  "  %v = sitofp <8 x i32> %w to <8 x float>\n"
  "  %z = select <8 x i1> %l, <8 x float> %v, <8 x float> %y\n"
  "  call void @llvm.masked.store.v8f32.p0(<8 x float> %z, ptr %q, i32 4, <8 x i1> %m)\n"
  "  %next = add i64 %at, 8\n"
  "  store i64 %next, ptr %i\n"
  "  %more = icmp slt i64 %next, %n\n"
  "  br i1 %more, label %head, label %done\n"
  "done:\n"
  "  ret void\n"
  "}\n"
  "declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)\n"
  "declare <8 x float> @llvm.masked.load.v8f32.p0(ptr, i32, <8 x i1>, <8 x float>)\n"
  "declare <8 x float> @llvm.fma.v8f32(<8 x float>, <8 x float>, <8 x float>)\n"
  "declare void @llvm.masked.store.v8f32.p0(<8 x float>, ptr, i32, <8 x i1>)\n";

/// Compiles and links the sample; 0 when this LLVM cannot.
static int compileSample(void) {
  const char *passes =
    "always-inline,function(sroa,early-cse,instcombine,simplifycfg,loop-mssa(licm),gvn,dce)";
  weft_llvm_object object;
  weft_llvm_image *image = NULL;
  char *message = NULL;
  void *address = NULL;
  if (weft_llvm_compile(sample, sizeof sample - 1, passes, &object, &message)) {
    image = weft_llvm_load(object.bytes, object.length, NULL, 0, &message);
    if (image) address = weft_llvm_find(image, "k", &message);
    if (image) weft_llvm_unload(image);
    weft_llvm_object_free(&object);
  }
  if (!address) {
    snprintf(reason, sizeof reason, "%s: %s", opened, message ? message : "no memory");
    weft_llvm_message_free(message);
  }
  return address != NULL;
}

static void openOnce(void) {
  if (!weft_llvm_enter()) {
    failure = WEFT_LLVM_TOO_LATE;
    return;
  }
  void *library = NULL;
  if (weft_llvm_claim(openRoom)) {
    library = find();
    weft_llvm_release(openRoom);
  } else {
    snprintf(reason, sizeof reason, "no memory to open LLVM");
  }
  failure = library ? NULL : reason;
  if (!failure) {
    describeMachine();
    weft_llvm_catch_fatal_errors(library);
    // It shows that this LLVM serves, and makes the data that the guard must be younger than.
    if (!compileSample()) failure = reason;
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
