import WeftIR

/// Writes arrays as PNG pictures with 8 bits a channel.
///
/// - Source: W3C Portable Network Graphics (Second Edition), ISO/IEC 15948.
///
/// ```swift
/// let picture = try (arange(16).reshaped([4, 4]) * 16).asType(.uint8).buffer()
/// try PNGFile.encode(picture).prefix(4)  // [137, 80, 78, 71]
/// ```
public enum PNGFile {
  /// Writes a picture; the file appears whole or not at all.
  ///
  /// Without a colour map `uint8` of shape `[h, w]`, `[h, w, 1]`, `[h, w, 3]` or `[h, w, 4]` is taken
  /// as gray, RGB or RGBA. Other real numbers of shape `[h, w]` go through a colour map, viridis
  /// unless another is given: `minimum` has its first colour and `maximum` its last, by default the
  /// least and greatest finite element; NaN is transparent.
  ///
  /// - Throws: `shape-mismatch` or `dtype` when the array is not a picture, `argument` when the
  ///   range is not one, `file` when the system refuses or the disk is full.
  public static func write(
    _ buffer: Buffer, to path: String, colorMap: ColorMap? = nil, minimum: Double? = nil,
    maximum: Double? = nil
  ) throws(WeftError) {
    let operation = "write \"\(path)\""
    let bytes = try encode(
      buffer, colorMap: colorMap, minimum: minimum, maximum: maximum, operation: operation)
    try FileOutput.create(path, operation: operation) { (output) throws(WeftError) in
      try output.write(bytes)
    }
  }

  /// The bytes that `write` writes.
  public static func encode(
    _ buffer: Buffer, colorMap: ColorMap? = nil, minimum: Double? = nil, maximum: Double? = nil,
    operation: String = "encode PNG"
  ) throws(WeftError) -> [UInt8] {
    let library = try ZlibLibrary.open(for: operation)
    let extents = try extents(of: buffer.type, operation: operation)
    let isDirect =
      buffer.type.dtype == .uint8 && colorMap == nil && minimum == nil && maximum == nil
    if isDirect {
      let channels = extents.count == 3 ? extents[2] : 1
      return try encode(
        buffer.bytes, height: extents[0], width: extents[1], channels: channels, library,
        operation: operation)
    }
    guard extents.count == 2 else {
      throw WeftError(
        .shapeMismatch, operation,
        "\(buffer.type); a colour map takes [h, w], colours are uint8[h, w, 3] or [h, w, 4]")
    }
    guard !buffer.type.dtype.isComplex else {
      throw WeftError(.dtype, operation, "\(buffer.type); pictures are of real numbers")
    }
    let range = try range(of: buffer, minimum: minimum, maximum: maximum, operation: operation)
    try Session.current.memory.requireRoom(buffer.count, times: 4, for: operation)
    let (pixels, channels) = paint(buffer, colorMap ?? .viridis, range)
    return try pixels.withBytes { (bytes) throws(WeftError) in
      try encode(
        bytes, height: extents[0], width: extents[1], channels: channels, library,
        operation: operation)
    }
  }

  private static func extents(
    of type: TensorType, operation: String
  ) throws(WeftError) -> [Int] {
    guard let extents = type.shape.known,
      extents.count == 2 || extents.count == 3 && [1, 3, 4].contains(extents[2])
    else {
      throw WeftError(
        .shapeMismatch, operation, "\(type); pictures have shape [h, w], [h, w, 3] or [h, w, 4]")
    }
    guard extents[0] > 0, extents[1] > 0, max(extents[0], extents[1]) <= Int(Int32.max) else {
      throw WeftError(
        .shapeMismatch, operation, "\(type); a picture has 1 to 2147483647 rows and columns")
    }
    return extents
  }
}

// MARK: - Colours

extension PNGFile {
  private static func range(
    of buffer: Buffer, minimum: Double?, maximum: Double?, operation: String
  ) throws(WeftError) -> (low: Double, high: Double) {
    var low = minimum
    var high = maximum
    if low == nil || high == nil {
      var least = Double.infinity
      var most = -Double.infinity
      for i in 0..<buffer.count {
        let value = buffer.scalar(at: i).doubleValue
        if value.isFinite {
          least = min(least, value)
          most = max(most, value)
        }
      }
      low = low ?? (least.isFinite ? least : min(0, high ?? 0))
      high = high ?? (most.isFinite ? most : max(0, low ?? 0))
    }
    guard let low, let high, low.isFinite, high.isFinite else {
      throw WeftError(.argument, operation, "minimum and maximum are not finite")
    }
    if low > high, minimum != nil, maximum != nil {
      throw WeftError(.argument, operation, "minimum \(low) is greater than maximum \(high)")
    }
    return (low, max(low, high))
  }

  private static func paint(
    _ buffer: Buffer, _ map: ColorMap, _ range: (low: Double, high: Double)
  ) -> (pixels: [UInt8], channels: Int) {
    // Halves do not overflow when the ends are far apart.
    let extent = range.high / 2 - range.low / 2
    let hasMissing =
      buffer.type.dtype.isFloat
      && (0..<buffer.count).contains { buffer.scalar(at: $0).doubleValue.isNaN }
    var pixels: [UInt8] = []
    pixels.reserveCapacity(buffer.count * (hasMissing ? 4 : 3))
    for i in 0..<buffer.count {
      let value = buffer.scalar(at: i).doubleValue
      if value.isNaN {
        pixels += [0, 0, 0, 0]
        continue
      }
      let x = extent > 0 ? (value / 2 - range.low / 2) / extent : value > range.high ? 1 : 0
      let color = map.color(x)
      pixels.append(color.red)
      pixels.append(color.green)
      pixels.append(color.blue)
      if hasMissing { pixels.append(255) }
    }
    return (pixels, hasMissing ? 4 : 3)
  }
}

// MARK: - Chunks

extension PNGFile {
  private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  private static func encode(
    _ pixels: UnsafeRawBufferPointer, height: Int, width: Int, channels: Int,
    _ library: ZlibLibrary, operation: String
  ) throws(WeftError) -> [UInt8] {
    let rowByteCount = width * channels
    let (scanByteCount, overflow) = height.multipliedReportingOverflow(by: rowByteCount + 1)
    guard !overflow else { throw WeftError(.tooLarge, operation, "[\(height), \(width)]") }
    // The compressed bytes are taken twice: as zlib leaves them, and in the file.
    try Session.current.memory.requireRoom(scanByteCount, times: 4, for: operation)
    var scan: [UInt8] = []
    scan.reserveCapacity(scanByteCount)
    for row in 0..<height { filter(row, pixels, rowByteCount, channels, into: &scan) }
    let data = try scan.withBytes { (bytes) throws(WeftError) in
      try library.compressed(bytes, level: 6, operation: operation)
    }
    var file = signature
    // 8 bits a channel; colour type; deflate, the five filters, no interlacing.
    let colorType: UInt8 = channels == 1 ? 0 : channels == 3 ? 2 : 6
    append("IHDR", bigEndian(width) + bigEndian(height) + [8, colorType, 0, 0, 0], library, &file)
    for start in stride(from: 0, to: data.count, by: ZlibLibrary.greatestPiece) {
      let end = min(start + ZlibLibrary.greatestPiece, data.count)
      append("IDAT", data[start..<end], library, &file)
    }
    append("IEND", [], library, &file)
    return file
  }

  /// Adds a row as its differences to the pixel on the left (filter 1), which zlib shrinks better.
  private static func filter(
    _ row: Int, _ pixels: UnsafeRawBufferPointer, _ rowByteCount: Int, _ channels: Int,
    into scan: inout [UInt8]
  ) {
    scan.append(1)
    let start = row * rowByteCount
    for i in start..<start + rowByteCount {
      scan.append(i < start + channels ? pixels[i] : pixels[i] &- pixels[i - channels])
    }
  }

  private static func append(
    _ name: String, _ data: some Collection<UInt8>, _ library: ZlibLibrary, _ file: inout [UInt8]
  ) {
    file += bigEndian(data.count)
    let start = file.count
    file += Array(name.utf8)
    file += data
    let checksum = file.withUnsafeBytes {
      library.checksum(UnsafeRawBufferPointer(rebasing: $0[start...]))
    }
    file += bigEndian(Int(checksum))
  }

  private static func bigEndian(_ value: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
  }
}
