import WeftIR

extension NDArray {
  /// The elements as text; computes what the text shows.
  ///
  /// Of an array above the threshold only the edges are computed, and nothing is remembered. Of a
  /// sparse array the text says how it is stored; `asDense()` shows the elements.
  ///
  /// - Throws: as `compute()`; `argument` for a negative precision or number of edge items.
  /// - NumPy: `str(x)`; `numpy.array_str`. bfloat16 gets the shortest digits of its own width.
  ///
  /// ```swift
  /// let a = NDArray([1, 2.5, 1e-7])
  /// try a.formatted()  // [1.0e+00 2.5e+00 1.0e-07]
  /// var options = FormatOptions()
  /// options.precision = 2
  /// options.suppressesSmall = true
  /// try a.formatted(options: options)  // [1.  2.5 0. ]
  /// ```
  public func formatted(options: FormatOptions = .current) throws(WeftError) -> String {
    if let summary = try sparseSummary() { return summary }
    let text = try ArrayText(options)
    return try text.plain(try elements(for: options))
  }

  /// What a sparse array is, instead of its elements; computes it. Nil for a dense one.
  private func sparseSummary() throws(WeftError) -> String? {
    if expr.isPoison { return nil }
    if expr.buffer == nil, try layout().isDense { return nil }
    let buffer = try Session.current.evaluate([expr])[0]
    return buffer.sparse.map { "<\($0.type) in \($0.layout), \($0.count) stored>" }
  }

  /// The elements as an expression that makes them, with dtype and shape where they need saying.
  ///
  /// - Throws: as `formatted`.
  /// - NumPy: `repr(x)`; `numpy.array_repr`.
  ///
  /// ```swift
  /// try NDArray([1, 2.5]).representation()  // array([1. , 2.5])
  /// try zeros([2], dtype: .int32).representation()  // array([0, 0], dtype=int32)
  /// ```
  public func representation(options: FormatOptions = .current) throws(WeftError) -> String {
    if let summary = try sparseSummary() { return summary }
    let text = try ArrayText(options)
    return try text.representation(try elements(for: options))
  }

  /// The elements in brackets, with a separator; 0-d arrays follow the rules of columns too.
  ///
  /// - Parameters:
  ///   - separator: what stands between elements.
  ///   - prefix: what the caller writes before; following lines are moved by its length.
  ///   - suffix: what the caller writes after; lines get shorter by its length.
  ///   - options: as for `formatted`.
  /// - Throws: as `formatted`.
  /// - NumPy: `numpy.array2string`.
  ///
  /// ```swift
  /// try NDArray([1, 2, 3]).array2string(separator: ", ")  // [1, 2, 3]
  /// ```
  public func array2string(
    separator: String = " ", prefix: String = "", suffix: String = "",
    options: FormatOptions = .current
  ) throws(WeftError) -> String {
    var text = try ArrayText(options)
    (text.separator, text.prefix, text.suffix) = (separator, prefix, suffix)
    return try text.brackets(try elements(for: options))
  }
}

extension Buffer {
  /// The elements as text.
  ///
  /// - Throws: `argument` for a negative precision or number of edge items.
  /// - NumPy: `str(x)`.
  public func formatted(options: FormatOptions = .current) throws(WeftError) -> String {
    try ArrayText(options).plain(ArrayElements(buffer: self, extents: type.shape.known ?? []))
  }

  /// The elements as an expression that makes them.
  ///
  /// - Throws: as `formatted`.
  /// - NumPy: `repr(x)`.
  public func representation(options: FormatOptions = .current) throws(WeftError) -> String {
    try ArrayText(options).representation(
      ArrayElements(buffer: self, extents: type.shape.known ?? []))
  }
}
