import WeftIR

extension RandomGraph {
  private func folds(_ f: ScalarFunction, _ dtype: DType) -> Bool {
    f.operandDType(for: dtype) == dtype && f.resultDType(for: dtype) == dtype
  }

  mutating func addIota() throws {
    let dtype = dtypes.filter { $0 != .bool && !$0.isComplex }.randomElement(using: &random)
    let shape = shape()
    guard let dtype, shape.rank > 0 else { return }
    let axis = Int.random(in: 0..<shape.rank, using: &random)
    try add(.iota(TensorType(dtype, shape), axis: axis))
  }

  mutating func addRandom() throws {
    guard let key = try add(.constant(Scalar(random.next(), .uint64))) else { return }
    let stream = RandomStream(shape: shape(), lane: Int.random(in: 0...3, using: &random))
    try add(.random(stream), [key])
  }

  mutating func addMap() throws {
    guard let f = functions.functions.randomElement(using: &random) else { return }
    if f == .select {
      let x = pick()
      guard let mask = try add(.convert(.bool), [x]) else { return }
      try add(.map(f), [mask, x, pick { [type = graph.type(x)] in $0 == type } ?? x])
      return
    }
    guard let x = pick(where: { f.operandDType(for: $0.dtype) == $0.dtype }) else { return }
    let type = graph.type(x)
    var operands = [x]
    for _ in 1..<f.arity { operands.append(pick { $0 == type } ?? x) }
    operands.shuffle(using: &random)
    try add(.map(f), operands)
  }

  private mutating func fold(for dtype: DType) -> ScalarFunction? {
    functions.functions.filter { $0.arity == 2 && $0.isAssociative && folds($0, dtype) }
      .randomElement(using: &random)
  }

  mutating func addReduction(_ x: Value) throws {
    let type = graph.type(x)
    let axes = axes(of: x)
    guard let f = fold(for: type.dtype) else { return }
    if f.identity == nil, axes.axes.contains(where: { type.shape[$0] == .known(0) }) { return }
    try add(.reduce(f, axes), [x])
  }

  mutating func addScan(_ x: Value) throws {
    guard let axis = axis(of: x), let f = fold(for: graph.type(x).dtype) else { return }
    try add(.scan(f, axis: axis), [x])
  }

  mutating func addArgReduction(_ x: Value) throws {
    guard let axis = axis(of: x), graph.type(x).shape[axis] != .known(0) else { return }
    try add(.argReduce(chance(2) ? .minimum : .maximum, axis: axis), [x])
  }

  mutating func addContraction() throws {
    var operands = [pick()]
    let dtype = graph.type(operands[0]).dtype
    while operands.count < 4, chance(2), let next = pick(where: { $0.dtype == dtype }) {
      operands.append(next)
    }
    var extents: [Extent] = []
    let labels = operands.map { operand in
      graph.type(operand).shape.extents.map { extent in
        let same = extents.indices.filter { extents[$0] == extent }
        if let label = same.randomElement(using: &random), !chance(3) { return label }
        extents.append(extent)
        return extents.count - 1
      }
    }
    let output = extents.indices.filter { _ in chance(2) }.shuffled(using: &random)
    try add(.contract(Contraction(labels, to: output)), operands)
  }

  mutating func addBroadcast(_ x: Value) throws {
    let type = graph.type(x)
    if type.rank > 4 { return }
    var extents = type.shape.extents
    for axis in extents.indices where extents[axis] == .known(1) && chance(2) {
      extents[axis] = .known(Int.random(in: 1...4, using: &random))
    }
    var positions = Array(extents.indices)
    for _ in 0..<Int.random(in: 0...2, using: &random) {
      let place = chance(2) ? 0 : Int.random(in: 0...extents.count, using: &random)
      extents.insert(.known(Int.random(in: 0...3, using: &random)), at: place)
      positions = positions.map { $0 >= place ? $0 + 1 : $0 }
    }
    try add(.broadcast(to: Shape(extents), axes: positions), [x])
  }

  mutating func addReshape(_ x: Value) throws {
    guard let known = graph.type(x).shape.known else { return }
    var extents = known
    if extents.count > 1, chance(2) {
      extents.replaceSubrange(0..<2, with: [extents[0] * extents[1]])
    } else {
      extents.insert(1, at: Int.random(in: 0...extents.count, using: &random))
    }
    try add(.reshape(Shape(extents)), [x])
  }

  mutating func addSlice(_ x: Value) throws {
    let spans = graph.type(x).shape.extents.map { extent in
      guard case .known(let n) = extent, !chance(4) else { return SliceSpan(start: 0, count: nil) }
      let start = Int.random(in: 0...n, using: &random)
      let step = Int.random(in: 1...3, using: &random)
      let most = (n - start + step - 1) / step
      return SliceSpan(start: start, step: step, count: Int.random(in: 0...most, using: &random))
    }
    try add(.slice(spans), [x])
  }

  mutating func addPad(_ x: Value) throws {
    let type = graph.type(x)
    guard let fill = try add(.constant(scalar(type.dtype))) else { return }
    let spans = type.shape.extents.map { extent in
      guard case .known = extent else { return PadSpan(low: 0, high: 0) }
      return PadSpan(
        low: Int.random(in: 0...2, using: &random), high: Int.random(in: 0...2, using: &random),
        interior: chance(3) ? 1 : 0)
    }
    try add(.pad(spans), [x, fill])
  }

  mutating func addConcatenation(_ x: Value) throws {
    guard let axis = axis(of: x) else { return }
    let type = graph.type(x)
    var operands = [x]
    while operands.count < 4, chance(2) {
      operands.append(
        pick { other in
          other.dtype == type.dtype && other.rank == type.rank
            && (0..<type.rank).allSatisfy { $0 == axis || other.shape[$0] == type.shape[$0] }
        } ?? x)
    }
    if !hasUnknowns && !operands.allSatisfy({ graph.type($0).shape.isKnown }) { return }
    try add(.concatenate(axis: axis), operands)
  }

  /// Indices that are in range at run time: a count of at most the extent.
  private mutating func indices(below extent: Extent, rank: Int) throws -> Value? {
    guard case .known(let n) = extent else { return nil }
    var shape = (0..<rank).map { _ in Int.random(in: 0...2, using: &random) }
    if let last = shape.indices.last { shape[last] = Int.random(in: 0...n, using: &random) }
    if rank == 0 { return n == 0 ? nil : try add(.constant(Scalar(0 as Int64, .int64))) }
    return try add(.iota(TensorType(.int64, Shape(shape)), axis: rank - 1))
  }

  mutating func addGather(_ x: Value) throws {
    guard let axis = axis(of: x),
      let indices = try indices(
        below: graph.type(x).shape[axis], rank: Int.random(in: 0...2, using: &random))
    else { return }
    try add(.gather(axis: axis), [x, indices])
  }

  mutating func addScatter(_ x: Value) throws {
    guard let axis = axis(of: x) else { return }
    let type = graph.type(x)
    let fold = functions.functions.filter { $0.arity == 2 && folds($0, type.dtype) }
    guard let f = fold.randomElement(using: &random),
      let indices = try indices(below: type.shape[axis], rank: 1),
      let updates = try add(.gather(axis: axis), [x, indices])
    else { return }
    try add(.scatter(axis: axis, f), [x, indices, updates])
  }

  mutating func addCompress(_ x: Value) throws {
    guard let axis = axis(of: x) else { return }
    let type = graph.type(x)
    let mask: Value
    let matches: (TensorType) -> Bool = {
      $0.rank == 1 && $0.dtype == .bool && $0.shape[0] == type.shape[axis]
    }
    if let known = pick(where: matches) {
      mask = known
    } else {
      let counts = TensorType(.uint8, Shape([type.shape[axis]]))
      guard let count = try add(.iota(counts, axis: 0)),
        let made = try add(.convert(.bool), [count])
      else { return }
      mask = made
    }
    try add(.compress(axis: axis, extent: Shape.freshUnknown()), [x, mask])
  }

  mutating func addCall(_ x: Value) throws {
    let names = Self.routines.keys.sorted()
    guard let name = names.randomElement(using: &random), let make = Self.routines[name] else {
      return
    }
    let options = [[:], ["mode": "full"], ["k": "3", "odd key": "a \"b\""]]
    try add(.call(make(options.randomElement(using: &random) ?? [:])), [x])
  }

  /// The routines that occur: one pure with two results, one that makes up an extent, one impure.
  public static let routines: RoutineTable = [
    "twins": { options in
      Routine("twins", options: options, arity: 1) { operands in
        [operands[0], TensorType(.float32, operands[0].shape)]
      }
    },
    "find all": { options in
      Routine("find all", options: options, arity: 1) { operands in
        let extent = Shape.freshUnknown()
        return [
          TensorType(.int64, Shape([extent])),
          TensorType(operands[0].dtype, Shape([.known(2), extent] as [Extent])),
        ]
      }
    },
    "tick": { options in
      Routine("tick", options: options, arity: 1, isPure: false) { operands in [operands[0]] }
    },
  ]
}
