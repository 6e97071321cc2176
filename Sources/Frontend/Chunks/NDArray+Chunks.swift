import WeftIR

extension NDArray {
  /// The array of a source, which the executor `chunked` reads box by box and others whole, when they
  /// need it.
  ///
  /// - Shape: that of the source.
  /// - DType: that of the source.
  /// - Throws: from `compute()`: what the source throws, and `out-of-memory`.
  /// - NumPy: none; `dask.array.from_array`.
  ///
  /// ```swift
  /// import Foundation
  ///
  /// let path = NSTemporaryDirectory() + "weft-source.npy"
  /// try arange(6).save(to: path)
  /// NDArray(try NPYSource(path)) + 1  // [1 2 3 4 5 6]
  /// ```
  public init(_ source: some RegionSource) {
    let array = NDArray(
      Buffer(
        at: SourceResidence(source), type: source.type, in: Session.current.memory))
    guard let chunks = source.chunks else {
      self = array
      return
    }
    var layout = Layout.dense(rank: source.type.rank)
    layout.chunks = chunks
    self = NDArray(Building.node(.store(layout), [array.expr], name: "read", site: .none))
  }

  /// The array of a source that gives all elements at once, read when somebody needs them.
  ///
  /// Where the elements are needed they are in memory whole, also on `chunked`; a `RegionSource` is read box by
  /// box.
  ///
  /// - Shape: that of the source.
  /// - DType: that of the source.
  /// - Throws: from `compute()`: what the source throws, `value` where it gives another array than it said, and
  ///   `out-of-memory`.
  /// - NumPy: none; `dask.array.from_array`.
  ///
  /// ```swift
  /// import WeftIR
  ///
  /// /// Squares, made when they are needed.
  /// struct Squares: ArraySource {
  ///   let type = TensorType(.int64, Shape([4]))
  ///   func read() throws -> Buffer { try square(arange(4)).buffer() }
  /// }
  ///
  /// NDArray(Squares()) + 1  // [ 1  2  5 10]
  /// ```
  @_disfavoredOverload
  public init(_ source: some ArraySource) {
    self = NDArray(
      Buffer(at: WholeResidence(source), type: source.type, in: Session.current.memory))
  }

  /// Whether the elements are those of a source that nobody has read whole.
  package var isReadInChunks: Bool {
    var expression = expr
    if case .op(.store, .one(let inner)) = expression.node { expression = inner }
    guard let buffer = expression.buffer, !buffer.isHere else { return false }
    return buffer.residence is SourceResidence
  }

  /// The array cut into chunks as said, an axis each, where the executor `chunked` runs it.
  ///
  /// Axes that operations take through unchanged are cut alike, before and after. For other executors
  /// this is the array itself.
  ///
  /// - Shape: unchanged.
  /// - DType: unchanged.
  /// - Throws: from `compute()`: `value` for chunks that the array cannot have; `unknown-extent`.
  /// - NumPy: none; `dask.array.Array.rechunk`.
  ///
  /// ```swift
  /// let x = ones([1000, 300]).rechunked([100, "auto"])
  /// try x.sum().compute(on: .chunked)  // 300000.0
  /// ones([5]).rechunked([.pieces([2, 2])])
  /// // error: rechunked: chunks of [2, 2] positions do not make up axis 0 of extent 5 [value]
  /// ```
  public func rechunked(
    _ chunks: [ChunkSpec], file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    let call = Call("rechunked", file, line)
    return call.build([self]) { () throws(WeftError) in
      guard let extents = expr.type.shape.known else {
        throw call.error(
          .unknownExtent, "\(expr.type) has extents that only the data tell; compute() it first")
      }
      var layout = Layout.dense(rank: rank)
      do throws(ChunkSpecError) {
        layout.chunks = try ChunkCuts(extents, itemSize: dtype.itemSize).cuts(chunks)
      } catch {
        throw call.error(.value, error.message)
      }
      return call.node(.store(layout), strong)
    }
  }

  /// The array cut into chunks, every axis as said; `.auto` chooses.
  ///
  /// - Shape: unchanged.
  /// - DType: unchanged.
  /// - Throws: as `rechunked` with an axis each.
  /// - NumPy: none; `dask.array.Array.rechunk`.
  ///
  /// ```swift
  /// try arange(10).rechunked(3).sum().compute(on: .chunked)  // 45
  /// ```
  public func rechunked(
    _ chunks: ChunkSpec, file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    rechunked(Array(repeating: chunks, count: rank), file: file, line: line)
  }

  /// The array with some axes cut as said, and the others whole.
  ///
  /// - Shape: unchanged.
  /// - DType: unchanged.
  /// - Throws: as `rechunked` with an axis each; from `compute()`: `axis`.
  /// - NumPy: none; `dask.array.Array.rechunk` with a dictionary.
  ///
  /// ```swift
  /// try ones([4, 6]).rechunked(axes: [-1: 2]).sum(axis: 0).compute(on: .chunked)
  /// // [4. 4. 4. 4. 4. 4.]
  /// ```
  public func rechunked(
    axes: [Int: ChunkSpec], file: StaticString = #fileID, line: UInt = #line
  ) -> NDArray {
    var specs = Array(repeating: ChunkSpec.whole, count: rank)
    for (axis, spec) in axes {
      let place = axis < 0 ? axis + rank : axis
      guard specs.indices.contains(place) else {
        let call = Call("rechunked", file, line)
        return call.build([self]) { () throws(WeftError) in
          throw call.error(.axis, "axis \(axis) is out of range for \(expr.type)")
        }
      }
      specs[place] = spec
    }
    return rechunked(specs, file: file, line: line)
  }
}
