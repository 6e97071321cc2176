import Foundation
import Testing

@Suite("weft path")
struct PathTests {
  private static func withFile<Result>(
    _ text: String, _ body: (String) throws -> Result
  ) throws -> Result {
    let path = NSTemporaryDirectory() + "weft-\(UUID().uuidString).json"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
  }

  private static func json(_ run: Program.Outcome) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any],
      "\(run.output)\(run.errors)")
  }

  static let chain =
    #"{"inputs": [[0, 1], [1, 2], [2, 3]], "output": [0, 3], "sizes": [2, 30, 4, 5]}"#

  @Test("a list of sizes counts as opt_einsum does") func flops() throws {
    let found = try Self.withFile(Self.chain) {
      try Self.json(try Program.weft.run("path", $0, "--json"))
    }
    // (2 * 30 * 4 + 2 * 4 * 5) multiply-adds, twice that in flops.
    #expect(abs((found["flops_log10"] as? Double ?? 0) - log10(560)) < 1e-9)
    #expect(abs((found["flops_log10_multiply_adds"] as? Double ?? 0) - log10(280)) < 1e-9)
    #expect(abs((found["size_log2"] as? Double ?? 0) - log2(120)) < 1e-9)
    #expect(found["path"] as? [[Int]] == [[0, 1], [0, 1]])
    #expect(found["optimal"] as? Bool == true)
  }

  @Test("an object of sizes counts multiply-adds; index numbers may be any") func multiplyAdds()
    throws
  {
    let text = """
      {"name": "n", "inputs": [[700, 1], [1, 20], [20, 3]], "output": [700, 3],
       "sizes": {"700": 2, "1": 30, "20": 4, "3": 5}, "equation": "ab,bc,cd->ad"}
      """
    let found = try Self.withFile(text) {
      try Self.json(try Program.weft.run("path", $0, "--json", "--time", "0"))
    }
    #expect(abs((found["flops_log10"] as? Double ?? 0) - log10(280)) < 1e-9)
    #expect(found["name"] as? String == "n")
  }

  @Test("the text tells both counts, the size, the seconds and the path") func text() throws {
    let run = try Self.withFile(Self.chain) { try Program.weft.run("path", $0) }
    #expect(run.code == 0)
    for word in [
      "flops_log10 2.7482", "2.4472", "size_log2 6.907", "seconds ", "path [[0, 1], [0, 1]]",
    ] {
      #expect(run.output.contains(word), "\(run.output)")
    }
  }

  @Test("a limit is met by slices, or the least size is told") func memory() throws {
    let ring = """
      {"inputs": [[0, 1, 4], [1, 2, 5], [2, 3, 4], [3, 0, 5]], "output": [], "sizes": [4, 4, 4, 4, 4, 4]}
      """
    try Self.withFile(ring) { path in
      let sliced = try Self.json(try Program.weft.run("path", path, "--json", "--memory", "16"))
      #expect((sliced["size_log2"] as? Double ?? 99) <= 4)
      #expect((sliced["sliced"] as? [Int])?.isEmpty == false)
      let refused = try Program.weft.run("path", path, "--memory", "16", "--no-slicing")
      #expect(refused.code == 1)
      #expect(refused.errors.contains("[too-large]") && refused.errors.contains("256 would do"))
    }
  }

  @Test(
    "what is no network is an error that says where",
    arguments: [
      ("", "byte 0"), ("[1, 2]", "'inputs'"), (#"{"inputs": []}"#, "'output'"),
      (#"{"inputs": [[0], 3], "output": [], "sizes": [2]}"#, "operand 1"),
      (#"{"inputs": [[0, 1]], "output": [], "sizes": [2]}"#, "index 1"),
      (#"{"inputs": [[0, -1]], "output": [], "sizes": [2]}"#, "operand 0"),
      (#"{"inputs": [[0]], "output": [1], "sizes": [2, 2]}"#, "output"),
      (#"{"inputs": [[0]], "output": [0, 0], "sizes": [2]}"#, "twice"),
      (#"{"inputs": [[0]], "output": [0], "sizes": [-2]}"#, "index 0"),
      (#"{"inputs": [], "output": [], "sizes": []}"#, "no operands"),
      (#"{"inputs": [[0]], "output": [0]}"#, "'sizes'"),
      (#"{"inputs": [[9223372036854775807]], "output": [], "sizes": {"9": 2}}"#, "'sizes'"),
    ])
  func mistakes(_ text: String, _ word: String) throws {
    let run = try Self.withFile(text) { try Program.weft.run("path", $0, "--json") }
    #expect(run.code == 1)
    #expect(run.errors.contains("[file-format]") && run.errors.contains(word), "\(run.errors)")
  }

  @Test("missing files and wrong options end with 1 and 2") func usage() throws {
    #expect(try Program.weft.run("path", "/nonsense.json").code == 1)
    for option in ["--time=-1", "--time=nan", "--memory=0", "--threads=0", "--rounds=0"] {
      #expect(try Program.weft.run("path", "x.json", option).code == 2, "\(option)")
    }
  }
}
