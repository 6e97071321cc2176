import WeftIR

extension Graph {
  /// The constant that every element of a value is, seen through broadcasts and conversions.
  ///
  /// Simplified graphs nest few of them; deeper ones are not looked through.
  func uniformScalar(_ value: Value) -> Scalar? {
    var conversions: [DType] = []
    var current = value
    for _ in 0..<6 {
      switch op(current) {
      case .constant(let scalar):
        return conversions.reversed().reduce(scalar) { $0.converted(to: $1) }
      case .convert(let dtype):
        conversions.append(dtype)
        fallthrough
      case .broadcast:
        guard let source = operands(current.index).first else { return nil }
        current = source
      default: return nil
      }
    }
    return nil
  }

  /// A value of a known shape whose every element is a constant; nil for unknown shapes, whose
  /// extents would have nothing to come from.
  mutating func addUniform(_ scalar: Scalar, _ shape: Shape, site: SourceSite) throws -> Value? {
    guard shape.isKnown else { return nil }
    let constant = try add(.constant(scalar), site: site)
    return shape.rank == 0
      ? constant : try add(.broadcast(to: shape, axes: []), [constant], site: site)
  }
}
