import Testing
import WeftGoldenFile
import WeftIR
import WeftPasses

@testable import WeftOpenCL

@Suite("OpenCL C")
struct OpenCLTextTests {
  /// The texts of a graph's kernels, in both styles.
  private static func text(of graph: Graph) throws -> String {
    var text = ""
    for case .cluster(let cluster) in ClusterPlan(graph, options: .all).steps {
      let lowered = try #require(try cluster.lowered(verifies: true))
      for style in [OpenCLStyle.vectors(bytes: 32), .items(64)] {
        text += "// \(style)\n"
        text += try OpenCLRenderer.render(
          lowered.kernel.neutral(), symbol: "kernel_0", style: style)
      }
    }
    return text
  }

  @Test("a file's graph has the text that it tells", arguments: try GoldenFile.all(["opencl"]))
  func file(_ file: GoldenFile) throws {
    let difference = try file.check(Self.text(of: Graph(parsing: file.input)))
    #expect(difference == nil, "\(difference ?? "")")
  }

  @Test("other extents and scalars give the same text")
  func shapes() throws {
    func text(_ shape: String, _ value: String) throws -> String {
      try Self.text(
        of: Graph(
          parsing: """
            graph @main(%x: float32[\(shape)]) {
              %0 = constant \(value) : float32[]
              %1 = broadcast %0 to [\(shape)]
              %2 = multiply %x, %1
              %3 = reduce add %2 axes [1]
              return %3
            }
            """))
    }
    let first = try text("3, 30", "2.0")
    #expect(try first == text("700, 7", "-5.5"))
    #expect(!first.contains("700"))
  }

  @Test("what is only moved has one text for dtypes of one width, sums one for both signs")
  func neutral() throws {
    func text(_ dtype: String, _ rows: String) throws -> String {
      try Self.text(of: Graph(parsing: "graph @main(%x: \(dtype)[8, 9]) {\n\(rows)\n}"))
    }
    let turned = "%0 = permute %x axes [1, 0]\n return %0"
    let copies = try ["int64", "uint64", "float64"].map { try text($0, turned) }
    #expect(copies[0] == copies[1] && copies[0] == copies[2])
    let sum = "%0 = add %x, %x\n return %0"
    #expect(try text("int16", sum) == text("uint16", sum))
    #expect(try text("int16", sum) != text("float16", sum))
    let order = "%0 = maximum %x, %x\n return %0"
    #expect(try text("int16", order) != text("uint16", order))
  }

  @Test("constants are exact")
  func constants() {
    #expect(OpenCLNames.constant(Scalar(0.1, .float64)) == "0x1.999999999999ap-4")
    #expect(OpenCLNames.constant(Scalar(-0.0, .float32)) == "-0.0f")
    #expect(OpenCLNames.constant(Scalar(Double.infinity, .float32)) == "as_float(0x7f800000u)")
    #expect(OpenCLNames.constant(Scalar(Int64.min, .int64)) == "LONG_MIN")
    #expect(OpenCLNames.constant(Scalar(0x1p-1074, .float64)) == "0x1.0p-1074")
    #expect(OpenCLNames.constant(Scalar(1.5, .float16)) == "((ushort)15872)")
  }

  @Test("a device is chosen by index, type or name, else the first GPU")
  func choice() throws {
    #expect(throws: WeftError.self) { () throws in try OpenCLDevice.chosen(by: nil, of: []) }
    guard let first = OpenCLDevice.all.first else { return }
    let all = OpenCLDevice.all
    #expect(try OpenCLDevice.chosen(by: "0", of: all).index == 0)
    #expect(
      try OpenCLDevice.chosen(by: first.kind.rawValue.uppercased(), of: all).kind == first.kind)
    #expect(try OpenCLDevice.chosen(by: String(first.name.prefix(6)), of: all).index == 0)
    do {
      _ = try OpenCLDevice.chosen(by: "abacus", of: all)
      Issue.record("no error")
    } catch {
      #expect(error.code == .unusableExecutor)
      #expect(error.message.contains("WEFT_OPENCL_DEVICE is 'abacus'"))
      #expect(error.message.contains("0: \(first.name)"))
    }
  }
}
