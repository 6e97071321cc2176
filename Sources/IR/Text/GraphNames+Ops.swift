extension GraphNames {
  /// Appends what stands between `=` and the types of a row.
  func append(_ op: Op, _ operands: ArraySlice<Value>, to buffer: inout TextBuffer) {
    appendKeyword(op, to: &buffer)
    if case .contract(let contraction) = op {
      append(contraction, operands, to: &buffer)
      return
    }
    var isFirst = true
    for operand in operands {
      buffer.append(isFirst ? " " : ", ")
      isFirst = false
      append(operand, to: &buffer)
    }
    appendAttributes(op, to: &buffer)
  }

  private func appendKeyword(_ op: Op, to buffer: inout TextBuffer) {
    switch op {
    case .map(let f):
      if !Lexer.isWord(f.name) || Keyword(rawValue: f.name) != nil { buffer.append("map ") }
      buffer.append(name: f.name)
    case .reduce(let f, _), .scan(let f, _), .argReduce(let f, _), .scatter(_, let f):
      buffer.append(text: op.name)
      buffer.append(" ")
      buffer.append(name: f.name)
    case .call(let routine):
      buffer.append("call ")
      buffer.append(name: routine.name)
    case .input, .constant, .iota, .random, .convert, .contract, .broadcast, .reshape, .permute,
      .slice, .pad, .reverse, .concatenate, .gather, .compress, .sort, .store:
      buffer.append(text: op.name)
    }
  }

  private func append(
    _ contraction: Contraction, _ operands: ArraySlice<Value>, to buffer: inout TextBuffer
  ) {
    for (index, operand) in operands.enumerated() {
      buffer.append(index == 0 ? " " : ", ")
      append(operand, to: &buffer)
      if index < contraction.operands.count { append(contraction.operands[index], to: &buffer) }
    }
    buffer.append(" -> ")
    append(contraction.output, to: &buffer)
  }

  private func append(_ labels: [Int], to buffer: inout TextBuffer) {
    buffer.append("[")
    buffer.appendList(labels) { buffer, label in
      switch label {
      case 0..<18: buffer.append(byte: UInt8(ascii: "i") + UInt8(label))
      case 18..<26: buffer.append(byte: UInt8(ascii: "a") + UInt8(label - 18))
      default:
        buffer.append("l")
        buffer.append(label)
      }
    }
    buffer.append("]")
  }

  private func appendAttributes(_ op: Op, to buffer: inout TextBuffer) {
    switch op {
    case .input, .map: break
    case .constant(let scalar):
      buffer.append(" ")
      buffer.append(text: scalar.literal)
    case .random(let stream):
      buffer.append(" lane ")
      buffer.append(stream.lane)
    case .convert(let dtype):
      buffer.append(" to ")
      buffer.append(text: dtype.name)
    case .reduce(_, let axes), .reverse(let axes): append(axes: axes.axes, to: &buffer)
    case .iota(_, let axis), .scan(_, let axis), .argReduce(_, let axis), .concatenate(let axis),
      .gather(let axis), .scatter(let axis, _), .compress(let axis, _), .sort(let axis, false):
      append(axis: axis, to: &buffer)
    case .sort(let axis, true):
      append(axis: axis, to: &buffer)
      buffer.append(" descending")
    case .broadcast(let shape, let axes):
      buffer.append(" to ")
      append(shape, to: &buffer)
      if axes != Op.trailingAxes(axes.count, of: shape) { append(axes: axes, to: &buffer) }
    case .reshape(let shape):
      buffer.append(" to ")
      append(shape, to: &buffer)
    case .permute(let axes): append(axes: axes, to: &buffer)
    case .slice(let spans):
      buffer.append(" [")
      buffer.appendList(spans) { $1.append(to: &$0) }
      buffer.append("]")
    case .pad(let spans):
      buffer.append(" [")
      buffer.appendList(spans) { $1.append(to: &$0) }
      buffer.append("]")
    case .store(let layout):
      buffer.append(" ")
      buffer.append(text: layout.description)
    case .call(let routine): append(options: routine.options, to: &buffer)
    case .contract: break
    }
  }

  private func append(axes: [Int], to buffer: inout TextBuffer) {
    buffer.append(" axes ")
    buffer.append(axes)
  }

  private func append(axis: Int, to buffer: inout TextBuffer) {
    buffer.append(" axis ")
    buffer.append(axis)
  }

  /// Appends options in braces, or nothing when there are none.
  func append(options: [String: String], to buffer: inout TextBuffer) {
    if options.isEmpty { return }
    buffer.append(" {")
    buffer.appendList(options.sorted { $0.key < $1.key }) { buffer, option in
      buffer.append(name: option.key)
      buffer.append("=")
      buffer.append(name: option.value)
    }
    buffer.append("}")
  }
}

extension Op {
  /// Where a broadcast puts an operand's axes as NumPy does: at the end.
  static func trailingAxes(_ count: Int, of shape: Shape) -> [Int]? {
    count <= shape.rank ? Array(shape.rank - count..<shape.rank) : nil
  }
}

extension SliceSpan {
  /// Appends NumPy's notation with the least end that gives the count: `0:9:2`, `:` for all.
  fileprivate func append(to buffer: inout TextBuffer) {
    guard let count else {
      buffer.append(":")
      return
    }
    buffer.append(start)
    buffer.append(":")
    buffer.append(count > 0 ? start &+ (count &- 1) &* step &+ 1 : start)
    if step != 1 {
      buffer.append(":")
      buffer.append(step)
    }
  }
}

extension PadSpan {
  /// Appends `(low, high)` or `(low, high, interior)`.
  fileprivate func append(to buffer: inout TextBuffer) {
    buffer.append("(")
    buffer.append(low)
    buffer.append(", ")
    buffer.append(high)
    if interior != 0 {
      buffer.append(", ")
      buffer.append(interior)
    }
    buffer.append(")")
  }
}

/// The words that begin rows and are no scalar function's; a function named so is `map name`.
enum Keyword: String {
  case input, constant, iota, random, map, convert, reduce, scan, argreduce, contract, broadcast
  case reshape, permute, slice, pad, reverse, concatenate, gather, scatter, compress, sort, store
  case call
}
