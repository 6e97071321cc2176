import CHost
import WeftIR

extension TileKernel.Fold {
  /// Folds contiguous elements to one of the same dtype; `scratch` holds as many.
  @inline(__always)
  func fold(
    _ source: UnsafeRawPointer, _ n: Int, to out: UnsafeMutableRawPointer,
    _ scratch: UnsafeMutableRawPointer
  ) {
    fold(source, n, to: out, scratch, dtype, reduce, combine)
  }

  /// Folds contiguous elements to one of the wide dtype.
  @inline(__always)
  func foldWide(
    _ source: UnsafeRawPointer, _ n: Int, to out: UnsafeMutableRawPointer,
    _ scratch: UnsafeMutableRawPointer
  ) {
    guard let widen else {
      fold(source, n, to: out, scratch, dtype, reduce, combine)
      return
    }
    fold(source, n, to: scratch, scratch + 64, dtype, reduce, combine)
    widen(out, scratch, scratch, scratch, 1)
  }

  /// Folds contiguous elements of the wide dtype to one.
  func foldPartials(
    _ source: UnsafeRawPointer, _ n: Int, to out: UnsafeMutableRawPointer,
    _ scratch: UnsafeMutableRawPointer
  ) {
    fold(source, n, to: out, scratch, wide, reduceWide, combineWide)
  }

  /// Stores a wide element as the result.
  func finish(_ element: UnsafeMutableRawPointer, to out: UnsafeMutableRawPointer) {
    if let narrow {
      narrow(out, element, element, element, 1)
    } else {
      out.copyMemory(from: element, byteCount: wide.itemSize)
    }
  }

  @inline(__always)
  private func fold(
    _ source: UnsafeRawPointer, _ n: Int, to out: UnsafeMutableRawPointer,
    _ scratch: UnsafeMutableRawPointer, _ dtype: DType, _ reduce: weft_reduce_function?,
    _ combine: weft_tile_function
  ) {
    let size = dtype.itemSize
    guard let reduce else {
      foldByHalves(source, n, to: out, scratch, size, combine)
      return
    }
    if let identity {
      if dtype == wide {
        identity.store(to: out)
      } else {
        identity.converted(to: dtype).store(to: out)
      }
      reduce(out, source, n)
    } else {
      out.copyMemory(from: source, byteCount: size)
      if isIdempotent {
        reduce(out, source, n)
      } else {
        reduce(out, source + size, n - 1)
      }
    }
  }

  /// For functions without a loop of their own: the halves of a tile are combined until one
  /// element is left.
  private func foldByHalves(
    _ source: UnsafeRawPointer, _ n: Int, to out: UnsafeMutableRawPointer,
    _ scratch: UnsafeMutableRawPointer, _ size: Int, _ combine: weft_tile_function
  ) {
    var from = source
    var left = n
    while left > 1 {
      let half = left / 2
      combine(scratch, from, from + half * size, from, half)
      if left & 1 != 0 {
        // The odd element out goes behind the halves' results.
        (scratch + half * size).copyMemory(from: from + 2 * half * size, byteCount: size)
      }
      left = half + left & 1
      from = UnsafeRawPointer(scratch)
    }
    out.copyMemory(from: from, byteCount: size)
  }
}
