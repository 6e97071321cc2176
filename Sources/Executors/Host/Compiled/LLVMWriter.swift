import WeftIR

/// Writes the instructions of one function.
///
/// Variables live in stack slots, which LLVM turns into registers. Inside a vector loop values are
/// uniform, varying or affine; `mask` tells the lanes that run where not all do.
final class LLVMWriter: KernelWriting {
  /// Lanes of a varying value where the writer stands; 1 outside vector loops.
  var lanes: Int
  /// The lanes that run; nil is all of them.
  var mask: String?
  private let isFunction: Bool
  private var slots = ""
  private var text = ""
  private var counter = 0
  /// Variables have the names of their stack slots.
  var scope = WrittenScope()
  private var buffers: [(name: String, dtype: DType)] = []
  private var indices: [String] = []
  /// Of the bases of affine places those that lie one before them.
  var predecessors: [String: String] = [:]
  /// For buffers that are written, whether this is to go past the cache, as `i1`.
  var streams: [Int: String] = [:]
  /// The same for stores of whole vectors in the loop that is being written.
  var streamed: [Kernel.StorePlace: String] = [:]

  init(lanes: Int, isFunction: Bool) {
    self.lanes = lanes
    self.isFunction = isFunction
  }

  /// The body in braces.
  func finish(_ last: String) -> String {
    " {\nentry:\n\(slots)  br label %start\nstart:\n\(text)  \(last)\n}\n"
  }

  // MARK: - Instructions

  func fresh() -> String {
    counter += 1
    return "%t\(counter)"
  }

  func line(_ instruction: String) { text += "  \(instruction)\n" }

  func emit(_ instruction: String) -> String {
    let name = fresh()
    text += "  \(name) = \(instruction)\n"
    return name
  }

  func label(_ stem: String) -> String {
    counter += 1
    return "\(stem)\(counter)"
  }

  func begin(_ label: String) { text += "\(label):\n" }

  /// A stack slot.
  func slot(_ type: String) -> String {
    let name = fresh()
    slots += "  \(name) = alloca \(type), align 64\n"
    return name
  }

  // MARK: - Kernels and functions

  func writeKernel(_ kernel: Kernel, _ renderer: inout LLVMRenderer) throws(WeftError) {
    for (n, parameter) in kernel.parameters.enumerated() {
      switch parameter {
      case .buffer(let dtype, _):
        let place = emit("getelementptr ptr, ptr %buffers, i64 \(buffers.count)")
        buffers.append((emit("load ptr, ptr \(place), align 8"), dtype))
        indices.append("")
      case .index:
        let place = emit("getelementptr i64, ptr %indices, i64 \(n - buffers.count)")
        indices.append(emit("load i64, ptr \(place), align 8"))
      }
    }
    bufferPlaces = kernel.parameters.indices.filter {
      if case .buffer = kernel.parameters[$0] { true } else { false }
    }
    readStreams(kernel, indexCount: kernel.parameters.count - buffers.count)
    try write(kernel.body, &renderer)
  }

  /// Parameter numbers of the buffers, in order.
  private var bufferPlaces: [Int] = []

  func write(
    _ statements: [Kernel.Statement], _ renderer: inout LLVMRenderer
  ) throws(WeftError) {
    var isDone = false
    for (place, statement) in statements.enumerated() {
      if isDone {
        isDone = false
        continue
      }
      if place + 1 < statements.count, pair(statement, statements[place + 1], &renderer) {
        isDone = true
        continue
      }
      switch statement {
      case .define(let local, let expression):
        bind(local, try self.expression(expression, local.dtype, &renderer))
      case .variable(let local, let first):
        let slot = slot(LLVMNames.type(local.dtype, lanes))
        scope.variables[local.id] = WrittenScope.Variable(slot, lanes: lanes)
        set(local, value(first), masked: false)
      case .assign(let local, let operand): set(local, value(operand), masked: true)
      case .store(let buffer, let index, let operand):
        let past = streamed[Kernel.StorePlace(buffer: buffer, index: index)]
        store(value(operand), to: buffer, at: value(index), past: past, &renderer)
      case .prefetch(let buffer, let index):
        if mask == nil { prefetch(buffer, at: value(index), &renderer) }
      case .loop(let loop):
        switch loop.kind {
        case .vector: try vectorLoop(loop, &renderer)
        case .tile: try tileLoop(loop, &renderer)
        case .serial:
          try countedLoop(
            loop, from: scalar(value(loop.lower)), to: scalar(value(loop.upper)), &renderer)
        case .parallel: try countedLoop(loop, from: "%begin", to: "%end", &renderer)
        }
      case .branch(let condition, let then, let other):
        try branch(value(condition), then, other, &renderer)
      case .repetition(let loop): try repetition(loop, &renderer)
      }
    }
  }

  // MARK: - Values

  /// The value of an operand.
  func value(_ operand: Kernel.Operand) -> WrittenValue {
    switch operand {
    case .constant(let scalar): return .uniform(LLVMNames.constant(scalar), scalar.dtype)
    case .parameter(let n): return .uniform(indices[n], .int64)
    case .local(let local):
      if let variable = scope.variables[local.id] {
        let type = LLVMNames.type(local.dtype, variable.lanes)
        let name = emit("load \(type), ptr \(variable.name), align 64")
        return result(name, local.dtype, variable.lanes)
      }
      // The verifier has seen that every local is defined before its use.
      return scope.values[local.id] ?? .uniform("undef", local.dtype)
    }
  }

  /// The stack slot of a variable.
  func slotOf(_ local: Kernel.Local) -> String { scope.variables[local.id]?.name ?? "undef" }

  func result(_ name: String, _ dtype: DType, _ lanes: Int) -> WrittenValue {
    lanes == 1 ? .uniform(name, dtype) : .varying(name, dtype)
  }

  /// The text of a value in so many lanes.
  func spread(_ value: WrittenValue, _ lanes: Int) -> String {
    switch value {
    case .varying(let name, _), .mask(let name, _): return name
    case .uniform(let name, let dtype):
      return splat(name, LLVMNames.scalar(dtype), lanes)
    case .affine(let base, let stride):
      if lanes == 1 { return base }
      let start = splat(base, "i64", lanes)
      let type = "<\(lanes) x i64>"
      if case .constant(0) = stride { return start }
      let step = splat(stride.text, "i64", lanes)
      let steps = emit("mul \(type) \(step), \(LLVMNames.iota("i64", lanes))")
      return emit("add \(type) \(start), \(steps)")
    }
  }

  /// A vector of equal elements.
  func splat(_ name: String, _ scalar: String, _ lanes: Int) -> String {
    if lanes == 1 { return name }
    if !name.hasPrefix("%") { return LLVMNames.splat(name, scalar, lanes) }
    let type = "<\(lanes) x \(scalar)>"
    let first = emit("insertelement \(type) poison, \(scalar) \(name), i64 0")
    return emit(
      "shufflevector \(type) \(first), \(type) poison, <\(lanes) x i32> zeroinitializer")
  }

  private func set(_ local: Kernel.Local, _ value: WrittenValue, masked: Bool) {
    guard let variable = scope.variables[local.id] else { return }
    let type = LLVMNames.type(local.dtype, variable.lanes)
    var name = spread(value, variable.lanes)
    if masked, variable.lanes > 1, let mask {
      let old = emit("load \(type), ptr \(variable.name), align 64")
      name = emit("select <\(variable.lanes) x i1> \(mask), \(type) \(name), \(type) \(old)")
    }
    line("store \(type) \(name), ptr \(variable.name), align 64")
  }

  // MARK: - Memory

  func buffer(_ parameter: Int) -> (name: String, dtype: DType) {
    buffers[bufferPlaces.firstIndex(of: parameter) ?? 0]
  }

  /// The address of an element of a buffer, and the element's bytes.
  func place(of parameter: Int, at index: String) -> (address: String, itemSize: Int) {
    let (base, dtype) = buffer(parameter)
    return (address(base, LLVMNames.memory(dtype, 1), index), dtype.itemSize)
  }

  func address(_ buffer: String, _ type: String, _ index: String) -> String {
    emit("getelementptr \(type), ptr \(buffer), i64 \(index)")
  }

  /// The element, or the elements, of a buffer.
  func load(
    _ parameter: Int, at index: WrittenValue, _ renderer: inout LLVMRenderer
  ) -> WrittenValue {
    let (base, dtype) = buffer(parameter)
    return load(base, dtype, at: index, &renderer)
  }

  func load(
    _ base: String, _ dtype: DType, at index: WrittenValue, _ renderer: inout LLVMRenderer
  ) -> WrittenValue {
    let element = LLVMNames.memory(dtype, 1)
    let size = dtype.itemSize
    switch index {
    case .uniform(let name, _), .affine(let name, .constant(0)):
      let place = address(base, element, name)
      return .uniform(
        fromMemory(emit("load \(element), ptr \(place), align \(size)"), dtype, 1), dtype)
    case .affine(let name, .constant(1)):
      let type = "<\(lanes) x \(element)>"
      let place = address(base, element, name)
      let loaded: String
      if let mask {
        let suffix = LLVMNames.suffix(element, lanes)
        renderer.declare(
          type, "llvm.masked.load.\(suffix).p0", ["ptr", "i32", "<\(lanes) x i1>", type])
        loaded = emit(
          "call \(type) @llvm.masked.load.\(suffix).p0(ptr \(place), i32 \(size), "
            + "<\(lanes) x i1> \(mask), \(type) zeroinitializer)")
      } else {
        loaded = emit("load \(type), ptr \(place), align \(size)")
      }
      return .varying(fromMemory(loaded, dtype, lanes), dtype)
    case .affine(let name, .constant(2)) where lanes > 1 && dtype.isFloat:
      // Every other element: those between are not touched, but come along.
      let type = "<\(2 * lanes) x \(element)>"
      let place = address(base, element, name)
      let suffix = LLVMNames.suffix(element, 2 * lanes)
      let evens = everyOther()
      renderer.declare(
        type, "llvm.masked.load.\(suffix).p0", ["ptr", "i32", "<\(2 * lanes) x i1>", type])
      let loaded = emit(
        "call \(type) @llvm.masked.load.\(suffix).p0(ptr \(place), i32 \(size), "
          + "<\(2 * lanes) x i1> \(evens), \(type) zeroinitializer)")
      let picks = (0..<lanes).map { "i32 \(2 * $0)" }.joined(separator: ", ")
      return .varying(
        emit(
          "shufflevector \(type) \(loaded), \(type) poison, <\(lanes) x i32> <\(picks)>"), dtype)
    case .affine, .varying, .mask:
      let type = "<\(lanes) x \(element)>"
      let places = emit(
        "getelementptr \(element), ptr \(base), <\(lanes) x i64> \(spread(index, lanes))")
      let suffix = LLVMNames.suffix(element, lanes)
      let name = "llvm.masked.gather.\(suffix).v\(lanes)p0"
      renderer.declare(type, name, ["<\(lanes) x ptr>", "i32", "<\(lanes) x i1>", type])
      let loaded = emit(
        "call \(type) @\(name)(<\(lanes) x ptr> \(places), i32 \(size), "
          + "<\(lanes) x i1> \(mask ?? allLanes), \(type) zeroinitializer)")
      return .varying(fromMemory(loaded, dtype, lanes), dtype)
    }
  }

  private func store(
    _ value: WrittenValue, to parameter: Int, at index: WrittenValue, past: String?,
    _ renderer: inout LLVMRenderer
  ) {
    let (base, dtype) = buffer(parameter)
    let element = LLVMNames.memory(dtype, 1)
    let size = dtype.itemSize
    if case .uniform(let name, _) = index {
      let place = address(base, element, name)
      line("store \(element) \(toMemory(scalar(value), dtype, 1)), ptr \(place), align \(size)")
      return
    }
    let type = "<\(lanes) x \(element)>"
    let stored = toMemory(spread(value, lanes), dtype, lanes)
    let suffix = LLVMNames.suffix(element, lanes)
    if case .affine(let name, .constant(1)) = index {
      let place = address(base, element, name)
      storeVector(element, stored, place, itemSize: size, mask: mask, past: past, &renderer)
      return
    }
    if case .affine(let name, .constant(2)) = index, lanes > 1, dtype.isFloat {
      let wide = "<\(2 * lanes) x \(element)>"
      let place = address(base, element, name)
      let suffix = LLVMNames.suffix(element, 2 * lanes)
      let evens = everyOther()
      let picks = (0..<2 * lanes).map { "i32 \($0 / 2)" }.joined(separator: ", ")
      let spread = emit(
        "shufflevector \(type) \(stored), \(type) poison, <\(2 * lanes) x i32> <\(picks)>")
      renderer.declare(
        "void", "llvm.masked.store.\(suffix).p0", [wide, "ptr", "i32", "<\(2 * lanes) x i1>"])
      line(
        "call void @llvm.masked.store.\(suffix).p0(\(wide) \(spread), ptr \(place), "
          + "i32 \(size), <\(2 * lanes) x i1> \(evens))")
      return
    }
    let places = emit(
      "getelementptr \(element), ptr \(base), <\(lanes) x i64> \(spread(index, lanes))")
    let name = "llvm.masked.scatter.\(suffix).v\(lanes)p0"
    renderer.declare("void", name, [type, "<\(lanes) x ptr>", "i32", "<\(lanes) x i1>"])
    line(
      "call void @\(name)(\(type) \(stored), <\(lanes) x ptr> \(places), i32 \(size), "
        + "<\(lanes) x i1> \(mask ?? allLanes))")
  }

  private var allLanes: String { LLVMNames.splat("true", "i1", lanes) }

  /// The mask of twice the lanes that has those which run at even places.
  private func everyOther() -> String {
    let count = 2 * lanes
    guard let mask else {
      return "<" + (0..<count).map { "i1 \($0 % 2 == 0)" }.joined(separator: ", ") + ">"
    }
    let picks = (0..<count).map { "i32 \($0 % 2 == 0 ? $0 / 2 : lanes)" }.joined(separator: ", ")
    return emit(
      "shufflevector <\(lanes) x i1> \(mask), <\(lanes) x i1> zeroinitializer, "
        + "<\(count) x i32> <\(picks)>")
  }

  private func fromMemory(_ name: String, _ dtype: DType, _ lanes: Int) -> String {
    if dtype != .bool { return name }
    let type = LLVMNames.memory(dtype, lanes)
    return emit("icmp ne \(type) \(name), \(lanes == 1 ? "0" : "zeroinitializer")")
  }

  func toMemory(_ name: String, _ dtype: DType, _ lanes: Int) -> String {
    if dtype != .bool { return name }
    return emit(
      "zext \(LLVMNames.type(.bool, lanes)) \(name) to \(LLVMNames.memory(.bool, lanes))")
  }
}
