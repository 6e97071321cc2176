import WeftIR

extension ScriptValue {
  /// The value as an array: host numbers are weak, nested sequences become arrays; nil for others.
  ///
  /// - Throws: `value` for ragged nesting.
  func asArray(_ operation: String, _ site: SourceSite) throws -> NDArray? {
    if case .array(let array) = self { return array }
    if let (scalar, kind) = try hostScalar() { return NDArray(weak: scalar, kind, site: site) }
    guard items != nil else { return nil }
    return try literal(operation, site)
  }

  /// The value as an array.
  ///
  /// - Throws: `argument` for what is none.
  func requireArray(_ operation: String, _ site: SourceSite) throws -> NDArray {
    if let array = try asArray(operation, site) { return array }
    throw WeftError(.argument, operation, "\(summary) is no array", site: site)
  }

  /// The items of a sequence as arrays, or the parts of an array along its first axis.
  func asArrays(_ operation: String, _ site: SourceSite) throws -> [NDArray]? {
    if let items { return try items.map { try $0.requireArray(operation, site) } }
    guard case .array(let array) = self, array.rank > 0 else { return nil }
    return try parts(of: array, operation, site)
  }

  /// The parts of an array along its first axis, of known extent.
  private func parts(
    of array: NDArray, _ operation: String, _ site: SourceSite
  ) throws -> [NDArray] {
    guard case .known(let count) = array.expr.type.shape[0] else {
      throw WeftError(
        .unknownExtent, operation,
        "\(array.expr.type) has as many parts as only the data tell", site: site)
    }
    guard count <= 1 << 16 else {
      throw WeftError(
        .tooLarge, operation, "\(array.expr.type) has too many parts to list", site: site)
    }
    return (0..<count).map { array.selecting([.at($0)], site: site) }
  }

  /// The items of a sequence, or the parts of an array along its first axis; nil for others.
  func iterated(_ operation: String, _ site: SourceSite) throws -> [ScriptValue]? {
    if let items { return items }
    guard case .array(let array) = self else { return nil }
    guard array.rank > 0 else {
      throw WeftError(
        .argument, operation, "a 0-d array has no items to unpack", site: site)
    }
    return try parts(of: array, operation, site).map { .array($0) }
  }

  /// The value as an array of a dtype.
  ///
  /// - Throws: `out-of-range` for a host integer that the dtype does not hold.
  func asArray(
    _ operation: String, dtype: DType?, _ site: SourceSite
  ) throws -> NDArray? {
    guard let dtype else { return try asArray(operation, site)?.strong }
    try checkIntegers(fit: dtype, operation, site)
    if items != nil {
      return try literal(operation, dtype: dtype, site).converted(to: dtype, site: site)
    }
    return try asArray(operation, site)?.strong.converted(to: dtype, site: site)
  }

  private func checkIntegers(
    fit dtype: DType, _ operation: String, _ site: SourceSite
  ) throws {
    if let items {
      for item in items { try item.checkIntegers(fit: dtype, operation, site) }
    } else if case .integer = self, let (scalar, _) = try hostScalar(), !scalar.fits(dtype),
      dtype.isInteger
    {
      throw WeftError(
        .outOfRange, operation, "the integer \(scalar) is out of range for \(dtype)", site: site)
    }
  }

  // MARK: Literals

  /// A nested sequence as an array: plain numbers are stored at once, arrays are stacked.
  private func literal(
    _ operation: String, dtype given: DType? = nil, _ site: SourceSite
  ) throws -> NDArray {
    guard let shape = literalShape() else { return try stacked(operation, site) }
    var leaves: [Scalar] = []
    var dtype: DType?
    try collect(shape[...], into: &leaves, &dtype, operation, site)
    let type = TensorType(given ?? dtype ?? .float64, Shape(shape))
    let buffer = try Buffer(allocating: type, in: Session.current.memory)
    for (n, leaf) in leaves.enumerated() {
      leaf.converted(to: type.dtype).store(to: buffer.base + n * type.dtype.itemSize)
    }
    return NDArray(Expr(buffer, site: site))
  }

  /// The shape by the first items; nil when an array is among the leaves that it meets.
  private func literalShape() -> [Int]? {
    var shape: [Int] = []
    var value = self
    while let items = value.items {
      shape.append(items.count)
      guard let first = items.first else { break }
      value = first
    }
    if case .array = value { return nil }
    return containsArray ? nil : shape
  }

  private var containsArray: Bool {
    if case .array = self { return true }
    return items?.contains { $0.containsArray } ?? false
  }

  /// Appends the numbers of a nested sequence, which must have the shape.
  private func collect(
    _ shape: ArraySlice<Int>, into leaves: inout [Scalar], _ dtype: inout DType?,
    _ operation: String, _ site: SourceSite
  ) throws {
    if let items {
      guard let extent = shape.first, items.count == extent else {
        throw ragged(operation, site)
      }
      for item in items {
        try item.collect(shape.dropFirst(), into: &leaves, &dtype, operation, site)
      }
      return
    }
    guard let (scalar, _) = try hostScalar() else {
      throw WeftError(.argument, operation, "\(summary) is no element of an array", site: site)
    }
    guard shape.isEmpty else { throw ragged(operation, site) }
    leaves.append(scalar)
    dtype = dtype.map { $0.promoted(with: scalar.dtype) } ?? scalar.dtype
  }

  private func ragged(_ operation: String, _ site: SourceSite) -> WeftError {
    WeftError(
      .value, operation, "nested sequences differ in length, so that there is no shape", site: site)
  }

  /// A sequence with arrays in it: its items joined along a new first axis.
  private func stacked(_ operation: String, _ site: SourceSite) throws -> NDArray {
    guard let items else { return try requireArray(operation, site) }
    let parts = try items.map { try $0.stacked(operation, site).strong }
    // NumPy's dtypes of nested sequences are found two at a time.
    let dtype = parts.dropFirst().reduce(parts[0].dtype) { $0.promoted(with: $1.dtype) }
    return stack(
      parts.map { $0.converted(to: dtype, site: site) }, name: operation, site: site)
  }
}
