import Testing
import WeftIR
import WeftPasses

@testable import WeftOpenCL

@Suite("sorts, scatters and compressions on an OpenCL device", .needsOpenCL)
struct OpenCLOrderingTests {
  /// A device that has memory of its own, and runs all rows.
  private static let device = OpenCLRunning.executor(copies: true)

  /// Checks the results, and that the device computes all of it.
  private func check(_ text: String, _ inputs: [Buffer]? = nil, step: String) throws {
    let graph = try Graph(parsing: text)
    try OpenCLRunning.check(graph, inputs, ways: [Self.device])
    let steps = try Self.device.prepare(graph, PassContext()).steps
    #expect(steps.contains { $0.contains("opencl \(step)") }, "\(steps)")
    #expect(!steps.contains { $0.hasPrefix("fallback") }, "\(steps)")
  }

  @Test(
    "keys and positions, equal keys in order, along any axis",
    arguments: ["bool", "int8", "uint64", "float16", "bfloat16", "float32", "float64"],
    [[1], [7], [32], [33], [1000], [3, 70, 2], [40, 5]])
  func sorts(_ dtype: String, _ shape: [Int]) throws {
    for (axis, order) in [(0, ""), (shape.count - 1, " descending")] {
      try check(
        """
        graph @main(%x: \(dtype)\(shape)) {
          %0, %1 = sort %x axis \(axis)\(order)
          return %0, %1
        }
        """, step: "sort of")
    }
  }

  @Test(
    "NaN come last, zeros of both signs are equal", arguments: ["float16", "float32", "float64"])
  func special(_ dtype: String) throws {
    let type = TensorType(try #require(DType(name: dtype)), Shape([90]))
    let numbers = [Double.nan, -0.0, 0.0, .infinity, -.infinity, 1, -1, 0.0, -0.0, 5e-7]
    let x = try HostRunning.buffer(type) { Scalar(numbers[$0 * 7 % 10], type.dtype) }
    for order in ["", " descending"] {
      try check(
        """
        graph @main(%x: \(dtype)[90]) {
          %0, %1 = sort %x axis 0\(order)
          return %0, %1
        }
        """, [x], step: "sort of")
    }
  }

  @Test(
    "updates of an element come in order",
    arguments: [
      ("add", "float32"), ("second", "int16"), ("maximum", "float64"), ("multiply", "int32"),
    ])
  func scatters(_ function: String, _ dtype: String) throws {
    let element = try #require(DType(name: dtype))
    for (shape, axis, updates) in [([20], 0, 300), ([3, 7, 4], 1, 50), ([5, 6], 0, 3)] {
      var wide = shape
      wide[axis] = updates
      let places = try HostRunning.buffer(TensorType(.int64, Shape([updates]))) {
        Scalar(Int64($0 * 13 % shape[axis]), .int64)
      }
      try check(
        """
        graph @main(%x: \(dtype)\(shape), %i: int64[\(updates)], %u: \(dtype)\(wide)) {
          %0 = scatter \(function) %x, %i, %u axis \(axis)
          return %0
        }
        """,
        [
          try OpenCLRunning.values(TensorType(element, Shape(shape)), seed: 1), places,
          try OpenCLRunning.values(TensorType(element, Shape(wide)), seed: 2),
        ], step: "scatter \(function)")
    }
  }

  @Test("an index outside of the axis is an error")
  func outside() throws {
    let graph = try Graph(
      parsing: """
        graph @main(%x: float32[4], %i: int64[3], %u: float32[3]) {
          %0 = scatter add %x, %i, %u axis 0
          return %0
        }
        """)
    let places = try HostRunning.buffer(TensorType(.int64, Shape([3]))) {
      Scalar(Int64([0, 4, 1][$0]), .int64)
    }
    let values = try graph.parameters.map { try OpenCLRunning.values($0.type, seed: 3) }
    for executor in OpenCLRunning.ways {
      #expect {
        try OpenCLRunning.run(graph, [values[0], places, values[2]], on: executor)
      } throws: {
        ($0 as? WeftError)?.code == .indexOutOfBounds
          && ($0 as? WeftError)?.message.contains("axis 0 with extent 4") == true
      }
    }
  }

  @Test(
    "what a mask keeps, all of it, and nothing",
    arguments: ["uint8", "float16", "float32", "complex128"], [2, 3, 100, 7000])
  func compressions(_ dtype: String, _ period: Int) throws {
    for (shape, axis) in [([6000], 0), ([3, 40, 2], 1)] {
      let extent = shape[axis]
      let mask = try HostRunning.buffer(TensorType(.bool, Shape([extent]))) {
        Scalar(Int64(period == 7000 ? 0 : period == 100 ? 1 : $0 % period == 1 ? 1 : 0), .bool)
      }
      let x = try OpenCLRunning.values(
        TensorType(try #require(DType(name: dtype)), Shape(shape)), seed: 4)
      var kept = shape.map(String.init)
      kept[axis] = "?0"
      try check(
        """
        graph @main(%x: \(dtype)\(shape), %m: bool[\(extent)]) {
          %0 = compress %x, %m axis \(axis) : \(dtype)[\(kept.joined(separator: ", "))]
          return %0
        }
        """, [x, mask], step: "compress")
    }
  }
}
