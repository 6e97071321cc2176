/// Vertices joined by edges of any number of ends, as the partitioner reads them.
struct Hypergraph {
  /// What each vertex counts in the balance.
  private(set) var vertexWeights: [Int32]
  /// What cutting each edge costs.
  private(set) var edgeWeights: [Double]
  /// The ends of edge e are `ends[edgeStarts[e]..<edgeStarts[e + 1]]`.
  private(set) var edgeStarts: [Int32] = [0]
  private(set) var ends: [Int32] = []
  /// The edges of vertex v are `edges[vertexStarts[v]..<vertexStarts[v + 1]]`.
  private(set) var vertexStarts: [Int32] = []
  private(set) var edges: [Int32] = []

  var vertexCount: Int { vertexWeights.count }
  var edgeCount: Int { edgeWeights.count }
  var totalWeight: Int { vertexWeights.reduce(0) { $0 + Int($1) } }

  /// Edges as lists of ends; those with fewer than two ends are left out.
  init(vertexWeights: [Int32], edges lists: [(ends: [Int32], weight: Double)]) {
    self.vertexWeights = vertexWeights
    edgeWeights = []
    for (list, weight) in lists where list.count > 1 {
      ends += list
      edgeStarts.append(Int32(ends.count))
      edgeWeights.append(weight)
    }
    connect()
  }

  @inline(__always)
  func ends(of edge: Int) -> Range<Int> { Int(edgeStarts[edge])..<Int(edgeStarts[edge + 1]) }

  @inline(__always)
  func edges(of vertex: Int) -> Range<Int> {
    Int(vertexStarts[vertex])..<Int(vertexStarts[vertex + 1])
  }

  private mutating func connect() {
    var counts = Array(repeating: Int32(0), count: vertexCount + 1)
    for end in ends { counts[Int(end) + 1] += 1 }
    for vertex in 0..<vertexCount { counts[vertex + 1] += counts[vertex] }
    vertexStarts = counts
    edges = Array(repeating: 0, count: ends.count)
    for edge in 0..<edgeCount {
      for place in ends(of: edge) {
        let vertex = Int(ends[place])
        edges[Int(counts[vertex])] = Int32(edge)
        counts[vertex] += 1
      }
    }
  }

  /// The part over some vertices, which get the numbers of their places.
  func restricted(to vertices: [Int32], _ places: inout [Int32]) -> Hypergraph {
    for (place, vertex) in vertices.enumerated() { places[Int(vertex)] = Int32(place) }
    defer { for vertex in vertices { places[Int(vertex)] = -1 } }
    var part = Hypergraph(
      vertexWeights: vertices.map { vertexWeights[Int($0)] }, edges: [])
    part.edgeStarts.reserveCapacity(vertices.count * 2)
    for (place, vertex) in vertices.enumerated() {
      for slot in edges(of: Int(vertex)) {
        let edge = Int(edges[slot])
        let first = part.ends.count
        var isFirst = true
        for end in ends(of: edge) {
          let other = places[Int(ends[end])]
          if other < 0 { continue }
          // An edge is taken at the first of its vertices.
          if other < Int32(place) {
            isFirst = false
            break
          }
          part.ends.append(other)
        }
        if !isFirst || part.ends.count - first < 2 {
          part.ends.removeSubrange(first...)
          continue
        }
        part.edgeStarts.append(Int32(part.ends.count))
        part.edgeWeights.append(edgeWeights[edge])
      }
    }
    part.connect()
    return part
  }

  /// The graph whose vertices are groups of this one's; parallel edges become one.
  func contracted(_ group: [Int32], count: Int) -> Hypergraph {
    var weights = Array(repeating: Int32(0), count: count)
    for vertex in 0..<vertexCount { weights[Int(group[vertex])] += vertexWeights[vertex] }
    var coarse = Hypergraph(vertexWeights: weights, edges: [])
    var stamps = Array(repeating: Int32(-1), count: count)
    var known: [UInt64: [Int32]] = [:]
    known.reserveCapacity(edgeCount)
    for edge in 0..<edgeCount {
      let first = coarse.ends.count
      var hash: UInt64 = 0
      for place in ends(of: edge) {
        let vertex = group[Int(ends[place])]
        if stamps[Int(vertex)] == Int32(edge) { continue }
        stamps[Int(vertex)] = Int32(edge)
        coarse.ends.append(vertex)
        var mixed = UInt64(vertex) &* 0x9E37_79B9_7F4A_7C15
        mixed ^= mixed >> 29
        hash = hash &+ mixed &* 0xBF58_476D_1CE4_E5B9
      }
      let size = coarse.ends.count - first
      if size < 2 {
        coarse.ends.removeSubrange(first...)
        continue
      }
      let twin = known[hash]?.first { other in
        let range = coarse.ends(of: Int(other))
        return range.count == size
          && range.allSatisfy { stamps[Int(coarse.ends[$0])] == Int32(edge) }
      }
      if let twin {
        coarse.ends.removeSubrange(first...)
        coarse.edgeWeights[Int(twin)] += edgeWeights[edge]
      } else {
        known[hash, default: []].append(Int32(coarse.edgeCount))
        coarse.edgeStarts.append(Int32(coarse.ends.count))
        coarse.edgeWeights.append(edgeWeights[edge])
      }
    }
    coarse.connect()
    return coarse
  }
}
