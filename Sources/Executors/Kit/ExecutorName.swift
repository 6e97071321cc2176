import WeftIR

/// The name of an executor, or `auto`.
///
/// ```swift
/// let a: NDArray = [1, 2, 3]
/// try a.sum().compute(on: .reference)  // 6
/// try (a + 1).compute(on: "abacus")
/// // error: compute: no executor is named 'abacus' (from the call's argument) [unknown-executor]
/// ```
public struct ExecutorName: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible
{
  /// The name as `WEFT_EXECUTOR` writes it.
  public let name: String

  /// A name from text.
  public init(_ name: String) { self.name = name }
  /// A name from a literal.
  public init(stringLiteral name: String) { self.name = name }

  /// The name.
  public var description: String { name }

  /// The first executor of the session that works.
  public static let auto: ExecutorName = "auto"
  /// OpenBLAS and our own fused kernels on the CPU.
  public static let blas: ExecutorName = "blas"
  /// Our own fused kernels on an OpenCL device.
  public static let opencl: ExecutorName = "opencl"
  /// Kernels over the entries of sparse arrays; dense rows as `blas`.
  public static let sparse: ExecutorName = "sparse"
  /// Chunk by chunk within the memory limit; tiles as `blas`.
  public static let chunked: ExecutorName = "chunked"
  /// Plain loops that define the meaning.
  public static let reference: ExecutorName = "reference"
}

/// A number of bytes.
///
/// ```swift
/// ByteCount.mebibytes(2).bytes  // 2097152
/// ByteCount("1.5G")?.bytes  // 1500000000
/// ```
public struct ByteCount: Hashable, Sendable, CustomStringConvertible {
  /// The number.
  public let bytes: Int

  /// A number of bytes.
  public static func bytes(_ n: Int) -> ByteCount { ByteCount(bytes: n) }
  /// n times 2^10 bytes.
  public static func kibibytes(_ n: Int) -> ByteCount { ByteCount(bytes: scaled(n, 1 << 10)) }
  /// n times 2^20 bytes.
  public static func mebibytes(_ n: Int) -> ByteCount { ByteCount(bytes: scaled(n, 1 << 20)) }
  /// n times 2^30 bytes.
  public static func gibibytes(_ n: Int) -> ByteCount { ByteCount(bytes: scaled(n, 1 << 30)) }

  private static func scaled(_ n: Int, _ unit: Int) -> Int {
    let (product, overflow) = n.multipliedReportingOverflow(by: unit)
    return overflow ? .max : product
  }

  /// A number of bytes.
  public init(bytes: Int) { self.bytes = bytes }

  /// Reads `1000`, `200MB`, `2GiB`, `1.5 GB`; nil when the text is no size.
  public init?(_ text: String) {
    let trimmed = text.filter { $0 != " " }
    let digits = trimmed.prefix { $0.isNumber || $0 == "." }
    guard let number = Double(digits) else { return nil }
    let unit: Double
    switch trimmed.dropFirst(digits.count).lowercased() {
    case "", "b": unit = 1
    case "k", "kb": unit = 1e3
    case "m", "mb": unit = 1e6
    case "g", "gb": unit = 1e9
    case "t", "tb": unit = 1e12
    case "kib": unit = 0x1p10
    case "mib": unit = 0x1p20
    case "gib": unit = 0x1p30
    case "tib": unit = 0x1p40
    default: return nil
    }
    guard number >= 0, number * unit < 0x1p62 else { return nil }
    bytes = Int(number * unit)
  }

  /// With a binary unit: `200.0 MiB`.
  public var description: String { ByteText.of(bytes) }
}
