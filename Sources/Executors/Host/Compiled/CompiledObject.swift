import CLLVM
import WeftIR

/// Object code in executable memory; unloaded with its last reference.
final class CompiledObject: Sendable {
  /// ORC's handle. What C does with it is guarded by a lock there.
  nonisolated(unsafe) private let image: OpaquePointer
  /// The bytes of the object file.
  let byteCount: Int

  /// Loads an object file.
  ///
  /// What it lacks comes from `symbols`, then from what the process exports (`memset`, `memcpy`).
  init(_ object: [UInt8], symbols: [String: UnsafeRawPointer] = [:]) throws(WeftError) {
    try LLVMLibrary.require()
    var message: UnsafeMutablePointer<CChar>?
    let names = symbols.map { Self.copy($0.key) }
    defer { for name in names { name.deallocate() } }
    let table = zip(names, symbols.values).map {
      weft_llvm_symbol(name: UnsafePointer($0), address: $1)
    }
    guard let image = weft_llvm_load(object, object.count, table, table.count, &message) else {
      throw LLVMLibrary.error("load", message)
    }
    self.image = image
    byteCount = object.count
  }

  deinit { weft_llvm_unload(image) }

  /// Where a symbol is; the first call links the object. Valid as long as the object lives.
  func address(of symbol: String) throws(WeftError) -> UnsafeRawPointer {
    var message: UnsafeMutablePointer<CChar>?
    guard let address = weft_llvm_find(image, symbol, &message) else {
      throw LLVMLibrary.error("load", message)
    }
    return UnsafeRawPointer(address)
  }

  /// A text with a zero at its end.
  private static func copy(_ text: String) -> UnsafeMutablePointer<CChar> {
    let bytes = text.utf8CString
    let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
    for (index, byte) in bytes.enumerated() { (copy + index).initialize(to: byte) }
    return copy
  }
}
