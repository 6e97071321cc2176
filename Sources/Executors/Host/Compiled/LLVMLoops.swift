import WeftIR

extension LLVMWriter {
  // MARK: - Branches

  func branch(
    _ condition: WrittenValue, _ then: [Kernel.Statement], _ other: [Kernel.Statement],
    _ renderer: inout LLVMRenderer
  ) throws(WeftError) {
    if case .uniform(let name, _) = condition {
      let (yes, no, end) = (label("then"), label("else"), label("join"))
      line("br i1 \(name), label %\(yes), label %\(no)")
      begin(yes)
      try write(then, &renderer)
      line("br label %\(end)")
      begin(no)
      try write(other, &renderer)
      line("br label %\(end)")
      begin(end)
      return
    }
    let type = "<\(lanes) x i1>"
    let name = spread(condition, lanes)
    let outer = mask
    let chosen = outer.map { emit("and \(type) \(name), \($0)") } ?? name
    try rarely(chosen, then, &renderer)
    if !other.isEmpty {
      let inverse = emit("xor \(type) \(name), \(LLVMNames.splat("true", "i1", lanes))")
      let rest = outer.map { emit("and \(type) \(inverse), \($0)") } ?? inverse
      try rarely(rest, other, &renderer)
    }
    mask = outer
  }

  /// Runs a body for the lanes of a mask, if there are any.
  private func rarely(
    _ lanesOfMask: String, _ body: [Kernel.Statement], _ renderer: inout LLVMRenderer
  ) throws(WeftError) {
    let (some, end) = (label("some"), label("join"))
    let suffix = LLVMNames.suffix("i1", lanes)
    renderer.declare("i1", "llvm.vector.reduce.or.\(suffix)", ["<\(lanes) x i1>"])
    let any = emit("call i1 @llvm.vector.reduce.or.\(suffix)(<\(lanes) x i1> \(lanesOfMask))")
    line("br i1 \(any), label %\(some), label %\(end), !prof !0")
    begin(some)
    mask = lanesOfMask
    try write(body, &renderer)
    line("br label %\(end)")
    begin(end)
  }

  // MARK: - Loops

  /// A loop over an index in a stack slot.
  func indexLoop(
    from lower: String, to upper: String, step: String,
    _ body: (String) throws(WeftError) -> Void
  ) throws(WeftError) {
    let (head, inside, end) = (label("head"), label("body"), label("end"))
    let slot = slot("i64")
    line("store i64 \(lower), ptr \(slot), align 64")
    line("br label %\(head)")
    begin(head)
    let index = emit("load i64, ptr \(slot), align 64")
    let more = emit("icmp slt i64 \(index), \(upper)")
    line("br i1 \(more), label %\(inside), label %\(end)")
    begin(inside)
    try body(index)
    let next = emit("add i64 \(index), \(step)")
    line("store i64 \(next), ptr \(slot), align 64")
    line("br label %\(head)")
    begin(end)
  }

  func countedLoop(
    _ loop: Kernel.Loop, from lower: String, to upper: String, _ renderer: inout LLVMRenderer
  ) throws(WeftError) {
    try indexLoop(from: lower, to: upper, step: "\(loop.step)") { (index) throws(WeftError) in
      bind(loop.index, .uniform(index, .int64))
      try write(loop.body, &renderer)
    }
  }

  /// A loop whose condition is looked at before each round.
  func repetition(
    _ loop: Kernel.Repetition, _ renderer: inout LLVMRenderer
  ) throws(WeftError) {
    let (head, inside, end) = (label("head"), label("body"), label("end"))
    line("br label %\(head)")
    begin(head)
    try write(loop.head, &renderer)
    line("br i1 \(scalar(value(loop.condition))), label %\(inside), label %\(end)")
    begin(inside)
    try write(loop.body, &renderer)
    line("br label %\(head)")
    begin(end)
  }

  /// Whole vectors without a mask, then the rest under one.
  func vectorLoop(
    _ loop: Kernel.Loop, _ renderer: inout LLVMRenderer
  ) throws(WeftError) {
    try vectorLoop(
      loop, from: scalar(value(loop.lower)), to: scalar(value(loop.upper)), &renderer)
  }

  /// A vector loop between other bounds.
  func vectorLoop(
    _ loop: Kernel.Loop, from lower: String, to upper: String, _ renderer: inout LLVMRenderer
  ) throws(WeftError) {
    lanes = VectorWidth.lanes(of: loop, vectorBytes: renderer.vectorBytes)
    defer {
      lanes = 1
      mask = nil
    }
    if !loop.folds.isEmpty {
      try foldingLoop(loop, lower, upper, &renderer)
      return
    }
    let start = try alignedStart(loop, lower, upper, &renderer)
    let count = emit("sub i64 \(upper), \(start)")
    let whole = emit("and i64 \(count), \(-lanes)")
    let middle = emit("add i64 \(start), \(whole)")
    // What is before and behind the whole vectors runs through one text under a mask.
    try indexLoop(from: "0", to: "2", step: "1") { (end) throws(WeftError) in
      let isHead = emit("icmp eq i64 \(end), 0")
      let first = emit("select i1 \(isHead), i64 \(lower), i64 \(middle)")
      let last = emit("select i1 \(isHead), i64 \(start), i64 \(upper)")
      try unless(emit("icmp sge i64 \(first), \(last)")) { () throws(WeftError) in
        mask = tail(from: first, to: last)
        bind(loop.index, .affine(base: first, stride: .constant(1)))
        try write(loop.body, &renderer)
        mask = nil
      }
    }
    streamed = try streamedStores(of: loop, from: start, &renderer)
    try indexLoop(from: start, to: middle, step: "\(lanes)") { (index) throws(WeftError) in
      bind(loop.index, .affine(base: index, stride: .constant(1)))
      try write(loop.body, &renderer)
    }
    streamed = [:]
  }

  /// The first index from which vectors of the loop's first store do not cross cache lines.
  private func alignedStart(
    _ loop: Kernel.Loop, _ lower: String, _ upper: String, _ renderer: inout LLVMRenderer
  ) throws(WeftError) -> String {
    guard let store = loop.firstStore else { return lower }
    let (address, itemSize) = try address(of: store, in: loop, at: lower, &renderer)
    let element = emit("lshr i64 \(address), \(itemSize.trailingZeroBitCount)")
    let missing = emit("sub i64 0, \(element)")
    let skipped = emit("and i64 \(missing), \(lanes - 1)")
    let start = emit("add i64 \(lower), \(skipped)")
    let isInside = emit("icmp slt i64 \(start), \(upper)")
    return emit("select i1 \(isInside), i64 \(start), i64 \(upper)")
  }

  private func unless(
    _ condition: String, _ body: () throws(WeftError) -> Void
  ) throws(WeftError) {
    let (inside, end) = (label("rest"), label("end"))
    line("br i1 \(condition), label %\(end), label %\(inside)")
    begin(inside)
    try body()
    line("br label %\(end)")
    begin(end)
  }

  /// The lanes below a bound.
  func tail(from index: String, to upper: String) -> String {
    let left = emit("sub i64 \(upper), \(index)")
    let short = emit("trunc i64 \(left) to i32")
    let bound = splat(short, "i32", lanes)
    return emit("icmp slt <\(lanes) x i32> \(LLVMNames.iota("i32", lanes)), \(bound)")
  }

  // MARK: - Folds

  /// A vector loop with folds: lane vectors in registers where the body is short, in an array
  /// where repeating it would be too long.
  private func foldingLoop(
    _ loop: Kernel.Loop, _ lower: String, _ upper: String, _ renderer: inout LLVMRenderer
  ) throws(WeftError) {
    let vectors = max(1, (loop.folds.map(\.lanes).max() ?? lanes) / lanes)
    let types = loop.folds.map { LLVMNames.type($0.variable.dtype, lanes) }
    let arrays = types.map { slot("[\(vectors) x \($0)]") }
    /// Aligned as its type is and no more: a vector may be smaller than a line of the cache.
    func place(_ fold: Int, _ vector: String) -> String {
      emit("getelementptr \(types[fold]), ptr \(arrays[fold]), i64 \(vector)")
    }
    for (n, fold) in loop.folds.enumerated() {
      let identity = splat(
        LLVMNames.constant(fold.identity), LLVMNames.scalar(fold.variable.dtype), lanes)
      for vector in 0..<vectors {
        line("store \(types[n]) \(identity), ptr \(place(n, "\(vector)"))")
      }
    }
    let stride = lanes * vectors
    let count = emit("sub i64 \(upper), \(lower)")
    let isShort = VectorWidth.cost(of: loop) * vectors <= 160
    let unit = isShort ? stride : lanes
    let whole = emit("and i64 \(count), \(-unit)")
    let middle = emit("add i64 \(lower), \(whole)")

    func foldOnce(_ index: String, _ vector: String) throws(WeftError) {
      bind(loop.index, .affine(base: index, stride: .constant(1)))
      try write(loop.body, &renderer)
      for (n, fold) in loop.folds.enumerated() {
        let address = place(n, vector)
        let old = emit("load \(types[n]), ptr \(address)")
        var new = spread(value(fold.value), lanes)
        if let mask {
          let identity = splat(
            LLVMNames.constant(fold.identity), LLVMNames.scalar(fold.variable.dtype), lanes)
          new = emit("select <\(lanes) x i1> \(mask), \(types[n]) \(new), \(types[n]) \(identity)")
        }
        let combined = try combine(fold, old, new, lanes, &renderer)
        line("store \(types[n]) \(combined), ptr \(address)")
      }
    }
    /// The lane vector of an index, where they take turns.
    func turn(_ index: String) -> String {
      let offset = emit("sub i64 \(index), \(lower)")
      let vector = emit("lshr i64 \(offset), \(lanes.trailingZeroBitCount)")
      return emit("and i64 \(vector), \(vectors - 1)")
    }

    streamed = try streamedStores(of: loop, from: lower, &renderer)
    try indexLoop(from: lower, to: middle, step: "\(unit)") { (index) throws(WeftError) in
      if isShort {
        for vector in 0..<vectors {
          let start = vector == 0 ? index : emit("add i64 \(index), \(vector * lanes)")
          try foldOnce(start, "\(vector)")
        }
      } else {
        try foldOnce(index, turn(index))
      }
    }
    streamed = [:]
    try indexLoop(from: middle, to: upper, step: "\(lanes)") { (index) throws(WeftError) in
      mask = tail(from: index, to: upper)
      try foldOnce(index, turn(index))
      mask = nil
    }
    for (n, fold) in loop.folds.enumerated() {
      var parts: [String] = []
      for vector in 0..<vectors {
        parts.append(emit("load \(types[n]), ptr \(place(n, "\(vector)"))"))
      }
      let total = try halve(fold, parts, &renderer)
      try foldInto(fold, total, &renderer)
    }
  }

  func halves(of vector: String, _ dtype: DType, width: Int) -> (low: String, high: String) {
    let scalar = LLVMNames.scalar(dtype)
    let (type, half) = ("<\(width) x \(scalar)>", width / 2)
    if half == 1 {
      return (
        emit("extractelement \(type) \(vector), i64 0"),
        emit("extractelement \(type) \(vector), i64 1")
      )
    }
    func piece(_ start: Int) -> String {
      let picks = (start..<start + half).map { "i32 \($0)" }.joined(separator: ", ")
      return emit("shufflevector \(type) \(vector), \(type) poison, <\(half) x i32> <\(picks)>")
    }
    return (piece(0), piece(half))
  }

  private func foldInto(
    _ fold: Kernel.Fold, _ total: String, _ renderer: inout LLVMRenderer
  ) throws(WeftError) {
    let outer = lanes
    lanes = 1
    defer { lanes = outer }
    let old = scalar(value(.local(fold.variable)))
    let new = try combine(fold, old, total, 1, &renderer)
    line(
      "store \(LLVMNames.type(fold.variable.dtype, 1)) \(new), ptr \(slotOf(fold.variable)), align 64"
    )
  }
}
