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
}

extension ArrayFileOptions {
  /// Two-byte void, as bfloat16 is stored, reads as bfloat16.
  fileprivate static var reading: ArrayFileOptions {
    var options = ArrayFileOptions()
    options.readsVoidAsBFloat16 = true
    return options
  }
}
