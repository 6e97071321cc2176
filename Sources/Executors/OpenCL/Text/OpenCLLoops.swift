import WeftIR

extension OpenCLWriter {
  /// The units of a work-group one after the other: neighbours on processors, whose caches and
  /// prefetchers then hold what the next unit reads; elsewhere units in turn with other work-groups.
  func parallelLoop(
    _ loop: Kernel.Loop, _ renderer: inout OpenCLRenderer
  ) throws(WeftError) {
    let index = fresh("unit")
    let (lower, upper) = (scalar(value(loop.lower)), scalar(value(loop.upper)))
    let head: String
    switch renderer.style {
    case .vectors:
      let count = emit("long", "\(upper) - \(lower)")
      func share(_ group: String) -> String {
        emit("long", "\(lower) + \(count) * (long)(\(group)) / (long)get_num_groups(0)")
      }
      let (first, last) = (share("get_group_id(0)"), share("get_group_id(0) + 1"))
      head = "for (long \(index) = \(first); \(index) < \(last); \(index)++)"
    case .items:
      head =
        "for (long \(index) = \(lower) + get_group_id(0); \(index) < \(upper); "
        + "\(index) += get_num_groups(0))"
    }
    try block(head) { () throws(WeftError) in
      bind(loop.index, .uniform(index, .int64))
      try write(loop.body, &renderer)
    }
  }

  // MARK: - Branches

  func branch(
    _ condition: WrittenValue, _ then: [Kernel.Statement], _ other: [Kernel.Statement],
    _ renderer: inout OpenCLRenderer
  ) throws(WeftError) {
    guard case .mask(let name, let bytes) = condition else {
      try block("if (\(scalar(condition)))") { () throws(WeftError) in
        try write(then, &renderer)
      }
      if other.isEmpty { return }
      try block("else") { () throws(WeftError) in try write(other, &renderer) }
      return
    }
    let outer = mask
    let type = "\(OpenCLNames.signed(bytes))\(lanes)"
    let running = outer.map { mask($0.name, $0.bytes, to: bytes) } ?? lanesOfRest(bytes: bytes)
    let any = any(&renderer)
    func some(_ text: String, _ body: [Kernel.Statement]) throws(WeftError) {
      let chosen = rest == nil && outer == nil ? text : "\(text) & \(running)"
      let name = emit(type, chosen)
      try block("if (\(any)(\(name)))") { () throws(WeftError) in
        mask = (name, bytes)
        try write(body, &renderer)
        mask = outer
      }
    }
    try some(name, then)
    if !other.isEmpty { try some("~\(name)", other) }
  }

  /// The name of what tells whether some lane of a mask runs.
  ///
  /// Drivers made of clang have it as one operation; their `any` takes vectors apart.
  private func any(_ renderer: inout OpenCLRenderer) -> String {
    renderer.helper("some_lane") { name in
      """
      #if defined(__has_builtin)
      #if __has_builtin(__builtin_reduce_or)
      #define \(name)(mask) (__builtin_reduce_or(mask) < 0)
      #endif
      #endif
      #ifndef \(name)
      #define \(name)(mask) any(mask)
      #endif

      """
    }
  }

  // MARK: - Loops

  func vectorLoop(
    _ loop: Kernel.Loop, _ renderer: inout OpenCLRenderer
  ) throws(WeftError) {
    let lower = scalar(value(loop.lower))
    let upper = scalar(value(loop.upper))
    switch renderer.style {
    case .items(let count):
      isShared = true
      try sharedLoop(loop, lower, upper, items: count, &renderer)
      isShared = false
    case .vectors(let bytes):
      // OpenCL C has vectors of up to 16 elements.
      lanes = min(16, VectorWidth.lanes(of: loop, vectorBytes: bytes))
      defer {
        lanes = 1
        rest = nil
      }
      if !loop.folds.isEmpty {
        try foldingLoop(loop, lower, upper, &renderer)
      } else if lanes == 1 {
        try countedLoop(loop, &renderer)
      } else if VectorWidth.cost(of: loop) <= Self.shortCost {
        try shortLoop(loop, lower, upper, &renderer)
      } else {
        try longLoop(loop, lower, upper, &renderer)
      }
    }
  }

  /// What a body costs at most that is written twice.
  private static var shortCost: Int { 80 }

  /// A vector loop whose body is written twice, so that whole vectors need not ask: what is before
  /// and behind the whole vectors runs through one text, in part.
  private func shortLoop(
    _ loop: Kernel.Loop, _ lower: String, _ upper: String, _ renderer: inout OpenCLRenderer
  ) throws(WeftError) {
    let start = try alignedStart(loop, lower, upper, &renderer)
    let middle = emit("long", "\(start) + (max(\(upper) - \(start), 0L) & -\(lanes)L)")
    let end = fresh("end")
    line("#pragma unroll 1")
    try block("for (int \(end) = 0; \(end) < 2; \(end)++)") { () throws(WeftError) in
      let first = emit("long", "\(end) ? \(middle) : \(lower)")
      let last = emit("long", "\(end) ? \(upper) : \(start)")
      try block("if (\(first) < \(last))") { () throws(WeftError) in
        rest = emit("int", "(int)(\(last) - \(first))")
        bind(loop.index, .affine(base: first, stride: .constant(1)))
        try write(loop.body, &renderer)
        rest = nil
      }
    }
    streamed = try streamedStores(of: loop, from: start, &renderer)
    let index = fresh("i")
    try block("for (long \(index) = \(start); \(index) < \(middle); \(index) += \(lanes))") {
      () throws(WeftError) in
      bind(loop.index, .affine(base: index, stride: .constant(1)))
      try write(loop.body, &renderer)
    }
    streamed = [:]
  }

  /// A vector loop whose body is written once: each pass asks how many elements it has, the first so
  /// many that the next begins where vectors do not cross cache lines.
  private func longLoop(
    _ loop: Kernel.Loop, _ lower: String, _ upper: String, _ renderer: inout OpenCLRenderer
  ) throws(WeftError) {
    let start = try alignedStart(loop, lower, upper, &renderer)
    streamed = try streamedStores(of: loop, from: start, &renderer)
    let (index, next) = (fresh("i"), fresh("next"))
    try block("for (long \(index) = \(lower), \(next); \(index) < \(upper); \(index) = \(next))") {
      () throws(WeftError) in
      let end = start == lower ? "" : "\(index) < \(start) ? \(start) : "
      line("\(next) = min(\(end)\(index) + \(lanes), \(upper));")
      rest = emit("int", "(int)(\(next) - \(index))")
      bind(loop.index, .affine(base: index, stride: .constant(1)))
      try write(loop.body, &renderer)
    }
    streamed = [:]
    rest = nil
  }

  /// One iteration after the other.
  func countedLoop(
    _ loop: Kernel.Loop, _ renderer: inout OpenCLRenderer
  ) throws(WeftError) {
    let index = fresh("i")
    let (lower, upper) = (scalar(value(loop.lower)), scalar(value(loop.upper)))
    try block("for (long \(index) = \(lower); \(index) < \(upper); \(index) += \(loop.step))") {
      () throws(WeftError) in
      bind(loop.index, .uniform(index, .int64))
      try write(loop.body, &renderer)
    }
  }

  /// Passes of a vector's lanes each, the last with what is left.
  private func passes(
    from lower: String, to upper: String, _ body: (String) throws(WeftError) -> Void
  ) throws(WeftError) {
    let index = fresh("i")
    try block("for (long \(index) = \(lower); \(index) < \(upper); \(index) += \(lanes))") {
      () throws(WeftError) in
      if lanes > 1 { rest = emit("int", "(int)min(\(upper) - \(index), (long)\(lanes))") }
      try body(index)
    }
    rest = nil
  }

  // MARK: - Folds

  /// A vector loop with folds: lanes in vectors, which take turns.
  private func foldingLoop(
    _ loop: Kernel.Loop, _ lower: String, _ upper: String, _ renderer: inout OpenCLRenderer
  ) throws(WeftError) {
    let vectors = max(1, (loop.folds.map(\.lanes).max() ?? lanes) / lanes)
    let types = loop.folds.map { OpenCLNames.type($0.variable.dtype, lanes) }
    let parts = loop.folds.map { _ in fresh("part") }
    let turn = fresh("n")
    for (n, fold) in loop.folds.enumerated() {
      line("\(types[n]) \(parts[n])[\(vectors)];")
      let identity = spread(constant(fold.identity), lanes)
      line("#pragma unroll")
      line(
        "for (int \(turn) = 0; \(turn) < \(vectors); \(turn)++) "
          + "\(parts[n])[\(turn)] = \(identity);")
    }
    func foldOnce(
      _ index: String, _ parts: [String], _ place: String
    ) throws(WeftError) {
      bind(
        loop.index,
        lanes == 1 ? .uniform(index, .int64) : .affine(base: index, stride: .constant(1)))
      try write(loop.body, &renderer)
      for (n, fold) in loop.folds.enumerated() {
        let dtype = fold.variable.dtype
        var new = spread(value(fold.value), lanes)
        if rest != nil {
          let mask = lanesOfRest(bytes: dtype == .bool ? 4 : dtype.itemSize)
          new = "select(\(spread(constant(fold.identity), lanes)), \(new), \(mask))"
        }
        let (old, element) = (emit(types[n], "\(parts[n])[\(place)]"), emit(types[n], new))
        let folded = try combine(fold, old, element, lanes, &renderer)
        line("\(parts[n])[\(place)] = \(folded);")
      }
    }
    var start = lower
    var last = parts
    // A short body is written twice: whole vectors in turn, whose lanes stay in registers, and the
    // rest, whose turn only the run tells.
    if vectors > 1, VectorWidth.cost(of: loop) * vectors <= 160 {
      let stride = lanes * vectors
      start = emit("long", "\(lower) + max(\(upper) - \(lower), 0L) / \(stride) * \(stride)")
      streamed = try streamedStores(of: loop, from: lower, &renderer)
      let index = fresh("i")
      try block("for (long \(index) = \(lower); \(index) < \(start); \(index) += \(stride))") {
        () throws(WeftError) in
        line("#pragma unroll")
        try block("for (int \(turn) = 0; \(turn) < \(vectors); \(turn)++)") {
          () throws(WeftError) in
          try foldOnce(emit("long", "\(index) + \(turn) * \(lanes)"), parts, turn)
        }
      }
      streamed = [:]
      for n in parts.indices {
        last[n] = fresh("part")
        line("\(types[n]) \(last[n])[\(vectors)];")
        line("#pragma unroll")
        line(
          "for (int \(turn) = 0; \(turn) < \(vectors); \(turn)++) "
            + "\(last[n])[\(turn)] = \(parts[n])[\(turn)];")
      }
    }
    try passes(from: start, to: upper) { (index) throws(WeftError) in
      try foldOnce(
        index, last, emit("int", "(int)((\(index) - \(lower)) / \(lanes)) & \(vectors - 1)"))
    }
    for (n, fold) in loop.folds.enumerated() {
      let vectors = (0..<vectors).map { "\(last[n])[\($0)]" }
      try foldInto(fold, try halve(fold, vectors, &renderer), &renderer)
    }
  }

  private func constant(_ scalar: Scalar) -> WrittenValue {
    .uniform(OpenCLNames.constant(scalar), scalar.dtype)
  }

  func halves(of vector: String, _ dtype: DType, width: Int) -> (low: String, high: String) {
    let part = emit(OpenCLNames.type(dtype, width), vector)
    // The truth of one lane is 1, of several -1.
    let suffix = width == 2 && dtype == .bool ? " & 1" : ""
    let type = OpenCLNames.type(dtype, width / 2)
    return (emit(type, "\(part).lo\(suffix)"), emit(type, "\(part).hi\(suffix)"))
  }

  private func foldInto(
    _ fold: Kernel.Fold, _ total: String, _ renderer: inout OpenCLRenderer
  ) throws(WeftError) {
    let name = name(of: fold.variable)
    line("\(name) = \(try combine(fold, name, total, 1, &renderer));")
  }

  // MARK: - Work-items

  /// A vector loop whose iterations go to the work-items of a group in turn.
  private func sharedLoop(
    _ loop: Kernel.Loop, _ lower: String, _ upper: String, items: Int,
    _ renderer: inout OpenCLRenderer
  ) throws(WeftError) {
    let barrier = "barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE);"
    // What other items still read must not change.
    if !loop.storedBuffers.isDisjoint(with: loaded) { line(barrier) }
    let parts = loop.folds.map { _ in fresh("part") }
    for (n, fold) in loop.folds.enumerated() {
      let type = OpenCLNames.type(fold.variable.dtype, 1)
      line("\(type) \(parts[n]) = \(OpenCLNames.constant(fold.identity));")
    }
    let index = fresh("i")
    try block(
      "for (long \(index) = \(lower) + get_local_id(0); \(index) < \(upper); \(index) += \(items))"
    ) { () throws(WeftError) in
      bind(loop.index, .uniform(index, .int64))
      try write(loop.body, &renderer)
      for (n, fold) in loop.folds.enumerated() {
        let folded = try combine(fold, parts[n], scalar(value(fold.value)), 1, &renderer)
        line("\(parts[n]) = \(folded);")
      }
    }
    for (n, fold) in loop.folds.enumerated() {
      let type = OpenCLNames.type(fold.variable.dtype, 1)
      let memory = renderer.localMemory(type, items)
      line("\(memory)[get_local_id(0)] = \(parts[n]);")
      line(barrier)
      let half = fresh("half")
      try block("for (int \(half) = \(items / 2); \(half) > 0; \(half) /= 2)") {
        () throws(WeftError) in
        try block("if (get_local_id(0) < \(half))") { () throws(WeftError) in
          let low = emit(type, "\(memory)[get_local_id(0)]")
          let high = emit(type, "\(memory)[get_local_id(0) + \(half)]")
          line("\(memory)[get_local_id(0)] = \(try combine(fold, low, high, 1, &renderer));")
        }
        line(barrier)
      }
      let total = emit(type, "\(memory)[0]")
      try foldInto(fold, total, &renderer)
      line(barrier)
    }
    if loop.folds.isEmpty { line(barrier) }
  }
}

extension Kernel.Loop {
  /// The buffer parameters that the body writes.
  fileprivate var storedBuffers: Set<Int> {
    var stored: Set<Int> = []
    var open = [body]
    while let statements = open.popLast() {
      for statement in statements {
        switch statement {
        case .store(let buffer, _, _): stored.insert(buffer)
        case .loop(let loop): open.append(loop.body)
        case .branch(_, let then, let other): open += [then, other]
        case .repetition(let loop): open += [loop.head, loop.body]
        case .define, .variable, .assign, .prefetch: break
        }
      }
    }
    return stored
  }
}
