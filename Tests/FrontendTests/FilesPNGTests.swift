import Foundation
import Testing
import WeftIR

@testable import Weft

@Suite("png files")
struct FilesPNGTests: FileTesting {
  /// The pixels of a picture, unfiltered; checks signature, checksums and sizes on the way.
  private func decode(_ file: [UInt8]) throws -> (
    width: Int, height: Int, type: UInt8, pixels: [UInt8]
  ) {
    let library = try ZlibLibrary.open(for: "test")
    #expect(file.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    func word(_ i: Int) -> Int { file[i..<i + 4].reduce(0) { $0 << 8 | Int($1) } }
    var position = 8
    var data: [UInt8] = []
    var names: [String] = []
    while position < file.count {
      let count = word(position)
      names.append(String(decoding: file[position + 4..<position + 8], as: UTF8.self))
      let sum = Array(file[position + 4..<position + 8 + count]).withUnsafeBytes {
        library.checksum($0)
      }
      #expect(word(position + 8 + count) == Int(sum))
      if names.last == "IDAT" { data += file[position + 8..<position + 8 + count] }
      position += 12 + count
    }
    #expect(names == ["IHDR", "IDAT", "IEND"])
    let (width, height, type) = (word(16), word(20), file[25])
    #expect(file[24] == 8 && file[26...28] == [0, 0, 0])
    let channels = type == 0 ? 1 : type == 2 ? 3 : 4
    var scan = [UInt8](repeating: 0, count: height * (1 + width * channels))
    // Two bytes of zlib's header before the deflate data, four of its checksum after.
    let raw = Array(data[2..<data.count - 4])
    try raw.withBytes { (bytes) throws(WeftError) in
      let inflater = try Inflater(library, bytes, operation: "test")
      try scan.withMutableBytes { (out) throws(WeftError) in try inflater.fill(out) }
      try inflater.finish()
    }
    var pixels: [UInt8] = []
    for row in 0..<height {
      let start = row * (1 + width * channels) + 1
      #expect(scan[start - 1] == 1)
      for i in 0..<width * channels {
        pixels.append(scan[start + i] &+ (i < channels ? 0 : pixels[pixels.count - channels]))
      }
    }
    return (width, height, type, pixels)
  }

  @Test(
    "bytes are gray, RGB and RGBA pixels",
    arguments: [[5, 7], [5, 7, 1], [5, 7, 3], [5, 7, 4], [1, 1]])
  func direct(extents: [Int]) throws {
    let buffer = try pattern(.uint8, extents)
    let picture = try decode(try PNGFile.encode(buffer))
    #expect(picture.width == extents[1] && picture.height == extents[0])
    #expect(picture.type == (extents.count == 2 ? 0 : [1: 0, 3: 2, 4: 6][extents[2]]))
    #expect(picture.pixels == Array(buffer.bytes))
  }

  @Test("numbers go through a colour map", arguments: DType.allCases.filter { !$0.isComplex })
  func mapped(dtype: DType) throws {
    let buffer = try pattern(dtype, [2, 3])
    if !dtype.isInteger && dtype != .bool {
      Scalar(Double.nan, dtype).store(to: buffer.base + dtype.itemSize)
      Scalar(Double.infinity, dtype).store(to: buffer.base + 2 * dtype.itemSize)
    }
    let picture = try decode(
      try PNGFile.encode(buffer, colorMap: .gray, minimum: -5, maximum: 10))
    let channels = picture.type == 6 ? 4 : 3
    #expect((channels == 4) == dtype.isFloat)
    for i in 0..<6 {
      let value = buffer.scalar(at: i).doubleValue
      let pixel = Array(picture.pixels[i * channels..<(i + 1) * channels])
      if value.isNaN {
        #expect(pixel == [0, 0, 0, 0])
      } else {
        let gray = UInt8((min(max((value + 5) / 15, 0), 1) * 255).rounded())
        #expect(pixel.prefix(3) == [gray, gray, gray])
        #expect(pixel.count == 3 || pixel[3] == 255)
      }
    }
  }

  @Test("the default range is that of the finite numbers, however far apart")
  func range() throws {
    let greatest = Double.greatestFiniteMagnitude
    let values = [-greatest, 0, greatest, .infinity, -.infinity, .nan]
    let buffer = try Buffer(allocating: TensorType(.float64, Shape([1, 6])), in: MemoryAccount())
    for (i, value) in values.enumerated() { Scalar(value, .float64).store(to: buffer.base + 8 * i) }
    let picture = try decode(try PNGFile.encode(buffer, colorMap: .gray))
    #expect(stride(from: 0, to: 24, by: 4).map { picture.pixels[$0] } == [0, 128, 255, 255, 0, 0])
    for value in [Double.nan, .infinity, 3] {
      for i in 0..<6 { Scalar(value, .float64).store(to: buffer.base + 8 * i) }
      #expect(try decode(try PNGFile.encode(buffer)).width == 6)
    }
  }

  @Test("colour maps start, pass and end where they should")
  func colors() {
    #expect(ColorMap.viridis.stops.count == 256)
    #expect(ColorMap.viridis.color(0) == (0x44, 0x01, 0x54))
    #expect(ColorMap.viridis.color(1) == (0xFD, 0xE7, 0x25))
    #expect(ColorMap.viridis.color(.nan) == (0x44, 0x01, 0x54))
    #expect(ColorMap.blueRed.color(0.5) == (0xF7, 0xF7, 0xF7))
    #expect(ColorMap.gray.color(-.infinity) == (0, 0, 0))
    #expect(ColorMap.gray.color(.infinity) == (255, 255, 255))
    #expect(ColorMap(stops: []).color(0.5) == (0, 0, 0))
    #expect(ColorMap(stops: [0x123456]).color(1) == (0x12, 0x34, 0x56))
  }

  @Test("what is not a picture is refused")
  func refusals() throws {
    for (dtype, extents, code) in [
      (DType.uint8, [4], ErrorCode.shapeMismatch), (.uint8, [], .shapeMismatch),
      (.uint8, [2, 2, 2], .shapeMismatch), (.uint8, [0, 2], .shapeMismatch),
      (.float32, [2, 2, 3], .shapeMismatch), (.complex64, [2, 2], .dtype),
    ] {
      let buffer = try pattern(dtype, extents)
      #expect(failure { () throws(WeftError) in _ = try PNGFile.encode(buffer) }?.code == code)
    }
    let buffer = try pattern(.float32, [2, 2])
    for (low, high) in [(1.0, 0.0), (.nan, 1), (0, .infinity)] {
      let error = failure { () throws(WeftError) in
        _ = try PNGFile.encode(buffer, minimum: low, maximum: high)
      }
      #expect(error?.code == .argument)
    }
  }
}
