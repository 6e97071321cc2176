// IR text to an object file.
//
// Each compilation has a thread of its own. LLVM ends the process on what it calls a fatal error,
// unless the handler does not return: ours then hands the message to the caller and keeps the
// thread asleep for ever, so that no frame of LLVM's is left by a jump. The same happens where
// memory ends: LLVM has no other answer to that than the end of the process.
#include "Table.h"
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#define llvm weft_llvm_table

typedef struct {
  const char *ir, *passes;
  size_t length;
  Ref object;
  char *message;
  // Under the mutex.
  bool isDone;
} Job;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ended = PTHREAD_COND_INITIALIZER;

static _Thread_local Job *current;

enum { stackBytes = 16 << 20 };
/// What compiling a small module takes, and about what each byte of its text adds.
enum { leastRoom = 64 << 20, roomPerByte = 256 };
// LLVM's enumerations.
enum { codeGenDefault = 2, relocPIC = 2, codeModelDefault = 0, fileObject = 1 };
enum { verifierReturnsStatus = 2, severityError = 0 };

// MARK: Threads

static void finish(Job *job) {
  pthread_mutex_lock(&mutex);
  job->isDone = true;
  pthread_cond_broadcast(&ended);
  pthread_mutex_unlock(&mutex);
}

/// Ends the job of this thread with a message, and the thread's work with it.
static void giveUp(char *message) {
  Job *job = current;
  free(job->message);
  job->message = message;
  job->object = NULL;
  weft_llvm_leave();
  finish(job);
  for (;;) pause();
}

static void fatal(const char *text) {
  // Another user's thread: LLVM goes on to end the process, as without a handler.
  if (current) giveUp(weft_llvm_message("LLVM cannot go on", text));
}

// MARK: The end of memory

typedef void (*NewHandler)(void);
static NewHandler formerNewHandler;
static void (*throwBadAlloc)(void);

/// What C++'s `new` calls where it finds no memory.
static void newFoundNone(void) {
  if (current) giveUp(NULL);
  // Another user's thread gets what it got before.
  if (formerNewHandler) {
    formerNewHandler();
  } else {
    throwBadAlloc();
  }
}

/// What LLVM calls where `malloc` finds no memory; it must not return.
static void mallocFoundNone(void *nothing, const char *text, bool isCrash) {
  (void)nothing, (void)text, (void)isCrash;
  if (current) giveUp(NULL);
  // Another user's thread: what LLVM does without a handler.
  static const char words[] = "LLVM ERROR: out of memory\n";
  (void)!write(STDERR_FILENO, words, sizeof words - 1);
  abort();
}

void weft_llvm_catch_fatal_errors(void *library) {
  llvm.InstallFatalErrorHandler(fatal);
  // C++ functions by their mangled names: LLVM's C interface has none for this. Where one is
  // missing, what the claims of `Room.c` keep free has to do.
  void (*setBadAllocHandler)(void (*)(void *, const char *, bool), void *);
  NewHandler (*setNewHandler)(NewHandler);
  *(void **)&setBadAllocHandler =
    dlsym(library, "_ZN4llvm31install_bad_alloc_error_handlerEPFvPvPKcbES0_");
  *(void **)&setNewHandler = dlsym(library, "_ZSt15set_new_handlerPFvvE");
  *(void **)&throwBadAlloc = dlsym(library, "_ZSt17__throw_bad_allocv");
  if (setBadAllocHandler) setBadAllocHandler(mallocFoundNone, NULL);
  if (setNewHandler && throwBadAlloc) formerNewHandler = setNewHandler(newFoundNone);
}

// MARK: Compiling

static void diagnose(Ref diagnostic, void *context) {
  Job *job = context;
  if (llvm.GetDiagInfoSeverity(diagnostic) != severityError || job->message) return;
  char *text = llvm.GetDiagInfoDescription(diagnostic);
  job->message = weft_llvm_message("LLVM", text);
  llvm.DisposeMessage(text);
}

/// Keeps the first message; takes over LLVM's text.
static void fail(Job *job, const char *step, char *text) {
  if (!job->message) job->message = weft_llvm_message(step, text);
  if (text) llvm.DisposeMessage(text);
}

static void compileModule(Job *job, Ref module, Ref machine) {
  char *text = NULL;
  Ref layout = llvm.CreateTargetDataLayout(machine);
  llvm.SetTarget(module, weft_llvm_triple);
  llvm.SetModuleDataLayout(module, layout);
  llvm.DisposeTargetData(layout);
  if (llvm.VerifyModule(module, verifierReturnsStatus, &text)) {
    fail(job, "invalid IR", text);
    return;
  }
  if (text) llvm.DisposeMessage(text);
  Ref options = llvm.CreatePassBuilderOptions();
  Ref error = llvm.RunPasses(module, job->passes, machine, options);
  llvm.DisposePassBuilderOptions(options);
  if (error) {
    job->message = weft_llvm_error_message("passes", error);
    return;
  }
  text = NULL;
  if (llvm.TargetMachineEmitToMemoryBuffer(machine, module, fileObject, &text, &job->object)) {
    job->object = NULL;
    fail(job, "code generation", text);
  }
}

static void compile(Job *job) {
  char *text = NULL;
  Ref target = NULL, module = NULL;
  if (llvm.GetTargetFromTriple(weft_llvm_triple, &target, &text)) {
    fail(job, "target", text);
    return;
  }
  Ref context = llvm.ContextCreate();
  llvm.ContextSetDiagnosticHandler(context, diagnose, job);
  Ref buffer = llvm.CreateMemoryBufferWithMemoryRangeCopy(job->ir, job->length, "kernel");
  // The parser takes over the buffer.
  if (llvm.ParseIRInContext(context, buffer, &module, &text)) {
    fail(job, "invalid IR", text);
  } else {
    Ref machine = llvm.CreateTargetMachine(
      target, weft_llvm_triple, weft_llvm_cpu(), weft_llvm_features(), codeGenDefault, relocPIC,
      codeModelDefault);
    compileModule(job, module, machine);
    llvm.DisposeModule(module);
    llvm.DisposeTargetMachine(machine);
  }
  llvm.ContextDispose(context);
  // A diagnosed error may leave an object behind.
  if (job->message && job->object) {
    llvm.DisposeMemoryBuffer(job->object);
    job->object = NULL;
  }
}

static void *run(void *argument) {
  current = argument;
  if (!weft_llvm_enter()) {
    current->message = weft_llvm_message(WEFT_LLVM_TOO_LATE, NULL);
    finish(current);
    return NULL;
  }
  compile(current);
  weft_llvm_leave();
  finish(current);
  return NULL;
}

/// Starts the thread, with signals left to the process's own threads, but for its own faults.
static int start(Job *job) {
  pthread_t thread;
  pthread_attr_t attributes;
  sigset_t all, before;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, stackBytes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  sigfillset(&all);
  const int faults[] = {SIGBUS, SIGSEGV, SIGFPE, SIGILL, SIGTRAP};
  for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) sigdelset(&all, faults[i]);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int error = pthread_create(&thread, &attributes, run, job);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
  return error == 0;
}

int weft_llvm_compile(
  const char *ir, size_t length, const char *passes, weft_llvm_object *object, char **message) {
  Job job = {.ir = ir, .length = length, .passes = passes};
  size_t room = stackBytes + leastRoom + roomPerByte * length;
  *message = NULL;
  if (!weft_llvm_claim(room)) return 0;
  if (!start(&job)) {
    job.message = weft_llvm_message("cannot start a thread", NULL);
    finish(&job);
  }
  pthread_mutex_lock(&mutex);
  while (!job.isDone) pthread_cond_wait(&ended, &mutex);
  pthread_mutex_unlock(&mutex);
  weft_llvm_release(room);
  if (!job.object) {
    *message = job.message;
    return 0;
  }
  object->bytes = (const uint8_t *)llvm.GetBufferStart(job.object);
  object->length = llvm.GetBufferSize(job.object);
  object->owner = job.object;
  return 1;
}

void weft_llvm_object_free(weft_llvm_object *object) {
  llvm.DisposeMemoryBuffer(object->owner);
  *object = (weft_llvm_object){0};
}
