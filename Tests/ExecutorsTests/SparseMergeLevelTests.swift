import CHost
import Testing
import WeftGoldenFile

/// Merges of two lists and elements by places, at each level of instructions that the processor has, beside plain loops.
@Suite("merges of two lists at every level")
struct SparseMergeLevelTests {
  /// Sorted coordinates by rows.
  private struct Rows {
    var ends = [0]
    var coordinates: [Int] = []

    /// Each of so many coordinates is in a row at a rate that the row has.
    init(_ rates: [Double], below extent: Int, from random: inout SeededGenerator) {
      for rate in rates {
        for coordinate in 0..<extent where Double.random(in: 0..<1, using: &random) < rate {
          coordinates.append(coordinate)
        }
        ends.append(coordinates.count)
      }
    }
  }

  /// What a merge gives.
  private struct Merged: Equatable {
    var coordinates: [Int] = []
    var sources: [[Int32]] = [[], []]
    var rowEnds: [Int64] = []
  }

  private static let kinds = [weft_merge_either, weft_merge_both, weft_merge_first]

  /// Rows of entries `parts`, by looking each coordinate up.
  private static func expected(
    _ kind: Int, _ lists: [Rows], _ parts: [Range<Int>], _ rows: Range<Int>, extent: Int
  ) -> Merged {
    var merged = Merged()
    for row in rows {
      let places = lists.indices.map { list in
        let own = (lists[list].ends[row]..<lists[list].ends[row + 1]).clamped(to: parts[list])
        return Dictionary(uniqueKeysWithValues: own.map { (lists[list].coordinates[$0], $0) })
      }
      for coordinate in 0..<extent {
        let found = places.map { $0[coordinate] }
        let isKept =
          switch kind {
          case weft_merge_either: found[0] != nil || found[1] != nil
          case weft_merge_both: found[0] != nil && found[1] != nil
          default: found[0] != nil
          }
        guard isKept else { continue }
        merged.coordinates.append(coordinate)
        for list in 0..<2 {
          merged.sources[list].append(found[list].map { Int32($0 - parts[list].lowerBound) } ?? -1)
        }
      }
      merged.rowEnds.append(Int64(merged.coordinates.count))
    }
    return merged
  }

  private static func found<Index: FixedWidthInteger>(
    _ level: Int, _ kind: Int, _ lists: [Rows], _ parts: [Range<Int>], _ rows: Range<Int>,
    _: Index.Type, reads: [Bool]
  ) -> Merged? {
    let size = Int32(MemoryLayout<Index>.size)
    guard let loop = weft_merge_at(Int32(level), Int32(kind), size) else { return nil }
    let room = parts[0].count + parts[1].count + 32
    var coordinates = [Index](repeating: 0, count: room)
    var (first, second) = ([Int32](repeating: 7, count: room), [Int32](repeating: 7, count: room))
    var rowEnds = [Int64](repeating: 0, count: rows.count)
    let ends = lists.map { $0.ends.map { Index($0) } }
    // Nothing behind the last entry may be read.
    let own = lists.map { $0.coordinates.map { Index($0) } }
    var count = 0
    ends[0].withUnsafeBytes { endsA in
      ends[1].withUnsafeBytes { endsB in
        own[0].withUnsafeBytes { a in
          own[1].withUnsafeBytes { b in
            coordinates.withUnsafeMutableBytes { merged in
              rowEnds.withUnsafeMutableBufferPointer { rowEnds in
                first.withUnsafeMutableBufferPointer { sourcesA in
                  second.withUnsafeMutableBufferPointer { sourcesB in
                    var merge = weft_merge(
                      ends: (endsA.baseAddress, endsB.baseAddress),
                      coordinates: (a.baseAddress, b.baseAddress),
                      starts: (parts[0].lowerBound, parts[1].lowerBound),
                      stops: (parts[0].upperBound, parts[1].upperBound),
                      merged: merged.baseAddress,
                      sources: (
                        reads[0] ? sourcesA.baseAddress : nil, reads[1] ? sourcesB.baseAddress : nil
                      ), rowEnds: rowEnds.baseAddress)
                    count = loop(&merge, rows.lowerBound, rows.upperBound)
                  }
                }
              }
            }
          }
        }
      }
    }
    return Merged(
      coordinates: coordinates.prefix(count).map { Int($0) },
      sources: [first, second].map { Array($0.prefix(count)) }, rowEnds: rowEnds)
  }

  private static func check(_ lists: [Rows], extent: Int) {
    let count = lists[0].ends.count - 1
    let whole = lists.map { 0..<$0.coordinates.count }
    // A part begins and ends inside rows, at a common coordinate as lists are cut.
    let middle = [count / 4, count / 2].map { row in
      lists.map { list in
        list.ends[row]
          + list.coordinates[list.ends[row]..<list.ends[row + 1]].prefix { $0 < extent / 2 }.count
      }
    }
    let inside = lists.indices.map { middle[0][$0]..<middle[1][$0] }
    let cuts = [(whole, 0..<count), (inside, (count / 4)..<(count / 2 + 1))]
    for (parts, rows) in cuts {
      for kind in kinds {
        var want = expected(kind, lists, parts, rows, extent: extent)
        if kind == weft_merge_first { want.coordinates = [] }
        for reads in [[true, true], [false, true], [true, false]] {
          // What merges leave as it is is not compared; the first list's places are those of its own.
          if kind == weft_merge_first && !reads[1] { continue }
          for level in 0...Int(weft_tile_level()) {
            let each = [
              found(level, kind, lists, parts, rows, Int32.self, reads: reads),
              found(level, kind, lists, parts, rows, Int64.self, reads: reads),
            ]
            for got in each {
              guard var got else {
                Issue.record("no merge at level \(level)")
                continue
              }
              if kind == weft_merge_first { got.coordinates = [] }
              let what: Comment = "kind \(kind), level \(level), \(rows) of \(count) rows"
              #expect(got.rowEnds == want.rowEnds, what)
              #expect(got.coordinates == want.coordinates, what)
              for list in 0..<2 where reads[list] && (kind != weft_merge_first || list == 1) {
                #expect(got.sources[list] == want.sources[list], what)
              }
            }
          }
        }
      }
    }
  }

  @Test("rows of all lengths, whole and cut inside of rows")
  func merges() {
    var random = SeededGenerator(seed: 3)
    let rates: [[Double]] = [
      [0, 0, 0, 0], [1, 1, 0, 1, 0, 1], [0.02, 0.5, 0, 0.1, 1, 0.2, 0.05, 0.9, 0, 0.1, 0.1, 0.4],
      Array(repeating: 0.1, count: 24), Array(repeating: 0.4, count: 8),
    ]
    for first in rates {
      for second in [first, first.reversed(), first.map { 1 - $0 }, first.map { $0 / 8 }] {
        Self.check(
          [
            Rows(first, below: 90, from: &random), Rows(second, below: 90, from: &random),
          ], extent: 90)
      }
    }
  }

  @Test("elements by places and of runs, up to the last element there is")
  func gathers() {
    var random = SeededGenerator(seed: 5)
    for rate in [0, 0.1, 0.5, 0.9, 1] {
      for count in [0, 1, 3, 4, 7, 8, 15, 16, 17, 40, 101] {
        for isRun in [false, true] {
          var next = Int32.random(in: 0..<5, using: &random)
          let sources = (0..<count).map { _ -> Int32 in
            guard Double.random(in: 0..<1, using: &random) < rate else { return -1 }
            next += 1
            return isRun ? next : Int32.random(in: 0..<80, using: &random)
          }
          // A run's last element is the last there is.
          let length = Int(sources.max() ?? 0) + 1
          for size in [1, 2, 4, 8, 16] {
            let elements = (0..<max(1, length) * size).map { UInt8(truncatingIfNeeded: $0 * 7 / 3) }
            let fill = [UInt8](repeating: 251, count: size)
            let want = sources.flatMap { source in
              source < 0 ? fill : Array(elements[Int(source) * size..<(Int(source) + 1) * size])
            }
            for level in 0...Int(weft_tile_level()) {
              var got = [UInt8](repeating: 9, count: count * size + 1)
              got.withUnsafeMutableBytes { got in
                weft_gather_at(Int32(level), Int32(size), isRun ? 1 : 0)?(
                  elements, fill, sources, got.baseAddress, count)
              }
              #expect(got == want + [9], "\(count) of \(size) bytes, level \(level), run: \(isRun)")
            }
          }
        }
      }
    }
  }

  @Test("blocks by places, of whole vectors and with rests")
  func blocks() {
    var random = SeededGenerator(seed: 6)
    for size in [2, 8, 24, 64, 72, 128, 203] {
      for count in [0, 1, 5, 32] {
        let sources = (0..<count).map { _ in Int32.random(in: -2..<9, using: &random) }
        let elements = (0..<9 * size).map { UInt8(truncatingIfNeeded: $0 * 5 / 3) }
        let fill = (0..<size).map { UInt8(truncatingIfNeeded: 255 - $0) }
        let want = sources.flatMap { source in
          source < 0 ? fill : Array(elements[Int(source) * size..<(Int(source) + 1) * size])
        }
        for level in 0...Int(weft_tile_level()) {
          var got = [UInt8](repeating: 9, count: count * size + 1)
          got.withUnsafeMutableBytes { got in
            weft_gather_blocks_at(Int32(level))?(
              elements, fill, sources, got.baseAddress, count, size)
          }
          #expect(got == want + [9], "\(count) of \(size) bytes, level \(level)")
        }
      }
    }
  }

  @Test("copies past the cache of any length to any place")
  func copies() {
    let source = (0..<300).map { UInt8(truncatingIfNeeded: $0 * 11 / 7) }
    for start in [0, 1, 8, 15] {
      for count in [0, 1, 15, 16, 17, 64, 200, 256] {
        var got = [UInt8](repeating: 9, count: 300)
        got.withUnsafeMutableBytes { got in
          source.withUnsafeBytes { source in
            guard let to = got.baseAddress, let from = source.baseAddress else { return }
            weft_copy_past_cache(to + start, from + 3, count)
          }
        }
        weft_settle_stores()
        var want = [UInt8](repeating: 9, count: 300)
        want.replaceSubrange(start..<start + count, with: source[3..<3 + count])
        #expect(got == want, "\(count) bytes at \(start)")
      }
    }
  }
}
