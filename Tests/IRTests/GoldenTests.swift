import Testing
import WeftGoldenFile
import WeftIR

@Suite("Golden files of the IR")
struct GoldenTests {
  @Test(
    "a file gives what it expects", arguments: try GoldenFile.all(["parse", "infer", "verify"]))
  func file(_ file: GoldenFile) throws {
    let graph: Graph
    do {
      graph = try Graph(parsing: file.input, routines: RandomGraph.routines)
      try GraphVerifier.verify(graph)
    } catch {
      let errors = file.expectedErrors
      try #require(errors.count == 1, "\(file): \(error)")
      #expect(error.message.hasPrefix("\(errors[0].line):"), "\(file): \(error)")
      #expect("\(error)".contains(errors[0].text), "\(file): \(error)")
      return
    }
    #expect(file.expectedErrors.isEmpty, "\(file): no error")
    if file.command == "verify" { return }
    let printed = graph.text(sites: false)
    let difference = try file.check(printed)
    #expect(difference == nil, "\(difference ?? "")")
    #expect(try Graph(parsing: printed, routines: RandomGraph.routines) == graph)
  }
}
