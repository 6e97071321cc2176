import Foundation
import Testing
import WeftExecution
import WeftIR

@testable import Weft

/// Functions of blocks, blocks with their neighbours, and blocks by their place, as in Dask.
@Suite("blocks")
struct BlockTests {
  private static let file = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(components: "Golden", "blocks", "dask.jsonl")

  // The functions of scripts/record-blocks.py.

  private static func sum(_ places: [Int], by factors: (Int) -> Int) -> Int {
    places.enumerated().reduce(0) { $0 + factors($1.offset) * $1.element }
  }
  private static func hundreds(_ axis: Int) -> Int { (0..<axis).reduce(1) { n, _ in n * 100 } }

  private static func map(_ name: String, _ b: NDArray, _ info: BlockInfo) -> NDArray? {
    switch name {
    case "double": b * 2
    case "centre": b - b.sum()
    case "total": b.sum(axes: Array(0..<b.rank), keepAxes: true)
    case "fold-last", "fold-and-new":
      name == "fold-last" ? b.sum(axis: -1) : b.sum(axis: -1)[.newAxis, .ellipsis]
    case "fold-first": b.sum(axis: 0)
    case "new-first": b[.newAxis, .ellipsis]
    case "new-last": b[.ellipsis, .newAxis]
    case "index": b + sum(info.index, by: hundreds)
    case "counts": b * 0 + sum(info.counts, by: hundreds)
    case "location":
      b + info.ranges.reduce(0) { $0 + 1000 * $1.lowerBound + $1.upperBound }
    case "reverse": b[.stride(by: -1)]
    case "running": cumsum(b, axis: 0)
    case "first": b[..<1]
    default: nil
    }
  }

  private static func overlap(_ name: String, _ b: NDArray) -> NDArray? {
    switch name {
    case "same": b + 0
    case "window":
      (0..<b.rank).reduce(b) { $0 + roll(b, 1, axis: $1) + 10 * roll(b, -1, axis: $1) }
    case "running": cumsum(b, axis: 0)
    case "total": b * 0 + b.sum()
    default: nil
    }
  }

  private static func ints(_ value: JSONValue?) -> [Int] { value?.items?.compactMap(\.int) ?? [] }
  private static func lists(_ value: JSONValue?) -> [[Int]] { value?.items?.map { ints($0) } ?? [] }

  private static func isTrue(_ value: JSONValue?) -> Bool {
    if case .bool(true)? = value { true } else { false }
  }

  /// The array of a case.
  private static func source(_ json: JSONValue) -> NDArray {
    let extents = ints(json["extents"])
    let count = extents.reduce(1, *)
    return (arange(count) * 7 % 23).asType(.float64).reshaped(extents)
      .rechunked(lists(json["cuts"]).map { .pieces($0) })
  }

  private static func boundary(_ json: JSONValue?) -> OverlapBoundary {
    switch json?.text {
    case "periodic": .periodic
    case "reflect": .reflect
    case "nearest": .nearest
    case "none": .none
    default: .constant(NDArray(floatLiteral: json?.double ?? 0))
    }
  }

  private static func place(_ json: JSONValue) -> AxisIndex {
    if let number = json.int { return .at(number) }
    if let list = json["list"] { return .array(NDArray(ints(list))) }
    let parts = json.items ?? []
    return .slice(start: parts[0].int, stop: parts[1].int, step: parts[2].int ?? 1)
  }

  /// What a case's words mean here.
  private static func result(_ json: JSONValue) throws -> NDArray {
    let x = source(json)
    let name = json["function"]?.text ?? ""
    switch json["op"]?.text {
    case "map":
      return x.mapBlocks(dropAxes: ints(json["drop"]), newAxes: ints(json["new"])) { block, info in
        map(name, block, info) ?? zeros([0])
      }
    case "overlap":
      let depths = lists(json["depths"]).map { OverlapDepth(before: $0[0], after: $0[1]) }
      return x.mapOverlap(
        depths: depths,
        boundaries: depths.map { _ in boundary(json["boundary"]) },
        trim: isTrue(json["trim"])
      ) { overlap(name, $0) ?? zeros([0]) }
    default:
      return x.blocks.selecting((json["places"]?.items ?? []).map(place), site: .none)
    }
  }

  @Test("they are those of Dask", arguments: ["reference", "chunked"])
  func dask(executor: String) throws {
    let lines = try String(contentsOf: Self.file, encoding: .utf8).split(separator: "\n")
    try #require(lines.count > 700)
    for (number, line) in lines.enumerated() {
      // Every case on the reference executor, every fifth in chunks: plans of those take longer.
      if executor != "reference", number % 5 != 0 { continue }
      let json = try JSONParser.parse(Array(line.utf8))
      let result = try Self.result(json)
      if json["error"] != nil {
        #expect(throws: WeftError.self, "\(line)") { try result.checked() }
        continue
      }
      let values: [Double] = try result.compute(on: ExecutorName(executor)).toArray()
      #expect(result.shape == Self.ints(json["shape"]), "\(line)")
      #expect(values == json["values"]?.items?.compactMap(\.double), "\(line)")
      if json["chunks"] != nil {
        let fresh = try Self.result(json)
        #expect(fresh.chunks == Self.lists(json["chunks"]), "\(line)")
      }
    }
  }

  @Test("a block may reach over several neighbours")
  func deep() throws {
    let x = arange(12).rechunked(2)
    let found = x.mapOverlap(depth: 5, boundary: .periodic) { $0 + 1 }
    let values: [Int64] = try found.toArray()
    #expect(values == Array(1...12))
    #expect(found.chunks == [[2, 2, 2, 2, 2, 2]])
  }

  @Test("chunks go through operations that leave an axis as it is")
  func chunks() {
    let x = zeros([10, 6]).rechunked([4, 3])
    #expect(x.chunks == [[4, 4, 2], [3, 3]])
    #expect((x + 1).T.chunks == [[3, 3], [4, 4, 2]])
    #expect(x.sum(axis: 0).chunks == [[3, 3]])
    #expect(x[2..<9].chunks == [[2, 4, 1], [3, 3]])
    #expect(x[.stride(by: -1)].chunks == [[2, 4, 4], [3, 3]])
    #expect(concatenate([x, x], axis: 0).chunks == [[4, 4, 2, 4, 4, 2], [3, 3]])
    #expect(x.rechunked([5, -1]).chunks == [[5, 5], [6]])
    #expect(x.dot(zeros([6, 7])).chunks == [[4, 4, 2], [7]])
    #expect((zeros([10, 6]) - x).chunks == [[4, 4, 2], [3, 3]])
    #expect(zeros([3]).chunks == [[3]])
    #expect((zeros([3]) + zeros([4])).chunks.count == 1)
    #expect(x.blocks.shape == [3, 2] && x.blocks.count == 6 && x.blocks.all.count == 6)
  }

  @Test("blocks of several arrays lie between all their cuts, and broadcast")
  func several() throws {
    let x = arange(6).rechunked(4), y = arange(12).reshaped([2, 6]).rechunked([1, 3])
    let places = Lock<[[[Int]]]>([])
    let sum = mapBlocks([x, y]) { blocks, infos in
      places.withLock { $0.append(infos.map(\.index)) }
      return blocks[0] + blocks[1]
    }
    #expect(sum.chunks == [[1, 1], [3, 1, 2]])
    let values: [Int64] = try sum.toArray()
    #expect(values == [0, 2, 4, 6, 8, 10, 6, 8, 10, 12, 14, 16])
    #expect(
      places.withLock { $0 }
        == [0, 1, 2, 0, 1, 2].enumerated().map { place, piece in
          [[piece], [place / 3, piece]]
        })
  }

  @Test(
    "mistakes name the operation and what was given",
    arguments: [
      ("rank", "mapBlocks: the function gives int64[] for block [0], int64[3]"),
      ("extent", "mapBlocks: the function gives int64[2, 2] for block [1, 0], and extent 3"),
      ("dropped", "mapBlocks: axis 3 is out of range"),
      ("new", "mapBlocks: new axes [5]"),
      ("broadcast", "mapBlocks: cannot broadcast int64[6] with int64[5]"),
      ("none", "mapBlocks: needs at least one array"),
      ("body", "add: cannot broadcast int64[3] with int64[7]"),
      ("chunks", "mapBlocks: the results of the blocks have extents [[3, 3]], not chunks [2]"),
      ("unknown", "mapBlocks: bool"), ("deep", "mapOverlap: depth 7 is greater than axis 0"),
      ("negative", "mapOverlap: depth -1 along axis 0 is negative"),
      ("axis", "mapOverlap: axis 2 is out of range"),
      ("count", "mapOverlap: 2 depths and 1 boundaries for int64[6]"),
      ("trim", "mapOverlap: the function gives int64[1] for a block that reaches over 0 and 2"),
      ("place", "blocks: block 2 is out of range for 2 blocks along axis 0 of int64[6]"),
      ("places", "blocks: 2 places for 1 axes"), ("list", "blocks: a list of places is integers"),
    ])
  func mistakes(_ name: String, _ text: String) {
    let x = arange(6).rechunked(3)
    let square = arange(12).reshaped([4, 3]).rechunked([2, -1])
    let array: NDArray =
      switch name {
      case "rank": x.mapBlocks { $0.sum() }
      case "extent":
        square.mapBlocks(dropAxes: [0]) { $0.sum(axis: 0) }.rechunked(2).mapBlocks { $0 }
          + square.mapBlocks { block, info in info.index[0] == 0 ? block : block[.all, ..<2] }
      case "dropped": x.mapBlocks(dropAxes: [3]) { $0 }
      case "new": x.mapBlocks(newAxes: [5]) { $0 }
      case "broadcast": mapBlocks([x, arange(5)]) { blocks, _ in blocks[0] }
      case "none": mapBlocks([]) { _, _ in zeros([1]) }
      case "body": x.mapBlocks { $0 + arange(7) }
      case "chunks": x.mapBlocks(chunks: [2]) { $0 }
      case "unknown": x[x .> 2].mapBlocks { $0 }
      case "deep": x.mapOverlap(depth: 7) { $0 }
      case "negative": x.mapOverlap(depth: -1) { $0 }
      case "axis": x.mapOverlap(axes: [2: 1]) { $0 }
      case "count": x.mapOverlap(depths: [1, 1], boundaries: [.none]) { $0 }
      case "trim": x.mapOverlap(depth: 2) { $0[..<1] }
      case "place": x.blocks[2]
      case "places": x.blocks[0, 0]
      default: x.blocks[NDArray([0.5])]
      }
    do throws(WeftError) {
      _ = try array.checked()
      Issue.record("no error")
    } catch {
      if name == "unknown" {
        #expect(error.code == .unknownExtent)
      } else {
        #expect(error.description.contains(text), "\(error)")
      }
    }
  }

  @Test("scripts have Dask's words")
  func scripts() throws {
    func value(_ text: String) throws -> String { try Script.evaluate(text).formatted() }
    let x = "x = arange(10).rechunk(4); "
    #expect(try value(x + "x.blocks[1]") == "[4 5 6 7]")
    #expect(try value(x + "x.blocks[[0, 2]]") == "[0 1 2 3 8 9]")
    #expect(try value(x + "x.blocks[::-1]") == "[8 9 4 5 6 7 0 1 2 3]")
    #expect(try value(x + "x.chunks") == "(4, 4, 2)")
    #expect(try value(x + "(x + 1).numblocks") == "3")
    #expect(try value("ones((4, 6)).rechunk((2, None)).chunks") == "(2, 2)\n(6)")
    #expect(try value("ones((4, 6)).rechunk(((1, 3), 'auto')).blocks.shape") == "2\n1")
    #expect(try value(x + "x.persist().blocks[2]") == "[8 9]")
    #expect(throws: ScriptError.self) { try value(x + "x.blocks[7]") }
    #expect(throws: ScriptError.self) { try value("arange(3).rechunk(1.5)") }
  }
}
