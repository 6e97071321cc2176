import CHost
import WeftIR
import WeftPasses

/// What the merge of a cluster is, and what it runs on this time.
struct MergedPlan {
  /// A value from outside.
  struct Operand {
    let value: Value
    let dtype: DType
    let source: Source
    /// Entries' values, a dense array, or one element.
    let elements: Buffer
    /// What an entry would have where it stores nothing.
    let fill: Buffer?
    let view: DenseView?
  }

  /// Where an operand's elements come from.
  enum Source: Hashable {
    /// The entries of a list; elsewhere a fill.
    case list(Int)
    /// A dense array, of which some axes may repeat.
    case dense
    /// The same element always.
    case uniform
  }

  let space: ListSpace
  let lists: [ListSpace.Lists]
  let pattern: MergedPattern
  let operands: [Operand]
  var entries: Int { lists.reduce(0) { $0 + $1.count } }

  /// What computes the elements of merged operands.
  var elements: MergedElements {
    MergedElements(
      operands.map {
        MergedElements.Operand($0.value, $0.dtype, isUniform: $0.source == .uniform)
      })
  }

  /// nil where another way serves.
  init?(
    _ owner: SparseCluster, _ space: ListSpace, _ stored: [Value: ListSpace.Lists],
    _ sparse: [Value: SparseElements], _ views: [Value: DenseView]
  ) throws {
    guard stored.count == sparse.count else { return nil }
    let kernels = space.kernels
    var pattern = ClusterPattern(
      owner.graph, owner.layouts, Set(owner.rows), stored: stored, sparse: sparse, views: views,
      space, kernels)
    let found: (formula: MergeFormula, leaves: [ListSpace.Lists])
    do {
      found = try pattern.formula(of: owner.root)
    } catch is ClusterPattern<ListSpace>.Unplaced {
      return nil
    }
    guard found.leaves.count <= MergeLattice.mostLists, !found.formula.terms.isEmpty else {
      return nil
    }
    func element(_ scalar: Scalar, count: Int = 1) throws -> Buffer {
      let buffer = try kernels.values(count, scalar.dtype)
      for n in 0..<count { scalar.store(to: buffer.base + n * scalar.dtype.itemSize) }
      return buffer
    }
    var operands: [Operand] = []
    var read: [Int] = []
    for input in owner.inputs {
      let dtype = owner.graph.type(input).dtype
      if let lists = stored[input], let own = sparse[input] {
        // The formula's leaves begin with the operands'.
        let list = found.leaves.firstIndex { space.isSame($0, lists) } ?? 0
        read.append(list)
        operands.append(
          Operand(
            value: input, dtype: dtype, source: .list(list), elements: own.values,
            fill: try element(owner.sparseFill(input, own), count: space.width), view: nil))
      } else if let view = views[input] {
        operands.append(
          Operand(
            value: input, dtype: dtype, source: .dense, elements: view.buffer, fill: nil,
            view: view))
      } else if let uniform = owner.uniform(input) {
        operands.append(
          Operand(
            value: input, dtype: dtype, source: .uniform, elements: try element(uniform),
            fill: nil, view: nil))
      } else {
        throw owner.missing(input)
      }
    }
    let total = found.leaves.reduce(0) { $0 + $1.count }
    self.space = space
    lists = found.leaves
    self.operands = operands
    self.pattern = MergedPattern(
      lists: found.leaves.map {
        MergedPattern.List(
          ends: $0.positions.type.dtype, coordinates: $0.coordinates[0].type.dtype)
      }, read: read, terms: found.formula.terms, innerLevels: space.innerLevels,
      index: SparseElements.indexDType(space.shape, count: total * space.width))
  }

  /// The most entries that a part of the result has, by how many of each list are in the part.
  func bound(_ counts: (Int) -> Int) -> Int {
    let terms = pattern.terms.reduce(0) { sum, term in sum + (term.map(counts).min() ?? 0) }
    return min(terms, lists.indices.reduce(0) { $0 + counts($1) })
  }
}

/// What merges the lists of a plan.
enum ListMerger {
  /// The loops of the host for two lists: these are many times as quick as kernels where patterns are independent.
  case pair(@convention(c) (UnsafePointer<weft_merge>?, Int, Int) -> Int, first: Int, second: Int)
  /// A kernel for any lists.
  case compiled(MergeCompiler.Code<MergedPattern.Merging>)
  /// A list has the positions of the result, and no other is read.
  case none

  /// nil where there is none yet.
  init?(_ plan: MergedPlan, _ compiler: MergeCompiler?) throws {
    let pattern = plan.pattern
    if pattern.donor != nil, pattern.read.isEmpty {
      self = .none
    } else if let pair = pattern.pair {
      let kind =
        switch pair.kind {
        case .either: weft_merge_either
        case .both: weft_merge_both
        case .first: weft_merge_first
        }
      guard let loop = weft_merge_of(Int32(kind), Int32(pattern.index.itemSize)) else {
        return nil
      }
      self = .pair(loop, first: pair.first, second: pair.second)
    } else {
      let counters = plan.space.kernels.context.counters
      guard let code = try compiler?.code(of: pattern, entries: plan.entries, counters) else {
        return nil
      }
      self = .compiled(code)
    }
  }
}
