import WeftIR

/// Elements that lie side by side, such as the parts of complex numbers: two loads or two stores of
/// every other element become one of all.
extension LLVMWriter {
  /// Writes two statements at once, if they load or store neighbours.
  func pair(
    _ first: Kernel.Statement, _ second: Kernel.Statement, _ renderer: inout LLVMRenderer
  ) -> Bool {
    switch (first, second) {
    case (
      .define(let a, .load(let parameter, let index)), .define(let b, .load(let other, let next))
    ):
      guard parameter == other, let base = base(of: index, before: next, parameter) else {
        return false
      }
      loadPair(a, b, parameter, base, &renderer)
      return true
    case (.store(let parameter, let index, let a), .store(let other, let next, let b)):
      guard parameter == other, let base = base(of: index, before: next, parameter) else {
        return false
      }
      storePair(value(a), value(b), parameter, base, &renderer)
      return true
    default: return false
    }
  }

  /// Where pairs begin, if every other element is meant, and then its neighbour.
  private func base(
    of index: Kernel.Operand, before next: Kernel.Operand, _ parameter: Int
  ) -> String? {
    guard lanes > 1, buffer(parameter).dtype.isFloat, case .local = index, case .local = next,
      case .affine(let base, .constant(2)) = value(index),
      case .affine(let other, .constant(2)) = value(next), predecessors[other] == base
    else { return nil }
    return base
  }

  private func loadPair(
    _ a: Kernel.Local, _ b: Kernel.Local, _ parameter: Int, _ base: String,
    _ renderer: inout LLVMRenderer
  ) {
    let (name, dtype) = buffer(parameter)
    let element = LLVMNames.memory(dtype, 1)
    let (type, size) = ("<\(2 * lanes) x \(element)>", dtype.itemSize)
    let place = address(name, element, base)
    let loaded: String
    if let both = maskOfPairs() {
      let suffix = LLVMNames.suffix(element, 2 * lanes)
      renderer.declare(
        type, "llvm.masked.load.\(suffix).p0", ["ptr", "i32", "<\(2 * lanes) x i1>", type])
      loaded = emit(
        "call \(type) @llvm.masked.load.\(suffix).p0(ptr \(place), i32 \(size), "
          + "<\(2 * lanes) x i1> \(both), \(type) zeroinitializer)")
    } else {
      loaded = emit("load \(type), ptr \(place), align \(size)")
    }
    for (part, local) in [a, b].enumerated() {
      let picks = (0..<lanes).map { "i32 \(2 * $0 + part)" }.joined(separator: ", ")
      bind(
        local,
        .varying(
          emit("shufflevector \(type) \(loaded), \(type) poison, <\(lanes) x i32> <\(picks)>"),
          dtype))
    }
  }

  private func storePair(
    _ a: WrittenValue, _ b: WrittenValue, _ parameter: Int, _ base: String,
    _ renderer: inout LLVMRenderer
  ) {
    let (name, dtype) = buffer(parameter)
    let element = LLVMNames.memory(dtype, 1)
    let (type, wide) = ("<\(lanes) x \(element)>", "<\(2 * lanes) x \(element)>")
    let place = address(name, element, base)
    let picks = (0..<lanes).map { "i32 \($0), i32 \(lanes + $0)" }.joined(separator: ", ")
    let (x, y) = (spread(a, lanes), spread(b, lanes))
    let both = emit(
      "shufflevector \(type) \(x), \(type) \(y), <\(2 * lanes) x i32> <\(picks)>")
    guard let mask = maskOfPairs() else {
      line("store \(wide) \(both), ptr \(place), align \(dtype.itemSize)")
      return
    }
    let suffix = LLVMNames.suffix(element, 2 * lanes)
    renderer.declare(
      "void", "llvm.masked.store.\(suffix).p0", [wide, "ptr", "i32", "<\(2 * lanes) x i1>"])
    line(
      "call void @llvm.masked.store.\(suffix).p0(\(wide) \(both), ptr \(place), "
        + "i32 \(dtype.itemSize), <\(2 * lanes) x i1> \(mask))")
  }

  /// The mask with each lane twice; nil where all run.
  private func maskOfPairs() -> String? {
    guard let mask else { return nil }
    let picks = (0..<2 * lanes).map { "i32 \($0 / 2)" }.joined(separator: ", ")
    return emit(
      "shufflevector <\(lanes) x i1> \(mask), <\(lanes) x i1> poison, "
        + "<\(2 * lanes) x i32> <\(picks)>")
  }
}
