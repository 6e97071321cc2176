// Opens the loader and fills the table. A new function is a line in COpenCL.h.
#include "COpenCL.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define WEFT_CL_FIELD(NAME, PARAMETERS, ARGUMENTS) int32_t(*NAME) PARAMETERS;
#define WEFT_CL_MAKER_FIELD(NAME, PARAMETERS, ARGUMENTS) weft_cl_ref(*NAME) PARAMETERS;
static struct {
  WEFT_CL_FUNCTIONS(WEFT_CL_FIELD)
  WEFT_CL_MAKERS(WEFT_CL_MAKER_FIELD)
} table;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *failure;
static char reason[512];
static char opened[512];

static int load(const char *file) {
  void *library = dlopen(file, RTLD_LAZY | RTLD_LOCAL);
  if (!library) {
    const char *error = dlerror();
    snprintf(reason, sizeof reason, "cannot open the OpenCL loader: %s", error ? error : file);
    return 0;
  }
  // Data and function pointers have one size wherever dlsym exists.
#define WEFT_CL_LOAD(NAME, PARAMETERS, ARGUMENTS) \
  *(void **)&table.NAME = dlsym(library, "cl" #NAME); \
  if (!table.NAME) { \
    snprintf(reason, sizeof reason, "%s has no cl" #NAME, file); \
    dlclose(library); \
    return 0; \
  }
  WEFT_CL_FUNCTIONS(WEFT_CL_LOAD)
  WEFT_CL_MAKERS(WEFT_CL_LOAD)
  snprintf(opened, sizeof opened, "%s", file);
  return 1;
}

static int find(void) {
  const char *chosen = getenv("WEFT_OPENCL_LIBRARY");
  if (chosen && *chosen) return load(chosen);
#if defined(__APPLE__)
  return load("/System/Library/Frameworks/OpenCL.framework/OpenCL");
#else
  return load("libOpenCL.so.1");
#endif
}

static void openOnce(void) { failure = find() ? NULL : reason; }

const char *weft_cl_open(void) {
  pthread_once(&once, openOnce);
  return failure;
}

const char *weft_cl_library(void) { return opened; }

#define WEFT_CL_DEFINE(NAME, PARAMETERS, ARGUMENTS) \
  int32_t weft_cl_##NAME PARAMETERS { return table.NAME ARGUMENTS; }
#define WEFT_CL_DEFINE_MAKER(NAME, PARAMETERS, ARGUMENTS) \
  weft_cl_ref weft_cl_##NAME PARAMETERS { return table.NAME ARGUMENTS; }
WEFT_CL_FUNCTIONS(WEFT_CL_DEFINE)
WEFT_CL_MAKERS(WEFT_CL_DEFINE_MAKER)
