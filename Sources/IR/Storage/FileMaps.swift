import CWeft
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The files that are mapped into memory: one that becomes shorter is an error, not the end of the process.
///
/// Pages that cannot be had read as zeros (`CWeft/FileMaps.c`). So whoever reads elements that may lie in a map
/// calls `check` before it hands on what it made of them.
package enum FileMaps {
  private struct Map {
    var start: UInt
    var byteCount: Int
    var path: String
    var device: dev_t
    var inode: ino_t
    var number: Int32
  }

  /// The maps that live, by where they start.
  private static let maps = Lock<[Map]>([])
  private static let count = Atomic<Int>(0)

  /// Maps an open file whole.
  ///
  /// - Returns: its bytes as `uint8`; nil where the system maps no more, and errno says why.
  package static func map(
    _ descriptor: Int32, _ status: stat, path: String
  ) -> Buffer? {
    let byteCount = Int(status.st_size)
    guard let base = mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED
    else { return nil }
    let number = weft_map_watch(base, Int64(byteCount))
    guard number >= 0 else {
      munmap(base, byteCount)
      errno = ENOMEM
      return nil
    }
    let map = Map(
      start: UInt(bitPattern: base), byteCount: byteCount, path: path, device: status.st_dev,
      inode: status.st_ino, number: number)
    maps.withLock { maps in maps.insert(map, at: place(map.start, maps)) }
    count.add(1, ordering: .sequentiallyConsistent)
    return Buffer(wrapping: base, type: TensorType(.uint8, Shape([byteCount]))) {
      maps.withLock { maps in _ = maps.remove(at: place(map.start, maps) - 1) }
      count.subtract(1, ordering: .sequentiallyConsistent)
      weft_map_unwatch(number)
      munmap(UnsafeMutableRawPointer(bitPattern: map.start), byteCount)
    }
  }

  /// The number of maps that start at an address or before.
  private static func place(_ address: UInt, _ maps: [Map]) -> Int {
    var (low, high) = (0, maps.count)
    while low < high {
      let middle = (low + high) / 2
      if maps[middle].start <= address { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Whether zeros stand in some map where elements should be; cheap enough for each task.
  package static var isAnyDamaged: Bool { weft_map_damaged_count() > 0 }

  /// Checks that the files whose maps hold buffers' elements are as long as they were.
  ///
  /// - Throws: `file`, with the path and both lengths.
  package static func check(_ buffers: [Buffer]) throws(WeftError) {
    guard count.load(ordering: .relaxed) > 0 else { return }
    for buffer in buffers {
      for part in buffer.sparse?.buffers ?? [buffer] where part.isHere { try check(part.base) }
    }
  }

  private static func check(_ base: UnsafeMutableRawPointer) throws(WeftError) {
    let address = UInt(bitPattern: base)
    let found: Map? = maps.withLock { maps in
      let place = place(address, maps)
      guard place > 0, address - maps[place - 1].start < maps[place - 1].byteCount else {
        return nil
      }
      return maps[place - 1]
    }
    guard let map = found else { return }
    // Elements that are gone from the last page read as zeros without a fault.
    var status = stat()
    let isSame =
      stat(map.path, &status) == 0 && status.st_dev == map.device && status.st_ino == map.inode
    guard isSame && status.st_size < map.byteCount || weft_map_is_damaged(map.number) != 0 else {
      return
    }
    throw WeftError(
      .file, "read \"\(map.path)\"",
      "the file became shorter while it was in use: it had \(map.byteCount) bytes"
        + (isSame ? ", now \(status.st_size)" : ""),
      hint: "replace files by renaming others over them, or read the file again")
  }
}

extension SparseElements {
  /// The arrays of all levels, and the values.
  fileprivate var buffers: [Buffer] {
    levels.reduce(into: [values]) { buffers, level in
      switch level {
      case .dense: break
      case .compressed(let positions, let coordinates): buffers += [positions, coordinates]
      case .singleton(let coordinates): buffers.append(coordinates)
      }
    }
  }
}
