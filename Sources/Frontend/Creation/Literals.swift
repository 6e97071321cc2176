import WeftIR

extension NDArray: ExpressibleByArrayLiteral {
  /// An array of nested literals: `[[1, 2], [3, 4]]` is `int64[2, 2]`.
  ///
  /// Weak scalars take their default dtypes; elements promote to one dtype and must have one shape.
  ///
  /// - Shape: the number of elements, before their own shape.
  /// - DType: the elements promoted.
  /// - Throws: from `compute()`: `concatenate` when the elements' shapes differ.
  /// - NumPy: `numpy.array([...])`.
  ///
  /// ```swift
  /// let a: NDArray = [[1, 2], [3, 4]]
  /// a.type  // int64[2, 2]
  /// let b: NDArray = [1, 2.5]
  /// b.type  // float64[2]
  /// ```
  public init(arrayLiteral elements: NDArray...) {
    self = stack(elements.map { $0.strong }, name: "array literal", site: .none)
  }

  /// The array with a dtype of its own, when it was a host scalar.
  var strong: NDArray { NDArray(expr) }
}

extension NDArray {
  /// A 1-d array with a copy of a Swift array's elements.
  ///
  /// - Shape: `[elements.count]`.
  /// - DType: that of the element type: float64 for `[Double]`, int64 for `[Int]`.
  /// - Throws: nothing of its own.
  /// - NumPy: `numpy.array`.
  ///
  /// ```swift
  /// let celsius: [Double] = [20.5, 21, 19.25]
  /// NDArray(celsius) * 1.8 + 32  // [68.9  69.8  66.65]
  /// ```
  public init<Element: ArrayElement>(
    _ elements: [Element], file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(elements, shape: [elements.count], file: file, line: line)
  }

  /// An array with a copy of a Swift array's elements in C order.
  ///
  /// - Shape: `shape`, whose product is the number of elements.
  /// - DType: that of the element type.
  /// - Throws: from `compute()`: `reshape` when the product differs.
  /// - NumPy: `numpy.array(elements).reshape(shape)`.
  ///
  /// ```swift
  /// NDArray([1, 2, 3, 4, 5, 6], shape: [2, 3])
  /// // [[1 2 3]
  /// //  [4 5 6]]
  /// ```
  public init<Element: ArrayElement>(
    _ elements: [Element], shape: [Int], file: StaticString = #fileID, line: UInt = #line
  ) {
    self = elements.withUnsafeBytes { bytes in
      NDArray(
        copying: bytes, dtype: Element.dtype, shape: shape,
        site: SourceSite(file: file, line: line))
    }
  }

  /// An array with a copy of the elements at a pointer, in C order.
  ///
  /// - Shape: `shape`.
  /// - DType: that of the element type.
  /// - Throws: from `compute()`: `reshape` when the product differs from the number of elements.
  /// - NumPy: `numpy.array` of a buffer.
  ///
  /// ```swift
  /// let values: [Float] = [1, 2, 3, 4]
  /// values.withUnsafeBufferPointer { NDArray(copying: $0, shape: [2, 2]) }
  /// // [[1. 2.]
  /// //  [3. 4.]]
  /// ```
  public init<Element: ArrayElement>(
    copying elements: UnsafeBufferPointer<Element>, shape: [Int], file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(
      copying: UnsafeRawBufferPointer(elements), dtype: Element.dtype, shape: shape,
      site: SourceSite(file: file, line: line))
  }

  /// An array over the elements at a pointer, in C order, without a copy.
  ///
  /// - Shape: `shape`.
  /// - DType: that of the element type.
  /// - Precondition: nobody writes to the memory until `release` runs, when the last array that
  ///   needs it is gone.
  /// - Throws: from `compute()`: `reshape` when the product differs from the number of elements.
  /// - NumPy: `numpy.frombuffer`.
  ///
  /// ```swift
  /// let memory = UnsafeMutableBufferPointer<Int32>.allocate(capacity: 4)
  /// memory.initialize(repeating: 5)
  /// nonisolated(unsafe) let owned = memory
  /// let a = NDArray(unsafeNoCopy: UnsafeBufferPointer(memory), shape: [4]) { owned.deallocate() }
  /// a + 1  // [6 6 6 6]
  /// ```
  public init<Element: ArrayElement>(
    unsafeNoCopy elements: UnsafeBufferPointer<Element>, shape: [Int],
    file: StaticString = #fileID, line: UInt = #line, release: @escaping @Sendable () -> Void
  ) {
    let site = SourceSite(file: file, line: line)
    guard shape.allSatisfy({ $0 >= 0 }), Shape(shape).count == elements.count else {
      release()
      self.init(Expr(Self.countMismatch(elements.count, shape, site)))
      return
    }
    let base = UnsafeMutableRawPointer(mutating: elements.baseAddress).map { $0 }
    guard let base else {
      release()
      self = zeros(shape, dtype: Element.dtype)
      return
    }
    self.init(
      Buffer(wrapping: base, type: TensorType(Element.dtype, Shape(shape)), release: release))
  }

  init(copying bytes: UnsafeRawBufferPointer, dtype: DType, shape: [Int], site: SourceSite) {
    let count = bytes.count / dtype.itemSize
    guard shape.allSatisfy({ $0 >= 0 }), Shape(shape).count == count else {
      self.init(Expr(Self.countMismatch(count, shape, site)))
      return
    }
    do {
      let buffer = try Buffer(
        allocating: TensorType(dtype, Shape(shape)), in: Session.current.memory)
      if let base = bytes.baseAddress, bytes.count > 0 {
        buffer.base.copyMemory(from: base, byteCount: bytes.count)
      }
      self.init(Expr(buffer, site: site))
    } catch {
      self.init(Expr(error.located(at: site)))
    }
  }

  private static func countMismatch(_ count: Int, _ shape: [Int], _ site: SourceSite) -> WeftError {
    WeftError(.reshape, "array", "\(count) elements do not fill shape \(shape)", site: site)
  }
}
