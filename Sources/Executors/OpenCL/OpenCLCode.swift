import WeftIR

/// A kernel that a device compiles, or interprets as long as that is quicker.
final class OpenCLCode: Sendable {
  private let kernel: Kernel
  private let source: String
  private let items: Int
  private let takesStreams: Bool
  /// The buffers that are a work-group's own: their places among the parameters, and how many elements
  /// of how many bytes each group has.
  private let scratch: [(parameter: Int, elements: Int, itemSize: Int)]
  private let compilation: PassContext.Compilation
  private let compiled = Lock<OpenCLKernel?>(nil)
  /// Nil within where the interpreter cannot hold the kernel.
  private let interpreted = Lock<OpenCLInterpreted??>(nil)
  private let found = Lock<(origin: OpenCLKernel.Origin, seconds: Double)?>(nil)

  init(_ text: OpenCLText, _ compilation: PassContext.Compilation) {
    kernel = text.lowered.kernel
    source = text.source
    items = text.items
    takesStreams = text.takesStreams
    scratch = text.scratch
    self.compilation = compilation
  }

  init(
    _ kernel: Kernel, source: String, _ style: OpenCLStyle, _ compilation: PassContext.Compilation
  ) {
    self.kernel = kernel
    self.source = source
    items = style.items
    takesStreams = style.takesStreams
    scratch = []
    self.compilation = compilation
  }

  /// Where the code was found, and how long that took.
  var origin: String {
    let isInterpreted = interpreted.withLock { ($0 ?? nil) != nil }
    guard let found = found.withLock({ $0 }) else {
      return isInterpreted ? "interpreted" : "not yet"
    }
    return found.origin == .memory
      ? "memory" : "\(found.origin.rawValue) in \(Int(found.seconds * 1e6)) us"
  }

  /// How one run executes the kernel.
  struct Way {
    fileprivate let code: OpenCLCode
    fileprivate let kernel: OpenCLKernel
    fileprivate let interpreted: OpenCLInterpreted?
    /// Whether its results have been right.
    let trust: OpenCLTrust

    /// Where the code is.
    var origin: String {
      interpreted == nil
        ? code.found.withLock { $0?.origin.rawValue } ?? "memory" : "interpreted"
    }

    /// Enqueues the kernel on buffers and index parameters.
    func launch(
      _ buffers: [DeviceMemory], _ indices: [Int64], streams: Int64 = 0, groups: Int,
      _ run: OpenCLRun
    ) throws(WeftError) {
      if let interpreted {
        let arguments = try interpreted.arguments(buffers, indices, on: run.runtime)
        return try run.launch(kernel, arguments, groups: groups, items: 1)
      }
      var arguments = code.arguments(buffers, indices)
      for scratch in code.scratch { arguments.append(.index(Int64(scratch.elements))) }
      if code.takesStreams { arguments.append(.index(streams)) }
      try run.launch(kernel, arguments, groups: groups, items: code.items)
    }
  }

  /// How a run on so many elements executes the kernel.
  func way(elements: Int, _ run: OpenCLRun, title: String) throws(WeftError) -> Way {
    if let known = compiled.withLock({ $0 }) {
      return Way(code: self, kernel: known, interpreted: nil, trust: known.trust)
    }
    if let way = try interpretedWay(elements, run) { return way }
    let (kernel, origin) = try run.code(source, title: title)
    found.withLock { if $0 == nil { $0 = (origin, kernel.seconds) } }
    compiled.withLock { $0 = kernel }
    return Way(code: self, kernel: kernel, interpreted: nil, trust: kernel.trust)
  }

  private func interpretedWay(_ elements: Int, _ run: OpenCLRun) throws(WeftError) -> Way? {
    if compilation == .always || run.context == nil { return nil }
    let slot = run.runtime.programs.slot(source)
    if compilation == .automatic, !slot.mayInterpret(elements) { return nil }
    let interpreted = self.interpreted.withLock { known in
      if let known { return known }
      let own = buffers.enumerated().compactMap { place, parameter in
        scratch.first { $0.parameter == parameter }.map { (place, $0.elements * $0.itemSize) }
      }
      let made = OpenCLInterpreted(self.kernel, own: Dictionary(uniqueKeysWithValues: own))
      known = .some(made)
      return made
    }
    guard let interpreted,
      compilation == .never || slot.interprets(interpreted.cost(elements: elements))
    else { return nil }
    let program = OpenCLInterpreter.source(hasDouble: run.runtime.device.hasDouble)
    let kernel = try run.code(program, title: "interpreter").kernel
    run.context?.counters.add("interpretations")
    return Way(code: self, kernel: kernel, interpreted: interpreted, trust: slot.trust)
  }

  /// The places of buffers among the parameters.
  private var buffers: [Int] {
    kernel.parameters.indices.filter {
      if case .buffer = kernel.parameters[$0] { true } else { false }
    }
  }

  private func arguments(
    _ buffers: [DeviceMemory], _ indices: [Int64]
  ) -> [OpenCLKernel.Argument] {
    var (buffers, indices) = (buffers[...], indices[...])
    return kernel.parameters.map { parameter in
      switch parameter {
      // The lowering gives a binding for each buffer and a value for each index.
      case .buffer: .memory(buffers.removeFirst())
      case .index: .index(indices.removeFirst())
      }
    }
  }
}
