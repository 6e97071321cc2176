import WeftIR

/// A matrix product on a device, between slots.
final class OpenCLProductStep: OpenCLDeviceStep {
  let product: OpenCLProduct
  let sources: [Int]
  let targets: [Int]
  private let type: TensorType
  private let site: SourceSite
  private let substitute: OpenCLSubstitute

  init(
    _ product: OpenCLProduct, sources: [Int], target: Int, type: TensorType, site: SourceSite,
    _ substitute: OpenCLSubstitute
  ) {
    self.product = product
    self.sources = sources
    targets = [target]
    self.type = type
    self.site = site
    self.substitute = substitute
  }

  private var title: String {
    let extents = [product.rows, product.columns, product.summed].map { OpenCLProduct.count($0) }
    let count = OpenCLProduct.count(product.batch)
    return "product \(extents[0]) x \(extents[1]) x \(extents[2])"
      + (count > 1 ? ", \(count) times" : "")
  }

  var extraBytes: Int { 0 }

  var summary: String { Self.summary(title, [type], site) }

  /// The program of the device's usual tile.
  func listings(_ runtime: OpenCLRuntime) -> [KernelListing] {
    let tile = runtime.tuning.tile(for: product, on: runtime) { _ in nil }
    return [
      KernelListing(
        step: summary, language: "opencl",
        text: OpenCLProductText(product, tile, runtime.device).source)
    ]
  }

  func run(_ run: OpenCLRun) throws {
    let runtime = run.runtime
    let start = run.start
    let operands = try sources.map { OpenCLKernel.Argument.memory(try run.memory($0)) }
    let result = OpenCLKernel.Argument.memory(try run.allocate(targets[0], type))
    let arguments =
      operands + [result] + OpenCLProductText.arguments(product).map { .index($0) }
    let tile = runtime.tuning.tile(for: product, on: runtime) { tile in
      try? seconds(tile, arguments, run)
    }
    let code = try run.code(
      OpenCLProductText(product, tile, runtime.device).source, title: title)
    if code.kernel.trust.isQuarantined, let context = run.context {
      try substitute.run(run, context)
      return
    }
    try run.launch(code.kernel, arguments, groups: product.blocks(tile), items: tile.items)
    guard let context = run.context else { return }
    context.counters.add("kernels")
    context.counters.add("contractions")
    try run.record(
      title, since: start,
      [
        ("kind", .text("opencl")), ("elements", .integer(type.shape.count ?? 0)),
        ("flops", .integer(Int(2 * product.work))), ("lines", .lines([site])),
      ])
    if product.work <= Self.mostCheckedWork {
      try substitute.check(code.kernel.trust, title: title, site: site, run, context)
    }
  }

  /// The multiplications of a product that is compared with the other executor's.
  private static let mostCheckedWork = 0x1p24

  /// The seconds that the device takes with a tile, without the compiler's.
  private func seconds(
    _ tile: OpenCLTile, _ arguments: [OpenCLKernel.Argument], _ run: OpenCLRun
  ) throws(WeftError) -> Double {
    let kernel = try run.code(
      OpenCLProductText(product, tile, run.runtime.device).source, title: title
    ).kernel
    func launch() throws(WeftError) {
      try run.launch(kernel, arguments, groups: product.blocks(tile), items: tile.items)
      try run.wait()
    }
    try launch()
    let start = Trace.now
    try launch()
    return Double(Trace.now - start) * 1e-9
  }
}
