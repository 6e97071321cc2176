/// Distinct elements in the order of a hash table.
extension Routine {
  /// The distinct elements of an array, in the order that NumPy's hash table has them in, then
  /// zeros; and whether a place holds one.
  ///
  /// Of equal elements the first stays; 0 and -0 are equal. NaN are equal only with `equalNaN`,
  /// among complex numbers all that have a NaN part.
  ///
  /// - Shape: `[n]` to `[n]` twice.
  /// - DType: integers and complex numbers, which are those that NumPy hashes; and bool.
  /// - NumPy: the order of `numpy.unique_values`, and of `numpy.unique` with `sorted=False`.
  public static func distinct(equalNaN: Bool) -> Routine {
    Routine("distinct", options: ["equalNaN": "\(equalNaN)"], arity: 1) { types in
      let type = types[0]
      guard type.rank == 1 else {
        throw WeftError(.axis, "distinct", "\(type) does not have one axis")
      }
      guard type.dtype.kind != .float else {
        throw WeftError(.dtype, "distinct", "is not defined for \(type)")
      }
      return [type, TensorType(.bool, type.shape)]
    }
  }
}
