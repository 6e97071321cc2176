import WeftIR

/// What a device does between slots that is no fused kernel: products, sorts, elements that are put
/// or kept.
protocol OpenCLDeviceStep: Sendable {
  /// The slots that are read.
  var sources: [Int] { get }
  /// The slots that are written.
  var targets: [Int] { get }
  /// Bytes that the step needs only while it runs.
  var extraBytes: Int { get }
  /// What it is, the results' types, and the place.
  var summary: String { get }

  /// The programs, as far as they are known before a run.
  func listings(_ runtime: OpenCLRuntime) -> [KernelListing]
  /// Enqueues it.
  func run(_ run: OpenCLRun) throws
}

/// An array as a box of three axes: all before an axis, the axis, all behind it.
struct OpenCLBox: Sendable {
  let outer: Int
  let extent: Int
  let inner: Int

  init(_ type: TensorType, axis: Int) {
    let extents = type.shape.known ?? []
    outer = extents[..<axis].reduce(1, *)
    extent = extents[axis]
    inner = extents[(axis + 1)...].reduce(1, *)
  }

  /// The elements.
  var count: Int { outer * extent * inner }
}
