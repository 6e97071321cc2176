import WeftIR

extension [UInt8] {
  /// As `withUnsafeBytes`, whose closure throws any error; this one throws ours.
  func withBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws(WeftError) -> Result
  ) throws(WeftError) -> Result {
    try withUnsafeBufferPointer { (bytes) throws(WeftError) in
      try body(UnsafeRawBufferPointer(bytes))
    }
  }

  /// As `withUnsafeMutableBytes`, but throws our error.
  mutating func withMutableBytes<Result>(
    _ body: (UnsafeMutableRawBufferPointer) throws(WeftError) -> Result
  ) throws(WeftError) -> Result {
    try withUnsafeMutableBufferPointer { (bytes) throws(WeftError) in
      try body(UnsafeMutableRawBufferPointer(bytes))
    }
  }
}

extension Buffer {
  /// The bytes of all elements, valid while the buffer is held.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: byteCount) }

  /// What a body makes of the elements, once it is sure that they were there.
  ///
  /// - Throws: `file` where they lie in a file that became shorter, whatever the body made of the rest.
  func reading<Result>(
    _ body: () throws(WeftError) -> Result
  ) throws(WeftError) -> Result {
    let result: Result
    do {
      result = try body()
    } catch {
      try FileMaps.check([self])
      throw error
    }
    try FileMaps.check([self])
    return result
  }
}
