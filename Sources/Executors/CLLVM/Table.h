// What the files of this target share: the functions of LLVM's C interface that are called, under
// their own names, and messages.
#pragma once
#include "CLLVM.h"

// Opaque to us. Enumerations are `int`; names of the interface's types are not needed.
typedef void *Ref;

/// A symbol with its address and flags, as ORC passes them by value.
typedef struct {
  Ref name;
  uint64_t address;
  uint8_t genericFlags, targetFlags;
} SymbolPair;

/// A pair of an object and a word of flags: an element of a search order or of a lookup set.
typedef struct {
  Ref object;
  int flags;
} FlaggedRef;

typedef void (*LookupHandler)(Ref error, SymbolPair *found, size_t count, void *context);

// Present in every version from 15 to 22. 14 has neither opaque pointers nor `Lookup`.
#define WEFT_LLVM_FUNCTIONS(DO) \
  DO(void, DisposeMessage, (char *)) \
  DO(char *, GetErrorMessage, (Ref)) \
  DO(void, DisposeErrorMessage, (char *)) \
  DO(void, InstallFatalErrorHandler, (void (*)(const char *))) \
  DO(char *, GetDefaultTargetTriple, (void)) \
  DO(char *, GetHostCPUName, (void)) \
  DO(char *, GetHostCPUFeatures, (void)) \
  DO(int, GetTargetFromTriple, (const char *, Ref *, char **)) \
  DO(Ref, CreateTargetMachine, (Ref, const char *, const char *, const char *, int, int, int)) \
  DO(void, DisposeTargetMachine, (Ref)) \
  DO(Ref, CreateTargetDataLayout, (Ref)) \
  DO(void, DisposeTargetData, (Ref)) \
  DO(Ref, ContextCreate, (void)) \
  DO(void, ContextDispose, (Ref)) \
  DO(void, ContextSetDiagnosticHandler, (Ref, void (*)(Ref, void *), void *)) \
  DO(char *, GetDiagInfoDescription, (Ref)) \
  DO(int, GetDiagInfoSeverity, (Ref)) \
  DO(Ref, CreateMemoryBufferWithMemoryRangeCopy, (const char *, size_t, const char *)) \
  DO(const char *, GetBufferStart, (Ref)) \
  DO(size_t, GetBufferSize, (Ref)) \
  DO(void, DisposeMemoryBuffer, (Ref)) \
  DO(int, ParseIRInContext, (Ref, Ref, Ref *, char **)) \
  DO(int, VerifyModule, (Ref, int, char **)) \
  DO(void, DisposeModule, (Ref)) \
  DO(void, SetTarget, (Ref, const char *)) \
  DO(void, SetModuleDataLayout, (Ref, Ref)) \
  DO(Ref, CreatePassBuilderOptions, (void)) \
  DO(void, DisposePassBuilderOptions, (Ref)) \
  DO(Ref, RunPasses, (Ref, const char *, Ref, Ref)) \
  DO(int, TargetMachineEmitToMemoryBuffer, (Ref, Ref, int, char **, Ref *)) \
  DO(Ref, OrcCreateLLJIT, (Ref *, Ref)) \
  DO(Ref, OrcLLJITGetExecutionSession, (Ref)) \
  DO(char, OrcLLJITGetGlobalPrefix, (Ref)) \
  DO(Ref, OrcLLJITMangleAndIntern, (Ref, const char *)) \
  DO(Ref, OrcLLJITAddObjectFile, (Ref, Ref, Ref)) \
  DO(void, OrcExecutionSessionSetErrorReporter, (Ref, void (*)(void *, Ref), void *)) \
  DO(Ref, OrcExecutionSessionCreateBareJITDylib, (Ref, const char *)) \
  DO(void, OrcExecutionSessionLookup, \
    (Ref, int, FlaggedRef *, size_t, FlaggedRef *, size_t, LookupHandler, void *)) \
  DO(Ref, OrcCreateDynamicLibrarySearchGeneratorForProcess, \
    (Ref *, char, int (*)(void *, Ref), void *)) \
  DO(void, OrcJITDylibAddGenerator, (Ref, Ref)) \
  DO(Ref, OrcJITDylibDefine, (Ref, Ref)) \
  DO(Ref, OrcJITDylibClear, (Ref)) \
  DO(Ref, OrcAbsoluteSymbols, (SymbolPair *, size_t))

#define WEFT_FIELD(RESULT, NAME, PARAMETERS) RESULT(*NAME) PARAMETERS;
typedef struct {
  WEFT_LLVM_FUNCTIONS(WEFT_FIELD)
} LLVMTable;
#undef WEFT_FIELD

/// The functions; filled by `weft_llvm_open`.
extern LLVMTable weft_llvm_table;
/// The triple of this machine.
extern char *weft_llvm_triple;

/// A copy of a text, and of what went wrong before it: `text: detail`.
char *weft_llvm_message(const char *text, const char *detail);
/// The same of an error, which it consumes.
char *weft_llvm_error_message(const char *text, Ref error);

/// Says that this thread uses LLVM until `weft_llvm_leave`; 0, with nothing to leave, when the
/// process ends.
int weft_llvm_enter(void);
void weft_llvm_leave(void);
/// Makes the end of the process wait for those inside, before what handlers set earlier do.
void weft_llvm_guard_exit(void);
/// What calls say that came too late.
#define WEFT_LLVM_TOO_LATE "the process ends"

/// Turns what LLVM calls fatal, and the end of memory, into an error of the compilation that met it.
void weft_llvm_catch_fatal_errors(void *library);

/// Waits until the system has so many bytes beside what others have claimed; 0 when it has not even
/// with none of them. What is claimed is to be released.
int weft_llvm_claim(size_t bytes);
void weft_llvm_release(size_t bytes);
