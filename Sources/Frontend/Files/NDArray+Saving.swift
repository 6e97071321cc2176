import WeftExecution
import WeftIR

extension NDArray {
  /// Computes the array and writes it: `.npy`, `.zarr`, `.npz` (as `arr_0`), or a `.png` picture of two axes
  /// or of RGB; a sparse array as `.npz` the way SciPy has it, or as `.mtx`.
  ///
  /// A Zarr array, and a large `.npy` file, is written chunk by chunk and need not fit into memory.
  /// Until it is whole it is called `NAME.partial`; if the run is interrupted, the same program goes on
  /// where it stopped, and another one starts from nothing.
  ///
  /// - Parameters:
  ///   - path: where the array goes; what was there is replaced when the new array is whole.
  ///   - chunks: how the result is cut, in `.zarr` and `.npy` files; as `rechunked` says, else in
  ///     pieces of some megabytes along the first axis.
  ///   - compression: of the chunks of a Zarr array; `zstd` when nil.
  ///   - zarrVersion: 2 or 3.
  ///   - resume: whether to go on where an interrupted run stopped, and to leave what a later one could use.
  /// - Throws: as `compute()`; `file` when it cannot be written; `argument` for options that the kind of
  ///   file does not have.
  /// - NumPy: `numpy.save`, `numpy.savez`; `zarr.save`, `dask.array.to_zarr`.
  ///
  /// ```swift
  /// import Foundation
  ///
  /// let path = NSTemporaryDirectory() + "weft-save"
  /// try arange(6).reshaped([2, 3]).save(to: path + ".npy")
  /// try NDArray(contentsOf: path + ".npy").sum(axis: 0)  // [3 5 7]
  /// try ones([100, 100]).save(to: path + ".zarr", chunks: [10, -1], compression: .gzip())
  /// try NDArray(contentsOf: path + ".zarr").sum()  // 10000.0
  /// ```
  public func save(
    to path: String, chunks: [ChunkSpec]? = nil, compression: ChunkCompression? = nil,
    zarrVersion: Int? = nil, resume: Bool = true
  ) throws(WeftError) {
    let kind = path.split(separator: ".").last.map(String.init) ?? ""
    let isZarr = kind == "zarr" || kind == "zarr/"
    let options = ResultOptions(
      path: path, chunks: chunks, compression: compression, zarrVersion: zarrVersion,
      resume: resume)
    if isZarr { return try options.writeZarr(self) }
    try options.refuse(compression != nil, "compression", "a Zarr array")
    try options.refuse(zarrVersion != nil, "a version", "a Zarr array")
    if ["mtx", "npz", "png"].contains(kind) {
      try options.refuse(chunks != nil, "chunks", "a Zarr array or a .npy file")
    }
    switch kind {
    case "mtx": try saveMatrix(to: path)
    case "npz":
      if let sparse = try Session.current.evaluate([expr])[0].sparse {
        return try SparseArchive.write(sparse, to: path)
      }
      try NPZFile.write([("arr_0", try buffer())], to: path)
    case "png": try PNGFile.write(try buffer(), to: path)
    default: try options.writeNPY(self)
    }
  }

  private func saveMatrix(to path: String) throws(WeftError) {
    let matrix = rank == 2 && expr.buffer?.sparse == nil ? asSparse() : self
    let computed = try Session.current.evaluate([matrix.expr])[0]
    if let sparse = computed.sparse { return try MatrixMarketFile.write(sparse, to: path) }
    throw WeftError(.value, "write \"\(path)\"", "\(expr.type) is no matrix")
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
