import Foundation
import Testing
import WeftIR

@testable import Weft

@Suite("files that are read when they are needed")
struct LazyFileTests: FileTesting {
  @Test("members of archives, stored and deflated, aligned and not, in both orders of axes")
  func members() throws {
    let folder = ScratchFolder()
    for isCompressed in [false, true] {
      let path = folder.file("x.npz")
      let types: [DType] = [.float64, .bool, .complex64, .int16]
      let members = try types.map { (name: $0.name, buffer: try pattern($0, [30, 40])) }
      try NPZFile.write(members, to: path, isCompressed: isCompressed)
      let file = try NPZFile(reading: path, options: .reading)
      for dtype in types {
        let array = try file.lazyArray(dtype.name, storedFrom: 0, deflatedFrom: 0)
        #expect(array.buffer.residence != nil || dtype == .bool)
        let x = NDArray(array)
        let expected = NDArray(try pattern(dtype, [30, 40]))
        for executor: ExecutorName in [.chunked, .reference] {
          let part: Bool = try (x[3..<9, 5...] .== expected[3..<9, 5...]).all()
            .compute(on: executor).item()
          let isSame: Bool = try (x .== expected).all().compute(on: executor).item()
          #expect(part && isSame, "\(dtype), \(isCompressed), \(executor)")
        }
      }
    }
  }

  @Test("a deflated member takes its memory when it is read, within the limit")
  func limit() throws {
    let folder = ScratchFolder()
    let path = folder.file("x.npz")
    try NDArray.save([("x", zeros([1 << 20], dtype: .uint8))], to: path, isCompressed: true)
    let account = MemoryAccount(limit: 100_000)
    let file = try NPZFile(reading: path, account: account)
    let array = try file.lazyArray("x", deflatedFrom: 0)
    #expect(account.liveBytes < 10_000)
    #expect(failure { () throws(WeftError) in try array.buffer.load() }?.code == .outOfMemory)
  }

  @Test("a member that is damaged is found when it is read whole")
  func damaged() throws {
    let folder = ScratchFolder()
    let path = folder.file("x.npz")
    try NPZFile.write([("x", try pattern(.int32, [50]))], to: path)
    var bytes = try bytes(ofFile: path)
    bytes[200] ^= 1
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    var options = ArrayFileOptions.reading
    options.isMapped = false
    let x = NDArray(try NPZFile(reading: path, options: options).lazyArray("x", storedFrom: 0))
    #expect(failure { () throws(WeftError) in _ = try x.buffer().load() }?.code == .fileFormat)
  }

  @Test("stacks of .npy files in both orders, Zarr arrays and datasets, along any axis")
  func stacks() throws {
    let folder = ScratchFolder()
    let x = arange(24).reshaped([2, 3, 4])
    var paths: [String] = []
    for n in 0..<2 {
      try x[n].save(to: folder.file("c\(n).npy"))
      try x[n].save(to: folder.file("z\(n).zarr"), chunks: [2, 2])
      paths.append(folder.file("c\(n).npy"))
    }
    // As numpy.asfortranarray has it.
    let header = NPYHeader.encode(x[0].expr.type)
    var text = header.map { $0 }
    let place = try #require(
      String(decoding: text, as: Unicode.ASCII.self).range(of: "False")?.lowerBound)
    let offset = String(decoding: text, as: Unicode.ASCII.self).distance(
      from: String(decoding: text, as: Unicode.ASCII.self).startIndex, to: place)
    text.replaceSubrange(offset..<offset + 5, with: Array("True ".utf8))
    let fortran = try folder.write(text + (x[1].transposed()).bytes(), "f.npy")
    for list in [
      paths, [folder.file("z0.zarr"), paths[1]], [paths[0], fortran],
      try ArrayFile.paths(matching: folder.file("z?.zarr")),
    ] {
      for axis in [0, 1, -1] {
        let found = try NDArray(stacking: list, axis: axis)
        let expected = moveAxis(x, 0, to: axis)
        #expect(found.shape == expected.shape)
        for executor: ExecutorName in [.chunked, .blas] {
          let isSame: Bool = try (found .== expected).all().compute(on: executor).item()
          #expect(isSame, "\(list), \(axis), \(executor)")
        }
      }
    }
    let part: [Int64] = try NDArray(stacking: paths)[1, 2, 1..<3].toArray()
    #expect(part == [21, 22])
  }

  @Test("files that do not go together are named")
  func mismatches() throws {
    let folder = ScratchFolder()
    try ones([2, 3]).save(to: folder.file("a.npy"))
    try ones([2, 4]).save(to: folder.file("b.npy"))
    try ones([2, 3], dtype: .int8).save(to: folder.file("c.npy"))
    try ones([2, 3]).save(to: folder.file("d.npz"))
    func error(_ names: String...) -> WeftError? {
      failure { () throws(WeftError) in
        _ = try NDArray(stacking: names.map { folder.file($0) })
      }
    }
    let shape = error("a.npy", "a.npy", "b.npy")
    #expect(shape?.code == .shapeMismatch && shape?.message.contains("b.npy") == true)
    let dtype = error("a.npy", "c.npy")
    #expect(dtype?.code == .dtype && dtype?.message.contains("c.npy") == true)
    #expect(error("a.npy", "d.npz")?.code == .unsupported)
    #expect(error("a.npy", "e.npy")?.code == .file)
    #expect(error()?.code == .argument)
    let pattern = failure { () throws(WeftError) in
      _ = try NDArray(stackingFilesMatching: folder.file("*.none"))
    }
    #expect(pattern?.code == .file)
    // A file that changes afterwards is found when it is read.
    let x = try NDArray(stacking: [folder.file("a.npy"), folder.file("a.npy")])
    try ones([2, 4]).save(to: folder.file("a.npy"))
    #expect(
      failure { () throws(WeftError) in _ = try (x + 1).compute(on: .chunked) }?.code
        == .fileFormat)
  }

  @Test("a source of one's own that gives all elements, or others than it said")
  func ownSource() throws {
    struct Own: ArraySource {
      let type: TensorType
      let gives: DType
      func read() throws -> Buffer { try arange(3).asType(gives).buffer() }
    }
    let good = Own(type: TensorType(.int64, Shape([3])), gives: .int64)
    for executor: ExecutorName in [.chunked, .reference, .blas] {
      let found: [Int64] = try (NDArray(good) + 1).compute(on: executor).toArray()
      #expect(found == [1, 2, 3])
      let bad = Own(type: TensorType(.int64, Shape([3])), gives: .int32)
      let error = failure { () throws(WeftError) in
        _ = try (NDArray(bad) + 1).compute(on: executor)
      }
      #expect(error?.code == .value)
    }
  }
}
