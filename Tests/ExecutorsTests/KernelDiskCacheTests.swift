import Foundation
import Testing
import WeftIR

@testable import WeftHost
@testable import WeftKernelCache

/// A folder that goes with its test.
final class CacheFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/weft-cache-\(UUID().uuidString)/deep"
  }

  deinit {
    try? FileManager.default.removeItem(atPath: (path as NSString).deletingLastPathComponent)
  }

  func cache(capacity: Int = KernelDiskCache.usualCapacity) -> KernelDiskCache {
    KernelDiskCache(directory: path, capacity: capacity)
  }

  var files: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: path).sorted().map { path + "/" + $0 }
    }
  }
}

@Suite("kernel cache")
struct KernelDiskCacheTests {
  private let folder: CacheFolder
  private let key = Array("a key".utf8)
  private let object = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }

  init() throws { folder = try CacheFolder() }

  @Test("what was stored is found by a cache made later")
  func hit() throws {
    let first = folder.cache()
    #expect(first.find(key) == nil)
    first.store(object, for: key)
    #expect(first.counts.misses == [.absent: 1])
    #expect(first.counts.writes == 1)
    let second = folder.cache()
    #expect(second.find(key) == object)
    #expect(second.find(Array("another".utf8)) == nil)
    #expect(second.counts.hits == 1)
    #expect(second.counts.misses == [.absent: 1])
    #expect(try folder.files.count == 1)
  }

  @Test("a file that was cut or changed is torn, and is written anew")
  func torn() throws {
    let cache = folder.cache()
    cache.store(object, for: key)
    let file = try #require(try folder.files.first)
    let whole = try Data(contentsOf: URL(fileURLWithPath: file))
    var expected = 0
    for cut in [0, 4, 39, 45, whole.count - 1] {
      try whole.prefix(cut).write(to: URL(fileURLWithPath: file))
      #expect(cache.find(key) == nil)
      expected += 1
    }
    for changed in [9, 17, 30, 41, whole.count - 1] {
      var bytes = whole
      bytes[changed] ^= 0x40
      try bytes.write(to: URL(fileURLWithPath: file))
      #expect(cache.find(key) == nil)
      expected += 1
    }
    #expect(cache.counts.misses == [.torn: expected])
    cache.store(object, for: key)
    #expect(cache.find(key) == object)
  }

  @Test("a file of another key or another program, and one that others may write, are foreign")
  func foreign() throws {
    let cache = folder.cache()
    cache.store(object, for: key)
    let file = try #require(try folder.files.first)
    let other = KernelCacheEntry.encode(key: Array("another".utf8), object: object)
    try Data(other).write(to: URL(fileURLWithPath: file))
    #expect(cache.find(key) == nil)
    try Data(repeating: 7, count: 2000).write(to: URL(fileURLWithPath: file))
    #expect(cache.find(key) == nil)
    cache.store(object, for: key)
    #expect(chmod(file, 0o666) == 0)
    #expect(cache.find(key) == nil)
    #expect(cache.counts.misses == [.foreign: 3])
  }

  @Test("a cache that is off finds and writes nothing")
  func off() {
    let cache = KernelDiskCache(directory: nil)
    cache.store(object, for: key)
    #expect(cache.find(key) == nil)
    #expect(cache.counts.misses == [.disabled: 1])
    #expect(cache.counts.writes == 0)
  }

  @Test("a folder that cannot be made costs a count")
  func refused() throws {
    let file = NSTemporaryDirectory() + "/weft-cache-\(UUID().uuidString)"
    try Data([1]).write(to: URL(fileURLWithPath: file))
    defer { try? FileManager.default.removeItem(atPath: file) }
    let cache = KernelDiskCache(directory: file + "/kernels")
    cache.store(object, for: key)
    #expect(cache.find(key) == nil)
    #expect(cache.counts.failedWrites == 1)
  }

  @Test("above the limit the least recently used files go")
  func limit() throws {
    let capacity = 10 * 1100
    let cache = folder.cache(capacity: capacity)
    for index in 0..<30 {
      cache.store(object, for: Array("key \(index)".utf8))
      #expect(cache.find(Array("key 0".utf8)) == object)
      // File times are that coarse.
      usleep(10_000)
    }
    let bytes = try folder.files.reduce(0) {
      $0 + (try Data(contentsOf: URL(fileURLWithPath: $1)).count)
    }
    #expect(bytes <= capacity)
    #expect(cache.counts.evictions > 15)
    #expect(cache.find(Array("key 29".utf8)) == object)
    #expect(cache.find(Array("key 1".utf8)) == nil)
    cache.store([UInt8](repeating: 0, count: capacity), for: key)
    #expect(cache.find(key) == nil)
  }

  @Test("many writers and readers of one folder see whole files or none")
  func parallel() async throws {
    let path = folder.path
    await withTaskGroup(of: Void.self) { group in
      for writer in 0..<8 {
        group.addTask {
          let cache = KernelDiskCache(directory: path)
          for round in 0..<20 {
            let key = Array("key \(round % 5)".utf8)
            let object = [UInt8](repeating: UInt8(round % 5), count: 5000)
            cache.store(object, for: key)
            #expect(cache.find(key) == object, "writer \(writer)")
          }
          #expect(cache.counts.failedWrites == 0)
        }
      }
    }
    #expect(try folder.files.count == 5)
  }

  @Test("variables choose the folder")
  func variables() {
    func directory(_ variables: [String: String]) -> String? {
      KernelDiskCache.directory { variables[$0] }
    }
    #expect(directory(["HOME": "/h"]) == "/h/.cache/weft/kernels")
    #expect(directory(["HOME": "/h", "XDG_CACHE_HOME": "/x"]) == "/x/weft/kernels")
    #expect(directory(["HOME": "/h", "XDG_CACHE_HOME": "x"]) == "/h/.cache/weft/kernels")
    #expect(directory(["HOME": "/h", "WEFT_CACHE_DIR": "/c"]) == "/c/kernels")
    #expect(directory(["HOME": "/h", "WEFT_CACHE_DIR": "off"]) == nil)
    #expect(directory([:]) == nil)
  }
}

@Suite("kernel cache and code", .needsLLVM)
struct CachedCodeTests {
  private let folder: CacheFolder

  init() throws { folder = try CacheFolder() }

  @Test("a kernel is compiled once, then comes from disk, then from memory")
  func origins() throws {
    let ir = HandWritten.storing(5)
    let first = KernelCode(disk: folder.cache())
    #expect(try first.load(ir: ir, symbol: "store").origin == .compiled)
    #expect(try first.load(ir: ir, symbol: "store").origin == .memory)
    let second = KernelCode(disk: folder.cache())
    let kernel = try second.load(ir: ir, symbol: "store")
    #expect(kernel.origin == .disk)
    #expect(HandWritten.value(of: kernel) == 5)
    let other = try second.load(ir: HandWritten.storing(6), symbol: "store")
    #expect(other.origin == .compiled)
    #expect(HandWritten.value(of: other) == 6)
    #expect(second.counts.fromDisk == 1)
    #expect(second.counts.compiled == 1)
  }

  @Test("the key holds the text, the processor, LLVM's version and its passes")
  func key() throws {
    let key = String(decoding: KernelCode.diskKey("text"), as: UTF8.self)
    for part in [
      LLVMLibrary.version, LLVMLibrary.cpu, LLVMLibrary.features, ObjectCompiler.passes, "text",
    ] {
      #expect(!part.isEmpty && key.contains(part))
    }
  }

  @Test("an object that does not load is compiled anew")
  func unloadable() throws {
    let ir = HandWritten.storing(7)
    folder.cache().store([1, 2, 3], for: KernelCode.diskKey(ir))
    for origin in [LoadedKernel.Origin.compiled, .disk] {
      let kernel = try KernelCode(disk: folder.cache()).load(ir: ir, symbol: "store")
      #expect(kernel.origin == origin)
      #expect(HandWritten.value(of: kernel) == 7)
    }
  }
}
