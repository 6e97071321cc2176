import WeftIR

extension NDArray {
  /// The array in a `.npy` file, or the only one in a `.npz` file; mapped, not copied, where it can
  /// be. Sparse where the file is: a `.mtx` file, or a `.npz` file of SciPy or pydata/sparse. Of a
  /// folder the Zarr array in it, which is read chunk by chunk where it is needed.
  ///
  /// - Shape: as the file says.
  /// - DType: as the file says.
  /// - Throws: `file` when it cannot be read, `file-format` when it is damaged or holds no numbers.
  /// - NumPy: `numpy.load`; objects and pickles are refused. `scipy.sparse.load_npz`,
  ///   `sparse.load_npz`, `scipy.io.mmread`.
  ///
  /// ```swift
  /// import Foundation
  ///
  /// let path = NSTemporaryDirectory() + "weft-read.npy"
  /// try NDArray([1.5, 2.5]).save(to: path)
  /// try NDArray(contentsOf: path)  // [1.5 2.5]
  /// try NDArray(contentsOf: "no-such-file.npy")
  /// // error: read "no-such-file.npy": cannot open "no-such-file.npy": No such file or directory [file]
  /// ```
  public init(contentsOf path: String) throws(WeftError) {
    if path.hasSuffix(".mtx") {
      self = try MatrixMarketFile.read(path)
    } else if path.hasSuffix(".zarr") || ZarrSource.metadataFile(in: path) != nil {
      self.init(try ZarrSource(path))
    } else if path.hasSuffix(".npz") {
      let file = try NPZFile(reading: path, options: .reading, account: Session.current.memory)
      if let archive = try SparseArchive(file, operation: "read \"\(path)\"") {
        self = try archive.array()
        return
      }
      guard file.names.count == 1, let name = file.names.first else {
        throw WeftError(
          .name, "read \"\(path)\"", "holds \(file.names.count) arrays, expected one",
          hint: "use NDArray.arrays(in:) for all of them")
      }
      self.init(try file.array(name))
    } else {
      self.init(
        try NPYFile.read(path, options: .reading, account: Session.current.memory))
    }
  }

  /// The arrays of a `.npz` file by name.
  ///
  /// - Shape: as the file says.
  /// - DType: as the file says.
  /// - Throws: `file` when it cannot be read, `file-format` when it is damaged.
  /// - NumPy: `numpy.load` of a `.npz` file.
  ///
  /// ```swift
  /// import Foundation
  ///
  /// let path = NSTemporaryDirectory() + "weft-arrays.npz"
  /// try NDArray([1, 2, 3]).save(to: path)
  /// try NDArray.arrays(in: path)["arr_0"]  // [1 2 3]
  /// ```
  public static func arrays(in path: String) throws(WeftError) -> [String: NDArray] {
    let file = try NPZFile(reading: path, options: .reading, account: Session.current.memory)
    var arrays: [String: NDArray] = [:]
    for name in file.names { arrays[name] = NDArray(try file.array(name)) }
    return arrays
  }

  /// An array of what a file holds; Fortran order is a transpose, not a copy.
  init(_ file: NPYArray) {
    let array = NDArray(file.buffer)
    self = file.isFortranOrder ? array.permuted(nil, name: "load", site: .none) : array
  }

  /// Computes the array and writes it: `.npy`, `.npz` (as `arr_0`), or a `.png` picture of two axes
  /// or of RGB; a sparse array as `.npz` the way SciPy has it, or as `.mtx`.
  ///
  /// - Throws: as `compute()`; `file` when it cannot be written.
  /// - NumPy: `numpy.save`, `numpy.savez`.
  ///
  /// ```swift
  /// import Foundation
  ///
  /// let path = NSTemporaryDirectory() + "weft-save.npy"
  /// try arange(6).reshaped([2, 3]).save(to: path)
  /// try NDArray(contentsOf: path).sum(axis: 0)  // [3 5 7]
  /// ```
  public func save(to path: String) throws(WeftError) {
    if path.hasSuffix(".mtx") {
      let matrix = rank == 2 && expr.buffer?.sparse == nil ? asSparse() : self
      let computed = try Session.current.evaluate([matrix.expr])[0]
      if let sparse = computed.sparse { return try MatrixMarketFile.write(sparse, to: path) }
      throw WeftError(.value, "write \"\(path)\"", "\(expr.type) is no matrix")
    }
    if path.hasSuffix(".npz"), let sparse = try Session.current.evaluate([expr])[0].sparse {
      return try SparseArchive.write(sparse, to: path)
    }
    let elements = try buffer()
    if path.hasSuffix(".npz") {
      try NPZFile.write([("arr_0", elements)], to: path)
    } else if path.hasSuffix(".png") {
      try PNGFile.write(elements, to: path)
    } else {
      try NPYFile.write(elements, to: path)
    }
  }

  /// Computes named arrays together and writes them to a `.npz` file.
  ///
  /// - Throws: as `compute()`; `argument` for names that are empty or there twice; `file` when it
  ///   cannot be written.
  /// - NumPy: `numpy.savez`, and `numpy.savez_compressed`.
  ///
  /// ```swift
  /// import Foundation
  ///
  /// let path = NSTemporaryDirectory() + "weft-pair.npz"
  /// try NDArray.save([("low", [1, 2]), ("high", [8, 9])], to: path)
  /// try NDArray.arrays(in: path)["high"]  // [8 9]
  /// ```
  public static func save(
    _ arrays: [(name: String, array: NDArray)], to path: String, isCompressed: Bool = false
  ) throws(WeftError) {
    try Weft.compute(arrays.map(\.array))
    var members: [(name: String, buffer: Buffer)] = []
    for (name, array) in arrays { members.append((name, try array.buffer())) }
    try NPZFile.write(members, to: path, isCompressed: isCompressed)
  }

  /// Computes the array and writes it as a picture.
  ///
  /// - Parameters:
  ///   - path: where the picture goes.
  ///   - colorMap: the colours of a 2-d array; viridis when nil.
  ///   - minimum: the value of the first colour; the least finite element when nil.
  ///   - maximum: the value of the last colour; the greatest finite element when nil.
  /// - Throws: as `compute()`; `file` when it cannot be written.
  /// - NumPy: none; `matplotlib.pyplot.imsave`.
  ///
  /// ```swift
  /// import Foundation
  ///
  /// let x = linspace(-1, 1, count: 64)
  /// let bump = exp(-(x * x + (x * x).reshaped([-1, 1])))
  /// let path = NSTemporaryDirectory() + "weft-bump.png"
  /// try bump.savePNG(to: path, colorMap: .blueRed, minimum: 0, maximum: 1)
  /// ```
  public func savePNG(
    to path: String, colorMap: ColorMap? = nil, minimum: Double? = nil, maximum: Double? = nil
  ) throws(WeftError) {
    try PNGFile.write(
      try buffer(), to: path, colorMap: colorMap, minimum: minimum, maximum: maximum)
  }
}

extension ArrayFileOptions {
  /// Two-byte void, as bfloat16 is stored, reads as bfloat16.
  fileprivate static var reading: ArrayFileOptions {
    var options = ArrayFileOptions()
    options.readsVoidAsBFloat16 = true
    return options
  }
}
