import COpenCL
import WeftIR

/// The ICD loader that was opened at run time, and what its calls answer.
enum OpenCLLibrary {
  /// Why there is no OpenCL; nil when the loader is there. The first use opens it.
  static let unavailable: String? = weft_cl_open().map { String(cString: $0) }

  /// Throws the error that a call's answer stands for.
  static func check(_ status: Int32, _ call: String) throws(WeftError) {
    if status != WEFT_CL_SUCCESS { throw error(status, call) }
  }

  /// The error that a call's answer stands for.
  static func error(_ status: Int32, _ call: String) -> WeftError {
    let name = names[status].map { "CL_\($0) (\(status))" } ?? "error \(status)"
    switch Int(status) {
    case WEFT_CL_MEM_OBJECT_ALLOCATION_FAILURE, WEFT_CL_OUT_OF_RESOURCES,
      WEFT_CL_OUT_OF_HOST_MEMORY, WEFT_CL_INVALID_BUFFER_SIZE:
      return WeftError(
        .outOfMemory, "compute", "the OpenCL device has no memory for this: \(call) gives \(name)",
        hint: "compute in parts or on another executor")
    default:
      return WeftError(
        .unusableExecutor, "compute",
        "the OpenCL device does not go on: \(call) gives \(name)",
        hint: "choose another device with WEFT_OPENCL_DEVICE or another executor")
    }
  }

  /// The standard's names of the answers that are likely.
  private static let names: [Int32: String] = [
    -1: "DEVICE_NOT_FOUND", -2: "DEVICE_NOT_AVAILABLE", -3: "COMPILER_NOT_AVAILABLE",
    -4: "MEM_OBJECT_ALLOCATION_FAILURE", -5: "OUT_OF_RESOURCES", -6: "OUT_OF_HOST_MEMORY",
    -7: "PROFILING_INFO_NOT_AVAILABLE", -11: "BUILD_PROGRAM_FAILURE", -12: "MAP_FAILURE",
    -14: "EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST", -30: "INVALID_VALUE",
    -33: "INVALID_DEVICE", -34: "INVALID_CONTEXT", -36: "INVALID_COMMAND_QUEUE",
    -38: "INVALID_MEM_OBJECT", -42: "INVALID_BINARY", -43: "INVALID_BUILD_OPTIONS",
    -44: "INVALID_PROGRAM", -45: "INVALID_PROGRAM_EXECUTABLE", -46: "INVALID_KERNEL_NAME",
    -48: "INVALID_KERNEL", -49: "INVALID_ARG_INDEX", -50: "INVALID_ARG_VALUE",
    -51: "INVALID_ARG_SIZE", -52: "INVALID_KERNEL_ARGS", -53: "INVALID_WORK_DIMENSION",
    -54: "INVALID_WORK_GROUP_SIZE", -55: "INVALID_WORK_ITEM_SIZE", -58: "INVALID_EVENT",
    -59: "INVALID_OPERATION", -61: "INVALID_BUFFER_SIZE", -1001: "PLATFORM_NOT_FOUND_KHR",
  ]

  /// The text that a query gives; empty when it fails.
  static func text(_ query: (Int, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>?) -> Int32)
    -> String
  {
    var size = 0
    guard query(0, nil, &size) == WEFT_CL_SUCCESS, size > 0 else { return "" }
    var bytes = [UInt8](repeating: 0, count: size)
    guard query(size, &bytes, nil) == WEFT_CL_SUCCESS else { return "" }
    let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    return text.split(separator: " ").joined(separator: " ")
  }
}
