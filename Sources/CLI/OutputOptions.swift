import ArgumentParser
import Weft
import WeftIR

/// Where a result goes instead of being printed, and how it is written there.
struct OutputOptions: ParsableArguments {
  @Option(
    help: "Write the result to a .npy, .zarr, .npz, .mtx or .png file instead of printing it.")
  var out: String?

  @Option(
    help: ArgumentHelp(
      "Cut what is written into chunks, an axis each: an extent, -1 for all, auto, or a size.",
      valueName: "SPEC,SPEC"))
  var chunks: String?

  @Option(
    help: ArgumentHelp(
      "How chunks of a .zarr array are compressed: none, gzip:5, zlib:1, zstd:1 or "
        + "blosc:lz4:5:shuffle.", valueName: "CODEC"))
  var compression: String?

  @Option(help: ArgumentHelp("The version of a .zarr array: 2 or 3.", valueName: "VERSION"))
  var zarrVersion: Int?

  @Flag(
    help: "Write the result from the start, though an interrupted run may have left some of it.")
  var restart = false

  /// What is wrong with the options.
  func validate() throws {
    if out == nil, chunks != nil || compression != nil || zarrVersion != nil || restart {
      throw ValidationError("--chunks, --compression, --zarr-version and --restart need --out")
    }
    if let compression, ChunkCompression(compression) == nil {
      throw ValidationError("'\(compression)' in --compression is no codec")
    }
  }

  /// Computes a result and writes it, chunk by chunk where it can be; several arrays go to a `.npz`.
  func write(_ result: ScriptResult, to path: String) throws(ScriptError) {
    let arrays = result.arrays
    do throws(WeftError) {
      if arrays.count == 1 {
        try write(arrays[0], to: path)
      } else {
        try write(arrays, to: path)
      }
    } catch {
      throw result.located(error)
    }
  }

  private func write(_ array: NDArray, to path: String) throws(WeftError) {
    let before = Session.current.runtime.counters.events.count
    defer {
      for event in Session.current.runtime.counters.events.dropFirst(before)
      where event.kind == "resume" {
        StandardStream.error.line(event.message)
      }
    }
    let specs = chunks.map { $0.split(separator: ",").map { Self.spec(String($0)) } }
    try array.save(
      to: path, chunks: specs, compression: compression.flatMap { ChunkCompression($0) },
      zarrVersion: zarrVersion, resume: !restart)
  }

  private static func spec(_ text: String) -> ChunkSpec {
    Int(text).map { ChunkSpec(integerLiteral: $0) } ?? ChunkSpec(stringLiteral: text)
  }

  private func write(_ arrays: [NDArray], to path: String) throws(WeftError) {
    guard !arrays.isEmpty, path.hasSuffix(".npz") else {
      throw WeftError(
        .argument, "save", "the result has \(arrays.count) arrays, \"\(path)\" takes one",
        hint: arrays.isEmpty ? nil : "several arrays go to a .npz file")
    }
    try NDArray.save(
      arrays.enumerated().map { (name: "arr_\($0)", array: $1) }, to: path)
  }
}
