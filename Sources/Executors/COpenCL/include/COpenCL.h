#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// OpenCL through the ICD loader opened at run time, without its headers: each function is the one
// of the standard (OpenCL 1.2) with `weft_cl_` for `cl`. Names and numbers are those of the Khronos
// OpenCL specification 3.0, appendix "CL.h".

/// Opens the loader, once a process; NULL, or why it cannot be used.
///
/// It tries only `WEFT_OPENCL_LIBRARY` when that is set.
const char *weft_cl_open(void);

// The rest needs weft_cl_open() to have given NULL.

/// The file that was opened.
const char *weft_cl_library(void);

typedef void *weft_cl_ref;

#define WEFT_CL_FUNCTIONS(DO) \
  DO(GetPlatformIDs, (uint32_t capacity, weft_cl_ref *ids, uint32_t *count), \
    (capacity, ids, count)) \
  DO(GetPlatformInfo, \
    (weft_cl_ref platform, uint32_t name, size_t capacity, void *value, size_t *size), \
    (platform, name, capacity, value, size)) \
  DO(GetDeviceIDs, \
    (weft_cl_ref platform, uint64_t type, uint32_t capacity, weft_cl_ref *ids, uint32_t *count), \
    (platform, type, capacity, ids, count)) \
  DO(GetDeviceInfo, \
    (weft_cl_ref device, uint32_t name, size_t capacity, void *value, size_t *size), \
    (device, name, capacity, value, size)) \
  DO(BuildProgram, \
    (weft_cl_ref program, uint32_t count, const weft_cl_ref *devices, const char *options, \
      void *notify, void *data), \
    (program, count, devices, options, notify, data)) \
  DO(GetProgramInfo, \
    (weft_cl_ref program, uint32_t name, size_t capacity, void *value, size_t *size), \
    (program, name, capacity, value, size)) \
  DO(GetProgramBuildInfo, \
    (weft_cl_ref program, weft_cl_ref device, uint32_t name, size_t capacity, void *value, \
      size_t *size), \
    (program, device, name, capacity, value, size)) \
  DO(SetKernelArg, (weft_cl_ref kernel, uint32_t index, size_t size, const void *value), \
    (kernel, index, size, value)) \
  DO(EnqueueNDRangeKernel, \
    (weft_cl_ref queue, weft_cl_ref kernel, uint32_t axes, const size_t *offset, \
      const size_t *global, const size_t *local, uint32_t count, const weft_cl_ref *events, \
      weft_cl_ref *event), \
    (queue, kernel, axes, offset, global, local, count, events, event)) \
  DO(EnqueueReadBuffer, \
    (weft_cl_ref queue, weft_cl_ref buffer, uint32_t blocks, size_t offset, size_t size, \
      void *host, uint32_t count, const weft_cl_ref *events, weft_cl_ref *event), \
    (queue, buffer, blocks, offset, size, host, count, events, event)) \
  DO(EnqueueWriteBuffer, \
    (weft_cl_ref queue, weft_cl_ref buffer, uint32_t blocks, size_t offset, size_t size, \
      const void *host, uint32_t count, const weft_cl_ref *events, weft_cl_ref *event), \
    (queue, buffer, blocks, offset, size, host, count, events, event)) \
  DO(EnqueueCopyBuffer, \
    (weft_cl_ref queue, weft_cl_ref source, weft_cl_ref target, size_t from, size_t to, \
      size_t size, uint32_t count, const weft_cl_ref *events, weft_cl_ref *event), \
    (queue, source, target, from, to, size, count, events, event)) \
  DO(EnqueueBarrierWithWaitList, \
    (weft_cl_ref queue, uint32_t count, const weft_cl_ref *events, weft_cl_ref *event), \
    (queue, count, events, event)) \
  DO(EnqueueFillBuffer, \
    (weft_cl_ref queue, weft_cl_ref buffer, const void *pattern, size_t patternSize, \
      size_t offset, size_t size, uint32_t count, const weft_cl_ref *events, weft_cl_ref *event), \
    (queue, buffer, pattern, patternSize, offset, size, count, events, event)) \
  DO(EnqueueUnmapMemObject, \
    (weft_cl_ref queue, weft_cl_ref buffer, void *host, uint32_t count, \
      const weft_cl_ref *events, weft_cl_ref *event), \
    (queue, buffer, host, count, events, event)) \
  DO(Flush, (weft_cl_ref queue), (queue)) \
  DO(Finish, (weft_cl_ref queue), (queue)) \
  DO(GetEventProfilingInfo, \
    (weft_cl_ref event, uint32_t name, size_t capacity, void *value, size_t *size), \
    (event, name, capacity, value, size)) \
  DO(ReleaseContext, (weft_cl_ref context), (context)) \
  DO(ReleaseCommandQueue, (weft_cl_ref queue), (queue)) \
  DO(ReleaseMemObject, (weft_cl_ref buffer), (buffer)) \
  DO(ReleaseProgram, (weft_cl_ref program), (program)) \
  DO(ReleaseKernel, (weft_cl_ref kernel), (kernel)) \
  DO(ReleaseEvent, (weft_cl_ref event), (event))

// Those that make something give it, and an error through the last argument.
#define WEFT_CL_MAKERS(DO) \
  DO(CreateContext, \
    (const intptr_t *properties, uint32_t count, const weft_cl_ref *devices, void *notify, \
      void *data, int32_t *error), \
    (properties, count, devices, notify, data, error)) \
  DO(CreateCommandQueue, \
    (weft_cl_ref context, weft_cl_ref device, uint64_t properties, int32_t *error), \
    (context, device, properties, error)) \
  DO(CreateBuffer, \
    (weft_cl_ref context, uint64_t flags, size_t size, void *host, int32_t *error), \
    (context, flags, size, host, error)) \
  DO(CreateProgramWithSource, \
    (weft_cl_ref context, uint32_t count, const char **texts, const size_t *lengths, \
      int32_t *error), \
    (context, count, texts, lengths, error)) \
  DO(CreateProgramWithBinary, \
    (weft_cl_ref context, uint32_t count, const weft_cl_ref *devices, const size_t *lengths, \
      const unsigned char **binaries, int32_t *status, int32_t *error), \
    (context, count, devices, lengths, binaries, status, error)) \
  DO(CreateKernel, (weft_cl_ref program, const char *name, int32_t *error), \
    (program, name, error)) \
  DO(EnqueueMapBuffer, \
    (weft_cl_ref queue, weft_cl_ref buffer, uint32_t blocks, uint64_t flags, size_t offset, \
      size_t size, uint32_t count, const weft_cl_ref *events, weft_cl_ref *event, \
      int32_t *error), \
    (queue, buffer, blocks, flags, offset, size, count, events, event, error))

#define WEFT_CL_DECLARE(NAME, PARAMETERS, ARGUMENTS) int32_t weft_cl_##NAME PARAMETERS;
#define WEFT_CL_DECLARE_MAKER(NAME, PARAMETERS, ARGUMENTS) weft_cl_ref weft_cl_##NAME PARAMETERS;
WEFT_CL_FUNCTIONS(WEFT_CL_DECLARE)
WEFT_CL_MAKERS(WEFT_CL_DECLARE_MAKER)
#undef WEFT_CL_DECLARE
#undef WEFT_CL_DECLARE_MAKER

enum {
  WEFT_CL_SUCCESS = 0,
  WEFT_CL_DEVICE_NOT_FOUND = -1,
  WEFT_CL_DEVICE_NOT_AVAILABLE = -2,
  WEFT_CL_MEM_OBJECT_ALLOCATION_FAILURE = -4,
  WEFT_CL_OUT_OF_RESOURCES = -5,
  WEFT_CL_OUT_OF_HOST_MEMORY = -6,
  WEFT_CL_INVALID_BUFFER_SIZE = -61,
  WEFT_CL_PLATFORM_NOT_FOUND = -1001,

  WEFT_CL_PLATFORM_VERSION = 0x0901,
  WEFT_CL_PLATFORM_NAME = 0x0902,

  WEFT_CL_DEVICE_TYPE = 0x1000,
  WEFT_CL_DEVICE_MAX_COMPUTE_UNITS = 0x1002,
  WEFT_CL_DEVICE_MAX_WORK_GROUP_SIZE = 0x1004,
  WEFT_CL_DEVICE_MAX_MEM_ALLOC_SIZE = 0x1010,
  WEFT_CL_DEVICE_MAX_PARAMETER_SIZE = 0x1017,
  WEFT_CL_DEVICE_SINGLE_FP_CONFIG = 0x101B,
  WEFT_CL_DEVICE_GLOBAL_MEM_CACHE_SIZE = 0x101E,
  WEFT_CL_DEVICE_GLOBAL_MEM_SIZE = 0x101F,
  WEFT_CL_DEVICE_LOCAL_MEM_SIZE = 0x1023,
  WEFT_CL_DEVICE_ENDIAN_LITTLE = 0x1026,
  WEFT_CL_DEVICE_NAME = 0x102B,
  WEFT_CL_DRIVER_VERSION = 0x102D,
  WEFT_CL_DEVICE_VERSION = 0x102F,
  WEFT_CL_DEVICE_EXTENSIONS = 0x1030,
  WEFT_CL_DEVICE_DOUBLE_FP_CONFIG = 0x1032,
  WEFT_CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT = 0x103A,

  WEFT_CL_PROGRAM_BINARY_SIZES = 0x1165,
  WEFT_CL_PROGRAM_BINARIES = 0x1166,
  WEFT_CL_PROGRAM_BUILD_LOG = 0x1183,
  WEFT_CL_PROFILING_COMMAND_START = 0x1282,
  WEFT_CL_PROFILING_COMMAND_END = 0x1283,
};

enum {
  WEFT_CL_DEVICE_TYPE_CPU = 1 << 1,
  WEFT_CL_DEVICE_TYPE_GPU = 1 << 2,
  WEFT_CL_DEVICE_TYPE_ACCELERATOR = 1 << 3,

  WEFT_CL_FP_DENORM = 1 << 0,
  WEFT_CL_FP_FMA = 1 << 5,
  WEFT_CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT = 1 << 7,

  WEFT_CL_QUEUE_PROFILING_ENABLE = 1 << 1,

  WEFT_CL_MEM_READ_WRITE = 1 << 0,
  WEFT_CL_MEM_USE_HOST_PTR = 1 << 3,
  WEFT_CL_MEM_COPY_HOST_PTR = 1 << 5,

  WEFT_CL_MAP_READ = 1 << 0,
};

#ifdef __cplusplus
}
#endif
