import Foundation
import Testing
import WeftIR

@Suite("C text of the kernel library")
struct KernelMathTests {
  /// Where the interpreter's generated headers lie.
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Sources/Executors/CHost/KernelMath").standardizedFileURL

  private static let note = """
    // Written from the kernel library by `BLESS=1 swift test --filter KernelMathTests`: do not edit.
    #pragma once

    """

  /// The headers by name: the casts, one a family, and all of them.
  ///
  /// A family ends with a macro that does one thing for each function of one operand and another
  /// for each function of two.
  private static func headers() -> [String: String] {
    let start = CFunctionText(prefix: "weft_kernel_")
    var headers = ["Casts.h": note + "#include \"../TileLoops.h\"\n\n" + start.casts()]
    var (includes, lists) = ("", "")
    for (family, functions) in KernelLibrary.elementary {
      var text = start
      for f in functions {
        for dtype in [DType.float32, .float64] {
          guard let body = KernelLibrary.function(f, dtype) else { continue }
          text.add(body, name: "\(f.name)_\(dtype == .float32 ? "f32" : "f64")")
        }
      }
      let uses = functions.map { "\($0.arity == 1 ? "UNARY" : "BINARY")(\($0.name))" }
      headers[family + ".h"] =
        note + "#include \"Casts.h\"\n\n" + text.text
        + "#define WEFT_KERNELS_\(family)(UNARY, BINARY) \\\n  \(uses.joined(separator: " "))\n"
      includes += "#include \"\(family).h\"\n"
      lists += " \\\n  WEFT_KERNELS_\(family)(UNARY, BINARY)"
    }
    headers["All.h"] = note + includes + "\n#define WEFT_KERNELS(UNARY, BINARY)" + lists + "\n"
    return headers
  }

  @Test("the host's C headers are what the library renders; BLESS=1 writes them")
  func headersAreUpToDate() throws {
    for (name, text) in Self.headers().sorted(by: { $0.key < $1.key }) {
      let file = Self.folder.appending(path: name)
      if ProcessInfo.processInfo.environment["BLESS"] == "1" {
        try FileManager.default.createDirectory(
          at: Self.folder, withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
      }
      let stored = try? String(contentsOf: file, encoding: .utf8)
      #expect(stored == text, "\(name) differs: BLESS=1 writes it")
    }
  }
}
