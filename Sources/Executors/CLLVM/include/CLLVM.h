#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// LLVM opened at run time, without its headers: IR text to an object file, and an object file to
// code in this process. Every function may be called from any thread.
//
// A message is a string that `weft_llvm_message_free` frees; NULL where memory was missing.

/// Opens the library and asks it about this processor, once a process; NULL, or why it cannot be
/// used.
///
/// It tries only `WEFT_LLVM_LIBRARY` when that is set; else version 19, newer ones, older ones.
const char *weft_llvm_open(void);

// The rest needs weft_llvm_open() to have given NULL.

/// The file that was opened.
const char *weft_llvm_library(void);
/// `19.1.7`; the first number alone where the library does not tell more.
const char *weft_llvm_version(void);
/// This processor, by LLVM's name: `znver4`.
const char *weft_llvm_cpu(void);
/// What it can do, in LLVM's words: `+avx,+avx2,-avx512f`.
const char *weft_llvm_features(void);

/// An object file in memory.
typedef struct {
  const uint8_t *bytes;
  size_t length;
  void *owner;
} weft_llvm_object;

/// Compiles IR text for this processor; 1, or 0 with a message.
///
/// `passes` is a pipeline in LLVM's text form. What LLVM calls a fatal error is a message too: it
/// costs a thread that never ends, and what that thread held.
int weft_llvm_compile(
  const char *ir, size_t length, const char *passes, weft_llvm_object *object, char **message);
void weft_llvm_object_free(weft_llvm_object *object);

/// A name that an object may use, beside those of the process.
typedef struct {
  const char *name;
  const void *address;
} weft_llvm_symbol;

/// Object code in executable memory.
typedef struct weft_llvm_image weft_llvm_image;

/// Loads a copy of an object file, which nothing but `weft_llvm_unload` unloads; NULL with a
/// message when it is none, or lacks a symbol.
weft_llvm_image *weft_llvm_load(
  const uint8_t *object, size_t length, const weft_llvm_symbol *symbols, size_t count,
  char **message);
/// The address of a symbol of an image, or NULL with a message.
void *weft_llvm_find(weft_llvm_image *image, const char *name, char **message);
/// Ends an image; none of its code may run any more.
void weft_llvm_unload(weft_llvm_image *image);

void weft_llvm_message_free(char *message);

#ifdef __cplusplus
}
#endif
