import Foundation
import Testing

@Suite("the end of a process while kernels are compiled in the background")
struct ExitTests {
  /// A program whose kernel takes long to compile and no time to interpret.
  private static func program(_ number: Int) -> String {
    let steps = (0..<25).map { "x = sin(x) * exp(-x) + \(number).\($0)" }
    return (["x = linspace(0, 1, 10)"] + steps + ["x.sum() * 0 + \(number)"])
      .joined(separator: "; ")
  }

  @Test("is clean, and the exit code is the program's", arguments: 0..<4)
  func end(number: Int) throws {
    // Nothing is found on the disk. The second compute of a kernel starts its compilation.
    let environment = ["WEFT_CACHE_DIR": "off", "WEFT_JIT": "auto"]
    let good = try Program.weft.run(
      "eval", Self.program(number), "--repeat", "2", environment: environment)
    #expect(good.code == 0, "\(good.errors)")
    let bad = try Program.weft.run(
      "eval", Self.program(number), "--repeat", "2", "--out", "/nonexistent/folder/x.npy",
      environment: environment)
    #expect(bad.code == 1, "\(bad.errors)")
    #expect(bad.errors.contains("error"))
  }
}
