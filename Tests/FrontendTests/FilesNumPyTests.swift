import Foundation
import Testing
import WeftIR

@testable import Weft

@Suite("files to and from NumPy", .enabled(if: Python.hasNumPy, "python3 with NumPy is not here"))
struct FilesNumPyTests: FileTesting {
  private static let check = """
    import sys, zipfile, numpy as np
    folder = sys.argv[1]
    def check(name, x, shape):
        i = np.arange(int(np.prod(shape))).reshape(shape)
        v = 3 * i - 5
        if name == 'bfloat16':
            assert x.dtype == np.dtype('V2'), x.dtype
            f = (x.view('<u2').astype('<u4') << 16).view('<f4').reshape(shape)
            assert (f == v).all(); return
        assert x.dtype == np.dtype(name) and x.shape == shape, (name, x.dtype, x.shape)
        if name == 'bool': v = i % 3 == 0
        elif 'complex' in name: v = v + 1j * i
        assert (x == v.astype(name)).all(), name
    for name in sys.argv[2:]:
        check(name, np.load(f'{folder}/{name}.npy'), (4, 5))
    check('float32', np.load(f'{folder}/scalar.npy'), ())
    for file in ['stored', 'deflated', 'stored64', 'deflated64']:
        assert zipfile.ZipFile(f'{folder}/{file}.npz').testzip() is None
        with np.load(f'{folder}/{file}.npz') as z:
            assert z.files == sys.argv[2:] + ['größe'], z.files
            for name in sys.argv[2:]: check(name, z[name], (4, 5))
            check('int32', z['größe'], (0, 3))
    """

  @Test("NumPy reads what is written")
  func written() throws {
    let folder = ScratchFolder()
    var arrays: [(name: String, buffer: Buffer)] = []
    for dtype in DType.allCases {
      arrays.append((dtype.name, try pattern(dtype, [4, 5])))
      try NPYFile.write(arrays[arrays.count - 1].buffer, to: folder.file("\(dtype).npy"))
    }
    try NPYFile.write(try pattern(.float32, []), to: folder.file("scalar.npy"))
    arrays.append(("größe", try pattern(.int32, [0, 3])))
    for (name, isCompressed, limit) in [
      ("stored", false, ZipRecord.none32), ("deflated", true, ZipRecord.none32),
      ("stored64", false, 0), ("deflated64", true, 0),
    ] {
      try NPZFile.write(
        arrays, to: folder.file(name + ".npz"), isCompressed: isCompressed, wideLimit: limit)
    }
    let result = Python.run(Self.check, [folder.path] + DType.allCases.map(\.name))
    #expect(result.status == 0, "\(result.output)")
  }

  private static let make = """
    import sys, numpy as np
    folder = sys.argv[1]
    x = 3.0 * np.arange(12).reshape(3, 4) - 5
    arrays = {'c': x, 'f': np.asfortranarray(x), 'b': x.astype('>f8'), 'h': x.astype('>f2'),
              'z': np.float32(-5), 'größe': x.astype('i1'), 'big': 3.0 * np.arange(200000) - 5}
    np.savez(f'{folder}/stored.npz', **arrays)
    np.savez_compressed(f'{folder}/deflated.npz', **arrays)
    np.savez(f'{folder}/bad.npz', o=np.array([{}], dtype=object), s=np.array(['a']),
             d=np.array(['2020-01-01'], dtype='M8[D]'), r=np.zeros(2, 'i4,f8'), ok=x)
    """

  @Test("what NumPy writes is read", arguments: ["stored", "deflated"])
  func read(name: String) throws {
    let folder = ScratchFolder()
    let result = Python.run(Self.make, [folder.path])
    #expect(result.status == 0, "\(result.output)")
    let file = try NPZFile(reading: folder.file(name + ".npz"))
    #expect(file.names == ["c", "f", "b", "h", "z", "größe", "big"])
    for name in file.names {
      let array = try file.array(name)
      #expect(array.isFortranOrder == (name == "f"))
      for i in 0..<min(array.buffer.count, 1000) {
        #expect(element(array, at: i).doubleValue == Double(3 * i - 5), "\(name)")
      }
    }
    #expect(try file.array("big").buffer.scalar(at: 199_999).doubleValue == 599_992)
    let bad = try NPZFile(reading: folder.file("bad.npz"))
    for name in bad.names where name != "ok" {
      #expect(failure { () throws(WeftError) in _ = try bad.array(name) }?.code == .fileFormat)
    }
    #expect(try bad.array("ok").buffer.count == 12)
  }

  private static let decode = """
    import sys, struct, zlib
    b = open(sys.argv[1], 'rb').read()
    assert b[:8] == b'\\x89PNG\\r\\n\\x1a\\n'
    p, data = 8, b''
    while p < len(b):
        n, = struct.unpack('>I', b[p:p + 4]); c = b[p + 4:p + 8 + n]
        assert zlib.crc32(c) == struct.unpack('>I', b[p + 8 + n:p + 12 + n])[0]
        if c[:4] == b'IDAT': data += c[4:]
        p += 12 + n
    scan = zlib.decompress(data)
    assert len(scan) == 30 * (1 + 40 * 3), len(scan)
    """

  @Test("Python's zlib reads a picture")
  func picture() throws {
    let folder = ScratchFolder()
    try PNGFile.write(try pattern(.float64, [30, 40]), to: folder.file("x.png"))
    let result = Python.run(Self.decode, [folder.file("x.png")])
    #expect(result.status == 0, "\(result.output)")
    #expect(folder.names == ["x.png"])
  }
}

/// Python with NumPy, where there is one.
private enum Python {
  static let hasNumPy = run("import numpy", []).status == 0

  static func run(_ script: String, _ arguments: [String]) -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    do { try process.run() } catch { return (-1, "\(error)") }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }
}
