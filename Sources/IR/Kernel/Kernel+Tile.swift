extension Kernel.Loop {
  /// What a `tile` loop does.
  public struct Tile {
    /// The definitions before the vector loop.
    public var places: [Kernel.Statement]
    /// The vector loop.
    public var loop: Kernel.Loop
    /// The definitions of the vector loop: of places, and the element.
    public var inner: [Kernel.Statement]
    /// The element that is copied.
    public var element: Kernel.Local
    /// Where it goes.
    public var target: (buffer: Int, at: Kernel.Operand)
  }

  /// The parts of a loop that copies a block, or nil when it does anything else.
  public var copiedTile: Tile? {
    guard case .loop(let loop)? = body.last, loop.kind == .vector, loop.folds.isEmpty,
      case .store(let buffer, let at, .local(let element))? = loop.body.last
    else { return nil }
    func isPlace(_ statement: Kernel.Statement) -> Bool {
      if case .define(let local, .primitive) = statement { local.dtype == .int64 } else { false }
    }
    var loads = 0
    for statement in loop.body.dropLast() where !isPlace(statement) {
      guard case .define(element, .load) = statement else { return nil }
      loads += 1
    }
    guard loads == 1, body.dropLast().allSatisfy(isPlace) else { return nil }
    return Tile(
      places: body.dropLast(), loop: loop, inner: loop.body.dropLast(), element: element,
      target: (buffer, at))
  }
}
