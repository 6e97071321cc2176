import COpenCL
import WeftIR

/// A device with what it says about itself.
///
/// `@unchecked Sendable`: a device's handle stays good for the life of the process and is only read.
struct OpenCLDevice: @unchecked Sendable {
  /// What kind of processor it is.
  enum Kind: String, Sendable {
    case cpu, gpu, accelerator, other
  }

  /// The place in the list of all platforms' devices.
  let index: Int
  let handle: weft_cl_ref
  let platform: String
  let platformVersion: String
  let name: String
  let version: String
  let driver: String
  let kind: Kind
  /// Bytes of memory, and of the largest buffer.
  let memoryBytes: Int
  let mostBufferBytes: Int
  /// Bytes of the cache before its memory; what it does not tell is more than any array has.
  let cacheBytes: Int
  let computeUnits: Int
  let mostItemsOfGroup: Int
  let mostParameterBytes: Int
  /// Bytes of the memory that a work-group shares.
  let localBytes: Int
  let extensions: Set<String>
  /// The bytes of a vector of its own width.
  let vectorBytes: Int
  /// Whether it computes in float64.
  var hasDouble: Bool
  /// Whether it can be asked to divide float32 and take roots correctly.
  let roundsCorrectly: Bool
  /// Whether it multiplies and adds float32 with one rounding in hardware.
  let hasFMA: Bool
  /// Whether it keeps subnormal float32.
  let keepsSubnormals: Bool
  let isLittleEndian: Bool

  /// All devices of all platforms; the first use asks the loader.
  static let all: [OpenCLDevice] = OpenCLLibrary.unavailable == nil ? list() : []

  private static func list() -> [OpenCLDevice] {
    var devices: [OpenCLDevice] = []
    for platform in handles({ weft_cl_GetPlatformIDs($0, $1, $2) }) {
      // Every bit: the types that there are, those of later standards included.
      for handle in handles({ weft_cl_GetDeviceIDs(platform, 0xFFFF_FFFF, $0, $1, $2) }) {
        devices.append(OpenCLDevice(devices.count, handle, of: platform))
      }
    }
    return devices
  }

  private static func handles(
    _ query: (UInt32, UnsafeMutablePointer<weft_cl_ref?>?, UnsafeMutablePointer<UInt32>?) -> Int32
  ) -> [weft_cl_ref] {
    var count: UInt32 = 0
    guard query(0, nil, &count) == WEFT_CL_SUCCESS, count > 0 else { return [] }
    var found = [weft_cl_ref?](repeating: nil, count: Int(count))
    guard query(count, &found, nil) == WEFT_CL_SUCCESS else { return [] }
    return found.compactMap { $0 }
  }

  private init(_ index: Int, _ handle: weft_cl_ref, of platform: weft_cl_ref) {
    func text(_ name: Int) -> String {
      OpenCLLibrary.text { weft_cl_GetDeviceInfo(handle, UInt32(name), $0, $1, $2) }
    }
    func number<T: FixedWidthInteger>(_ name: Int, _ type: T.Type) -> Int {
      var value: T = 0
      let status = weft_cl_GetDeviceInfo(handle, UInt32(name), MemoryLayout<T>.size, &value, nil)
      return status == WEFT_CL_SUCCESS ? Int(clamping: value) : 0
    }
    self.index = index
    self.handle = handle
    self.platform = OpenCLLibrary.text {
      weft_cl_GetPlatformInfo(platform, UInt32(WEFT_CL_PLATFORM_NAME), $0, $1, $2)
    }
    platformVersion = OpenCLLibrary.text {
      weft_cl_GetPlatformInfo(platform, UInt32(WEFT_CL_PLATFORM_VERSION), $0, $1, $2)
    }
    name = text(WEFT_CL_DEVICE_NAME)
    version = text(WEFT_CL_DEVICE_VERSION)
    driver = text(WEFT_CL_DRIVER_VERSION)
    let type = number(WEFT_CL_DEVICE_TYPE, UInt64.self)
    kind =
      type & WEFT_CL_DEVICE_TYPE_GPU != 0
      ? .gpu
      : type & WEFT_CL_DEVICE_TYPE_CPU != 0
        ? .cpu : type & WEFT_CL_DEVICE_TYPE_ACCELERATOR != 0 ? .accelerator : .other
    memoryBytes = number(WEFT_CL_DEVICE_GLOBAL_MEM_SIZE, UInt64.self)
    mostBufferBytes = number(WEFT_CL_DEVICE_MAX_MEM_ALLOC_SIZE, UInt64.self)
    let cache = number(WEFT_CL_DEVICE_GLOBAL_MEM_CACHE_SIZE, UInt64.self)
    cacheBytes = cache > 0 ? cache : .max
    computeUnits = max(1, number(WEFT_CL_DEVICE_MAX_COMPUTE_UNITS, UInt32.self))
    mostItemsOfGroup = max(1, number(WEFT_CL_DEVICE_MAX_WORK_GROUP_SIZE, UInt.self))
    localBytes = number(WEFT_CL_DEVICE_LOCAL_MEM_SIZE, UInt64.self)
    mostParameterBytes = number(WEFT_CL_DEVICE_MAX_PARAMETER_SIZE, UInt.self)
    extensions = Set(text(WEFT_CL_DEVICE_EXTENSIONS).split(separator: " ").map(String.init))
    vectorBytes = 4 * number(WEFT_CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT, UInt32.self)
    let single = number(WEFT_CL_DEVICE_SINGLE_FP_CONFIG, UInt64.self)
    hasDouble =
      extensions.contains("cl_khr_fp64")
      || number(WEFT_CL_DEVICE_DOUBLE_FP_CONFIG, UInt64.self) != 0
    roundsCorrectly = single & WEFT_CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT != 0
    hasFMA = single & WEFT_CL_FP_FMA != 0
    keepsSubnormals = single & WEFT_CL_FP_DENORM != 0
    isLittleEndian = number(WEFT_CL_DEVICE_ENDIAN_LITTLE, UInt32.self) != 0
  }

  /// Whether its memory is this machine's, so that buffers are not copied.
  var sharesMemory: Bool { kind == .cpu }

  /// Platform, versions, memory, and what it has of what may lack.
  var details: String {
    var has = [hasDouble ? "fp64" : "no fp64"]
    has.append(extensions.contains("cl_khr_fp16") ? "fp16" : "no fp16 arithmetic")
    if !roundsCorrectly { has.append("float32 division not correctly rounded") }
    if !keepsSubnormals { has.append("no subnormal float32") }
    return "\(kind.rawValue), \(platform), \(version), driver \(driver), "
      + "\(ByteText.of(memoryBytes)), \(computeUnits) units, \(has.joined(separator: ", "))"
  }

  /// What is wrong with the device; nil for one that programs of ours can use.
  var refusal: String? { isLittleEndian ? nil : "it is big-endian" }

  // MARK: - Choice

  /// The device that a text asks for, by index, type or a part of the name; without a text the
  /// first GPU, else the first.
  ///
  /// - Throws: `unusable-executor` with the devices that there are.
  static func chosen(by text: String?, of devices: [OpenCLDevice]) throws(WeftError)
    -> OpenCLDevice
  {
    if devices.isEmpty {
      throw WeftError(
        .unusableExecutor, "compute",
        OpenCLLibrary.unavailable ?? "no OpenCL platform has a device")
    }
    let usable = devices.filter { $0.refusal == nil }
    guard let text else {
      if let device = usable.first(where: { $0.kind == .gpu }) ?? usable.first { return device }
      throw WeftError(.unusableExecutor, "compute", "no OpenCL device can be used")
    }
    let wanted = text.lowercased()
    let found: OpenCLDevice?
    if let index = Int(text) {
      found = devices.first { $0.index == index }
    } else {
      found =
        devices.first { $0.kind.rawValue == wanted }
        ?? devices.first { $0.name.lowercased().contains(wanted) }
    }
    guard let found else {
      let list = devices.map { "\($0.index): \($0.name) (\($0.kind.rawValue))" }
      throw WeftError(
        .unusableExecutor, "compute",
        "WEFT_OPENCL_DEVICE is '\(text)', and no device has this index, type or name: "
          + list.joined(separator: ", "))
    }
    if let refusal = found.refusal {
      throw WeftError(
        .unusableExecutor, "compute", "OpenCL device \(found.name) cannot be used: \(refusal)")
    }
    return found
  }
}
