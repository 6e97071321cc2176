// Object files to code in this process, through ORC.
//
// Each image has a JITDylib of its own, so that objects may use equal names. ORC's C interface
// cannot remove a JITDylib: a cleared one goes to a list and serves the next image.
#include "Table.h"
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define llvm weft_llvm_table

struct weft_llvm_image {
  Ref dylib;
  /// What loading and linking may take.
  size_t room;
  weft_llvm_image *next;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char *failure;
static Ref jit, session;

// Loading takes a fraction of a millisecond; one at a time, errors find their image.
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static weft_llvm_image *cleared;
static int created;

// What ORC reports beside the error of a lookup, which names no cause. It may be another thread.
static pthread_mutex_t reportMutex = PTHREAD_MUTEX_INITIALIZER;
static char *report;

/// What linking a small object takes, and about what each of its bytes adds.
enum { leastRoom = 8 << 20, roomPerByte = 8 };
// ORC's enumerations.
enum { lookupStatic = 0, matchAllSymbols = 1, requiredSymbol = 0 };
enum { flagExported = 1, flagCallable = 4 };

static void keepReport(void *context, Ref error) {
  (void)context;
  char *text = weft_llvm_error_message("linking", error);
  pthread_mutex_lock(&reportMutex);
  if (report) {
    free(text);
  } else {
    report = text;
  }
  pthread_mutex_unlock(&reportMutex);
}

static char *takeReport(void) {
  pthread_mutex_lock(&reportMutex);
  char *text = report;
  report = NULL;
  pthread_mutex_unlock(&reportMutex);
  return text;
}

static void createOnce(void) {
  Ref error = llvm.OrcCreateLLJIT(&jit, NULL);
  if (error) {
    failure = weft_llvm_error_message("cannot start ORC", error);
    return;
  }
  session = llvm.OrcLLJITGetExecutionSession(jit);
  llvm.OrcExecutionSessionSetErrorReporter(session, keepReport, NULL);
}

// MARK: Images

/// An empty image, or NULL with a message. Needs the mutex.
static weft_llvm_image *takeImage(char **message) {
  weft_llvm_image *image = cleared;
  if (image) {
    cleared = image->next;
    return image;
  }
  image = malloc(sizeof *image);
  if (!image) {
    *message = weft_llvm_message("no memory for an image", NULL);
    return NULL;
  }
  Ref symbols = NULL;
  Ref error = llvm.OrcCreateDynamicLibrarySearchGeneratorForProcess(
    &symbols, llvm.OrcLLJITGetGlobalPrefix(jit), NULL, NULL);
  if (error) {
    *message = weft_llvm_error_message("the process's symbols", error);
    free(image);
    return NULL;
  }
  char name[32];
  snprintf(name, sizeof name, "weft-%d", created++);
  image->dylib = llvm.OrcExecutionSessionCreateBareJITDylib(session, name);
  llvm.OrcJITDylibAddGenerator(image->dylib, symbols);
  return image;
}

/// Clears an image for the next; one that cannot be cleared is not used again. Needs the mutex.
static void recycle(weft_llvm_image *image) {
  Ref error = llvm.OrcJITDylibClear(image->dylib);
  if (error) {
    free(weft_llvm_error_message("clear", error));
    free(image);
    return;
  }
  image->next = cleared;
  cleared = image;
}

/// A message, or NULL. Needs the mutex.
static char *define(Ref dylib, const weft_llvm_symbol *symbols, size_t count) {
  if (count == 0) return NULL;
  SymbolPair *pairs = malloc(count * sizeof *pairs);
  if (!pairs) return weft_llvm_message("no memory for symbols", NULL);
  for (size_t i = 0; i < count; i++) {
    pairs[i] = (SymbolPair){
      .name = llvm.OrcLLJITMangleAndIntern(jit, symbols[i].name),
      .address = (uint64_t)(uintptr_t)symbols[i].address,
      .genericFlags = flagExported | flagCallable,
    };
  }
  Ref error = llvm.OrcJITDylibDefine(dylib, llvm.OrcAbsoluteSymbols(pairs, count));
  free(pairs);
  return error ? weft_llvm_error_message("symbols", error) : NULL;
}

static weft_llvm_image *load(
  const uint8_t *object, size_t length, const weft_llvm_symbol *symbols, size_t count,
  char **message) {
  pthread_once(&once, createOnce);
  if (failure) {
    *message = weft_llvm_message(failure, NULL);
    return NULL;
  }
  pthread_mutex_lock(&mutex);
  weft_llvm_image *image = takeImage(message);
  if (image) {
    char *problem = define(image->dylib, symbols, count);
    if (!problem) {
      // ORC takes over the buffer.
      Ref buffer =
        llvm.CreateMemoryBufferWithMemoryRangeCopy((const char *)object, length, "kernel");
      Ref error = llvm.OrcLLJITAddObjectFile(jit, image->dylib, buffer);
      if (error) problem = weft_llvm_error_message("not an object file", error);
    }
    if (problem) {
      recycle(image);
      image = NULL;
      *message = problem;
    }
  }
  pthread_mutex_unlock(&mutex);
  return image;
}

weft_llvm_image *weft_llvm_load(
  const uint8_t *object, size_t length, const weft_llvm_symbol *symbols, size_t count,
  char **message) {
  *message = NULL;
  size_t room = leastRoom + roomPerByte * length;
  if (!weft_llvm_claim(room)) return NULL;
  weft_llvm_image *image = NULL;
  if (weft_llvm_enter()) {
    image = load(object, length, symbols, count, message);
    if (image) image->room = room;
    weft_llvm_leave();
  } else {
    *message = weft_llvm_message(WEFT_LLVM_TOO_LATE, NULL);
  }
  weft_llvm_release(room);
  return image;
}

// MARK: Symbols

typedef struct {
  pthread_mutex_t mutex;
  pthread_cond_t answered;
  bool isDone;
  uint64_t address;
  char *message;
} Lookup;

static void answer(Ref error, SymbolPair *found, size_t count, void *context) {
  Lookup *lookup = context;
  char *message = error ? weft_llvm_error_message("symbol", error) : NULL;
  pthread_mutex_lock(&lookup->mutex);
  lookup->message = message;
  lookup->address = !error && count == 1 ? found[0].address : 0;
  lookup->isDone = true;
  pthread_cond_signal(&lookup->answered);
  pthread_mutex_unlock(&lookup->mutex);
}

static void *find(weft_llvm_image *image, const char *name, char **message) {
  // ORC may link on a thread of its own.
  Lookup lookup = {
    .mutex = PTHREAD_MUTEX_INITIALIZER, .answered = PTHREAD_COND_INITIALIZER};
  pthread_mutex_lock(&mutex);
  FlaggedRef order = {image->dylib, matchAllSymbols};
  FlaggedRef set = {llvm.OrcLLJITMangleAndIntern(jit, name), requiredSymbol};
  llvm.OrcExecutionSessionLookup(
    session, lookupStatic, &order, 1, &set, 1, answer, &lookup);
  pthread_mutex_lock(&lookup.mutex);
  while (!lookup.isDone) pthread_cond_wait(&lookup.answered, &lookup.mutex);
  pthread_mutex_unlock(&lookup.mutex);
  char *cause = takeReport();
  pthread_mutex_unlock(&mutex);
  if (lookup.address) {
    free(cause);
  } else {
    *message = cause ? cause : lookup.message;
    if (cause) free(lookup.message);
  }
  return (void *)(uintptr_t)lookup.address;
}

void *weft_llvm_find(weft_llvm_image *image, const char *name, char **message) {
  *message = NULL;
  if (!weft_llvm_claim(image->room)) return NULL;
  void *address = NULL;
  if (weft_llvm_enter()) {
    address = find(image, name, message);
    weft_llvm_leave();
  } else {
    *message = weft_llvm_message(WEFT_LLVM_TOO_LATE, NULL);
  }
  weft_llvm_release(image->room);
  return address;
}

void weft_llvm_unload(weft_llvm_image *image) {
  // Code that a process ends with stays.
  if (!weft_llvm_enter()) return;
  pthread_mutex_lock(&mutex);
  recycle(image);
  pthread_mutex_unlock(&mutex);
  weft_llvm_leave();
}
