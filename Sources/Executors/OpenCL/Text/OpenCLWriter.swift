import WeftIR
import WeftPlans

/// Writes the statements of one function.
///
/// In vector loops of style `vectors` values are uniform, varying or affine, and `mask` tells the
/// lanes that run where not all do; elsewhere a work-item has one lane.
final class OpenCLWriter: KernelWriting {
  /// Lanes of a varying value where the writer stands; 1 outside vector loops.
  var lanes: Int
  /// The lanes that run, as a mask with elements of so many bytes; nil is all of them.
  var mask: (name: String, bytes: Int)?
  /// How many lanes have elements in the last pass of a vector loop; nil is all of them.
  var rest: String?
  /// Whether the writer stands in a loop whose iterations are shared out to work-items.
  var isShared = false
  private(set) var text = ""
  private var depth = 1
  private var counter = 0
  var scope = WrittenScope()
  private var parameters: [Kernel.Parameter] = []
  /// For buffers that may go past the cache the bit that says so.
  private(set) var streams: [Int: Int] = [:]
  /// For stores of whole vectors in the loop that is being written whether they do.
  var streamed: [Kernel.StorePlace: String] = [:]
  /// The buffer parameters that are read.
  private(set) var loaded: Set<Int> = []

  init(lanes: Int) { self.lanes = lanes }

  // MARK: - Lines

  func fresh(_ stem: String = "t") -> String {
    counter += 1
    return "\(stem)\(counter)"
  }

  func line(_ text: String) {
    self.text += String(repeating: "  ", count: depth) + text + "\n"
  }

  /// A name for a value.
  func emit(_ type: String, _ expression: String) -> String {
    let name = fresh()
    line("const \(type) \(name) = \(expression);")
    return name
  }

  /// Lines between braces.
  func block(_ head: String, _ body: () throws(WeftError) -> Void) throws(WeftError) {
    line(head + " {")
    depth += 1
    try body()
    depth -= 1
    line("}")
  }

  // MARK: - Kernels and functions

  /// `own` are the buffer parameters that are a work-group's own.
  func writeKernel(
    _ kernel: Kernel, own: [Int], _ renderer: inout OpenCLRenderer
  ) throws(WeftError) {
    parameters = kernel.parameters
    var number = 0
    for (parameter, kind) in parameters.enumerated() {
      guard case .buffer(_, let isWritten) = kind else { continue }
      if isWritten, number < KernelStreams.most, !own.contains(parameter) {
        streams[parameter] = number
      }
      number += 1
    }
    loaded = kernel.loadedBuffers
    try write(kernel.body, &renderer)
  }

  func write(
    _ statements: [Kernel.Statement], _ renderer: inout OpenCLRenderer
  ) throws(WeftError) {
    for statement in statements {
      switch statement {
      case .define(let local, let expression):
        bind(local, try self.expression(expression, local.dtype, &renderer))
      case .variable(let local, let first):
        let name = fresh("v")
        scope.variables[local.id] = WrittenScope.Variable(name, lanes: lanes)
        line("\(OpenCLNames.type(local.dtype, lanes)) \(name) = \(spread(value(first), lanes));")
      case .assign(let local, let operand): assign(local, value(operand))
      case .store(let buffer, let index, let operand):
        let past = streamed[Kernel.StorePlace(buffer: buffer, index: index)]
        store(value(operand), to: buffer, at: value(index), past: past, &renderer)
      case .prefetch(let buffer, let index): prefetch(buffer, at: value(index), &renderer)
      case .loop(let loop):
        switch loop.kind {
        case .vector: try vectorLoop(loop, &renderer)
        case .serial: try countedLoop(loop, &renderer)
        case .tile: try tileLoop(loop, &renderer)
        case .parallel: try parallelLoop(loop, &renderer)
        }
      case .branch(let condition, let then, let other):
        try branch(value(condition), then, other, &renderer)
      case .repetition(let loop):
        try block("for (;;)") { () throws(WeftError) in
          try write(loop.head, &renderer)
          line("if (!(\(scalar(value(loop.condition))))) break;")
          try write(loop.body, &renderer)
        }
      }
    }
  }

  // MARK: - Values

  /// The value of an operand.
  func value(_ operand: Kernel.Operand) -> WrittenValue {
    switch operand {
    case .constant(let scalar): return .uniform(OpenCLNames.constant(scalar), scalar.dtype)
    case .parameter(let n): return .uniform("p\(n)", .int64)
    case .local(let local):
      if let variable = scope.variables[local.id] {
        // What is assigned later must not change what was read.
        return define(variable.name, local.dtype, variable.lanes)
      }
      // The verifier has seen that every local is defined before its use.
      return scope.values[local.id] ?? .uniform("0", local.dtype)
    }
  }

  /// The name of a variable.
  func name(of variable: Kernel.Local) -> String { scope.variables[variable.id]?.name ?? "0" }

  /// The dtype of a buffer parameter's elements.
  func dtype(of buffer: Int) -> DType {
    if case .buffer(let dtype, _) = parameters[buffer] { dtype } else { .int64 }
  }

  func result(_ name: String, _ dtype: DType, _ lanes: Int) -> WrittenValue {
    if lanes == 1 { return .uniform(name, dtype) }
    return dtype == .bool ? .mask(name, bytes: 4) : .varying(name, dtype)
  }

  /// The text of a value in so many lanes.
  func spread(_ value: WrittenValue, _ lanes: Int) -> String {
    if lanes == 1 { return scalar(value) }
    switch value {
    case .mask(let name, let bytes): return mask(name, bytes, to: 4)
    case .varying(let name, _): return name
    case .uniform(let name, .bool): return "(int\(lanes))(-(\(name)))"
    case .uniform(let name, let dtype):
      return "(\(OpenCLNames.type(dtype, lanes)))(\(name))"
    case .affine(let base, let stride):
      let type = "long\(lanes)"
      let iota = OpenCLNames.iota("long", lanes)
      var steps = iota
      if case .constant(1) = stride {} else { steps = "(\(type))(\(stride.text)) * \(iota)" }
      return emit(type, "(\(type))(\(base)) + \(steps)")
    }
  }

  /// A bool in all lanes, as a mask with elements of so many bytes.
  func mask(_ value: WrittenValue, bytes: Int) -> String {
    switch value {
    case .mask(let name, let own): mask(name, own, to: bytes)
    default: "(\(OpenCLNames.signed(bytes))\(lanes))(-(\(scalar(value))))"
    }
  }

  func mask(_ name: String, _ own: Int, to bytes: Int) -> String {
    own == bytes ? name : "convert_\(OpenCLNames.signed(bytes))\(lanes)(\(name))"
  }

  private func assign(_ local: Kernel.Local, _ value: WrittenValue) {
    guard let variable = scope.variables[local.id] else { return }
    var text = spread(value, variable.lanes)
    if variable.lanes > 1, let mask {
      let bytes = local.dtype == .bool ? 4 : local.dtype.itemSize
      text = "select(\(variable.name), \(text), \(self.mask(mask.name, mask.bytes, to: bytes)))"
    }
    line("\(variable.name) = \(text);")
  }
}

extension Kernel {
  /// The buffer parameters whose elements are read.
  fileprivate var loadedBuffers: Set<Int> {
    var loaded: Set<Int> = []
    var open = [body]
    while let statements = open.popLast() {
      for statement in statements {
        switch statement {
        case .define(_, .load(let buffer, _)): loaded.insert(buffer)
        case .loop(let loop): open.append(loop.body)
        case .branch(_, let then, let other): open += [then, other]
        case .repetition(let loop): open += [loop.head, loop.body]
        case .define, .variable, .assign, .store, .prefetch: break
        }
      }
    }
    return loaded
  }
}
