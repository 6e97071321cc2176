/// The scalar functions and conversions written in primitives, by name and dtype.
public enum KernelLibrary {
  /// The body of a function for operands of a dtype (`select` takes that of its values), or nil
  /// where kernels do not have it.
  public static func function(_ f: ScalarFunction, _ dtype: DType) -> KernelFunction? {
    bodies[f.name]?(dtype)
  }

  /// The steps of NumPy's `astype`, or nil where kernels do not have them.
  public static func conversion(from: DType, to: DType) -> KernelFunction? {
    from == to
      ? nil : KernelFunction([from]) { builder, x in x[0].converted(to: to) }
  }

  private static let bodies: [String: @Sendable (DType) -> KernelFunction?] = [:]
}
