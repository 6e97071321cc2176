import WeftIR

/// Elementwise ops: each element through the scalar function's meaning.
extension RowEvaluator {
  func map(_ f: ScalarFunction, _ operands: [Buffer], _ type: TensorType) throws -> Buffer {
    let result = try allocate(type)
    if f === ScalarFunction.select {
      try select(operands, result)
    } else if !(try operands[0].type.dtype.visit(
      StoredMap(f: f, operands: operands, result: result, token: token)))
    {
      try mapScalars(f, operands, result)
    }
    return result
  }

  /// Any function, element by element as `Scalar`s.
  private func mapScalars(
    _ f: ScalarFunction, _ operands: [Buffer], _ result: Buffer
  ) throws {
    let evaluate = f.evaluate
    let size = result.type.dtype.itemSize
    let (a, b, c) = (operands[0], operands[min(1, f.arity - 1)], operands[f.arity - 1])
    let arity = f.arity
    for i in 0..<result.count {
      if i & 0xFFFF == 0 { try token.check() }
      let x = a.scalar(at: i)
      let y = arity > 1 ? b.scalar(at: i) : x
      let z = arity > 2 ? c.scalar(at: i) : y
      evaluate(x, y, z).store(to: result.base + i * size)
    }
  }

  private func select(_ operands: [Buffer], _ result: Buffer) throws {
    let size = result.type.dtype.itemSize
    let mask = UnsafeRawPointer(operands[0].base)
    for i in 0..<result.count {
      if i & 0xFFFF == 0 { try token.check() }
      let chosen = mask.element(i, as: Truth.self).isTrue ? operands[1].base : operands[2].base
      (result.base + i * size).copyMemory(from: chosen + i * size, byteCount: size)
    }
  }

  func convert(_ operand: Buffer, _ type: TensorType) throws -> Buffer {
    let result = try allocate(type)
    let (from, to) = (operand.type.dtype, type.dtype)
    let (source, target) = (UnsafeRawPointer(operand.base), result.base)
    for i in 0..<result.count {
      if i & 0xFFFF == 0 { try token.check() }
      switch (from, to) {
      case (.float32, .float64):
        let value = Double(source.element(i * 4, as: Float.self))
        target.storeBytes(of: value, toByteOffset: i * 8, as: Double.self)
      case (.float64, .float32):
        let value = Float(source.element(i * 8, as: Double.self))
        target.storeBytes(of: value, toByteOffset: i * 4, as: Float.self)
      case (.int64, .float64):
        let value = Double(source.element(i * 8, as: Int64.self))
        target.storeBytes(of: value, toByteOffset: i * 8, as: Double.self)
      default:
        operand.scalar(at: i).converted(to: to).store(to: target + i * to.itemSize)
      }
    }
    return result
  }
}

/// Runs a function on stored elements where that means the same; tells whether it did.
private struct StoredMap: ElementVisitor {
  let f: ScalarFunction
  let operands: [Buffer]
  let result: Buffer
  let token: CancellationToken

  func visit<E: Element>(_ type: E.Type) throws -> Bool {
    let size = MemoryLayout<E>.size
    let (a, target) = (UnsafeRawPointer(operands[0].base), result.base)
    if f.arity == 1, let function = E.unary(f) {
      try forEachIndex { i in
        target.storeBytes(of: function(a.element(i * size)), toByteOffset: i * size, as: E.self)
      }
      return true
    }
    guard f.arity == 2 else { return false }
    let b = UnsafeRawPointer(operands[1].base)
    if let function = E.binary(f) {
      try forEachIndex { i in
        target.storeBytes(
          of: function(a.element(i * size), b.element(i * size)), toByteOffset: i * size,
          as: E.self)
      }
      return true
    }
    if let function = E.comparison(f) {
      try forEachIndex { i in
        let answer = function(a.element(i * size), b.element(i * size))
        target.storeBytes(of: answer ? 1 : 0, toByteOffset: i, as: UInt8.self)
      }
      return true
    }
    return false
  }

  @inline(__always)
  private func forEachIndex(_ body: (Int) -> Void) throws {
    let count = result.count
    var start = 0
    while start < count {
      try token.check()
      let end = min(count, start + 1 << 16)
      for i in start..<end { body(i) }
      start = end
    }
  }
}
