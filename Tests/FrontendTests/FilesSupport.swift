import Foundation
import Testing
import WeftIR

@testable import Weft

/// A folder that lives as long as the object.
final class ScratchFolder {
  let path: String

  init() {
    path = NSTemporaryDirectory() + "/weft-files-\(UUID().uuidString)"
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  func write(_ bytes: [UInt8], _ name: String) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }
}

/// What the tests of files share.
protocol FileTesting {}

extension FileTesting {
  func bytes(ofFile path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  /// A buffer in memory of exactly its size, so that the address sanitizer sees every step outside.
  func exactBuffer(_ bytes: [UInt8]) -> Buffer {
    let base = malloc(max(bytes.count, 1))!
    for (i, byte) in bytes.enumerated() {
      base.storeBytes(of: byte, toByteOffset: i, as: UInt8.self)
    }
    let address = UInt(bitPattern: base)
    return Buffer(wrapping: base, type: TensorType(.uint8, Shape([bytes.count]))) {
      free(UnsafeMutableRawPointer(bitPattern: address))
    }
  }

  /// The pattern that the Python side knows too: element i is 3 i - 5, imaginary part i.
  func pattern(_ dtype: DType, _ extents: [Int]) throws -> Buffer {
    let buffer = try Buffer(
      allocating: TensorType(dtype, Shape(extents)), in: MemoryAccount())
    for i in 0..<buffer.count {
      let value =
        dtype == .bool
        ? Scalar(i % 3 == 0)
        : dtype.isComplex
          ? Scalar(Double(3 * i - 5), Double(i), dtype) : Scalar(Int64(3 * i - 5), dtype)
      value.store(to: buffer.base + i * dtype.itemSize)
    }
    return buffer
  }

  func elements(_ buffer: Buffer) -> [Scalar] { (0..<buffer.count).map { buffer.scalar(at: $0) } }

  /// The element at a logical C-order position, whatever the order in memory.
  func element(_ array: NPYArray, at index: Int) -> Scalar {
    guard array.isFortranOrder, let extents = array.type.shape.known else {
      return array.buffer.scalar(at: index)
    }
    var rest = index
    var position = [Int](repeating: 0, count: extents.count)
    for axis in extents.indices.reversed() {
      position[axis] = rest % extents[axis]
      rest /= extents[axis]
    }
    var flat = 0
    for axis in extents.indices.reversed() { flat = flat * extents[axis] + position[axis] }
    return array.buffer.scalar(at: flat)
  }

  var readsBFloat16: ArrayFileOptions {
    var options = ArrayFileOptions()
    options.readsVoidAsBFloat16 = true
    return options
  }

  /// A `.npy` image with a header text of our own.
  func image(
    _ text: String, data: [UInt8] = [], version: UInt8 = 1, length: Int? = nil
  ) -> [UInt8] {
    let count = length ?? text.utf8.count
    let lengthBytes = (0..<(version == 1 ? 2 : 4)).map {
      UInt8(truncatingIfNeeded: count >> (8 * $0))
    }
    return NPYHeader.magic + [version, 0] + lengthBytes + Array(text.utf8) + data
  }

  func parse(_ bytes: [UInt8], options: ArrayFileOptions = .init()) throws(WeftError) -> NPYArray {
    try NPYFile.parse(exactBuffer(bytes), at: 0, options: options).array
  }

  /// The code and message of what a call throws.
  func failure(_ body: () throws(WeftError) -> Void) -> WeftError? {
    do throws(WeftError) {
      try body()
      return nil
    } catch {
      return error
    }
  }
}
