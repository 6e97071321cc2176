import Foundation
import Testing
import WeftIR

@testable import Weft

@Suite("npy files")
struct FilesNPYTests: FileTesting {
  private static let golden =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../Golden/npy/"

  @Test("the golden headers are read with their values", arguments: [true, false])
  func golden(isMapped: Bool) throws {
    let json = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(fileURLWithPath: Self.golden + "npy.json")))
    let cases = try #require(json as? [[String: Any]])
    #expect(cases.count == 23)
    var options = ArrayFileOptions()
    options.isMapped = isMapped
    for item in cases {
      let name = try #require(item["file"] as? String)
      let dtypeName = try #require(item["dtype"] as? String)
      let dtype = try #require(DType(name: dtypeName))
      let array = try NPYFile.read(Self.golden + name, options: options)
      let extents = try #require(item["shape"] as? [Int])
      #expect(array.type == TensorType(dtype, Shape(extents)))
      let values = try #require(item["values"] as? [Any])
      #expect(array.buffer.count == values.count, "\(name)")
      for (i, value) in values.enumerated() {
        #expect(element(array, at: i) == scalar(value, dtype), "\(name) \(i)")
      }
    }
  }

  private func scalar(_ value: Any, _ dtype: DType) -> Scalar? {
    if let parts = value as? [String], let re = Double(parts[0]), let im = Double(parts[1]) {
      return Scalar(re, im, dtype)
    }
    if let text = value as? String {
      if dtype.isInteger { return Int64(text).map { Scalar($0, dtype) } }
      return Double(text).map { Scalar($0, dtype) }
    }
    return (value as? Bool).map { Scalar($0) }
  }

  @Test("every dtype comes back from a file", arguments: DType.allCases)
  func roundTrip(dtype: DType) throws {
    let folder = ScratchFolder()
    for extents in [[], [0], [7], [2, 3, 4], [3, 0, 2], [300, 200]] {
      let buffer = try pattern(dtype, extents)
      let path = folder.file("x.npy")
      try NPYFile.write(buffer, to: path)
      let array = try NPYFile.read(path, options: readsBFloat16)
      #expect(array.type == buffer.type)
      #expect(!array.isFortranOrder)
      #expect(elements(array.buffer) == elements(buffer))
      let image = try bytes(ofFile: path)
      let (copy, count) = try image.withUnsafeBytes {
        try NPYFile.parse(bytes: $0, options: readsBFloat16)
      }
      #expect(count == image.count)
      #expect(elements(copy.buffer) == elements(buffer))
    }
    #expect(folder.names == ["x.npy"])
  }

  @Test("a file is written byte for byte as NumPy writes it")
  func sameBytes() throws {
    let folder = ScratchFolder()
    let names = ["c_order", "zero_d", "empty", "special_f4", "dtype_bool", "dtype_complex64"]
    for name in names {
      let path = Self.golden + name + ".npy"
      try NPYFile.write(try NPYFile.read(path).buffer, to: folder.file("x.npy"))
      #expect(try bytes(ofFile: folder.file("x.npy")) == bytes(ofFile: path), "\(name)")
    }
  }

  @Test("a large file is mapped and stays readable when replaced")
  func mapped() throws {
    let folder = ScratchFolder()
    let account = MemoryAccount()
    let path = folder.file("x.npy")
    try NPYFile.write(try pattern(.float64, [100, 1000]), to: path)
    let array = try NPYFile.read(path, account: account)
    #expect(account.liveBytes == 0)
    try NPYFile.write(try pattern(.int8, [3]), to: path)
    #expect(array.buffer.scalar(at: 99_999).doubleValue == 299_992)
    #expect(try NPYFile.read(path).type == TensorType(.int8, Shape([3])))
  }

  @Test("many axes need version 2")
  func manyAxes() throws {
    let type = TensorType(.uint8, Shape([Int](repeating: 1, count: 30_000)))
    let header = NPYHeader.encode(type)
    #expect(header[6] == 2)
    #expect(header.count % 64 == 0)
    #expect(try parse(header + [9]).type == type)
  }

  @Test("an image at an offset says how long it is, and trailing bytes do not matter")
  func offsets() throws {
    let folder = ScratchFolder()
    let buffer = try pattern(.float32, [5])
    try NPYFile.write(buffer, to: folder.file("x.npy"))
    let image = try bytes(ofFile: folder.file("x.npy"))
    for offset in [0, 1, 64, 66] {
      let contents = exactBuffer([UInt8](repeating: 7, count: offset) + image + [1, 2, 3])
      let (array, count) = try NPYFile.parse(contents, at: offset)
      #expect(count == image.count)
      #expect(elements(array.buffer) == elements(buffer))
      #expect(UInt(bitPattern: array.buffer.base) % 4 == 0)
      for outside in [-1, contents.byteCount + 1, .max, .min] {
        #expect(
          failure { () throws(WeftError) in _ = try NPYFile.parse(contents, at: outside) }?.code
            == .outOfRange)
      }
    }
  }

  @Test("headers that other programs write are read")
  func headers() throws {
    let data = [UInt8](repeating: 1, count: 16)
    let texts = [
      "{'descr': '<i2', 'fortran_order': False, 'shape': (3, 2)}",
      "  {\"shape\":(3,2,),\"fortran_order\":False,\"descr\":\"i2\"}\n\n",
      "{'descr':'=i2','fortran_order':False,'shape':(3L, 2L), }",
      "{u'descr': u'int16', 'fortran_order': False,\n 'shape':\t( 3 , 2 ) , } ",
      "{'d\\x65scr': '|i2', 'fortran_order': False, 'shape': (3, 2)}",
    ]
    for text in texts {
      #expect(
        try parse(image(text, data: data)).type == TensorType(.int16, Shape([3, 2])), "\(text)")
    }
    let wide = "{'descr': '>c8', 'fortran_order': True, 'shape': (1, 2)}"
    let swapped = try parse(
      image(wide, data: [0x3F, 0x80, 0, 0, 0x40, 0, 0, 0] + data, version: 3))
    #expect(swapped.isFortranOrder)
    #expect(swapped.buffer.scalar(at: 0) == Scalar(1, 2, .complex64))
    let half = try parse(
      image("{'descr': 'bfloat16', 'fortran_order': False, 'shape': ()}", data: [0x80, 0x3F]))
    #expect(half.buffer.scalar(at: 0) == Scalar(1.0, .bfloat16))
  }

  @Test("bools other than 0 and 1 are true")
  func bools() throws {
    let text = "{'descr': '|b1', 'fortran_order': False, 'shape': (4,)}"
    let array = try parse(image(text, data: [0, 1, 2, 255]))
    #expect(Array(array.buffer.bytes) == [0, 1, 1, 1])
  }

  @Test("what is not an array of numbers is refused with a reason")
  func refusals() throws {
    func header(_ descr: String, _ order: String = "False", _ shape: String = "(2,)") -> [UInt8] {
      image(
        "{'descr': \(descr), 'fortran_order': \(order), 'shape': \(shape)}\n",
        data: [UInt8](repeating: 0, count: 64))
    }
    let cases: [([UInt8], String)] = [
      ([], "empty"), ([0x80, 4, 1], "pickle"), (Array("PK\u{3}\u{4}".utf8), "zip"),
      (Array("hello, world".utf8), "NUMPY"), (NPYHeader.magic, "version"),
      (NPYHeader.magic + [4, 0, 1, 0], "4.0"), (NPYHeader.magic + [1, 1, 1, 0], "1.1"),
      (image("{}", length: 40), "header"), (image("{}", version: 2, length: 1 << 31), "at most"),
      (header("'|O'"), "objects"), (header("'<U5'"), "text"), (header("'|S3'"), "text"),
      (header("'<M8[ns]'"), "dates"), (header("'|V8'"), "bytes"), (header("'<V2'"), "two bytes"),
      (header("'<f16'"), "not known"), (header("[('a', '<f8'), ('b', '<i4')]"), "structured"),
      (header("None"), "not a string"), (header("'<i2'", "0"), "fortran_order"),
      (header("'<i2'", "None"), "fortran_order"), (header("'<i2'", "False", "3"), "tuple"),
      (header("'<i2'", "False", "(3)"), "tuple"), (header("'<i2'", "False", "[3]"), "tuple"),
      (header("'<i2'", "False", "(-1,)"), "-1"), (header("'<i2'", "False", "(True,)"), "integer"),
      (header("'<i2'", "False", "(1.5,)"), "integer"),
      (header("'<i2'", "False", "(x,)"), "literal"),
      (header("'<i2'", "False", "(99999999999999999999,)"), "too large"),
      (header("'<f8'", "False", "(4294967296, 4294967296)"), "counted"),
      (header("'<f8'", "False", "(0, 4294967296, 4294967296)"), "counted"),
      (header("'<f8'", "False", "(1152921504606846975,)"), "counted"),
      (header("'<f8'", "False", "(1000,)"), "ends early"),
      (header("'<f8'", "False", "(2,), 'more': 1"), "keys"),
      (header("'<f8'", "False", "(2,), 'shape': (3,)"), "keys"),
      (image("{'descr': '<f8'}"), "keys"), (image("(1, 2)"), "not a dictionary"),
      (image("{'descr': __import__('os')}"), "literal"), (image("{'a': 1} + {}"), "after the end"),
      (image("{'a'"), "colon"), (image("{'a': 'b"), "does not end"), (image("{1: 01}"), "with 0"),
      (image(String(repeating: "(", count: 60_000)), "deeply"),
      (image("{'descr\u{E9}': 1}", version: 3), "keys"),
      (NPYHeader.magic + [3, 0, 2, 0, 0, 0, 0xFF, 0xFE], "UTF-8"),
    ]
    for (bytes, word) in cases {
      let error = try #require(failure { () throws(WeftError) in _ = try parse(bytes) }, "\(word)")
      #expect(error.code == .fileFormat, "\(error)")
      #expect(error.message.contains(word), "\(error) should say \(word)")
    }
    let hint = failure { () throws(WeftError) in _ = try parse(header("'<V2'")) }?.hint
    #expect(hint?.contains("readsVoidAsBFloat16") == true)
  }

  @Test("the system's refusals name the path")
  func systemErrors() throws {
    let folder = ScratchFolder()
    mkfifo(folder.file("pipe"), 0o600)
    let buffer = try pattern(.int8, [1000])
    for (path, word) in [
      (folder.file("none.npy"), "No such file"), (folder.path, "directory"),
      (folder.file("pipe"), "regular"), ("/dev/zero", "regular"), ("", "empty"), ("a\0b", "NUL"),
    ] {
      let error = try #require(failure { () throws(WeftError) in _ = try NPYFile.read(path) })
      #expect(error.code == .file)
      #expect(error.message.contains(word), "\(error)")
      #expect(path.isEmpty || path.contains("\0") || error.operation.contains(path))
    }
    for (path, word) in [
      (folder.path, "directory"), (folder.file("no/x.npy"), "No such file"), ("", "empty"),
      ("/dev/full", "No space"),
    ] where path != "/dev/full" || FileManager.default.fileExists(atPath: path) {
      let error = try #require(
        failure { () throws(WeftError) in try NPYFile.write(buffer, to: path) })
      #expect(error.code == .file)
      #expect(error.message.contains(word), "\(error)")
    }
  }

  @Test("a write that fails leaves the old file and nothing else; links and modes are kept")
  func atomicity() throws {
    let folder = ScratchFolder()
    let path = try folder.write([1, 2, 3], "x")
    let error = failure { () throws(WeftError) in
      try FileOutput.create(path, operation: "test") { (output) throws(WeftError) in
        try output.write([UInt8](repeating: 9, count: 100))
        throw WeftError(.cancelled, "test", "enough")
      }
    }
    #expect(error?.code == .cancelled)
    #expect(try bytes(ofFile: path) == [1, 2, 3])
    #expect(folder.names == ["x"])
    chmod(path, 0o640)
    symlink(path, folder.file("link"))
    try FileOutput.create(folder.file("link"), operation: "test") { (output) throws(WeftError) in
      try output.write([4])
    }
    #expect(try bytes(ofFile: path) == [4])
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o640)
    #expect(folder.names == ["link", "x"])
  }
}
