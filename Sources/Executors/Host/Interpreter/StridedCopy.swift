/// Copies between dense tiles and strided memory; strides count elements.
enum StridedCopy {
  /// Collects a matrix with any strides into a dense tile.
  static func gather(
    _ out: UnsafeMutableRawPointer, _ base: UnsafeRawPointer, itemSize: Int, rows: Int,
    rowStride: Int, columns: Int, columnStride: Int
  ) {
    if columnStride == 1, columns * itemSize >= 128 {
      for row in 0..<rows {
        (out + row * columns * itemSize).copyMemory(
          from: base + row * rowStride * itemSize, byteCount: columns * itemSize)
      }
      return
    }
    switch itemSize {
    case 1: gather(UInt8.self, out, base, rows, rowStride, columns, columnStride)
    case 2: gather(UInt16.self, out, base, rows, rowStride, columns, columnStride)
    case 4: gather(UInt32.self, out, base, rows, rowStride, columns, columnStride)
    case 8: gather(UInt64.self, out, base, rows, rowStride, columns, columnStride)
    default: gather(Pair.self, out, base, rows, rowStride, columns, columnStride)
    }
  }

  /// Spreads dense elements over strided memory.
  static func scatter(
    _ out: UnsafeMutableRawPointer, _ source: UnsafeRawPointer, itemSize: Int, columns: Int,
    columnStride: Int
  ) {
    if columnStride == 1 || columns == 1 {
      out.copyMemory(from: source, byteCount: columns * itemSize)
      return
    }
    switch itemSize {
    case 1: scatter(UInt8.self, out, source, columns, columnStride)
    case 2: scatter(UInt16.self, out, source, columns, columnStride)
    case 4: scatter(UInt32.self, out, source, columns, columnStride)
    case 8: scatter(UInt64.self, out, source, columns, columnStride)
    default: scatter(Pair.self, out, source, columns, columnStride)
    }
  }

  /// Sixteen bytes that need the alignment of eight.
  private struct Pair {
    var low: UInt64
    var high: UInt64
  }

  @inline(__always)
  private static func gather<T: BitwiseCopyable>(
    _ type: T.Type, _ out: UnsafeMutableRawPointer, _ base: UnsafeRawPointer, _ rows: Int,
    _ rowStride: Int, _ columns: Int, _ columnStride: Int
  ) {
    let size = MemoryLayout<T>.stride
    if columnStride == 0 {
      for row in 0..<rows {
        let value = (base + row * rowStride * size).loadUnaligned(as: T.self)
        let target = out + row * columns * size
        for column in 0..<columns {
          (target + column * size).storeBytes(of: value, as: T.self)
        }
      }
      return
    }
    let step = columnStride * size
    for row in 0..<rows {
      var source = base + row * rowStride * size
      let target = out + row * columns * size
      for column in 0..<columns {
        (target + column * size).storeBytes(of: source.loadUnaligned(as: T.self), as: T.self)
        source += step
      }
    }
  }

  @inline(__always)
  private static func scatter<T: BitwiseCopyable>(
    _ type: T.Type, _ out: UnsafeMutableRawPointer, _ source: UnsafeRawPointer, _ columns: Int,
    _ columnStride: Int
  ) {
    let size = MemoryLayout<T>.stride
    let step = columnStride * size
    var target = out
    for column in 0..<columns {
      target.storeBytes(of: (source + column * size).loadUnaligned(as: T.self), as: T.self)
      target += step
    }
  }
}
