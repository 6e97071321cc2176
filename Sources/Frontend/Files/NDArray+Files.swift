import WeftIR

extension NDArray {
  /// The array in a file or folder; mapped, not copied, where it can be, or read where it is needed.
  ///
  /// - `.npy`, and the only array of a `.npz` file or the one named.
  /// - A dataset of an HDF5 file, `.h5`: the one named, or the only one. It may also stand behind the path, as in
  ///   `file.h5/group/name` and `file.h5::group/name`.
  /// - A folder with a Zarr array, or the array of a name below it.
  /// - Sparse where the file is: `.mtx`, or `.npz` of SciPy or pydata/sparse.
  ///
  /// Zarr arrays and datasets are read chunk by chunk where they are needed.
  ///
  /// - Shape: as the file says.
  /// - DType: as the file says.
  /// - Throws: `file` when it cannot be read, `file-format` when it is damaged or holds no numbers, `name`, with
  ///   those there are, when it has no array of the name, or several; `unsupported` for what is not read.
  /// - NumPy: `numpy.load`; objects and pickles are refused. `scipy.sparse.load_npz`,
  ///   `sparse.load_npz`, `scipy.io.mmread`; `h5py.File(path)[dataset]`, `zarr.open_array`.
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
  public init(contentsOf path: String, dataset: String? = nil) throws(WeftError) {
    let location = ArrayLocation(path)
    let (path, member) = (location.path, dataset ?? location.member)
    if let member, ZarrSource.isFolder(path) {
      self = try NDArray(contentsOf: "\(path)/\(member)")
    } else if path.hasSuffix(".mtx") {
      self = try MatrixMarketFile.read(path)
    } else if path.hasSuffix(".zarr") || ZarrSource.metadataFile(in: path) != nil {
      self.init(try ZarrSource(path))
    } else if path.hasSuffix(".npz") {
      self = try Self.member(member, ofArchive: path)
    } else if Self.isHDF5(path) {
      self.init(try HDF5Source(path, dataset: member))
    } else {
      if let member {
        throw WeftError(
          .name, "read \"\(path)\"", "no array is named \"\(member.prefix(64))\" in a file of one")
      }
      self.init(
        try NPYFile.read(path, options: .reading, account: Session.current.memory))
    }
  }

  /// Whether a file is to be read as HDF5: by its name, else by its first bytes.
  static func isHDF5(_ path: String) -> Bool {
    if [".h5", ".hdf5", ".he5", ".nc"].contains(where: { path.hasSuffix($0) }) { return true }
    return !path.hasSuffix(".npy") && (try? HDF5Source.isHDF5(path, "read")) == true
  }

  private static func member(
    _ member: String?, ofArchive path: String
  ) throws(WeftError) -> NDArray {
    let file = try NPZFile(reading: path, options: .reading, account: Session.current.memory)
    if let member { return NDArray(try file.lazyArray(member)) }
    if let archive = try SparseArchive(file, operation: "read \"\(path)\"") {
      return try archive.array()
    }
    guard file.names.count == 1, let name = file.names.first else {
      throw WeftError(
        .name, "read \"\(path)\"", "holds \(file.names.count) arrays, expected one",
        hint: "use NDArray.arrays(in:) for all of them, or name one")
    }
    return NDArray(try file.lazyArray(name))
  }

  /// The sparse array that a `.npz` file holds; nil for another file of arrays.
  ///
  /// - Throws: as `init(contentsOf:)`.
  package static func sparseArray(in path: String) throws(WeftError) -> NDArray? {
    let file = try NPZFile(reading: path, options: .reading, account: Session.current.memory)
    return try SparseArchive(file, operation: "read \"\(path)\"")?.array()
  }

  /// The arrays of a `.npz` file by name.
  ///
  /// Great ones are read when their elements are needed: box by box where the archive has them as they are, else
  /// inflated whole.
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
    for name in file.names { arrays[name] = NDArray(try file.lazyArray(name)) }
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
  static var reading: ArrayFileOptions {
    var options = ArrayFileOptions()
    options.readsVoidAsBFloat16 = true
    return options
  }
}
